# Moderated t tests of limma, if it is installed.

limma_p_values <- function(values, lost, strata, settings,
                           call = caller_env()) {
  if (!requireNamespace("limma", quietly = TRUE)) {
    abort_musl(c(
      "Package {.pkg limma} must be installed for {.code test = \"limma\"}.",
      i = "Or choose {.code test = \"auto\"}."
    ), argument = "test", call = call)
  }
  p <- lapply(seq_len(ncol(lost)), function(a) {
    tryCatch(
      limma_anchor(values, lost[, a], strata$lineage, settings),
      error = function(cnd) abort_limma(cnd, colnames(lost)[[a]], call)
    )
  })
  unlist(p)
}

abort_limma <- function(cnd, anchor, call) {
  reason <- conditionMessage(cnd)
  abort_musl(c(
    "limma must be able to fit the lines of {.val {anchor}}.",
    x = "It says: {reason}",
    i = "Leave out lineages by {.code lineage = NULL}, or choose another
         {.arg test}."
  ), argument = "test", call = call)
}

limma_anchor <- function(values, lost, lineage, settings) {
  known <- !is.na(lost)
  if (!is.null(lineage)) {
    known <- known & !is.na(lineage)
  }
  lost <- lost[known]
  values <- values[, known, drop = FALSE]
  design <- limma_design(lost, lineage[known])
  p <- rep(NA_real_, nrow(values))
  # Genes without a test have no variance to moderate the others by.
  has_enough <- function(lines) {
    rowSums(!is.na(values[, lines, drop = FALSE])) >= settings$min_lines
  }
  varies <- apply(values, 1, function(x) {
    length(unique(x[!is.na(x)])) > 1
  })
  tested <- has_enough(lost) & has_enough(!lost) & varies
  if (!any(tested) || "lost" %in% limma::nonEstimable(design)) {
    return(p)
  }
  # Genes with missing values that confound loss and lineage are NA; limma
  # warns of them and so do we.
  fit <- suppressWarnings(
    limma::lmFit(values[tested, , drop = FALSE], design)
  )
  fit <- limma::eBayes(fit)
  p[tested] <- tail_p_values(fit$t[, "lost"], fit$df.total, settings)
  p
}

tail_p_values <- function(t, df, settings) {
  if (settings$alternative == "less") {
    return(unname(stats::pt(t, df)))
  }
  unname(2 * stats::pt(-abs(t), df))
}

# Loss comes last: limma drops the last of confounded columns, and a difference
# not adjusted for lineage would answer another question.
limma_design <- function(lost, lineage) {
  data <- data.frame(lost = as.double(lost))
  if (length(unique(lineage)) < 2) {
    return(stats::model.matrix(~lost, data))
  }
  data$lineage <- lineage
  stats::model.matrix(~ lineage + lost, data)
}
