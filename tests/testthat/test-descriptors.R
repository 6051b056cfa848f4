# Each descriptor by a plain formula, as the documentation states it. `x` and
# `y` are profiles as given.
plain_descriptors <- function(x, y, linear, bins) {
  given <- list(x, y)
  log_of <- function(x) if (linear) log10(x + 0.01) else x
  a <- log_of(x)
  b <- log_of(y)
  c(
    marginal_part(given, list(a, b), linear),
    association_part(a, b, x > 0 & y > 0, bins),
    cooccurrence_part(a, b, x > 0, y > 0),
    directional_part(a, b)
  )
}

v <- function(x) mean((x - mean(x))^2)
s <- function(x) sqrt(v(x))
z <- function(x) if (v(x) > 0) (x - mean(x)) / s(x) else 0 * x
low <- function(x) (rank(x) - 0.5) / length(x) < 0.2 - 1e-12
high <- function(x) (rank(x) - 0.5) / length(x) > 0.8 + 1e-12
correlation <- function(x, y, ...) {
  if (length(unique(x)) < 2 || length(unique(y)) < 2) {
    return(0)
  }
  cor(x, y, ...)
}
ratio <- function(x, y) if (y > 0) x / y else 0

marginal_part <- function(given, logged, linear) {
  both <- function(name, f, on) {
    values <- range(vapply(on, f, 0))
    setNames(values, paste0(name, c("_min", "_max")))
  }
  linear_of <- lapply(given, function(x) {
    if (linear) x else pmax(2^x - 1, 0)
  })
  excess <- function(x) if (v(x) > 0) mean(z(x)^4) - 3 else 0
  c(
    both("mean", mean, logged),
    both("sd", s, logged),
    both("cv", function(l) ratio(s(l), mean(l)), linear_of),
    both("skewness", function(x) mean(z(x)^3), logged),
    both("kurtosis", excess, logged),
    both("detection", function(x) mean(x > 0), given),
    both("median", median, logged)
  )
}

codes <- function(x, bins) {
  if (v(x) == 0) {
    return(rep(1, length(x)))
  }
  pmin(floor((x - min(x)) / (max(x) - min(x)) * bins) + 1, bins)
}

biweight_values <- function(x) {
  deviation <- mad(x, constant = 1)
  if (deviation == 0) {
    return(x - mean(x))
  }
  u <- (x - median(x)) / (9 * deviation)
  (x - median(x)) * (1 - u^2)^2 * (abs(u) < 1)
}

cosine <- function(x, y) ratio(sum(x * y), sqrt(sum(x^2) * sum(y^2)))

entropy <- function(p) -sum(p[p > 0] * log(p[p > 0]))

association_part <- function(a, b, codetected, bins) {
  p <- prop.table(table(codes(a, bins), codes(b, bins)))
  h_a <- entropy(rowSums(p))
  h_b <- entropy(colSums(p))
  mi <- h_a + h_b - entropy(p)
  c(
    pearson = correlation(a, b),
    spearman = correlation(rank(a), rank(b)),
    kendall = correlation(codes(a, bins), codes(b, bins), method = "kendall"),
    biweight = if (v(a) > 0 && v(b) > 0) {
      cosine(biweight_values(a), biweight_values(b))
    } else {
      0
    },
    mutual_information = mi,
    normalised_mi = ratio(mi, sqrt(h_a * h_b)),
    cosine = cosine(a, b),
    concordance = ratio(
      2 * correlation(a, b) * s(a) * s(b),
      v(a) + v(b) + (mean(a) - mean(b))^2
    ),
    pearson_codetected = if (sum(codetected) >= 3) {
      correlation(a[codetected], b[codetected])
    } else {
      0
    }
  )
}

cooccurrence_part <- function(a, b, detected_a, detected_b) {
  n <- length(a)
  o <- sum(low(a) & low(b))
  e <- sum(low(a)) * sum(low(b)) / n
  odds <- (o + 0.5) * (sum(!low(a) & !low(b)) + 0.5) /
    ((sum(low(a) & !low(b)) + 0.5) * (sum(!low(a) & low(b)) + 0.5))
  c(
    low_low = o / n,
    high_high = mean(high(a) & high(b)),
    discordant = mean(low(a) & high(b)) + mean(high(a) & low(b)),
    low_low_ratio = log2((o + 0.5) / (e + 0.5)),
    low_low_odds = if (e > 0) log(odds) else 0,
    low_low_phi = correlation(as.numeric(low(a)), as.numeric(low(b))),
    low_low_residual = ratio(o - e, sqrt(e * n)),
    detection_jaccard = ratio(
      sum(detected_a & detected_b), sum(detected_a | detected_b)
    )
  )
}

directional_part <- function(a, b) {
  shift <- function(of, where) ratio(sum(z(of)[low(where)]), sum(low(where)))
  tail <- function(x, y) ratio(sum(x & y), sqrt(sum(x) * sum(y)))
  shifts <- c(shift(b, a), shift(a, b))
  c(
    shift_max = max(shifts),
    shift_min = min(shifts),
    tail_lower = tail(low(a), low(b)),
    tail_upper = tail(high(a), high(b))
  )
}

