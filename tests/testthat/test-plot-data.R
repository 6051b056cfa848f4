# Pictures of data, splits, drift and best pairs.

drawn <- function(object, ...) {
  plot <- ggplot2::autoplot(object, ...)
  expect_silent(ggplot2::ggplot_build(plot))
  plot
}

test_that("a model without a network has no history to draw", {
  fit <- musl_example_model()
  fit@archives$musl <- raw()
  expect_input_error(ggplot2::autoplot(fit), "musl")
})

test_that("the twenty best pairs of an atlas are drawn", {
  skip_without_hdf5()
  atlas <- tiny_atlas()
  shown <- drawn(atlas)$data
  scores <- score_matrix(atlas)
  best <- sort(scores[upper.tri(scores)], decreasing = TRUE)
  expect_gt(length(best), 20)
  expect_identical(shown$.score, best[1:20])
})

test_that("predictions are drawn best first, without unscored pairs", {
  fit <- musl_example_model()
  pairs <- data.frame(gene_a = "SIM001", gene_b = paste0("SIM0", 10:40))
  scored <- predict(fit, rbind(pairs, c("SIM001", "SIM001"))) |>
    suppressWarnings()
  shown <- drawn(scored)$data
  expect_identical(nrow(shown), 20L)
  best <- sort(scored$.score, decreasing = TRUE)[1:20]
  expect_identical(shown$.score, best)
  known <- shown$.status == "known"
  expect_identical(shown$status == "label known", known)
  expect_true(any(known) && !all(known))
  expect_input_error(ggplot2::autoplot(scored[32, ]))
})

test_that("partners that a screen supports are marked", {
  partners <- musl_partners(musl_example_model(), "SIM001", n = 4)
  rows_of <- function(partners) levels(ggplot2::autoplot(partners)$data$row)
  expect_false(any(grepl("*", rows_of(partners), fixed = TRUE)))
  partners$dependency_fdr <- c(0.01, 0.01, 0.2, NA)
  partners$dependency_cliffs_delta <- c(-1, 1, -1, NA)
  marked <- grep("*", rows_of(partners), fixed = TRUE, value = TRUE)
  expect_identical(marked, paste0("SIM001\t", partners$partner[[1]], " *"))
  expect_match(
    ggplot2::autoplot(partners)$labels$caption, "anchor is lost",
    fixed = TRUE
  )
  # Lists of networks are drawn by other code.
  partners$relation <- NULL
  partners$n_unseen <- 0L
  expect_identical(
    grep("*", rows_of(partners), fixed = TRUE, value = TRUE), marked
  )
})
