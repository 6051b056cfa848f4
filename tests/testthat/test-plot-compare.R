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

test_that("of several queries the mean enrichment is drawn", {
  of <- function(query) transform(predicted(), anchor = query)
  # The 14 hits of A are first, those of B last.
  screen <- data.frame(
    query = rep(c("A", "B"), each = 40), gene = sprintf("G%02d", 1:40),
    strength = c(40:1, 1:40), hit = c(1:40 <= 14, 1:40 > 26)
  )
  compared <- suppressMessages(musl_compare(
    rbind(of("A"), of("B")), screen,
    columns = c(
      gene = "gene", strength = "strength", hit = "hit", anchor = "query"
    ),
    k = c(5, 10), bootstrap = 20, seed = 1
  ))
  shown <- autoplot(compared)$data
  expect_identical(shown$k, c(5L, 10L))
  expect_equal(shown$.estimate, c(20, 20) / 14)
})
