some_cells <- function(counts) {
  SummarizedExperiment::SummarizedExperiment(
    list(counts = counts, logcounts = log1p(counts)),
    rowData = data.frame(symbol = c("X", "Y", "Z")),
    colData = data.frame(
      type = c("T", "B", "T", "B", "T", NA, "NK"),
      donor = c("d2", "d1", "d1", "d1", "d1", "d1", "d1")
    )
  )
}
counts <- matrix(
  c(0, 2, 0, 5, 0, 1, 0, 0, 3, 2, 0, 0, 1, 1, 1, 9, 9, 9, 4, 0, 0), 3,
  dimnames = list(c("A1", "B1", "C1"), paste0("c", 1:7))
)

test_that("samples are means of cells by group, dense or sparse or delayed", {
  by_hand <- cbind(
    d1_B = rowMeans(counts[, c(2, 4)]), d1_NK = counts[, 7],
    d1_T = rowMeans(counts[, c(3, 5)]), d2_T = counts[, 1]
  )
  kinds <- list(counts)
  if (requireNamespace("Matrix", quietly = TRUE)) {
    kinds <- c(kinds, as_sparse(counts))
  }
  if (requireNamespace("DelayedArray", quietly = TRUE)) {
    kinds <- c(kinds, DelayedArray::DelayedArray(counts))
  }
  for (x in kinds) {
    cells <- SummarizedExperiment::SummarizedExperiment(
      list(counts = x),
      colData = SummarizedExperiment::colData(some_cells(counts))
    )
    expect_message(
      out <- musl_pseudobulk(cells, c("donor", "type"), min_cells = 1),
      "1 cell", class = "musl_message_report"
    )
    expect_equal(SummarizedExperiment::assay(out), by_hand)
  }
})

test_that("groups tell their cells; small ones are left out with a word", {
  expect_message(
    out <- musl_pseudobulk(some_cells(counts), "type", min_cells = 2), "group"
  )
  expect_identical(colnames(out), c("B", "T"))
  table <- SummarizedExperiment::colData(out)
  expect_identical(table$type, c("B", "T"))
  expect_identical(table$n_cells, c(2L, 3L))
  expect_identical(SummarizedExperiment::rowData(out)$symbol, c("X", "Y", "Z"))
  expect_identical(
    SummarizedExperiment::assayNames(out), c("counts", "logcounts")
  )
  expect_equal(
    SummarizedExperiment::assay(out, "logcounts")[, "B"],
    rowMeans(log1p(counts[, c(2, 4)]))
  )
})

test_that("what cannot be grouped is refused", {
  refused <- function(...) {
    expect_input_error(suppressMessages(musl_pseudobulk(...)))
  }
  refused(counts, "type")
  refused(some_cells(counts), "lineage")
  refused(some_cells(counts), character())
  refused(some_cells(counts), "type", min_cells = 9)
  refused(some_cells(counts), "type", min_cells = 0)
})

test_that("means are the same where a delayed assay is read in blocks", {
  skip_if_not_installed("DelayedArray")
  # 1000 genes are a block.
  for (n_genes in c(999, 1000, 1001, 2500)) {
    values <- matrix(seq_len(n_genes * 4) %% 11, n_genes, dimnames = list(
      sprintf("G%04d", seq_len(n_genes)), paste0("c", 1:4)
    ))
    cells <- SummarizedExperiment::SummarizedExperiment(
      list(counts = DelayedArray::DelayedArray(values)),
      colData = data.frame(type = c("x", "y", "x", "y"))
    )
    bulk <- suppressMessages(musl_pseudobulk(cells, "type", min_cells = 1))
    expect_equal(
      as.matrix(SummarizedExperiment::assay(bulk)),
      cbind(x = rowMeans(values[, c(1, 3)]), y = rowMeans(values[, c(2, 4)]))
    )
  }
})

test_that("groups are not named as the number of their cells", {
  cells <- SummarizedExperiment::SummarizedExperiment(
    list(counts = matrix(1:4, 1)), colData = data.frame(n_cells = c(1, 1, 2, 2))
  )
  cnd <- expect_input_error(musl_pseudobulk(cells, "n_cells", min_cells = 1))
  expect_identical(cnd$argument, "by")
})

test_that("a blank in `by` is a missing value", {
  blank <- lost <- some_cells(counts)
  blank$donor[2:3] <- c("", "  ")
  lost$donor[2:3] <- NA
  pooled <- function(x) musl_pseudobulk(x, "donor", min_cells = 1)
  expect_message(out <- pooled(blank), "2 cells without a value")
  expect_identical(colnames(out), c("d1", "d2"))
  expect_identical(out, suppressMessages(pooled(lost)))
})
