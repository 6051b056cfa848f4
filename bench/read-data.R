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

# SummarizedExperiment of single cells of five lung cancer lines, doublets left
# out, as log2 of counts in 10,000, sparse; colData has cell_line.
read_lung_cells <- function() {
  counts <- data_file("singlecell", "celseq2_5cl_counts.mtx.gz")
  counts <- methods::as(Matrix::readMM(gzfile(counts)), "CsparseMatrix")
  cells <- read_table("singlecell", "celseq2_5cl_cells.tsv.gz")
  dimnames(counts) <- list(
    read_table("singlecell", "celseq2_5cl_genes.tsv.gz")$gene,
    paste(cells$batch, cells$cell)
  )
  single <- cells$demuxlet_cls == "SNG"
  counts <- counts[, single]
  scaled <- counts %*% Matrix::Diagonal(x = 1e4 / Matrix::colSums(counts))
  scaled@x <- log2(scaled@x + 1)
  dimnames(scaled) <- dimnames(counts)
  SummarizedExperiment::SummarizedExperiment(
    list(logcounts = scaled),
    colData = data.frame(
      cell_line = cells$cell_line_demuxlet[single],
      row.names = colnames(scaled)
    )
  )
}

# Columns scheme, fold, part, gene_a, gene_b and label; `negatives` are "random"
# or "degree_matched".
read_folds <- function(negatives) {
  read_table("splits", paste0("benchmark_", negatives, ".tsv.gz"))
}
