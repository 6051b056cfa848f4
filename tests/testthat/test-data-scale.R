# Values that are not on the scale they are said to be on.

counts_matrix <- function(n_genes = 60) {
  matrix(
    (seq_len(n_genes * 5) * 37) %% 1000, n_genes,
    dimnames = list(sprintf("G%02d", seq_len(n_genes)), letters[1:5])
  )
}

test_that("counts taken for logs are warned of", {
  x <- counts_matrix()
  expect_musl_warning(musl_data(x, scale = "log"), "997|998|999")
  expect_silent(musl_data(x, scale = "linear"))
  expect_silent(musl_data(log2(x + 1), scale = "log"))
  expect_musl_warning(musl_data(as_sparse(x), scale = "log"))
  expect_musl_warning(
    musl_data(list(a = log2(x + 1), b = x), scale = "log"), "\"b\""
  )
})

test_that("logs taken for linear values are warned of", {
  x <- log2(counts_matrix() + 1)
  expect_musl_warning(musl_data(x, scale = "linear"), "logs")
  # Few genes may be low, and low whole numbers are counts of few cells.
  expect_silent(musl_data(x[1:10, ], scale = "linear"))
  expect_silent(musl_data(round(x), scale = "linear"))
})

test_that("a table of expression counts as a matrix", {
  x <- toy_matrix()
  expected <- musl_data(x, scale = "log")
  frame <- as.data.frame(x)
  expect_identical(musl_data(frame, scale = "log"), expected)
  tibble <- tibble::tibble(gene = rownames(x), tibble::as_tibble(x))
  expect_identical(musl_data(tibble, scale = "log"), expected)
  expect_input_error(
    musl_data(data.frame(a = 1:2, b = 3:4), scale = "log"), "a"
  )
  tibble$note <- "x"
  expect_input_error(musl_data(tibble, scale = "log"), "note")
})

test_that("means of counts by musl_pseudobulk() do not look like logs", {
  x <- matrix((seq_len(60 * 30) * 37) %% 11, 60, dimnames = list(
    sprintf("G%02d", 1:60), sprintf("c%02d", 1:30)
  ))
  cells <- function(...) {
    SummarizedExperiment::SummarizedExperiment(list(...),
      colData = data.frame(type = rep(c("a", "b", "c"), c(7, 11, 12)))
    )
  }
  bulk <- musl_pseudobulk(cells(counts = x), "type", min_cells = 1)
  expect_silent(musl_data(bulk))
  # Means of logs stay logs, whatever their name.
  logs <- musl_pseudobulk(cells(counts = log2(x + 1)), "type", min_cells = 1)
  expect_musl_warning(musl_data(logs), "logs")
  bulk$n_cells[[1]] <- NA
  expect_musl_warning(musl_data(bulk), "logs")
})
