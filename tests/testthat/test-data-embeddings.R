vectors <- function(genes = c("b", "A", "C")) {
  matrix(as.double(seq_len(2 * length(genes))), length(genes),
    dimnames = list(genes, NULL)
  )
}

test_that("rows are in byte order and keep their values", {
  x <- vectors()
  d <- musl_data(embeddings = x)
  expect_identical(as.list(d)$embeddings, x[c("A", "C", "b"), ])
  expect_identical(musl_genes(d), c("A", "C", "b"))
})

test_that("integers and sparse matrices are taken as double", {
  x <- vectors()
  storage.mode(x) <- "integer"
  expect_type(as.list(musl_data(embeddings = x))$embeddings, "double")
  sparse <- as_sparse(vectors())
  expect_identical(
    musl_data(embeddings = sparse)@embeddings,
    musl_data(embeddings = vectors())@embeddings
  )
})

test_that("genes of embeddings alone belong to the universe", {
  x <- vectors(c("A1", "Z1"))
  d <- musl_data(toy_matrix(), embeddings = x, scale = "log")
  expect_identical(musl_genes(d), c("A1", "B1", "C1", "D1", "Z1"))
})

test_that("errors of embeddings say what was found", {
  bad <- function(x) musl_data(embeddings = x)
  with_nan <- vectors()
  with_nan["A", 2] <- NaN
  infinite <- vectors()
  infinite["C", 1] <- -Inf
  expect_snapshot(bad(with_nan), error = TRUE, cran = TRUE)
  expect_snapshot(bad(infinite), error = TRUE, cran = TRUE)
  expect_snapshot(bad(unname(vectors())), error = TRUE, cran = TRUE)
  expect_snapshot(bad(vectors(c("A", "A", "B"))), error = TRUE, cran = TRUE)
  expect_snapshot(bad(as.data.frame(vectors())), error = TRUE, cran = TRUE)
  expect_snapshot(bad(vectors()[0, ]), error = TRUE, cran = TRUE)
})

test_that("embeddings of other genes are refused with the overlap", {
  expect_snapshot(
    musl_data(toy_matrix(), embeddings = vectors(), scale = "log"),
    error = TRUE, cran = TRUE
  )
})
