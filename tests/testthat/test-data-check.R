# What assay_facts() finds, one row at a time.
reference_constant <- function(x) {
  unname(apply(as.matrix(x), 1, function(row) all(row == row[1])))
}

toy_counts <- function() {
  x <- rbind(
    zero = rep(0, 6), one_value = c(0, 0, 3, 0, 0, 0), constant = rep(2, 6),
    mixed = c(1, 0, 2, 0, 1, 5), almost = c(2, 2, 2, 2, 2, 3)
  )
  colnames(x) <- paste0("s", 1:6)
  x
}

test_that("constant genes are found in dense, sparse and delayed matrices", {
  x <- toy_counts()
  expected <- reference_constant(x)
  expect_identical(assay_facts(x, TRUE)$constant, expected)
  sparse <- as_sparse(x)
  expect_identical(assay_facts(sparse, TRUE)$constant, expected)
  # A zero may be stored.
  sparse@x[sparse@x == 5] <- 0
  expect_identical(assay_facts(sparse, TRUE)$constant, expected)
  skip_if_not_installed("DelayedArray")
  delayed <- DelayedArray::DelayedArray(x)
  expect_identical(assay_facts(delayed, TRUE)$constant, expected)
})

test_that("bad cells are found where they are, in every kind of matrix", {
  x <- toy_counts()
  x["mixed", "s3"] <- NaN
  x["almost", "s6"] <- Inf
  cells <- rbind(c(4, 3), c(5, 6))
  expect_equal(unname(assay_facts(x, FALSE)$bad), cells)
  sparse <- assay_facts(as_sparse(x), FALSE)
  expect_equal(unname(sparse$bad), cells)
})

test_that("negative cells count only where they may not be", {
  x <- toy_counts()
  x["mixed", "s5"] <- -1
  for (y in list(x, as_sparse(x))) {
    expect_identical(nrow(assay_facts(y, FALSE)$negative), 0L)
    expect_equal(unname(assay_facts(y, TRUE)$negative), cbind(4, 5))
  }
})

test_that("facts of blocks add up to those of the whole", {
  skip_if_not_installed("DelayedArray")
  # Of 5 million columns two rows are a block.
  x <- Matrix::sparseMatrix(
    i = c(1, 5, 5), j = c(1, 2, 3), x = c(NA, Inf, NaN), dims = c(5, 4e6)
  )
  facts <- assay_facts(DelayedArray::DelayedArray(x), FALSE)
  expect_equal(facts$bad, cbind(c(1, 5, 5), c(1, 2, 3)))
})

test_that("integers with missing values are no integer overflow", {
  x <- matrix(c(.Machine$integer.max, 1L, NA, 2L), 2)
  expect_identical(nrow(assay_facts(x, FALSE)$bad), 1L)
  x[1, 2] <- .Machine$integer.max
  expect_identical(nrow(assay_facts(x, FALSE)$bad), 0L)
})

test_that("samples must have names", {
  x <- matrix(1:6 + 0, 2, dimnames = list(c("A", "B"), c("s1", NA, "s3")))
  expect_input_error(musl_data(x, scale = "log"), "column 2")
})
