flagged <- function(x, ...) {
  out <- musl_dependency("G01", x, loss = quarter, ...)
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
})

test_that("the dependency assay says what is essential", {
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
