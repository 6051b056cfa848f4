# The numbers alone.
plain <- function(h) array(as.vector(h), dim(h))

profiles <- function(n = 200, seed = 1) {
  withr::with_seed(seed, {
    x <- rnorm(n)
    list(x = x, y = 0.5 * x + rnorm(n))
  })
}

two_assay_data <- function() {
  genes <- c("A", "B", "C")
  make <- function(seed) {
    withr::with_seed(seed, matrix(
      rnorm(3 * 100), 3,
      dimnames = list(genes, paste0("s", 1:100))
    ))
  }
  cohort <- tiny_cohort("screen", make(1))
  cohort$assays$effect <- make(2)
  new_musl_data(genes = genes, cohorts = list(screen = cohort))
}

test_that("musl_histogram() counts samples in bins of equal width", {
  p <- profiles()
  h <- musl_histogram(p$x, p$y, bins = 10)
  expect_s3_class(h, "musl_histogram")
  expect_equal(
    plain(h), count_cells(value_bins(p$x, 10), value_bins(p$y, 10), 10)
  )
})

test_that("rows follow the first gene and columns the second", {
  h <- musl_histogram(c(0, 0, 0, 1), c(0, 0, 1, 1), bins = 2, smooth = 1e-9)
  expect_equal(plain(h), rbind(c(2, 1), c(0, 1)))
})

test_that("rank bins hold equal numbers of samples", {
  p <- profiles()
  h <- musl_histogram(p$x, p$y, bins = 10, binning = "rank")
  expect_equal(rowSums(h), rep(20, 10))
  a <- ceiling(rank(p$x) / 20)
  b <- ceiling(rank(p$y) / 20)
  expect_equal(plain(h), count_cells(a, b, 10))
})

test_that("a scaled histogram follows its formula", {
  p <- profiles()
  counts <- musl_histogram(p$x, p$y, bins = 8)
  scaled <- musl_histogram(p$x, p$y, bins = 8, scaled = TRUE)
  expect_equal(
    plain(scaled), (log10(plain(counts) / 200 + 1e-4) + 4) / 4,
    tolerance = 1e-6
  )
})

test_that("linear values are logged first", {
  p <- lapply(profiles(), function(x) 10^x)
  logged <- lapply(p, function(x) log10(x + 0.01))
  expect_identical(
    plain(musl_histogram(p$x, p$y, bins = 8, scale = "linear")),
    plain(musl_histogram(logged$x, logged$y, bins = 8))
  )
})

test_that("smoothing spreads counts with a Gaussian and keeps their sum", {
  p <- profiles()
  w <- outer(1:8, 1:8, function(i, j) dnorm(i - j, sd = 0.7))
  w[abs(row(w) - col(w)) > 4 * 0.7] <- 0
  w <- w / rowSums(w)
  counts <- plain(musl_histogram(p$x, p$y, bins = 8))
  smooth <- musl_histogram(p$x, p$y, bins = 8, smooth = 0.7)
  expect_equal(plain(smooth), t(w) %*% counts %*% w, tolerance = 1e-5)
  expect_equal(sum(smooth), 200, tolerance = 1e-5)
})

test_that("samples with a missing value are left out", {
  p <- profiles()
  x <- c(NA, p$x, 3)
  y <- c(1, p$y, NaN)
  expect_identical(
    plain(musl_histogram(x, y, bins = 8)),
    plain(musl_histogram(p$x, p$y, bins = 8))
  )
})

test_that("a constant gene is one bin", {
  h <- musl_histogram(rep(3, 40), 1:40, bins = 4)
  expect_equal(plain(h), rbind(rep(10, 4), 0, 0, 0))
})

