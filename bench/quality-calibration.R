# Calibration of the model on test pairs, folds pooled.

asked_error <- 0.03
asked_coverage <- 0.03
coverage_level <- 0.9

# Test pairs of the first seed's "full" with their sets.
set_pairs <- function(run) {
  scores <- run$scores
  ours <- scores$scorer == "full" & scores$seed == run$settings$seeds[[1]]
  pairs <- scores[ours, ]
  # As predict() rounds.
  least <- 1 - coverage_level + 1e-12
  pairs$.set_SL <- pairs$.p_SL > least
  pairs$.set_non_SL <- pairs$.p_non_SL > least
  pairs
}

# musl_calibration() for each part of each cell: columns negatives and part, and
# its own, a row for all pairs and one for each number of unseen genes.
calibration_rows <- function(judged) {
  do.call(rbind, lapply(judged, function(cell) {
    if (is.null(cell$runs$default)) return(NULL)
    sets <- set_pairs(cell$runs$default)
    do.call(rbind, lapply(split(sets, sets$part), function(pairs) {
      judged <- as.data.frame(musl_calibration(pairs, seed = 1))
      cbind(
        data.frame(negatives = cell$negatives, part = pairs$part[[1]]),
        judged[setdiff(names(judged), "bins")]
      )
    }))
  }))
}

# "yes" where coverage lies within two standard errors and within 3 % of the
# level.
covers <- function(coverage, error) {
  off <- abs(coverage - coverage_level)
  holds <- ifelse(off <= pmin(2 * error, asked_coverage), "yes", "no")
  ifelse(is.na(error), NA, holds)
}

report_calibration <- function(judged) {
  rows <- calibration_rows(judged)
  if (is.null(rows)) return(invisible())
  say_table("Calibration of `full`, first seed, folds pooled", list(
    negatives = rows$negatives, part = rows$part,
    "unseen genes" = ifelse(is.na(rows$n_unseen), "all", rows$n_unseen),
    pairs = rows$n_pairs, ECE = decimal(rows$ece),
    "<= .03" = ifelse(rows$ece <= asked_error, "yes", "no"),
    "SL covered (.90)" = with_sd(rows$coverage_SL, rows$std_error_SL),
    "SL holds" = covers(rows$coverage_SL, rows$std_error_SL),
    "non-SL covered (.90)" = with_sd(
      rows$coverage_non_SL, rows$std_error_non_SL
    ),
    "non-SL holds" = covers(rows$coverage_non_SL, rows$std_error_non_SL),
    "labels a set" = decimal(rows$set_size, 2)
  ))
}
