# Descriptions of the terms that explain a score; see musl_explain().

# Descriptors without `_min` and `_max`; see musl_descriptors().
descriptor_words <- c(
  mean = "mean expression",
  sd = "spread of expression",
  cv = "coefficient of variation",
  skewness = "skewness of expression",
  kurtosis = "kurtosis of expression",
  detection = "share of samples with expression",
  median = "median expression",
  pearson = "correlation",
  spearman = "rank correlation",
  kendall = "Kendall's tau",
  biweight = "robust correlation (biweight)",
  mutual_information = "mutual information",
  normalised_mi = "normalised mutual information",
  cosine = "cosine of the profiles",
  concordance = "Lin's concordance",
  pearson_codetected = "correlation where both are expressed",
  low_low = "samples with both genes low",
  high_high = "samples with both genes high",
  discordant = "samples with one gene low, the other high",
  low_low_ratio = "both genes low, against chance (log2 ratio)",
  low_low_odds = "both genes low, against chance (log odds)",
  low_low_phi = "correlation of being low",
  low_low_residual = "both genes low, against chance (residual)",
  detection_jaccard = "samples with both genes expressed, of either",
  shift = "change of one gene where the other is low",
  tail_lower = "overlap of the samples with low expression",
  tail_upper = "overlap of the samples with high expression",
  correlation_ratio = "correlation ratio",
  cramer_v = "Cramer's V",
  entropy = "entropy of expression",
  joint_entropy = "joint entropy",
  conditional_entropy = "conditional entropy",
  uncertainty = "uncertainty coefficient",
  information_distance = "information distance",
  kl = "Kullback-Leibler divergence",
  jensen_shannon = "Jensen-Shannon divergence",
  hellinger = "Hellinger distance",
  total_variation = "total variation distance",
  kolmogorov = "Kolmogorov distance",
  wasserstein = "Wasserstein distance",
  kl_normal = "Kullback-Leibler divergence of normal distributions",
  hellinger_normal = "Hellinger distance of normal distributions",
  euclidean = "Euclidean distance of the standardised profiles",
  manhattan = "Manhattan distance of the standardised profiles",
  chebyshev = "Chebyshev distance of the standardised profiles",
  canberra = "Canberra distance of the standardised profiles",
  bray_curtis = "Bray-Curtis distance of the standardised profiles",
  euclidean_values = "Euclidean distance of the profiles"
)

# Features of the network that the scorer "musl" reads.
topology_words <- c(
  edge_weight = "weight of the edge in the network",
  common_neighbours = "number of shared neighbours",
  adamic_adar = "shared neighbours (Adamic-Adar)",
  resource_allocation = "shared neighbours (resource allocation)",
  jaccard = "share of neighbours in common",
  shortest_path = "steps from gene to gene in the network",
  degree = "number of neighbours"
)

# A description of each term, by the component that it belongs to: an input of
# the network or, for scorers of features, a group of these, which have `words`.
term_words <- function(component, term, value, words) {
  is <- function(name) component == name
  words[is("descriptors")] <- in_cohort(term[is("descriptors")])
  words[is("topology")] <- scaled_words(term[is("topology")], topology_words)
  words[is("histogram")] <- paste("joint histogram in", term[is("histogram")])
  at <- is("genes") & term != "single genes" | is("neighbours")
  words[at] <- gene_words(term[at])
  words[is("genes") & term == "single genes"] <- part_words("genes")
  lines <- term == "expressed_lines"
  share <- sprintf("expressed in %.0f %% of lines", 100 * value[lines])
  share[is.na(value[lines])] <- "expression of a gene unknown"
  words[lines] <- paste("lower expressed gene:", share)
  here <- term == "expressed_here"
  words[here] <- sprintf(
    "lower expressed gene: level %.1f in the line asked for", value[here]
  )
  plain_columns_of(words)
}

# Columns of the human model in words.
column_words <- c(
  "depmap fraction dependent" = "share of dependent lines",
  "fitness rich" = "fitness in rich medium",
  "fitness minimal" = "fitness in minimal medium",
  "hap1 essential" = "essential in HAP1 cells",
  "hap1_log2tpm" = "HAP1 cells", "in depmap\\b" = "in cell lines",
  "in rnaseqdb\\b" = "in tissues"
)

plain_columns_of <- function(words) {
  for (name in names(column_words)) {
    words <- gsub(name, column_words[[name]], words)
  }
  words
}

# "cohort: name", or the name alone if all cohorts share a space.
in_cohort <- function(term) {
  name <- sub("^.*: ", "", term)
  cohort <- substr(term, 1, nchar(term) - nchar(name) - 2)
  cohort <- ifelse(nzchar(cohort), paste(" in", cohort), "")
  scaled_words(name, descriptor_words, cohort)
}

# Networks read standardised values, and `value` holds those. A name without
# words stands as it is.
scaled_words <- function(names, words, cohort = "") {
  base <- sub("_(min|max)$", "", names)
  whole <- names %in% names(words)
  known <- ifelse(whole, words[names], words[base])
  end <- ifelse(endsWith(names, "_max"), ", higher of the two", "")
  end[endsWith(names, "_min")] <- ", lower of the two"
  end[whole] <- ""
  unname(ifelse(
    is.na(known), paste0(names, cohort), paste0(known, end, cohort, " (scaled)")
  ))
}

block_words <- c(
  embedding = "embedding", spectral = "network position",
  degree = "network degree", coexpression = "co-expression",
  marginals = "own expression"
)

# "A", "A, embedding", "A, marginals:tcga" and "A, spectral, 2 steps", a block
# of node features of the gene or, averaged, of its network neighbours.
gene_words <- function(term) {
  vapply(strsplit(term, ", ", fixed = TRUE), function(parts) {
    gene <- parts[[1]]
    if (length(parts) == 1) {
      return(paste(gene, "alone"))
    }
    block <- sub(":.*$", "", parts[[2]])
    cohort <- sub("^[^:]*:?", "", parts[[2]])
    what <- paste0(
      if (block %in% names(block_words)) block_words[[block]] else block,
      if (nzchar(cohort)) paste(" in", cohort)
    )
    if (length(parts) == 2) {
      return(paste(what, "of", gene))
    }
    steps <- if (parts[[3]] != "1 step") paste0(", ", parts[[3]], " away")
    paste0(what, " of ", gene, "'s neighbours", steps)
  }, "")
}

share_text <- function(share) paste(signif(100 * share, 3), "%")

chance_sentence <- function(overall) {
  ratio <- overall$.pred_SL / overall$prior
  paste0(
    "The model gives ", overall$gene_a, " and ", overall$gene_b,
    " a probability of ", share_text(overall$.pred_SL), ", ",
    if (ratio < 1.05) "no more than" else paste(signif(ratio, 2), "times"),
    " the ", share_text(overall$prior), " of all pairs that are SL."
  )
}
