# Expression centred within groups.

mixed_cohort <- function(scale = "logcounts") {
  x <- withr::with_seed(1, matrix(stats::rnorm(5 * 12, 6), 5))
  x[, 7:12] <- x[, 7:12] + 1:5
  dimnames(x) <- list(paste0("G", 1:5), paste0("s", 1:12))
  tissue <- rep(c("a", "b", NA), c(6, 5, 1))
  SummarizedExperiment::SummarizedExperiment(
    rlang::set_names(list(x), scale),
    colData = data.frame(tissue = tissue, row.names = colnames(x))
  )
}

test_that("groups lose their means and genes keep theirs", {
  se <- mixed_cohort()
  expect_message(
    d <- musl_data(se, centre_by = "tissue"), "3 groups",
    class = "musl_message_report"
  )
  x <- SummarizedExperiment::assay(se)
  group <- c(rep("a", 6), rep("b", 5), "none")
  expected <- t(apply(x, 1, function(v) {
    v - ave(v, group) + mean(v)
  }))
  found <- d@cohorts[[1]]$assays[[1]]
  expect_equal(found[rownames(x), ], expected, tolerance = 1e-12)
  expect_equal(rowMeans(found), rowMeans(x), tolerance = 1e-12)
  expect_identical(dimnames(found), dimnames(x))
})

test_that("a gene with one value in each group is constant", {
  tissue <- rep(c("a", "b", "c"), c(3, 6, 11))
  values <- rbind(
    A = rep(log2(.1), 20), B = c(.1, 5.3, 2.2)[factor(tissue)],
    C = sin(1:20)
  )
  se <- SummarizedExperiment::SummarizedExperiment(
    list(logcounts = values), colData = data.frame(tissue = tissue)
  )
  d <- suppressMessages(musl_data(se, centre_by = "tissue"))
  expect_identical(musl_report(d)$constant_genes$gene, c("A", "B"))
  x <- musl_descriptors(d, data.frame(gene_a = "A", gene_b = "B"), bins = 4)
  expect_identical(c(x$pearson, x$spearman, x$sd_max), c(0, 0, 0))
})

test_that("a sparse assay is centred to the same values", {
  se <- mixed_cohort()
  thin <- se
  SummarizedExperiment::assay(thin) <-
    methods::as(SummarizedExperiment::assay(se), "CsparseMatrix")
  values <- function(x) {
    suppressMessages(
      musl_data(x, centre_by = "tissue")
    )@cohorts[[1]]$assays[[1]]
  }
  expect_equal(values(thin), values(se), tolerance = 1e-12)
})

test_that("groups that no cohort has, and linear values, are refused", {
  expect_input_error(
    musl_data(mixed_cohort(), centre_by = "lineage"), "lineage"
  )
  linear <- mixed_cohort("counts")
  expect_input_error(musl_data(linear, centre_by = "tissue"), "log scale")
  expect_input_error(musl_data(mixed_cohort(), centre_by = 1), "centre_by")
})

test_that("the order of samples and groups leaves the bits", {
  x <- withr::with_seed(2, matrix(stats::runif(40 * 23, 0, 9), 40))
  dimnames(x) <- list(sprintf("G%02d", 1:40), sprintf("s%02d", 1:23))
  tissue <- rep(c("a", "b", "c"), c(7, 7, 9))
  centred <- function(order) {
    se <- SummarizedExperiment::SummarizedExperiment(
      list(logcounts = x[, order]),
      colData = data.frame(
        tissue = tissue[order], row.names = colnames(x)[order]
      )
    )
    d <- suppressMessages(musl_data(se, centre_by = "tissue"))
    d@cohorts[[1]]$assays[[1]][rownames(x), colnames(x)]
  }
  expect_identical(centred(23:1), centred(1:23))
  # Values that are equal once their group's mean is gone stay so.
  x["G01", 1:14] <- c(1:7 / 10, 7:1 / 10 + .3)
  expect_identical(
    unname(centred(1:23)["G01", 1:7]), unname(centred(1:23)["G01", 14:8])
  )
})