test_that("several assays make one channel for each pair of them", {
  d <- two_assay_data()
  h <- musl_histogram(d, "C", "A", bins = 8)
  assays <- d@cohorts$screen$assays
  expect_identical(dim(h), c(8L, 8L, 4L))
  expect_identical(dimnames(h)[[3]], c(
    "expression x expression", "expression x effect", "effect x expression",
    "effect x effect"
  ))
  expect_equal(
    plain(h)[, , 2],
    count_cells(
      value_bins(assays$expression["C", ], 8),
      value_bins(assays$effect["A", ], 8), 8
    )
  )
})

test_that("swapped genes transpose maps and exchange mirrored channels", {
  d <- two_assay_data()
  ab <- plain(musl_histogram(d, "A", "B", bins = 8))
  ba <- plain(musl_histogram(d, "B", "A", bins = 8))
  expect_identical(aperm(ab, c(2, 1, 3)), ba[, , c(1, 3, 2, 4)])
})

test_that("musl_histogram() takes the first cohort that has both genes", {
  d <- two_assay_data()
  d@cohorts$bulk <- d@cohorts$screen
  d@cohorts$bulk$assays <- lapply(d@cohorts$bulk$assays["expression"], `*`, 2)
  d@cohorts$screen$assays <- lapply(
    d@cohorts$screen$assays, function(x) x[c("A", "C"), ]
  )
  expect_length(dim(musl_histogram(d, "A", "C", bins = 8)), 3)
  expect_length(dim(musl_histogram(d, "A", "B", bins = 8)), 2)
  expect_gene_error(musl_histogram(d, "A", "B", cohort = "screen"))
  expect_input_error(musl_histogram(d, "A", "B", cohort = "other"))
  expect_gene_error(musl_histogram(d, "A", "Z"))
})

test_that("musl_histogram() warns where samples are few for the bins", {
  expect_warning(
    musl_histogram(1:20, 1:20, bins = 8),
    class = "musl_warning_other"
  )
  expect_no_warning(musl_histogram(1:20, 1:20, bins = 8, smooth = 1))
})

test_that("musl_histogram() refuses what it cannot count", {
  refused <- function(..., class = "musl_error_input") {
    expect_error(suppressWarnings(musl_histogram(...)), class = class)
  }
  refused(1:9, 1:8, class = "musl_error_shape")
  refused("a", 1)
  refused(NA_real_, 1)
  refused(c(1, Inf), 1:2, bins = 2)
  refused(-1, 1, scale = "linear")
  refused(1:9, 1:9, bins = 1)
  refused(1:9, 1:9, bins = 65)
  refused(1:9, 1:9, smooth = -1)
  refused(1:9, 1:9, bin = 8)
})

test_that("autoplot() draws a tile a cell and a panel a channel", {
  h <- musl_histogram(two_assay_data(), "A", "B", bins = 8)
  plot <- autoplot(h)
  built <- ggplot2::ggplot_build(plot)
  expect_s3_class(plot$layers[[1]]$geom, "GeomTile")
  expect_identical(nrow(built$data[[1]]), 8L * 8L * 4L)
  expect_identical(nrow(built$layout$layout), 4L)
  cell <- plot$data[plot$data$bin_a == 3 & plot$data$bin_b == 5, ]
  expect_equal(cell$value, as.vector(plain(h)[3, 5, ]))
})

test_that("printing a histogram says what it holds", {
  h <- musl_histogram(1:80, 1:80, bins = 8)
  expect_output(print(h), "x x y: counts of 80 samples in 8 x 8 cells")
})

test_that("cells are drawn in the values' units where bins have equal width", {
  withr::local_seed(1)
  x <- rnorm(100, 5)
  y <- rnorm(100, 2)
  cells <- autoplot(musl_histogram(x, y, bins = 8))$data
  width <- diff(range(x)) / 8
  expect_equal(sort(unique(cells$x)), min(x) + width * (1:8 - 0.5))
  ranked <- suppressWarnings(musl_histogram(x, y, binning = "rank"))
  expect_match(autoplot(ranked)$labels$x, "Bin of")
})
