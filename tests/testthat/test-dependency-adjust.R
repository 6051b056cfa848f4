# Effect sizes, covariates and directions of musl_dependency().

# 60 lines, of which 20 lost A; MSI lines need B more, lost lines C.
adjusted_experiment <- function() {
  withr::local_seed(3)
  lost <- rep(c(TRUE, FALSE), c(20, 40))
  msi <- rep(c(TRUE, FALSE, TRUE, FALSE), c(15, 5, 5, 35))
  burden <- 2 * msi + stats::rnorm(60)
  effect <- matrix(stats::rnorm(60 * 6, sd = .3), 6,
    dimnames = list(LETTERS[1:6], sprintf("line%02d", 1:60))
  )
  effect["B", ] <- effect["B", ] - 1.5 * msi
  effect["C", ] <- effect["C", ] - 1.2 * lost
  effect["D", ] <- effect["D", ] - 1 + .9 * lost
  effect["E", 3] <- NA
  x <- SummarizedExperiment::SummarizedExperiment(
    list(effect = effect),
    colData = data.frame(
      lineage = rep_len(c("lung", "skin"), 60), msi = msi, burden = burden,
      row.names = colnames(effect)
    )
  )
  list(x = x, lost = lost, effect = effect)
}

test_that("a regression adjusts for lineage and covariates as lm() does", {
  data <- adjusted_experiment()
  found <- musl_dependency("A", data$x,
    groups = data$lost, covariates = c("msi", "burden"), spread = 0
  )
  facts <- as.data.frame(SummarizedExperiment::colData(data$x))
  for (gene in c("B", "C", "E")) {
    fit <- summary(stats::lm(
      data$effect[gene, ] ~ data$lost + facts$msi + facts$burden + facts$lineage
    ))$coefficients[2, ]
    row <- found[found$partner == gene, ]
    expect_equal(row$adjusted, fit[[1]])
    expect_equal(row$p_two_sided_adjusted, fit[[4]])
    expect_identical(row$test, "regression")
    expect_identical(row$p_value, row$p_less_adjusted)
  }
  plain <- musl_dependency("A", data$x, groups = data$lost)
  # Instability explains what lost lines need of B, and not of C.
  expect_identical(
    as.character(plain$direction[match(c("B", "C", "D"), plain$partner)]),
    c("needed_more", "needed_more", "needed_less")
  )
  expect_identical(
    as.character(found$direction[match(c("B", "C", "D"), found$partner)]),
    c(NA, "needed_more", "needed_less")
  )
})

test_that("effect sizes are Hedges' g with its interval", {
  data <- adjusted_experiment()
  found <- musl_dependency("A", data$x, groups = data$lost, spread = 0)
  row <- found[found$partner == "C", ]
  a <- data$effect["C", data$lost]
  b <- data$effect["C", !data$lost]
  pooled <- sqrt((19 * stats::var(a) + 39 * stats::var(b)) / 58)
  g <- (mean(a) - mean(b)) / pooled * (1 - 3 / (4 * 58 - 1))
  expect_equal(row$hedges_g, g)
  error <- sqrt(1 / 20 + 1 / 40 + g^2 / (2 * 60))
  expect_equal(c(row$g_lower, row$g_upper), g + c(-1, 1) * 1.959964 * error,
    tolerance = 1e-6
  )
  expect_equal(row$mean_loss, mean(a))
  expect_equal(row$share_rest, mean(b < -.5))
  wide <- musl_dependency("A", data$x, groups = data$lost, spread = 1)
  expect_lt(abs(wide$hedges_g[2]), abs(found$hedges_g[2]))
})

test_that("what a lineage explains is marked", {
  data <- adjusted_experiment()
  lineage <- rep(c("kidney", "other"), c(30, 30))
  SummarizedExperiment::colData(data$x)$lineage <- lineage
  effect <- data$effect
  effect["F", 1:30] <- effect["F", 1:30] - 2 # all lines of kidney need it
  SummarizedExperiment::assay(data$x, "effect") <- effect
  found <- musl_dependency("A", data$x, groups = data$lost, lineage = NULL)
  expect_identical(
    found$lineage_marker[match(c("F", "C"), found$partner)], c(TRUE, FALSE)
  )
})

test_that("gains are alterations, too", {
  data <- adjusted_experiment()
  of_lines <- function(x) {
    matrix(rep(x, each = 6), 6, dimnames = dimnames(data$effect))
  }
  SummarizedExperiment::assay(data$x, "hotspot") <-
    of_lines(as.double(data$lost))
  SummarizedExperiment::assay(data$x, "copy_number") <-
    of_lines(ifelse(data$lost, 4, 1))
  by_groups <- musl_dependency("A", data$x, groups = data$lost)
  for (kind in c("hotspot", "amplification")) {
    found <- musl_dependency("A", data$x, loss = kind)
    expect_identical(found$p_value, by_groups$p_value)
  }
  expect_match(attr(found, "design")$event, "with amplified")
})

test_that("bad covariates are refused by name", {
  data <- adjusted_experiment()
  expect_input_error(
    musl_dependency("A", data$x, groups = data$lost, covariates = "age"),
    "covariates"
  )
  expect_input_error(
    musl_dependency("A", data$x, groups = data$lost, spread = -1), "spread"
  )
  SummarizedExperiment::colData(data$x)$none <- NA_real_
  expect_input_error(
    musl_dependency("A", data$x, groups = data$lost, covariates = "none"),
    "covariates"
  )
})

test_that("a lineage of all lost lines is told", {
  data <- adjusted_experiment()
  SummarizedExperiment::colData(data$x)$lineage <-
    rep(c("kidney", "other"), c(30, 30))
  expect_message(
    musl_dependency("A", data$x, groups = data$lost), "are of one lineage"
  )
  SummarizedExperiment::colData(data$x)$lineage <- rep_len(c("a", "b"), 60)
  messages <- testthat::capture_messages(
    musl_dependency("A", data$x, groups = data$lost)
  )
  expect_false(any(grepl("one lineage", messages)))
})
