# Pictures of data, splits, drift and best pairs.

drawn <- function(object, ...) {
  plot <- ggplot2::autoplot(object, ...)
  expect_silent(ggplot2::ggplot_build(plot))
  plot
}

test_that("data show how many genes each input holds", {
  data <- tiny_data()
  shown <- drawn(data)$data
  total <- tapply(shown$n, shown$input, sum)
  expect_identical(total[["bulk"]], 70)
  expect_identical(total[["embeddings"]], 75)
  paired <- unique(c(data@pairs$gene_a, data@pairs$gene_b))
  with <- shown$n[shown$input == "bulk" & shown$genes == "with labelled pairs"]
  expect_equal(with, sum(paired %in% data@genes[1:70]))
})

test_that("a split shows the pairs of each part of a fold", {
  data <- tiny_data(n_pairs = 300)
  split <- musl_split(data, "inductive", folds = 3, seed = 1)
  shown <- drawn(split, fold = 2)$data
  n <- tapply(shown$n, shown$part, sum)
  parts <- vapply(musl_parts(split, 2), nrow, 1L)
  expect_equal(n[["C2: one unseen gene"]], parts[["C2"]])
  expect_equal(n[["training"]], parts[["train"]])
  expect_error(
    ggplot2::autoplot(split, fold = 4), class = "musl_error_input"
  )
})

test_that("drift shows the shifts with their limits", {
  rows <- musl_drift(tiny_model(), tiny_data())
  shown <- drawn(rows)$data
  expect_equal(shown$shift, rows$shift[!is.na(rows$shift)])
})

test_that("the best pairs are drawn by score", {
  top <- tibble::new_tibble(list(
    gene_a = c("A", "B"), gene_b = c("C", "D"), rank = 1:2, .score = c(2, 1),
    .pred_SL = c(0.9, 0.8), n_unseen = c(0L, 2L), known = c(TRUE, FALSE),
    label = factor(c("SL", NA), pair_labels)
  ), nrow = 2, class = "musl_top_pairs")
  shown <- drawn(top)$data
  expect_identical(levels(shown$pair), c("B - D", "A - C"))
  expect_identical(as.character(shown$status), c("known SL", "new"))
})

test_that("plot() draws what autoplot() makes", {
  withr::local_pdf(NULL)
  fit <- tiny_model()
  expect_identical(plot(fit)$data, ggplot2::autoplot(fit)$data)
  data <- tiny_data()
  expect_identical(plot(data)$data, ggplot2::autoplot(data)$data)
  split <- musl_split(data, "random", folds = 2, seed = 1)
  expect_identical(
    plot(split, fold = 2)$data, ggplot2::autoplot(split, fold = 2)$data
  )
  kinds <- grep("^plot[.]", ls(asNamespace("MuSL")), value = TRUE)
  drawn <- sub("^plot", "autoplot", kinds)
  expect_true(all(vapply(drawn, exists, NA, envir = asNamespace("MuSL"))))
})