# The set "paper", in the same way. What is told by bins is exact; the rest
# comes from rows in single precision.
plain_paper <- function(x, y, linear, bins) {
  log_of <- function(x) if (linear) log10(x + 0.01) else x
  a <- log_of(x)
  b <- log_of(y)
  bin_a <- codes(a, bins)
  bin_b <- codes(b, bins)
  every <- seq_len(bins)
  o <- prop.table(table(factor(bin_a, every), factor(bin_b, every)))
  both <- function(name, ab, ba) {
    setNames(range(ab, ba), paste0(name, c("_min", "_max")))
  }
  c(
    association_part(a, b, TRUE, bins)[c(
      "pearson", "spearman", "kendall", "biweight", "cosine", "concordance"
    )],
    both(
      "correlation_ratio", explained_variance(bin_b, bin_a),
      explained_variance(bin_a, bin_b)
    ),
    cramer_v = cramer(o),
    information_part(o, both),
    divergence_part(rowSums(o), colSums(o), length(a), both),
    normal_part(a, b, both),
    distance_part(a, b)
  )
}

explained_variance <- function(of, by) ratio(v(ave(of, by)), v(of))

cramer <- function(o) {
  o <- o[rowSums(o) > 0, colSums(o) > 0, drop = FALSE]
  e <- outer(rowSums(o), colSums(o))
  k <- min(dim(o))
  if (k > 1) sqrt(sum((o - e)^2 / e) / (k - 1)) else 0
}

information_part <- function(o, both) {
  h <- entropy(o)
  h_a <- entropy(rowSums(o))
  h_b <- entropy(colSums(o))
  mi <- h_a + h_b - h
  c(
    mutual_information = mi, normalised_mi = ratio(mi, sqrt(h_a * h_b)),
    both("entropy", h_a, h_b), joint_entropy = h,
    both("conditional_entropy", h - h_b, h - h_a),
    both("uncertainty", ratio(mi, h_a), ratio(mi, h_b)),
    information_distance = ratio(h - h_b + h - h_a, h)
  )
}

divergence_part <- function(p, q, n, both) {
  add_half <- function(p) (n * p + 0.5) / (n + length(p) / 2)
  kl <- function(p, q) sum(add_half(p) * log(add_half(p) / add_half(q)))
  cumulated <- abs(cumsum(p) - cumsum(q))
  c(
    both("kl", kl(p, q), kl(q, p)),
    jensen_shannon = entropy((p + q) / 2) - (entropy(p) + entropy(q)) / 2,
    hellinger = sqrt(sum((sqrt(p) - sqrt(q))^2) / 2),
    total_variation = sum(abs(p - q)) / 2,
    kolmogorov = max(cumulated), wasserstein = mean(cumulated)
  )
}

normal_part <- function(a, b, both) {
  spread <- v(a) > 0 && v(b) > 0
  far <- (mean(a) - mean(b))^2
  kl <- function(a, b) {
    if (spread) log1p(log(s(b) / s(a)) + (v(a) + far) / (2 * v(b)) - 0.5) else 0
  }
  total <- v(a) + v(b)
  overlap <- sqrt(2 * s(a) * s(b) / total) * exp(-far / (4 * total))
  c(
    both("kl_normal", kl(a, b), kl(b, a)),
    hellinger_normal = if (spread) sqrt(max(0, 1 - overlap)) else 0
  )
}

distance_part <- function(a, b) {
  apart <- abs(z(a) - z(b))
  size <- abs(z(a)) + abs(z(b))
  c(
    euclidean = sqrt(mean(apart^2)), manhattan = mean(apart),
    chebyshev = max(apart),
    canberra = mean(ifelse(size > 0, apart / size, 0)),
    bray_curtis = ratio(sum(apart), sum(size)),
    euclidean_values = sqrt(mean((a - b)^2))
  )
}

# All that follows from the bins.
told_by_bins <- c(
  "kendall", "correlation_ratio_min", "correlation_ratio_max", "cramer_v",
  "mutual_information", "normalised_mi", "entropy_min", "entropy_max",
  "joint_entropy", "conditional_entropy_min", "conditional_entropy_max",
  "uncertainty_min", "uncertainty_max", "information_distance", "kl_min",
  "kl_max", "jensen_shannon", "hellinger", "total_variation", "kolmogorov",
  "wasserstein"
)

expression_data <- function(x, scale) {
  dimnames(x) <- list(
    paste0("G", seq_len(nrow(x))), paste0("s", seq_len(ncol(x)))
  )
  cohort <- tiny_cohort("bulk", x)
  cohort$scale <- scale
  new_musl_data(genes = rownames(x), cohorts = list(bulk = cohort))
}

