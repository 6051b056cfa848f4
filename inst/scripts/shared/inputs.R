# The inputs of training: files to a MuslData.

read_network <- function(file) {
  table <- read_columns(file, n_text = 2L)
  names(table)[names(table) == "score"] <- "weight"
  table[intersect(c("gene_a", "gene_b", "weight"), names(table))]
}

read_pairs <- function(file) {
  table <- read_columns(file, n_text = Inf)
  if (!"label" %in% names(table)) {
    table$label <- rep("SL", nrow(table))
  }
  table[intersect(c("gene_a", "gene_b", "label"), names(table))]
}

source_name <- function(file) {
  sub("[.](tsv|csv|txt)([.]gz)?$", "", basename(file))
}

read_inputs <- function(options) {
  expression <- lapply(options$expression, read_matrix)
  names(expression) <- make.unique(vapply(options$expression, source_name, ""))
  musl_data(
    if (length(expression) > 0L) expression,
    network = if (!is.null(options$network)) read_network(options$network),
    embeddings = if (!is.null(options$embeddings)) {
      read_matrix(options$embeddings)
    },
    pairs = read_pairs(options$pairs),
    scale = if (length(expression) > 0L) options$scale
  )
}

# Positives alone cannot be learned from: as many pairs drawn at random stand
# for the negatives.
with_negatives <- function(data, seed) {
  labels <- musl_pairs(data)$label
  if (!any(labels %in% "SL") || any(labels %in% "non_SL")) {
    return(data)
  }
  message(
    "The pairs hold SL pairs only. As many random pairs are drawn to stand\n",
    "for non-SL pairs; probabilities are relative to these."
  )
  musl_negatives(data, ratio = 1, seed = seed)
}
