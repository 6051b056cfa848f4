# Checks whether values can be on the stated scale.

# log2 of 10^9 is below 30; counts, TPM and intensities are below 10^9.
log_limit <- 30
# For this many genes or more, linear values, normalised or counts, go far
# beyond logs; for few genes they may be small.
linear_genes <- 50L

# One warning if the first assay of a source seems to be on the other scale.
warn_scale <- function(source, facts) {
  largest <- vapply(facts, function(f) f$largest, 1)
  x <- source$assays[[1]]
  if (source$scale == "log" && largest[[1]] > log_limit) {
    warn_musl(c(
      "Values of source {.val {source$name}} are too large for logs.",
      x = "The largest is {format(largest[[1]], digits = 4)}; logs of counts or
           TPM stay below {log_limit}.",
      i = "For counts, TPM and similar values, pass {.code scale = \"linear\"}."
    ), source = source$name)
  }
  if (source$scale == "linear" && nrow(x) >= linear_genes &&
    largest[[1]] < log_limit &&
    !looks_counted(x, source$samples[["n_cells"]])) {
    warn_musl(c(
      "Values of source {.val {source$name}} look like logs.",
      x = "The largest of {nrow(x)} genes is
           {format(largest[[1]], digits = 4)}, and they are not counts.",
      i = "For values such as log2(TPM + 1), pass {.code scale = \"log\"}."
    ), source = source$name)
  }
}

# Are values whole numbers, or means of such over `n_cells` each, as those of
# musl_pseudobulk()? Checks some of the rows.
looks_counted <- function(x, n_cells = NULL) {
  rows <- seq_len(min(nrow(x), 100L))
  some <- dense_rows(x, rows)
  if (all(some == trunc(some))) {
    return(TRUE)
  }
  if (!is.numeric(n_cells) || anyNA(n_cells)) {
    return(FALSE)
  }
  sums <- sweep(some, 2, n_cells, "*")
  all(abs(sums - round(sums)) <= 1e-6 * pmax(1, abs(sums)))
}
