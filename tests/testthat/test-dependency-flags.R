flagged <- function(x, ...) {
  out <- musl_dependency("G01", x, low = 0.25, ...)
  out[match(rownames(x)[-1], out$partner), ]
}

test_that("without data nothing is flagged but what the effect says", {
  x <- dependency_panel(gaps = 0)
  effect <- panel_effect(x)
  effect["G03", ] <- effect["G03", ] - 20
  effect["G04", ] <- -0.5
  effect["G04", 1:5] <- -0.51
  SummarizedExperiment::assay(x, "effect") <- effect
  out <- flagged(x)
  expect_equal(out$share_dependent, unname(rowMeans(effect[-1, ] < -0.5)))
  expect_identical(out$partner[out$common_essential], "G03")
  expect_true(all(is.na(out$copy_number_delta)))
  expect_true(all(is.na(out$copy_number_flag)))
  expect_true(all(is.na(out$same_arm)))
})

test_that("the dependency assay or the user's list says what is essential", {
  x <- with_assay(dependency_panel(gaps = 0), "dependency", 0.2)
  probability <- SummarizedExperiment::assay(x, "dependency")
  probability["G03", 1:54] <- 0.9
  probability["G04", 1:53] <- 0.9
  probability["G05", ] <- NA
  SummarizedExperiment::assay(x, "dependency") <- probability
  out <- flagged(x)
  expect_identical(out$partner[which(out$common_essential)], "G03")
  expect_equal(out$share_dependent[1:4], c(0, 54 / 60, 53 / 60, NA))
  expect_identical(out$common_essential[[4]], NA)
  own <- flagged(x, common_essential = c("G07", "RPL3"))
  expect_identical(own$partner[own$common_essential], "G07")
  expect_identical(
    flagged(x, common_essential = factor(c("RPL3", "G07"))), own
  )
  expect_gene_error(flagged(x, common_essential = "RPL3"), "RPL3")
  expect_input_error(flagged(x, common_essential = 3))
  expect_false(any(flagged(x, common_essential = character())$common_essential))
})

test_that("partners whose copy number goes with loss are flagged", {
  x <- with_assay(dependency_panel(gaps = 0), "copy_number", 1)
  copies <- SummarizedExperiment::assay(x, "copy_number")
  copies["G02", 1:15] <- 4
  copies["G03", 1:5] <- 0
  copies["G04", 1:4] <- 0
  copies["G05", ] <- NA
  SummarizedExperiment::assay(x, "copy_number") <- copies
  out <- flagged(x)
  expect_equal(out$copy_number_delta[1:5], c(1, -5 / 15, -4 / 15, NA, 0))
  expect_identical(out$copy_number_flag[1:5], c(TRUE, TRUE, FALSE, NA, FALSE))
})

test_that("arms are read from bands", {
  x <- dependency_panel(gaps = 0)
  band <- c("17q21.31", "chr17q", "17p13", "Xq", "none", rep(NA, 7))
  SummarizedExperiment::rowData(x)$arm <- band
  expect_identical(
    flagged(x)$same_arm, c(TRUE, FALSE, FALSE, rep(NA, 8))
  )
  expect_true(all(is.na(flagged(x, arm = NULL)$same_arm)))
})

test_that("limma's moderated t is used when asked for", {
  skip_if_not_installed("limma")
  x <- dependency_panel(n_genes = 30)
  out <- flagged(x, test = "limma", alternative = "two_sided")
  lineage <- SummarizedExperiment::colData(x)$lineage
  known <- !is.na(lineage)
  design <- stats::model.matrix(~ panel_lost(x)[known] + lineage[known])
  fit <- limma::eBayes(limma::lmFit(panel_effect(x)[, known], design))
  expect_equal(out$p_value, unname(fit$p.value[-1, 2]), tolerance = 1e-10)
  less <- flagged(x, test = "limma")
  t <- fit$t[-1, 2]
  expect_equal(
    less$p_value, unname(stats::pt(t, fit$df.total[-1])),
    tolerance = 1e-10
  )
  expect_identical(unique(less$test), "limma")
  plain <- flagged(x, test = "limma", lineage = NULL)
  fit <- limma::eBayes(limma::lmFit(
    panel_effect(x), stats::model.matrix(~ panel_lost(x))
  ))
  expect_equal(
    plain$p_value, unname(stats::pt(fit$t[-1, 2], fit$df.total[-1])),
    tolerance = 1e-10
  )
})

test_that("limma does not test partners whose values are all the same", {
  skip_if_not_installed("limma")
  x <- dependency_panel()
  SummarizedExperiment::assay(x, "effect")[5, ] <- 0
  expect_musl_warning(
    out <- musl_dependency("G01", x, low = 0.25, test = "limma"),
    "all values the same"
  )
  without <- musl_dependency("G01", x[-5, ], low = 0.25, test = "limma")
  expect_true(is.na(out$p_value[out$partner == "G05"]))
  rest <- out[out$partner != "G05", ]
  expect_equal(rest$p_value, without$p_value)
  expect_equal(rest$fdr, without$fdr)
  # Two values are enough.
  SummarizedExperiment::assay(x, "effect")[5, ] <- seq_len(ncol(x)) %% 2
  out <- musl_dependency("G01", x, low = 0.25, test = "limma")
  expect_false(is.na(out$p_value[out$partner == "G05"]))
})

test_that("limma cannot tell loss from a lineage that it goes with", {
  skip_if_not_installed("limma")
  x <- dependency_panel(gaps = 0)
  SummarizedExperiment::colData(x)$lineage <- ifelse(panel_lost(x), "a", "b")
  expect_musl_warning(out <- flagged(x, test = "limma"))
  expect_true(all(is.na(out$p_value)))
  # One lineage of two lines and fourteen of one: nothing is left over.
  few <- x[, c(1:8, 53:60)]
  SummarizedExperiment::colData(few)$lineage <- c(1:8, 1, 10:16)
  expect_input_error(
    musl_dependency("G01", few, low = 0.25, min_lines = 2, test = "limma"),
    "G01"
  )
})