expect_plain_formulas <- function(x, scale, bins = 16) {
  pair <- data.frame(gene_a = "G1", gene_b = "G2")
  describe <- function(set) {
    unlist(musl_descriptors(
      expression_data(x, scale), pair, bins = bins, set = set
    )[-(1:3)])
  }
  linear <- scale == "linear"
  expected <- plain_descriptors(x[1, ], x[2, ], linear, bins)
  # The core keeps rows in single precision.
  expect_equal(describe("default"), expected, tolerance = 1e-5)
  got <- describe("paper")
  expected <- plain_paper(x[1, ], x[2, ], linear, bins)
  expect_equal(got, expected, tolerance = 1e-5)
  apart <- got[told_by_bins] - expected[told_by_bins]
  expect_lt(max(abs(apart)), 1e-10)
}

test_that("descriptors follow their formulas on logged values", {
  x <- withr::with_seed(1, matrix(rnorm(2 * 200, 4), 2))
  x[2, ] <- x[2, ] + 0.8 * x[1, ]^2 / 4
  expect_plain_formulas(x, "log")
  expect_plain_formulas(x, "log", bins = 32)
})

test_that("descriptors follow their formulas on counts with ties and zeros", {
  x <- withr::with_seed(2, matrix(rnbinom(2 * 300, mu = 2, size = 0.5), 2))
  expect_plain_formulas(x, "linear")
  expect_plain_formulas(log2(x + 1), "log")
})

test_that("descriptors follow their formulas on negative values", {
  x <- withr::with_seed(3, matrix(rnorm(2 * 41), 2))
  x[2, ] <- -x[1, ]
  expect_plain_formulas(x, "log")
})

test_that("descriptors follow their formulas on constant profiles", {
  x <- withr::with_seed(4, matrix(rnorm(2 * 30), 2))
  x[1, ] <- 2
  expect_plain_formulas(x, "log")
  expect_plain_formulas(0 * x, "log")
  expect_plain_formulas(0 * x, "linear")
})

test_that("descriptors of one sample are finite", {
  expect_plain_formulas(matrix(c(1, 2), 2), "log")
})

test_that("descriptors of (a, b) and (b, a) are the same bits", {
  x <- withr::with_seed(5, matrix(rexp(6 * 50), 6))
  d <- expression_data(x, "log")
  ends <- utils::combn(rownames(d@cohorts$bulk$assays[[1]]), 2)
  pairs_of <- function(a, b) data.frame(gene_a = ends[a, ], gene_b = ends[b, ])
  for (set in c("default", "paper")) {
    there <- musl_descriptors(d, pairs_of(1, 2), set = set)
    back <- musl_descriptors(d, pairs_of(2, 1), set = set)
    expect_identical(there[-(1:3)], back[-(1:3)])
  }
})

test_that("musl_descriptors() gives a row for each cohort and pair, in order", {
  d <- expression_data(withr::with_seed(6, matrix(rnorm(4 * 30), 4)), "log")
  cells <- d@cohorts$bulk
  cells$name <- "cells"
  cells$assays$expression <- cells$assays$expression[c("G3", "G1"), ]
  d@cohorts$cells <- cells
  pairs <- data.frame(gene_a = c("G3", "G1"), gene_b = c("G1", "G2"))
  got <- musl_descriptors(d, pairs)
  expect_identical(got$cohort, rep(c("bulk", "cells"), each = 2))
  expect_identical(got$gene_a, c("G3", "G1", "G3", "G1"))
  expect_identical(got$gene_b, c("G1", "G2", "G1", "G2"))
  expect_equal(unlist(got[1, -(1:3)]), unlist(got[3, -(1:3)]))
  expect_true(all(is.na(got[4, -(1:3)])))
  expect_false(anyNA(got[1:3, ]))
})

test_that("musl_descriptors() describes the pairs of the data by default", {
  d <- expression_data(withr::with_seed(7, matrix(rnorm(3 * 30), 3)), "log")
  d@pairs <- tibble::tibble(gene_a = "G1", gene_b = c("G2", "G3"))
  expect_identical(musl_descriptors(d), musl_descriptors(d, d@pairs))
})

test_that("musl_descriptors() of no pairs has no rows and all columns", {
  d <- expression_data(matrix(1:60 / 7, 2), "log")
  none <- data.frame(gene_a = character(), gene_b = character())
  got <- musl_descriptors(d, none)
  expect_identical(dim(got), c(0L, 38L))
  expect_type(got$pearson, "double")
})

test_that("musl_descriptors() warns of genes without expression", {
  d <- expression_data(matrix(1:60 / 7, 2), "log")
  expect_warning(
    got <- musl_descriptors(d, data.frame(gene_a = "G1", gene_b = "Z")),
    class = "musl_warning_unknown_gene"
  )
  expect_true(all(is.na(got[-(1:3)])))
})

test_that("musl_descriptors() refuses what it cannot describe", {
  d <- expression_data(matrix(1:60 / 7, 2), "log")
  pairs <- data.frame(gene_a = "G1", gene_b = "G2")
  expect_input_error(musl_descriptors(1, pairs))
  expect_input_error(musl_descriptors(d, pairs, bins = 0))
  expect_input_error(musl_descriptors(d, pairs, set = "all"))
  expect_input_error(musl_descriptors(d, data.frame(gene_a = 1, gene_b = 2)))
  d@cohorts <- list()
  expect_input_error(musl_descriptors(d, pairs))
})
