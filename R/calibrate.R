# Turns scores into probabilities, label sets and intervals; the core does the
# arithmetic.

# In an ensemble, each network scored its own validation and calibration parts;
# networks not trained because of an interrupt scored none.
calibrate_fit <- function(result, parts) {
  labels <- lapply(parts, function(sets) {
    as.character(c(sets$validation$label, sets$calibration$label))
  })
  scored <- seq_along(result$valid_score)
  fit_calibration(
    result$valid_score,
    unlist(labels)[scored],
    result$valid_n_unseen,
    mean(pooled_training(parts)$label == "SL")
  )
}

# What predict() needs to calibrate, from the scores, labels and numbers of
# unseen genes of calibration pairs, whatever the model. `prior` is the share of
# SL among the training pairs. Pairs without a finite score do not count.
# list(slope, intercept, n_pairs: one per number of unseen genes; prior: share
# of SL among the pairs of the line, one per number of unseen genes;
# training_prior; scores: for each number of unseen genes a list(SL, non_SL) of
# ascending scores).
fit_calibration <- function(score, label, n_unseen, prior) {
  with_core(cpp_fit_calibration(
    score, as.double(label == "SL"), n_unseen, prior
  ))
}

# Probabilities at `prior` (`NULL`: the training share); NA if the score is.
calibrate_scores <- function(calibration, score, n_unseen, prior = NULL) {
  out <- rep(NA_real_, length(score))
  scored <- !is.na(score)
  out[scored] <- with_core(cpp_calibrate(
    calibration, score[scored], n_unseen[scored],
    prior %||% NaN
  ))
  out
}

# Columns of type = "set".
set_columns <- function(calibration, scored, level = 0.9) {
  scores <- calibration$scores
  p <- with_core(cpp_conformal(scores, scored$score, scored$n_unseen))
  p <- lapply(p, nan_to_na)
  warn_few_calibration(calibration, scored, "set")
  list(
    .set_SL = is_plausible(p$SL, level),
    .set_non_SL = is_plausible(p$non_SL, level),
    .p_SL = p$SL,
    .p_non_SL = p$non_SL
  )
}

# Excludes a p-value of exactly 1 - level, whatever the rounding.
is_plausible <- function(p, level) p - (1 - level) > 1e-12

# Columns of type = "interval".
interval_columns <- function(calibration, scored, prior) {
  ends <- with_core(
    cpp_venn_abers(calibration$scores, scored$score, scored$n_unseen)
  )
  warn_few_calibration(calibration, scored, "interval")
  ends <- lapply(ends, function(end) {
    nan_to_na(with_core(
      cpp_shift_prior(calibration, end, scored$n_unseen, prior %||% NaN)
    ))
  })
  list(.pred_lower = ends$lower, .pred_upper = ends$upper)
}

# Equals kMinCalibration of the core.
min_calibration <- 200

warn_few_calibration <- function(calibration, scored, what) {
  scores <- calibration$scores
  n_pairs <- vapply(scores, function(x) sum(lengths(x)), 1L)
  asked <- scored$n_unseen[!is.na(scored$score)]
  few <- intersect(sort(unique(asked)), which(n_pairs < min_calibration) - 1L)
  lost <- sum(asked %in% few)
  found <- paste(n_pairs[few + 1], "with", few)
  warn_if(length(few) > 0, c(
    "{lost} pair{?s} {?has/have} no {what}: too few calibration pairs with the
     same number of unseen genes.",
    x = "Found {found}, but each needs {min_calibration}.",
    i = "Fit with a larger validation part."
  ), "calibration", n_unseen = few, n_pairs = n_pairs[few + 1])
}

check_share <- function(x, arg = caller_arg(x), allow_null = FALSE) {
  ok <- is_one_number(x) && x > 0 && x < 1
  check_one(ok, x, "one number above 0 and below 1", arg, allow_null)
}

# The share of hits among pairs that genome-scale screening measures.
screen_prior <- 0.0135
