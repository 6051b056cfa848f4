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
  expect_identical(shown$status == "known", known)
  expect_true(any(known) && !all(known))
  expect_input_error(ggplot2::autoplot(scored[32, ]))
})
