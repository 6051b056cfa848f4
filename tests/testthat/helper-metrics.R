# Stored answers of scikit-learn; metrics.py beside them wrote them.
metric_fixtures <- function() {
  path <- testthat::test_path("..", "fixtures", "metrics.json")
  testthat::skip_if_not(file.exists(path), "the fixtures are not at hand")
  jsonlite::fromJSON(path, simplifyDataFrame = FALSE)
}

# Random scored pairs of `n_genes` genes: runs of two folds, two parts, and the
# scorers "full", "biology" (tied) and "SL degree" (without probability).
scored_runs <- function(n_genes = 16, seed = 1) {
  withr::local_seed(seed)
  ends <- utils::combn(sprintf("g%02d", seq_len(n_genes)), 2)
  cells <- expand.grid(
    fold = 1:2, part = c("C2", "C3"), stringsAsFactors = FALSE
  )
  blocks <- lapply(seq_len(nrow(cells)), function(i) {
    chosen <- ends[, sample.int(ncol(ends), 60)]
    label <- rep(c(TRUE, FALSE, FALSE), 20)
    full <- rnorm(60) + 2 * label
    biology <- round(rnorm(60) + label)
    pairs <- tibble::tibble(
      fold = cells$fold[[i]], part = cells$part[[i]],
      gene_a = chosen[1, ], gene_b = chosen[2, ],
      label = factor(ifelse(label, "SL", "non_SL"), pair_labels)
    )
    rbind(
      cbind(pairs, scorer = "full", .score = full, .pred_SL = plogis(full)),
      cbind(
        pairs,
        scorer = "biology", .score = biology, .pred_SL = plogis(biology)
      ),
      cbind(pairs, scorer = "SL degree", .score = runif(60), .pred_SL = NA)
    )
  })
  do.call(rbind, blocks)
}

# The chance that an SL pair scores above a non-SL pair.
plain_auroc <- function(score, is_sl) {
  wins <- outer(score[is_sl], score[!is_sl], ">") +
    outer(score[is_sl], score[!is_sl], "==") / 2
  mean(wins)
}

one_metric <- function(rows, metric, ...) {
  keep <- rows$.metric == metric
  where <- list(...)
  for (column in names(where)) {
    keep <- keep & rows[[column]] == where[[column]]
  }
  rows$.estimate[keep]
}
