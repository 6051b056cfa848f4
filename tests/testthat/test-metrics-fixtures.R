# Held to scikit-learn's answers, which tests/fixtures/metrics.py stored.

# A path of pairs, so that metrics over pairs can be given any labels.
as_path <- function(n) {
  genes <- sprintf("g%04d", seq_len(n + 1))
  data.frame(gene_a = genes[-1], gene_b = genes[-(n + 1)])
}

expect_metrics <- function(rows, expected) {
  found <- stats::setNames(rows$.estimate, rows$.metric)
  expect_setequal(names(found), names(expected))
  for (name in names(expected)) {
    expect_equal(
      found[[name]], expected[[name]],
      tolerance = 1e-12, label = name
    )
  }
}

test_that("metrics over pairs are scikit-learn's, ties or not", {
  for (case in metric_fixtures()$pairs) {
    table <- as_path(length(case$label))
    table$label <- case$label
    table$.score <- case$score
    table$.pred_SL <- case$probability
    rows <- musl_metrics(table, names(case$expected))
    expect_metrics(rows, case$expected)
  }
})

test_that("metrics per anchor are scikit-learn's means, ties or not", {
  for (case in metric_fixtures()$tables) {
    table <- data.frame(
      gene_a = as.character(case$pairs[, 1]),
      gene_b = as.character(case$pairs[, 2]),
      label = case$label, .score = case$score
    )
    rows <- musl_metrics(table, names(case$expected))
    expect_metrics(rows, case$expected)
    expect_identical(rows$n_anchors, rep(as.double(case$n_anchors), nrow(rows)))
  }
})
