# Random forests (ranger) of 200 trees, no setting tuned: a rival of
# bench/screens.R and bench/muse.R.

# Scores of `new`, the mean of the trees: of a 0/1 `y` the share of ones in the
# leaves. Missing values count as the column's lowest. Columns are cut at 255
# quantiles, which makes learning five times as fast.
forest_scores <- function(x, y, new, seed, threads) {
  if (!requireNamespace("ranger", quietly = TRUE)) {
    stop("A random forest needs the package ranger.", call. = FALSE)
  }
  names <- paste0("x", seq_len(ncol(x)))
  both <- Map(cut_alike, as.data.frame(x), as.data.frame(new))
  filled <- function(part, n) {
    x <- vapply(both, `[[`, numeric(n), part)
    matrix(x, ncol = length(names), dimnames = list(NULL, names))
  }
  forest <- ranger::ranger(
    x = filled("old", nrow(x)), y = y, num.trees = if (is_smoke()) 20 else 200,
    min.node.size = 10, seed = seed, num.threads = threads, verbose = FALSE
  )
  new <- filled("new", nrow(new))
  stats::predict(forest, new, num.threads = threads)$predictions
}

cut_alike <- function(old, new) {
  old <- low(old)
  new <- ifelse(is.na(new), min(old), new)
  cuts <- unique(stats::quantile(old, seq_len(255) / 256, names = FALSE))
  list(
    old = as.numeric(findInterval(old, cuts)),
    new = as.numeric(findInterval(new, cuts))
  )
}
