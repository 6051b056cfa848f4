# The script that judges the model on the benchmark. It lies beside the package.

quality_functions <- function() {
  bench_functions(paste0("quality-", c("options", "data")))
}

test_that("options may stand apart or with =, and ranges are spelled out", {
  skip_without_bench()
  bench <- quality_functions()
  options <- bench$read_options(
    c("--folds", "1-3,5", "--seeds=2", "--schemes", "gene", "--controls")
  )
  expect_identical(options$folds, c(1:3, 5L))
  expect_identical(options$seeds, 2L)
  expect_identical(options$schemes, "gene")
  expect_true(options$controls)
  expect_true(options$main)
})

test_that("without options all of the benchmark is judged", {
  skip_without_bench()
  options <- quality_functions()$read_options(character())
  expect_true(options$main)
  expect_identical(options$folds, 1:5)
  expect_identical(options$schemes, c("pair", "gene"))
  expect_identical(options$negatives, c("degree_matched", "random"))
  expect_identical(options$presets, c("default", "paper"))
  expect_identical(options$seeds, 1:3)
  expect_false("histogram" %in% options$encoders)
  expect_identical(options$biology, "trained")
  expect_null(options$epochs)
})

test_that("options that are unknown or out of range are refused", {
  skip_without_bench()
  bench <- quality_functions()
  refused <- function(...) {
    expect_error(bench$read_options(c(...)), "shows the usage", fixed = TRUE)
  }
  refused("--fold", "1")
  refused("gene")
  refused("--folds", "one")
  refused("--schemes", "genes")
})
