test_that("an enrichment of one number of partners is drawn, none is refused", {
  predictions <- predicted()
  screen <- data.frame(GENE = sprintf("G%02d", 1:40), BF = 20 - 1:40)
  compared <- suppressMessages(
    musl_compare(predictions, screen, k = 5, bootstrap = 10, seed = 1)
  )
  expect_identical(autoplot(compared)$data$k, 5L)
  none <- compared[is.na(compared$k), ]
  expect_input_error(autoplot(none), "must have an enrichment")
})
