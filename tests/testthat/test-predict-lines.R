# Expression in cell lines and scores of members for measured pairs.

# Twenty genes have no expression in any line, twenty more none in "K-562".
line_levels <- function(genes) {
  x <- matrix(5, length(genes), 2, dimnames = list(genes, c("A549", "K-562")))
  x[1:20, ] <- 0
  x[21:40, "K-562"] <- 0
  x
}

lines_fit <- local({
  fit <- NULL
  function() {
    if (is.null(fit)) {
      d <- measured_data()
      # The last gene has no level.
      known <- utils::head(musl_genes(d), -1)
      d@evidence <- musl_evidence(lines = line_levels(known))
      fit <<- measured_fit(d, scorers = "features")
    }
    fit
  }
})

# Pairs of a gene with one in each group and the gene without a level.
line_pairs <- function(genes) {
  data.frame(gene_a = genes[[50]], gene_b = genes[c(60, 1, 21, length(genes))])
}

quiet_scores <- function(...) suppressMessages(predict(..., type = "parts"))

test_that("a line's own expression replaces the share of lines", {
  fit <- lines_fit()
  pairs <- line_pairs(musl_genes(fit))
  anywhere <- quiet_scores(fit, pairs)
  here <- quiet_scores(fit, pairs, context = "K562")
  share <- .25 * log(.02 + c(1, 0, .5, .5))
  level <- .5 * log(.02 + stats::plogis(3 * (c(5, 0, 0, NA) - 1)))
  level[[4]] <- share[[4]]
  for (column in c(".score", ".list_order", "single_gene")) {
    expect_equal(
      here[[column]] - anywhere[[column]], level - share,
      tolerance = 1e-5
    )
  }
  expect_identical(here$relation, anywhere$relation)
  expect_identical(
    quiet_scores(fit, pairs[2:1], context = "K-562_LUNG")$.score, here$.score
  )
  expect_message(
    predict(fit, pairs, context = "A549"),
    "1 gene has no known expression in A549",
    class = "musl_message_context"
  )
  again <- withr::local_tempfile()
  musl_save(fit, again)
  expect_identical(
    quiet_scores(musl_load(again), pairs, context = "K562"), here
  )
})

test_that("a name that is no sample and no line is refused with near names", {
  fit <- lines_fit()
  pairs <- line_pairs(musl_genes(fit))
  expect_input_error(
    predict(fit, pairs, context = "A594"), "near to it.*\"A549\""
  )
  expect_input_error(
    predict(measured_fit(scorers = "features"), pairs, context = "A549"),
    "knows no line"
  )
})

test_that("data may bring the line, and samples stay samples", {
  fit <- lines_fit()
  pairs <- line_pairs(musl_genes(fit))
  d <- measured_data()
  levels <- line_levels(musl_genes(d))[, 2, drop = FALSE]
  d@evidence <- musl_evidence(
    lines = matrix(levels, dimnames = list(rownames(levels), "HAP1"))
  )
  brought <- quiet_scores(fit, pairs, d, context = "HAP1")
  own <- quiet_scores(fit, pairs, d, context = "K562")
  expect_equal(brought$.score[1:3], own$.score[1:3])
  samples <- colnames(d@cohorts[[1]]$assays[[1]])
  few <- quiet_scores(fit, pairs, d, context = samples[1:20])
  expect_true(all(is.finite(few$.score)))
})

test_that("explanations and lists read the line", {
  fit <- lines_fit()
  genes <- musl_genes(fit)
  explained <- function(...) {
    suppressMessages(as.list(musl_explain(fit, genes[[50]], genes[[21]], ...)))
  }
  anywhere <- explained()
  row <- anywhere$term == "expressed_lines"
  expect_equal(anywhere$contribution[row], .25 * log(.52), tolerance = 1e-6)
  expect_identical(
    anywhere$description[row],
    "lower expressed gene: expressed in 50 % of lines"
  )
  here <- explained(context = "K562")
  row <- here$term == "expressed_here"
  expect_match(here$description[row], "level 0.0 in the line")
  listed <- suppressMessages(musl_partners(
    fit, genes[[50]],
    n = Inf, context = "K562", by = "score"
  ))
  scored <- quiet_scores(
    fit, data.frame(gene_a = genes[[50]], gene_b = listed$partner),
    context = "K562"
  )
  expect_equal(listed$.score, scored$.score)
})

test_that("pairs whose labels say little are not learned from", {
  d <- measured_data()
  genes <- musl_genes(d)
  pairs <- musl_pairs(d)
  lines <- line_levels(genes)
  lines[, ] <- 5
  silent <- c(pairs$gene_a[[1]], pairs$gene_b[[1]])
  lines[silent, ] <- 0
  d@evidence <- musl_evidence(lines = lines)
  expect_message(
    fit <- musl_fit(d,
      control = musl_control(ensemble = 1, seed = 1, threads = 1),
      progress = FALSE, scorers = "features"
    ),
    paste0("not learned from: ", paste(silent, collapse = "-")),
    class = "musl_message_doubt"
  )
  expect_match(
    musl_report(fit)$limits, "1: hardly any cell expresses",
    all = FALSE
  )
  left <- pairs$measured & pair_keys(pairs) != pair_keys(pairs[1, ])
  expect_identical(musl_report(fit)$split$n_training, sum(left))
})

test_that("partners that a line does not express stand last in its list", {
  fit <- lines_fit()
  genes <- musl_genes(fit)
  list_of <- function(...) {
    suppressMessages(musl_partners(fit, genes[[50]], n = Inf, ...))
  }
  anywhere <- list_of()
  silent <- anywhere$partner[anywhere$status %in% "not_expressed"]
  expect_setequal(silent, genes[1:20])
  here <- list_of(context = "K-562")
  silent <- here$partner[here$status %in% "not_expressed"]
  expect_setequal(silent, genes[1:40])
  expect_setequal(utils::tail(here$partner, 40), silent)
  expect_true(all(endsWith(utils::tail(here$why, 40), "not expressed there")))
})
