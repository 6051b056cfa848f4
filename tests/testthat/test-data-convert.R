# About two thirds of the values are 0.
sparse_values <- function(n_samples = 60) {
  withr::local_seed(3)
  values <- pmax(ceiling(rnorm(70 * n_samples) * 4 - 1.5), 0)
  matrix(values, 70, dimnames = list(
    sprintf("G%02d", 1:70), sprintf("s%02d", seq_len(n_samples))
  ))
}

data_of <- function(x) {
  data <- tiny_data()
  cohort <- tiny_cohort("bulk", x)
  cohort$scale <- "linear"
  data@cohorts <- list(bulk = cohort)
  data
}

# Neither dense nor sparse for DelayedArray: the core reads it by blocks.
as_delayed <- function(x) {
  skip_if_not_installed("DelayedArray")
  DelayedArray::DelayedArray(x) + 0
}

test_that("sparse and delayed cohorts train and predict as their dense copy", {
  x <- sparse_values()
  kinds <- list(as_sparse(x), as_delayed(x))
  control <- tiny_control(epochs = 1)
  architecture <- tiny_architecture(encoders = c("histogram", "descriptors"))
  fit <- tiny_fit(data_of(x), architecture, control)
  expressed <- fit@known$gene_a <= "G70" & fit@known$gene_b <= "G70"
  pairs <- head(fit@known[expressed, ], 20)
  expected <- predict(fit, pairs, data = data_of(x))
  for (kind in kinds) {
    expect_identical(predict(fit, pairs, data = data_of(kind)), expected)
    again <- tiny_fit(data_of(kind), architecture, control)
    expect_identical(predict(again, pairs), predict(fit, pairs))
  }
})

test_that("no more than a block of a delayed cohort is dense at a time", {
  x <- as_delayed(sparse_values())
  read <- core_assay(x, 1:70)
  expect_identical(read$dim, c(70L, 60L))
  expect_identical(read$read(3, 5), as.matrix(x[3:5, ]))
  sparse <- DelayedArray::DelayedArray(as_sparse(sparse_values()))
  expect_s4_class(core_assay(sparse, 1:10), "dgCMatrix")
})

test_that("a Seurat object is refused with the way to convert it", {
  x <- structure(1, class = "Seurat")
  expect_input_error(musl_data(x, scale = "log"), "as.SingleCellExperiment")
  expect_input_error(musl_data(list(a = x), scale = "log"), "a")
})

test_that("a MultiAssayExperiment is the list of its experiments", {
  skip_if_not_installed("MultiAssayExperiment")
  # Not declared: it is used where somebody has it.
  create <- getExportedValue("MultiAssayExperiment", "MultiAssayExperiment")
  values <- toy_matrix(n_samples = 3)
  colnames(values) <- c("a1", "b1", "c1")
  bulk <- SummarizedExperiment::SummarizedExperiment(
    list(logcounts = values), colData = data.frame(batch = c(1, 1, 2))
  )
  array <- toy_matrix(c("B1", "E1"), 2)
  colnames(array) <- c("c2", "a2")
  x <- create(
    list(bulk = bulk, array = array),
    data.frame(type = c("T", "B", "T"), row.names = c("a", "b", "c")),
    data.frame(
      assay = factor(rep(c("bulk", "array"), 3:2), c("bulk", "array")),
      primary = c("a", "b", "c", "c", "a"),
      colname = c("a1", "b1", "c1", "c2", "a2")
    )
  )
  d <- musl_data(x, scale = "log")
  expect_identical(tidy(d, "cohorts")$cohort, c("bulk", "array"))
  expect_identical(d@cohorts$bulk$assays$logcounts, values)
  expect_identical(d@cohorts$bulk$samples$batch, c(1, 1, 2))
  expect_identical(d@cohorts$bulk$samples$type, c("T", "B", "T"))
  expect_identical(d@cohorts$array$assays$expression, array)
})

test_that("sparse matrices of all kinds become a dgCMatrix, or dense", {
  skip_if_not_installed("Matrix")
  values <- matrix(c(2, 0, 0, 3, 0, 1, 0, 0, 4), 3)
  symmetric <- values + t(values)
  kinds <- list(
    as_sparse(values), methods::as(as_sparse(values), "TsparseMatrix"),
    methods::as(as_sparse(values), "RsparseMatrix"),
    Matrix::forceSymmetric(as_sparse(symmetric))
  )
  for (x in kinds) {
    found <- as_value_matrix(x, "x")
    expect_s4_class(found, "dgCMatrix")
    expect_identical(unname(as.matrix(found)), unname(as.matrix(x)))
  }
  dense <- as_value_matrix(Matrix::Matrix(values, sparse = FALSE), "x")
  expect_true(is.matrix(dense))
  # A pattern holds no numbers.
  expect_input_error(
    as_value_matrix(methods::as(as_sparse(values), "nMatrix"), "x")
  )
})
