# Descriptions of pair evidence columns; see musl_evidence_columns().

# Names without `_min` and `_max`, the lower and the higher value of the two
# genes.
evidence_words <- c(
  adamic_adar = "shared neighbours (Adamic-Adar)",
  common_neighbours = "number of shared neighbours",
  resource_allocation = "shared neighbours (resource allocation)",
  edge = "edge in the network",
  network_jaccard = "share of neighbours in common",
  network_cosine = "network similarity",
  degree = "number of neighbours",
  strength = "summed weight of edges",
  term_sum = "information of all shared terms",
  term_max = "information of the most specific shared term",
  term_cosine = "annotation similarity",
  terms = "number of terms",
  family_shared = "number of shared families",
  family_jaccard = "share of families in common",
  family_smallest = "size of the smallest shared family",
  family_sum = "shared families by inverse size",
  family_cosine = "family similarity",
  family_size = "size of the gene's smallest family",
  family_twins = "genes with the same families",
  family_of_30 = "shared family of at most 30 genes",
  family_of_10 = "shared family of at most 10 genes",
  family_of_3 = "shared family of at most 3 genes",
  expressed_family = "shared small family, both expressed",
  word_containment = "sequence similarity (shared words of 4 residues)",
  paralog_identity = "identity of the aligned proteins",
  paralog_coverage = "share of both proteins that align",
  paralog_rank_best = "rank among the paralogs, better of the two",
  paralog_rank_worst = "rank among the paralogs, worse of the two",
  paralogs = "number of paralogs",
  other_expressed_paralogs = "number of other paralogs that are expressed",
  paralog_likeness = "identity and coverage of the aligned proteins",
  closest_paralog = "closest paralogs of each other",
  only_expressed_paralog = "only paralog expressed, of either gene",
  module_shared = "number of shared modules",
  module_sum = "shared modules by inverse size",
  modules = "number of modules",
  layout_distance = "distance in the layout of modules",
  percentile_mean = "mean expression percentile over sources",
  percentile_lowest = "lowest expression percentile over sources",
  number_wide = "terms of 20 to 5,000 genes (log)",
  number_pathways = "pathways (log)",
  pearson_mean = "correlation of expression, mean over sources",
  pearson_largest = "correlation of expression, largest of the sources"
)

# Patterns with one group, a source, a branch or a column of the gene table, and
# their descriptions.
evidence_patterns <- c(
  "^percentile:mean:(.*)$" = "percentile of mean expression in %s",
  "^percentile:sd:(.*)$" = "percentile of spread of expression in %s",
  "^mean:(.*)$" = "mean expression in %s",
  "^sd:(.*)$" = "spread of expression in %s",
  "^pearson:(.*)$" = "correlation of expression in %s",
  "^term_sum:(.*)$" = "information of all shared terms of %s",
  "^term_max:(.*)$" = "information of the most specific shared term of %s",
  "^(.*):neighbours$" = "%s, mean of the gene's neighbours",
  "^(.*):terms$" = "%s, mean of genes with the gene's terms",
  "^(.*):modules$" = "%s, mean of genes in the gene's modules",
  "^(.*):shared_neighbours$" = "%s of shared neighbours (Adamic-Adar)",
  "^(.*):shared_neighbours_mean$" = "%s, mean of shared neighbours",
  "^(.*):shared_terms$" = "%s of genes with shared terms, sum over terms",
  "^(.*):shared_terms_mean$" = "%s, mean of genes with shared terms",
  "^(.*):shared_modules$" = "%s of genes in shared modules"
)

# The description of a column; for columns of a user's gene table, the name.
column_words <- function(columns) {
  bare <- sub("^evidence:", "", columns)
  end <- gene_ending(bare, bare == "term_max" | startsWith(bare, "pearson:"))
  base <- ifelse(nzchar(end), sub("_(min|max)$", "", bare), bare)
  known <- evidence_words[base]
  words <- ifelse(is.na(known), gsub("_", " ", base), known)
  for (pattern in names(evidence_patterns)) {
    hit <- is.na(known) & grepl(pattern, base)
    of <- sub(pattern, "\\1", base[hit])
    if (startsWith(pattern, "^(")) of <- gsub("_", " ", of)
    words[hit] <- sprintf(evidence_patterns[[pattern]], of)
  }
  scaled <- startsWith(columns, "evidence:")
  unname(paste0(words, end, ifelse(scaled, " (scaled)", "")))
}

# In words, which of the two genes' values a name that ends in `_min` or `_max`
# stands for; "" where the name is `of_pair`.
gene_ending <- function(names, of_pair) {
  end <- rep("", length(names))
  end[endsWith(names, "_min") & !of_pair] <- ", lower of the two"
  end[endsWith(names, "_max") & !of_pair] <- ", higher of the two"
  end
}
