summarized <- function(..., n_samples = 4) {
  SummarizedExperiment::SummarizedExperiment(
    assays = list(...),
    colData = S4Vectors::DataFrame(lineage = rep("lung", n_samples))
  )
}

test_that("the universe is the union over all inputs, in byte order", {
  d <- musl_data(
    list(one = toy_matrix(c("b1", "A1")), two = toy_matrix(c("A1", "C1"))),
    network = data.frame(from = "A1", to = "Z1"),
    embeddings = toy_matrix(c("A1", "a1")), scale = "log"
  )
  expect_identical(musl_genes(d), c("A1", "C1", "Z1", "a1", "b1"))
  expect_identical(length(d), 5L)
  expect_identical(tidy(d, "cohorts")$cohort, c("one", "two"))
  expect_true(methods::validObject(d))
})

test_that("a matrix is one cohort with the assay `expression`", {
  x <- toy_matrix()
  d <- musl_data(x, scale = "log")
  cohort <- d@cohorts[[1]]
  expect_identical(names(d@cohorts), "expression")
  expect_identical(cohort$assays, list(expression = x))
  expect_identical(cohort$scale, "log")
  expect_identical(rownames(cohort$samples), colnames(x))
})

test_that("samples without a name are counted through", {
  x <- toy_matrix()
  colnames(x) <- NULL
  d <- musl_data(x, scale = "log")
  expect_identical(
    colnames(d@cohorts[[1]]$assays[[1]]), sprintf("sample_%d", 1:4)
  )
})

test_that("the first assay is taken, and the scale follows from its name", {
  se <- summarized(counts = 2^toy_matrix(), logcounts = toy_matrix())
  d <- musl_data(se)
  expect_identical(d@cohorts[[1]]$scale, "linear")
  expect_identical(tidy(d, "cohorts")$assays, list("counts"))
  expect_identical(d@cohorts[[1]]$samples$lineage, rep("lung", 4))
  d <- musl_data(se, assays = "logcounts")
  expect_identical(d@cohorts[[1]]$scale, "log")
})

test_that("assays of one name can't be told apart by it", {
  se <- summarized(a = toy_matrix(), b = toy_matrix(), b = -toy_matrix())
  cnd <- expect_error(musl_data(se, assays = "b"), "several assays called")
  expect_s3_class(cnd, "musl_error_input")
  expect_identical(cnd$argument, "assays")
  expect_identical(
    tidy(musl_data(se, scale = "log"), "cohorts")$assays, list("a")
  )
})

test_that("assays and scale can be set for each cohort", {
  se <- summarized(a = toy_matrix(), b = toy_matrix())
  cohorts <- list(one = se, two = se, three = toy_matrix())
  d <- musl_data(cohorts,
    assays = list(two = "b"),
    scale = c(one = "log", two = "linear", three = "log")
  )
  expect_identical(tidy(d, "cohorts")$scale, c("log", "linear", "log"))
  expect_identical(tidy(d, "cohorts")$assays, list("a", "b", "expression"))
  d <- musl_data(cohorts, scale = c("log", "log", "linear"))
  expect_identical(tidy(d, "cohorts")$scale, c("log", "log", "linear"))
})

test_that("single-cell, sparse and delayed cohorts are accepted", {
  skip_if_not_installed("SingleCellExperiment")
  counts <- round(2^toy_matrix())
  sparse <- as_sparse(counts)
  sce <- SingleCellExperiment::SingleCellExperiment(list(counts = sparse))
  d <- musl_data(sce)
  expect_s4_class(d@cohorts[[1]]$assays$counts, "dgCMatrix")
  expect_identical(d@cohorts[[1]]$scale, "linear")

  skip_if_not_installed("DelayedArray")
  delayed <- DelayedArray::DelayedArray(counts)
  d <- musl_data(delayed, scale = "linear")
  expect_identical(as.matrix(d@cohorts[[1]]$assays$expression), counts)
})

test_that("pairs with a gene of no other input are dropped with a warning", {
  pairs <- data.frame(gene_a = "A1", gene_b = c("B1", "Q9"), label = 1)
  expect_warning(
    d <- musl_data(toy_matrix(), pairs = pairs, scale = "log"),
    class = "musl_warning_dropped_genes"
  )
  expect_identical(musl_pairs(d)$gene_b, "B1")
  expect_identical(musl_report(d)$dropped_genes$gene, "Q9")
  expect_identical(musl_report(d)$dropped_pairs$gene_b, "Q9")
  expect_false("Q9" %in% musl_genes(d))
})

test_that("names that a spreadsheet made dates are kept and told", {
  x <- toy_matrix()
  rownames(x)[1:2] <- c("1-Mar", "43891")
  expect_message(
    d <- musl_data(x, scale = "log"), "spreadsheet",
    class = "musl_message_report"
  )
  expect_setequal(musl_report(d)$excel_names$gene, c("1-Mar", "43891"))
  expect_identical(musl_genes(d), sort(rownames(x), method = "radix"))
})

