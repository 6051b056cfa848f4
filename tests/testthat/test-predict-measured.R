test_that("pairs of two known genes are scored, others are NA", {
  fit <- explored_fit()
  genes <- fit@genes[1:4]
  pairs <- data.frame(
    gene_a = genes[c(1, 2, 3, 3)], gene_b = c(genes[c(2, 2, 4)], "nobody")
  )
  out <- suppressWarnings(predict(fit, pairs))
  score <- out$.score
  expect_identical(is.na(score), c(FALSE, TRUE, FALSE, TRUE))
  expect_identical(out$.status == "unknown_gene", c(FALSE, FALSE, FALSE, TRUE))
  expect_identical(is.na(out$n_unseen), c(FALSE, FALSE, FALSE, TRUE))
  turned <- data.frame(gene_a = pairs$gene_b, gene_b = pairs$gene_a)
  expect_identical(suppressWarnings(predict(fit, turned))$.score, score)
})

test_that("scorers are named by text", {
  fit <- explored_fit()
  pairs <- data.frame(gene_a = fit@genes[[1]], gene_b = fit@genes[[2]])
  for (scorers in list(factor("linear"), 1, TRUE, list("linear"))) {
    cnd <- expect_input_error(predict(fit, pairs, scorers = scorers))
    expect_identical(cnd$argument, "scorers")
  }
})

test_that("data that a model was asked with are kept, not mistaken or saved", {
  data <- measured_data()
  fit <- measured_fit(data, scorers = "features", keep = "none")
  pairs <- head(musl_pairs(data)[c("gene_a", "gene_b")], 20)
  changed <- data
  changed@cohorts[[1]]$assays[[1]][1:50, ] <- 0
  # Each answer by a model that was asked nothing before.
  fresh <- function(data, ...) {
    predict(unserialize(serialize(fit, NULL)), pairs, data = data, ...)$.score
  }
  asked <- function(data, ...) predict(fit, pairs, data = data, ...)$.score
  first <- fresh(data)
  other <- fresh(changed)
  half <- rep(c(TRUE, FALSE), 60)
  of_half <- fresh(data, context = half)
  expect_identical(anyDuplicated(list(first, other, of_half)), 0L)
  size <- length(serialize(fit, NULL))
  for (i in 1:2) {
    expect_identical(asked(data), first)
    expect_identical(asked(data), first)
    expect_identical(asked(changed), other)
    expect_identical(asked(data, context = half), of_half)
  }
  expect_lt(abs(length(serialize(fit, NULL)) - size), 1000)
  # Measured pairs are known, hits and others.
  measured <- musl_pairs(data)
  for (label in c("SL", "non_SL")) {
    rows <- head(measured[measured$label == label, ], 5)
    status <- predict(fit, rows[c("gene_a", "gene_b")], data = data)$.status
    expect_identical(as.character(status), rep("known", 5))
  }
})

test_that("studies to score for must be the model's, each once", {
  fit <- musl_example_model()
  asked <- asked_scorers(fit, list())
  expect_error(check_measured_in("line_1", fit, asked), NA)
  expect_error(check_measured_in(c("line_2", "line_1"), fit, asked), NA)
  odd <- list(
    character(), "nowhere", c("line_1", "nowhere"), c("line_1", "line_1"), 1, NA
  )
  for (measured_in in odd) {
    cnd <- expect_input_error(check_measured_in(measured_in, fit, asked))
    expect_identical(cnd$argument, "measured_in")
  }
})

test_that("scorers to use must be the model's, each once", {
  fit <- musl_example_model()
  known <- scorer_table(fit)$scorer
  pairs <- head(musl_pairs(example_data())[c("gene_a", "gene_b")], 2)
  use <- function(scorers) predict(fit, pairs, scorers = scorers)
  expect_error(use(known[[2]]), NA)
  odd <- list(
    character(), "nobody", c(known[[1]], "nobody"), known[c(1, 1)], 1, NA
  )
  for (scorers in odd) {
    cnd <- expect_input_error(use(scorers))
    expect_identical(cnd$argument, "scorers")
  }
})
