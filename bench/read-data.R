# Tables of the folder that MUSL_DATA names: expression, network, sequence
# vectors, known pairs and the fixed folds of the benchmark.

data_file <- function(...) {
  root <- Sys.getenv("MUSL_DATA", ".")
  if (!dir.exists(file.path(root, "splits"))) {
    stop("Set MUSL_DATA to the folder with the benchmark data.", call. = FALSE)
  }
  file.path(root, ...)
}

# Genes may be called NA: only the empty string is missing.
read_table <- function(...) {
  utils::read.delim(
    data_file(...),
    na.strings = "", check.names = FALSE, quote = ""
  )
}

# Rows are named by the first column. A gene's first row counts, and only if all
# of it is finite.
read_matrix <- function(...) {
  x <- read_table(...)
  x <- x[!duplicated(x[[1L]]), ]
  values <- as.matrix(x[-1L])
  rownames(values) <- x[[1L]]
  values[rowSums(!is.finite(values)) == 0, ]
}

# Columns scheme, fold, part, gene_a, gene_b and label; `negatives` are "random"
# or "degree_matched".
read_folds <- function(negatives) {
  read_table("splits", paste0("benchmark_", negatives, ".tsv.gz"))
}