test_that("what was repaired is told once, in one message", {
  x <- toy_matrix()
  x["B1", ] <- 1
  pairs <- data.frame(
    gene_a = c("A1", "B1", "C1", "D1"), gene_b = c("B1", "A1", "C1", "Q9")
  )
  edges <- data.frame(
    from = "A1", to = c("A1", "B1", "B1", "C1"),
    evidence = c("", "", "", "genetic")
  )
  expect_snapshot(
    d <- musl_data(x, network = edges, pairs = pairs, scale = "log"),
    cran = TRUE
  )
  n <- vapply(musl_report(d), nrow, 1L)
  expect_identical(n[["self_pairs"]], 1L)
  expect_identical(n[["duplicated_pairs"]], 1L)
  expect_identical(n[["network_loops"]], 1L)
  expect_identical(n[["network_duplicated"]], 1L)
  expect_identical(n[["network_genetic"]], 1L)
})

test_that("clean input is aligned without a word and with an empty report", {
  expect_silent(
    d <- musl_data(toy_matrix(), pairs = toy_pairs(), scale = "log")
  )
  report <- musl_report(d)
  n <- vapply(report[names(report) != "identifiers"], nrow, 1L)
  expect_true(all(n == 0))
})

test_that("errors of expression say what was found", {
  log <- function(x, ...) musl_data(x, ..., scale = "log")
  x <- toy_matrix()
  na <- replace(x, 6, NA)
  se <- summarized(logcounts = x, counts = 2^x)
  expect_snapshot(musl_data(), error = TRUE, cran = TRUE)
  expect_snapshot(musl_data(x), error = TRUE, cran = TRUE)
  expect_snapshot(musl_data(x, scale = "ln"), error = TRUE, cran = TRUE)
  expect_snapshot(log(na), error = TRUE, cran = TRUE)
  expect_snapshot(musl_data(-x, scale = "linear"), error = TRUE, cran = TRUE)
  expect_snapshot(log(unname(x)), error = TRUE, cran = TRUE)
  expect_snapshot(
    log(toy_matrix(c("A1", "B1", "A1"))),
    error = TRUE, cran = TRUE
  )
  expect_snapshot(log(toy_matrix(c("A1", "", NA))), error = TRUE, cran = TRUE)
  expect_snapshot(log(x[0, ]), error = TRUE, cran = TRUE)
  expect_snapshot(log(x[, 0]), error = TRUE, cran = TRUE)
  expect_snapshot(log(x[, 1, drop = FALSE]), error = TRUE, cran = TRUE)
  expect_snapshot(log(x[, c(1, 1, 2)]), error = TRUE, cran = TRUE)
  expect_snapshot(log(x > 1), error = TRUE, cran = TRUE)
  expect_snapshot(log(list(x, x)), error = TRUE, cran = TRUE)
  expect_snapshot(log(list(pairs = x)), error = TRUE, cran = TRUE)
  expect_snapshot(musl_data(se, assays = "tpm"), error = TRUE, cran = TRUE)
  expect_snapshot(
    musl_data(se, assays = c("counts", "logcounts")), error = TRUE, cran = TRUE
  )
  expect_snapshot(log(x, assays = "tpm"), error = TRUE, cran = TRUE)
  expect_snapshot(log(x, edges = toy_pairs()), error = TRUE, cran = TRUE)
})

test_that("scale must fit the cohorts", {
  x <- list(one = toy_matrix(), two = toy_matrix())
  expect_error(
    musl_data(x, scale = c("log", "log", "log")), class = "musl_error_shape"
  )
  expect_input_error(musl_data(x, scale = c(one = "log", three = "log")))
  expect_input_error(musl_data(x, scale = c(one = "log")))
})

test_that("an experiment without assays is refused", {
  empty <- SummarizedExperiment::SummarizedExperiment()
  expect_input_error(musl_data(empty))
})

test_that("cohorts without a common gene are refused", {
  x <- list(one = toy_matrix(), two = toy_matrix(c("X1", "Y1")))
  expect_gene_error(musl_data(x, scale = "log"))
})

test_that("row names that are numbers are told to be no genes", {
  x <- as.data.frame(matrix(1:6, 2))
  rownames(x) <- c(7157L, 672L)
  expect_input_error(musl_data(x, scale = "log"), "as.matrix")
  expect_identical(musl_genes(musl_data(as.matrix(x), scale = "log")),
    c("672", "7157")
  )
})

test_that("genes may be row names and the first column of a data frame", {
  x <- matrix(1:6 / 2, 2, dimnames = list(c("B1", "A1"), c("s1", "s2", "s3")))
  both <- data.frame(gene = rownames(x), x)
  for (table in list(both, data.frame(gene = factor(rownames(x)), x))) {
    got <- SummarizedExperiment::assay(
      as.list(musl_data(table, scale = "log"))$expression[[1]]
    )
    expect_equal(got[rownames(x), ], x)
  }
  both$gene <- rev(both$gene)
  expect_input_error(musl_data(both, scale = "log"))
})
