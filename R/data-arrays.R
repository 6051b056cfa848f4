# The bridge to the core: only here names become 0-based indices.

# What the core's dataset is made from, over the universe `genes`. Rows, edges
# and embeddings of other genes are left out.
dataset_input <- function(data, genes = data@genes) {
  cohorts <- lapply(data@cohorts, cohort_input, genes = genes)
  cohorts <- Filter(function(cohort) length(cohort$gene) > 0, cohorts)
  c(
    list(n_genes = length(genes), cohorts = unname(cohorts)),
    network_input(data, genes),
    embedding_input(data@embeddings, genes)
  )
}

cohort_input <- function(cohort, genes) {
  gene <- match(rownames(cohort$assays[[1]]), genes)
  kept <- which(!is.na(gene))
  list(
    name = cohort$name,
    assays = unname(lapply(cohort$assays, core_assay, rows = kept)),
    gene = gene[kept] - 1L,
    linear = cohort$scale == "linear"
  )
}

# A plain double matrix of the given rows; copied only if necessary.
dense_rows <- function(x, rows) {
  if (length(rows) < nrow(x)) x <- x[rows, , drop = FALSE]
  x <- as.matrix(x)
  if (!is.double(x)) storage.mode(x) <- "double"
  x
}

network_input <- function(data, genes) {
  if (is.null(data@network)) {
    return(list(from = integer(), to = integer(), weight = numeric()))
  }
  index <- match(data@genes, genes)
  from <- index[data@network$from]
  to <- index[data@network$to]
  kept <- !is.na(from) & !is.na(to)
  list(
    from = from[kept] - 1L,
    to = to[kept] - 1L,
    weight = as.double(data@network$weight[kept])
  )
}

embedding_input <- function(embeddings, genes) {
  if (is.null(embeddings)) {
    return(list(embeddings = NULL, embedding_gene = integer()))
  }
  gene <- match(rownames(embeddings), genes)
  kept <- which(!is.na(gene))
  list(
    embeddings = dense_rows(embeddings, kept),
    embedding_gene = gene[kept] - 1L
  )
}

# 0-based index in `known` of each gene, -1 for new ones.
gene_index <- function(genes, known) match(genes, known, nomatch = 0L) - 1L

# Pairs as indices into `genes`; all genes must be there. For pairs from
# labelled_pairs(), also the weight of their labels: `measured` (logical),
# `weight` (0 to 1), `effect` (NA for none), and `group` (0-based number of the
# study, line and query; -1 for recorded pairs).
pair_input <- function(pairs, genes) {
  input <- list(
    a = match(pairs$gene_a, genes) - 1L,
    b = match(pairs$gene_b, genes) - 1L,
    label = if ("label" %in% names(pairs)) as.double(pairs$label == "SL")
  )
  if (all(c("measured", "weight", "effect") %in% names(pairs))) {
    input$measured <- pairs$measured
    input$weight <- pairs$weight
    input$effect <- pairs$effect
    input$group <- measured_group(pairs)
  }
  input
}

measured_group <- function(pairs) {
  group <- rep(-1L, nrow(pairs))
  rows <- which(pairs$measured)
  origin <- pairs[rows, c("study", "line", "query")]
  group[rows] <- as.integer(row_numbers(origin)) - 1L
  group
}

# Training pairs of each gene that make it seen: positives, and negatives that
# the user gave.
count_seen <- function(training, genes) {
  counts <- training$label == "SL" | !training$sampled
  ends <- c(training$gene_a[counts], training$gene_b[counts])
  tabulate(match(ends, genes), length(genes))
}

count_unseen <- function(pairs, genes, n_seen) {
  count_outside(pairs, genes[n_seen > 0])
}

count_outside <- function(pairs, genes) {
  as.integer(!pairs$gene_a %in% genes) + as.integer(!pairs$gene_b %in% genes)
}
