# What a model tells of itself, counted from the data it was fitted to.

test_that("a card counts inputs and labels by study", {
  fit <- explored_fit()
  card <- musl_report(fit)
  data <- explored_data()
  pairs <- musl_pairs(data)
  for (i in seq_len(nrow(card$labels))) {
    of <- pairs[pairs$study %in% card$labels$study[[i]], ]
    expect_equal(card$labels$n_SL[[i]], sum(of$label %in% "SL"))
    expect_equal(card$labels$n_non_SL[[i]], sum(of$label %in% "non_SL"))
    expect_identical(card$labels$kind[[i]] == "measured", all(of$measured))
  }
  expect_setequal(card$labels$study, pairs$study)
  inputs <- stats::setNames(card$data$n_genes, card$data$input)
  families <- data@evidence$annotations$families
  expect_equal(inputs[["families"]], length(unique(families$gene)))
  expect_equal(inputs[["network"]], sum(
    igraph::degree(as.list(data)$network) > 0
  ))
  expect_identical(card$data$n_samples[card$data$input == "simulated"], 120L)
  expect_identical(nrow(card$validation), 0L)
})

test_that("a network's card shows validation beside a random order", {
  skip_without_backend()
  fit <- tiny_model()
  card <- musl_report(fit)
  facts <- glance(fit)
  at <- function(metric, scorer) {
    rows <- card$validation
    rows$.estimate[rows$.metric == metric & rows$scorer == scorer]
  }
  expect_equal(at("auroc", "MuSL"), facts$valid_auroc)
  expect_identical(at("auroc", "random order"), 0.5)
  table <- summary(fit)$calibration
  expect_equal(
    at("auprc", "random order"), sum(table$n_SL) / sum(table$n_pairs)
  )
  expect_match(card$limits, "chose the epochs", all = FALSE)
  expect_identical(card$split$n_training, facts$n_training)
})

test_that("what was added to a card stays in the file and in summary()", {
  fit <- explored_fit()
  scores <- cbind(
    musl_pairs(explored_data())[1:60, c("gene_a", "gene_b", "label")],
    .score = sin(1:60), scorer = "MuSL"
  )
  metrics <- suppressWarnings(musl_metrics(scores))
  ceiling <- data.frame(study = "two", .estimate = 0.8)
  fit <- musl_describe(
    fit,
    metrics = metrics, ceiling = ceiling, limits = "Only yeast.",
    intended_use = "Teaching."
  )
  fit <- musl_describe(fit, limits = "Only mice.")
  file <- withr::local_tempfile()
  musl_save(fit, file)
  card <- musl_report(musl_load(file))
  expect_identical(card, musl_report(fit))
  expect_identical(card, summary(fit)$card)
  expect_equal(card$metrics$.estimate, metrics$.estimate)
  expect_identical(card$ceiling$.estimate, 0.8)
  expect_identical(card$intended_use, "Teaching.")
  expect_identical(utils::tail(card$limits, 1), "Only mice.")
  expect_false("Only yeast." %in% card$limits)
  expect_output(print(card), "Only mice.")
  expect_output(print(summary(fit)), "Intended use")
})

test_that("what is no metrics, table or sentence is refused", {
  fit <- explored_fit()
  for (wrong in list(
    list(metrics = data.frame(x = 1)), list(ceiling = 0.8),
    list(limits = 3), list(limits = character()), list(use = "x")
  )) {
    expect_input_error(do.call(musl_describe, c(list(fit), wrong)))
  }
})

test_that("limits name labels that follow how well genes are studied", {
  hub <- paste0("H", 1:5)
  rest <- sprintf("R%02d", 1:40)
  known <- function(a, b, label) {
    tibble::tibble(gene_a = a, gene_b = b, label = label)
  }
  sl <- known(rep(hub, each = 8), rest, "SL")
  # By hand: degrees but the pair's own are 7 + 0 for SL, 1 + 1 for these.
  apart <- rbind(sl, known(rest[1:20], rest[21:40], "non_SL"))
  expect_match(one_line(popularity_text(apart)), "AUROC 1.00 by", fixed = TRUE)
  alike <- rbind(sl, known(rep(hub, each = 8), rev(rest), "non_SL"))
  expect_null(popularity_text(alike))
  expect_null(popularity_text(sl))
})
