test_that("bars are as long as the contributions, those for SL apart", {
  object <- structure(list(), glance = list(
    gene_a = "A1", gene_b = "B1", .score = 0.5, .pred_SL = 0.1
  ))
  rows <- data.frame(
    label = factor(c("x", "y", "z")), contribution = c(0.4, -0.3, 0)
  )
  plot <- contribution_bars(rows, object)
  bars <- ggplot2::layer_data(plot, 1)
  bars <- bars[order(bars$y), ]
  expect_equal(bars$xmax - bars$xmin, abs(rows$contribution))
  expect_identical(bars$fill == musl_colours[[2]], c(TRUE, FALSE, TRUE))
  expect_identical(ggplot2::layer_data(plot, 2)$xintercept, 0)
})
