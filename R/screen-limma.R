# Moderated t tests of limma, for those who have it.

limma_p_values <- function(values, lost, strata, settings,
                           call = caller_env()) {
  if (!requireNamespace("limma", quietly = TRUE)) {
    abort_musl(c(
      "Package {.pkg limma} must be installed for {.code test = \"limma\"}.",
      i = "Or choose {.code test = \"auto\"}."
    ), argument = "test", call = call)
  }
  p <- lapply(seq_len(ncol(lost)), function(a) {
    limma_anchor(values, lost[, a], strata$lineage, settings)
  })
  unlist(p)
}

limma_anchor <- function(values, lost, lineage, settings) {
  known <- !is.na(lost)
  if (!is.null(lineage)) {
    known <- known & !is.na(lineage)
  }
  design <- limma_design(lost[known], lineage[known])
  values <- values[, known, drop = FALSE]
  # Genes without a value have no variance to moderate the others by.
  n_known <- function(lines) {
    rowSums(!is.na(values[, lines, drop = FALSE]))
  }
  tested <- n_known(lost[known]) >= settings$min_lines &
    n_known(!lost[known]) >= settings$min_lines
  p <- rep(NA_real_, nrow(values))
  if (!any(tested)) {
    return(p)
  }
  fit <- limma::eBayes(limma::lmFit(values[tested, , drop = FALSE], design))
  t <- fit$t[, "lost"]
  p[tested] <- if (settings$alternative == "less") {
    stats::pt(t, fit$df.total)
  } else {
    2 * stats::pt(-abs(t), fit$df.total)
  }
  p
}

# Loss, and the lineages that it can be told apart from.
limma_design <- function(lost, lineage) {
  if (length(unique(lineage)) < 2) {
    return(stats::model.matrix(~lost, data.frame(lost = as.double(lost))))
  }
  stats::model.matrix(
    ~ lost + lineage, data.frame(lost = as.double(lost), lineage = lineage)
  )
}
