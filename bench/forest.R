# Random forests (ranger) of 200 trees, no setting tuned: a rival of
# bench/screens.R and bench/muse.R.

# Scores of `new`, the mean of the trees: of a 0/1 `y` the share of ones in the
# leaves. Missing values count as the column's lowest.
forest_scores <- function(x, y, new, seed, threads) {
  if (!requireNamespace("ranger", quietly = TRUE)) {
    stop("A random forest needs the package ranger.", call. = FALSE)
  }
  names <- paste0("x", seq_len(ncol(x)))
  filled <- function(x) {
    x <- vapply(as.data.frame(x), low, numeric(nrow(x)))
    matrix(x, ncol = length(names), dimnames = list(NULL, names))
  }
  forest <- ranger::ranger(
    x = filled(x), y = y, num.trees = if (is_smoke()) 20 else 200,
    min.node.size = 10, seed = seed, num.threads = threads, verbose = FALSE
  )
  stats::predict(forest, filled(new), num.threads = threads)$predictions
}
