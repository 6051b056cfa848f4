# From scores to probabilities; the arithmetic is the core's.

# Of an ensemble each member scored its own validation part; a member that an
# interrupt kept from training scored none.
calibrate_fit <- function(result, parts, genes) {
  n_unseen <- unlist(lapply(parts, function(sets) {
    n_seen <- count_seen(sets$training, genes)
    count_unseen(sets$validation, genes, n_seen)
  }))
  is_sl <- unlist(lapply(parts, function(sets) sets$validation$label == "SL"))
  scored <- which(is.finite(result$valid_score))
  with_core(cpp_fit_calibration(
    result$valid_score[scored],
    as.double(is_sl[scored]),
    n_unseen[scored],
    mean(pooled_training(parts)$label == "SL")
  ))
}

# Probabilities at `prior` (`NULL`: the share of SL in the training part); NA
# where the score is.
calibrate_scores <- function(calibration, score, n_unseen, prior = NULL) {
  out <- rep(NA_real_, length(score))
  scored <- !is.na(score)
  out[scored] <- with_core(cpp_calibrate(
    calibration, score[scored], n_unseen[scored], prior %||% NaN
  ))
  out
}

check_prior <- function(prior, arg = caller_arg(prior), call = caller_env()) {
  check_number(prior, 0, 1, arg = arg, call = call, allow_null = TRUE)
  if (!is.null(prior) && (prior == 0 || prior == 1)) {
    abort_argument(arg, "above 0 and below 1", prior, call)
  }
  invisible(prior)
}
