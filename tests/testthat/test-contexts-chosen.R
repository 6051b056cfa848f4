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

test_that("the whole is named as no context is", {
  expect_identical(whole_name(c("T", "B")), "all")
  expect_identical(whole_name(c("T", "all")), "all samples")
  expect_false(whole_name(c("all", "all samples")) %in% c("all", "all samples"))
})

test_that("what is wrong with named contexts is told", {
  told <- function(contexts) {
    cnd <- expect_error(
      check_named_contexts(contexts, NULL), class = "musl_error_input"
    )
    cnd_text(cnd)
  }
  one <- list(a = list(type = "T"))
  expect_identical(check_named_contexts(one, NULL), one)
  expect_match(told(c(one, list(b = list()))), "Empty: \"b\"", fixed = TRUE)
  expect_match(told(c(one, list(list(type = "B")))), "Found an object")
  expect_match(told(c(one, one)), "Found an object")
  expect_match(told(3), "Found 3", fixed = TRUE)
})

test_that("the best pairs compared are 20, or half of those of both", {
  compared <- function(n, top = NULL, missing = 0) {
    a <- as.double(seq_len(n))
    b <- rev(a)
    a[seq_len(missing)] <- NA
    compare_contexts(a, b, top)
  }
  expect_identical(compared(100)$top, 20L)
  expect_identical(compared(40)$top, 20L)
  expect_identical(compared(39)$top, 19L)
  expect_identical(compared(1)$top, 1L)
  expect_identical(compared(0)$top, 0L)
  expect_identical(compared(10, 7)$top, 7L)
  expect_identical(compared(10, 12)$top, 10L)
  found <- compared(10, 6, missing = 2)
  expect_identical(found$n_pairs, 8L)
  # The best six of a are 5 to 10, those of b 3 to 8.
  expect_identical(found$overlap, 4 / 6)
  expect_identical(found$chance, 6 / 8)
  expect_equal(found$spearman, -1)
  expect_identical(compared(1)$spearman, NA_real_)
  expect_identical(compared(0)$overlap, NA_real_)
  expect_identical(compared(0)$chance, NA_real_)
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
