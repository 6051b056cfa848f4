# Contexts as they are chosen and compared, without a model.

grouped_data <- function(sizes) {
  n <- sum(sizes)
  x <- matrix(seq_len(2 * n) / 7, 2, dimnames = list(
    c("A", "B"), sprintf("s%02d", seq_len(n))
  ))
  data <- suppressMessages(musl_data(x, scale = "log"))
  data@sources[[1]]$samples <- data.frame(
    row.names = colnames(x), type = rep(names(sizes), sizes)
  )
  data
}

test_that("contexts of as many samples as asked are kept, smaller ones told", {
  data <- grouped_data(c(big = 6, edge = 4, small = 3, one = 1))
  expect_warning(
    chosen <- chosen_contexts("type", data, 4, TRUE, NULL),
    "2 contexts with fewer than 4 samples",
    class = "musl_warning_other"
  )
  expect_named(chosen, c("all", "big", "edge"))
  sizes <- vapply(chosen, attr, 1L, "n_samples")
  expect_identical(sizes, c(all = 14L, big = 6L, edge = 4L))
  samples <- colnames(data@sources[[1]]$assays[[1]])
  expect_identical(chosen$edge[[1]], samples[7:10])
  expect_identical(chosen$all[[1]], samples)
  cnd <- expect_warning(chosen_contexts("type", data, 2, FALSE, NULL))
  expect_identical(cnd$contexts, "one")
  expect_no_warning(
    one <- chosen_contexts("type", data, 1, FALSE, NULL)
  )
  expect_named(one, c("big", "edge", "one", "small"))
})

test_that("samples with a blank value are in no context, like those of NA", {
  data <- grouped_data(c(big = 6, small = 3))
  blank <- lost <- data
  blank@sources[[1]]$samples$type[c(1, 7)] <- c("", " ")
  lost@sources[[1]]$samples$type[c(1, 7)] <- NA
  chosen <- chosen_contexts("type", blank, 2, TRUE, NULL)
  expect_identical(chosen, chosen_contexts("type", lost, 2, TRUE, NULL))
  expect_identical(
    vapply(chosen, attr, 1L, "n_samples"), c(all = 9L, big = 5L, small = 2L)
  )
})

test_that("contexts of a column come by level, by number or in byte order", {
  data <- grouped_data(c(a = 2, b = 2, c = 2))
  named <- function(column) {
    data@sources[[1]]$samples$type <- column
    names(chosen_contexts("type", data, 2, FALSE, NULL))
  }
  twice <- function(x) rep(x, each = 2)
  expect_identical(named(twice(c(10, 9, 100))), c("9", "10", "100"))
  expect_identical(
    named(factor(twice(c("late", "early", "mid")), c("early", "mid", "late"))),
    c("early", "mid", "late")
  )
  expect_identical(named(twice(c("b", "B", "a"))), c("B", "a", "b"))
  expect_identical(named(twice(c(TRUE, FALSE, NA))), c("FALSE", "TRUE"))
})
