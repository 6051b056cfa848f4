# The training data of the example model.
example_data <- function() musl_simulate("small", screens = TRUE, seed = 1)

# Logged values that differ between all genes and samples.
toy_matrix <- function(genes = c("A1", "B1", "C1", "D1"), n_samples = 4) {
  values <- log2(1 + seq_len(length(genes) * n_samples))
  matrix(values, length(genes),
    dimnames = list(genes, paste0("s", seq_len(n_samples)))
  )
}

as_sparse <- function(x) {
  testthat::skip_if_not_installed("Matrix")
  loadNamespace("Matrix")
  methods::as(x, "dgCMatrix")
}

toy_pairs <- function() {
  tibble::tibble(
    gene_a = "A1", gene_b = c("B1", "C1"), label = c("SL", "non_SL")
  )
}

# Whether a precedes b, byte by byte.
precedes <- function(a, b) {
  a <- as.integer(charToRaw(a))
  b <- as.integer(charToRaw(b))
  n <- min(length(a), length(b))
  differs <- which(a[seq_len(n)] != b[seq_len(n)])
  if (length(differs) == 0) {
    return(length(a) <= length(b))
  }
  a[differs[1]] < b[differs[1]]
}

# The same samples in another order.
in_other_order <- function(d) {
  d@cohorts <- lapply(d@cohorts, function(cohort) {
    cohort$assays <- lapply(cohort$assays, function(x) {
      x[, rev(seq_len(ncol(x)))]
    })
    cohort
  })
  d
}

# Bins of equal width, 1-based, as the documentation defines them.
value_bins <- function(x, bins) {
  if (min(x) == max(x)) {
    return(rep(1, length(x)))
  }
  pmin(floor((x - min(x)) / (max(x) - min(x)) * bins) + 1, bins)
}

count_cells <- function(a, b, bins) {
  counts <- table(factor(a, seq_len(bins)), factor(b, seq_len(bins)))
  matrix(as.vector(counts), bins)
}
