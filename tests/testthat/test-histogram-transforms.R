# What transforms make of values, and their bins, as the documentation says.
plain_log <- function(x) sign(x) * log1p(abs(x))
plain_z <- function(x) (x - mean(x)) / sqrt(mean((x - mean(x))^2))
z_bins <- function(z, bins) pmin(pmax(floor((z + 3) / 6 * bins) + 1, 1), bins)
plain_bins <- list(
  z = function(x, bins) z_bins(plain_z(x), bins),
  log = function(x, bins) value_bins(plain_log(x), bins),
  z_log = function(x, bins) z_bins(plain_z(plain_log(x)), bins)
)

expect_plain_maps <- function(x, y, scale, bins = 16) {
  got <- musl_histogram(
    x, y,
    scale = scale, bins = bins, transforms = names(plain_bins)
  )
  expect_identical(
    dimnames(got)[[3]], paste0(names(plain_bins), ": expression x expression")
  )
  for (i in seq_along(plain_bins)) {
    bin <- plain_bins[[i]]
    expect_equal(got[, , i], count_cells(bin(x, bins), bin(y, bins), bins))
  }
}

test_that("a transform's map is the histogram of the transformed values", {
  withr::with_seed(1, {
    x <- rnorm(300)
    y <- x^2 - rexp(300)
  })
  # Negative values, and some beyond three standard deviations.
  expect_gt(max(abs(plain_z(y))), 3)
  expect_plain_maps(x, y, "log")
  counts <- withr::with_seed(2, {
    list(rnbinom(400, mu = 3, size = .4), rnbinom(400, mu = 90, size = 2))
  })
  expect_plain_maps(counts[[1]], counts[[2]], "linear", bins = 32)
  expect_plain_maps(log2(counts[[1]] + 1), log2(counts[[2]] + 1), "log")
})

test_that("transforms that there are not, or of ranks, are refused", {
  refused <- function(...) {
    expect_input_error(
      musl_architecture(transforms = ..1, binning = ..2), "transforms"
    )
    expect_input_error(
      musl_histogram(
        sin(1:99), cos(1:99),
        bins = 8, transforms = ..1, binning = ..2
      ), "ransforms"
    )
  }
  refused("sqrt", "value")
  refused(c("z", "z"), "value")
  refused(c("none", "z"), "value")
  refused(character(), "value")
  refused(NULL, "value")
  refused("z", "rank")
})

# One model with all three for the tests below, and its explanation.
transformed_fit <- function() {
  once("transformed", tiny_fit(
    architecture = tiny_architecture(
      encoders = "histogram", transforms = names(plain_bins)
    )
  ))
}

expressed_pairs <- function(data) {
  pairs <- musl_pairs(data)
  has <- rownames(data@cohorts$bulk$assays$expression)
  pairs[pairs$gene_a %in% has & pairs$gene_b %in% has, ]
}

test_that("a model keeps its transforms, through a file and for new data", {
  fit <- transformed_fit()
  expect_identical(fit@architecture$transforms, names(plain_bins))
  pairs <- expressed_pairs(tiny_data())
  scores <- predict(fit, pairs)$.score
  file <- withr::local_tempfile()
  musl_save(fit, file)
  again <- musl_load(file)
  expect_identical(predict(again, pairs)$.score, scores)
  expect_equal(
    predict(fit, pairs, data = tiny_data())$.score, scores,
    tolerance = 1e-6
  )
  light <- withr::local_tempfile()
  musl_save(fit, light, keep = "none")
  expect_equal(
    predict(musl_load(light), pairs, data = tiny_data())$.score, scores,
    tolerance = 1e-6
  )
})

test_that("cells of an explanation are in the units of their transform", {
  data <- tiny_data()
  pair <- expressed_pairs(data)[1, ]
  why <- musl_explain(transformed_fit(), pair$gene_a, pair$gene_b, nearest = 0)
  cells <- tidy(why, "histogram")
  expect_identical(unique(cells$transform), names(plain_bins))
  expect_identical(unique(cells$channel), 1:3)
  x <- data@cohorts$bulk$assays$expression
  a <- x[pair$gene_a, ]
  b <- x[pair$gene_b, ]
  three <- function(x) mean(x) + c(-3, 3) * sqrt(mean((x - mean(x))^2))
  ends <- list(
    z = three, log = function(x) range(plain_log(x)),
    z_log = function(x) three(plain_log(x))
  )
  for (transform in names(plain_bins)) {
    one <- cells[cells$transform == transform, ]
    ends_of <- ends[[transform]]
    expect_equal(range(one$low_a, one$high_a), ends_of(a), tolerance = 1e-5)
    expect_equal(range(one$low_b, one$high_b), ends_of(b), tolerance = 1e-5)
    bin <- plain_bins[[transform]]
    map <- count_cells(bin(a, 8), bin(b, 8), 8)
    # Shares fall to zero below the floor of the scale.
    expect_equal(
      one$share, map[cbind(one$bin_a, one$bin_b)] / length(a),
      tolerance = 1e-4
    )
  }
  expect_s3_class(autoplot(why, what = "histogram"), "ggplot")
})
