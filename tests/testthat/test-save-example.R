# The model that comes with MuSL. Another processor or LibTorch gives other
# bits, so tests ask what it found, not for its scores.

auroc <- function(score, positive) {
  rank <- rank(score)
  n <- sum(positive)
  (sum(rank[positive]) - n * (n + 1) / 2) / (n * sum(!positive))
}

# All pairs of its genes that no screen measured, with what simulation knows.
unmeasured <- function(data) {
  genes <- as.list(data)$truth$screen_genes
  ends <- utils::combn(nrow(genes), 2)
  same <- function(column) {
    genes[[column]][ends[1, ]] == genes[[column]][ends[2, ]]
  }
  pairs <- data.frame(
    gene_a = genes$gene[ends[1, ]], gene_b = genes$gene[ends[2, ]],
    complex = same("complex")
  )
  known <- musl_pairs(data)
  known <- known[known$measured, ]
  pairs[!pair_keys(pairs) %in% pair_keys(known), ]
}

test_that("the example model is small enough to ship", {
  expect_lt(file.size(package_file("example-model.musl")), 3e6)
})

test_that("it opens without LibTorch, and says that its genes are made up", {
  fit <- musl_example_model()
  expect_s4_class(fit, "MuslModel")
  expect_setequal(musl_genes(fit), musl_genes(example_data()))
  expect_match(musl_report(fit)$limits, "Simulated genes", all = FALSE)
  held_out <- musl_report(fit)$metrics
  expect_setequal(held_out$part, c("C2", "C3"))
})

test_that("it learned from the data that its page names", {
  data <- example_data()
  known <- musl_example_model()@known
  recorded <- musl_pairs(data)
  recorded <- recorded[!recorded$measured, ]
  row <- match(pair_keys(recorded), pair_keys(known))
  expect_false(anyNA(row))
  expect_identical(as.character(known$label[row]), as.character(recorded$label))
})

test_that("unmeasured pairs of one complex come first, as simulated", {
  pairs <- unmeasured(example_data())
  score <- predict(musl_example_model(), pairs)$.score
  expect_gt(sum(pairs$complex), 50)
  expect_gt(auroc(score, pairs$complex), 0.95)
})

test_that("its network tells recorded SL pairs from others", {
  skip_without_backend()
  truth <- as.list(example_data())$truth$pairs
  fit <- musl_example_model()
  score <- predict(fit, truth, scorers = "musl")$.score
  expect_gt(auroc(score, truth$label == "SL"), 0.7)
})

test_that("its script makes a model of the same data and shape", {
  skip_without_backend()
  skip_on_cran()
  script <- file.path(source_root(), "inst", "scripts", "example-model.R")
  skip_if_not(file.exists(script), "the cohorts are not at hand")
  file <- withr::local_tempfile(fileext = ".musl")
  status <- system2(
    file.path(R.home("bin"), "Rscript"), c("--vanilla", script, file),
    env = paste0("R_LIBS=", paste(.libPaths(), collapse = ":")),
    stdout = FALSE, stderr = FALSE
  )
  expect_identical(status, 0L)
  made <- musl_load(file)
  kept <- musl_example_model()
  expect_identical(made@known, kept@known)
  expect_identical(made@architecture, kept@architecture)
  expect_identical(musl_report(made)$limits, musl_report(kept)$limits)
  pairs <- unmeasured(example_data())
  expect_gt(
    stats::cor(
      predict(made, pairs)$.score, predict(kept, pairs)$.score,
      method = "spearman"
    ),
    0.9
  )
})
