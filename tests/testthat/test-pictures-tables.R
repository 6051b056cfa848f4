# Pictures of tables of fixed numbers, as they were when they were looked at.

skip_if_not_installed("vdiffr")
skip_if_not(
  utils::packageVersion("ggplot2") == "3.4.1",
  "another ggplot2 draws other paths"
)

pairs_of_eight <- function() {
  list(
    gene_a = rep(c("A", "B"), c(5, 3)), gene_b = sprintf("P%d", 1:8),
    rank = 1:8, .score = c(4, 2.5, 1, 0.5, 0.2, -0.5, -1, -3),
    .pred_SL = c(0.999, 0.9, 0.5, 0.11, 0.052, 0.004, 2e-4, 1e-5),
    n_unseen = rep(0:2, length.out = 8),
    known = rep(c(TRUE, FALSE, FALSE, TRUE), 2),
    label = factor(rep(c("SL", NA, NA, "non_SL"), 2), pair_labels)
  )
}

test_that("the best pairs look as they did", {
  columns <- pairs_of_eight()
  top <- tibble::new_tibble(columns, nrow = 8, class = "musl_top_pairs")
  same_picture("top-pairs", ggplot2::autoplot(top))
  columns$.status <- rep(c("known", "new"), 4)
  scored <- tibble::new_tibble(columns, nrow = 8, class = "musl_predictions")
  same_picture("predictions", ggplot2::autoplot(scored, n = 6))
})

test_that("partners of a network look as they did", {
  columns <- tibble::as_tibble(pairs_of_eight())
  names(columns)[1:2] <- c("anchor", "partner")
  columns$rank <- c(1:5, 1:3)
  columns$relation <- 8:1 / 4
  list <- new_musl_partners(columns, by = "combined")
  same_picture("partners-evidence", ggplot2::autoplot(list))
})

test_that("calibration looks as it did", {
  bins <- tibble::tibble(
    n_pairs = c(100, 50, 20), predicted = c(0.01, 0.1, 0.35),
    observed = c(0.02, 0.1, 0.25)
  )
  judged <- tibble::new_tibble(list(
    n_unseen = c(NA, 0L, 1L), n_pairs = c(340L, 170L, 170L),
    bins = list(bins, bins[1:2, ], bins[2:3, ])
  ), nrow = 3, class = "musl_calibration")
  same_picture("calibration", ggplot2::autoplot(judged))
})

# What musl_explain() makes of a network, without one.
network_explanation <- function(cells) {
  structure(list(), class = "musl_explanation", glance = list(
    gene_a = "A", gene_b = "B", .score = 0.516, .pred_SL = 0.1234
  ), tables = list(
    histogram = cells
  ))
}

test_that("explanations of a network look as they did", {
  cells <- tibble::tibble(
    cohort = "bulk", channel = rep(1:2, each = 4),
    transform = rep(c("none", "log"), each = 4),
    bin_a = rep(1:2, 4), bin_b = rep(c(1L, 1L, 2L, 2L), 2),
    low_a = bin_a - 1, high_a = bin_a * 2 - 1, low_b = bin_b / 2,
    high_b = bin_b / 2 + 0.5, contribution = c(-4:-1, 0:3) / 10
  )
  why <- network_explanation(cells)
  same_picture("explanation-histogram", ggplot2::autoplot(why, "histogram"))
  cells$low_a <- NA_real_
  why <- network_explanation(cells[cells$channel == 1, ])
  same_picture("explanation-bins", ggplot2::autoplot(why, "histogram"))
})
