test_that("the weighted logistic fit is glmnet's", {
  skip_if_not_installed("glmnet")
  x <- withr::with_seed(1, matrix(rnorm(400 * 4), 400))
  label <- withr::with_seed(2, rbinom(400, 1, plogis(x[, 1] - .5 * x[, 2])))
  weight <- withr::with_seed(3, runif(400, .1, 3))
  ours <- cpp_fit_logistic(x, label, weight, .05, 1L)
  theirs <- glmnet::glmnet(
    x, label,
    family = "binomial", alpha = 0, standardize = FALSE, weights = weight,
    lambda = .05, thresh = 1e-14, maxit = 1e6
  )
  expect_equal(ours$coefficient, as.vector(theirs$beta), tolerance = 1e-4)
  expect_equal(ours$intercept, unname(theirs$a0), tolerance = 1e-4)
})

test_that("normal scores are qnorm() of the place among quantiles", {
  x <- withr::with_seed(1, matrix(rexp(5000)))
  z <- cpp_normal_scores(x, x, 1L)
  # 200 quantiles, linear between them.
  expect_equal(
    z[, 1], pmin(pmax(qnorm((rank(x) - .5) / 5000), -2.5), 2.5),
    tolerance = 0.01
  )
})

test_that("boosting hears weights", {
  x <- matrix(rep(0:1, each = 50))
  label <- rep(c(0, 1, 0, 1), each = 25)
  how <- list(
    trees = 1, rate = 1, leaves = 2, min_leaf = 1, l2 = 0, monotone = integer()
  )
  # Weights make the first half mostly negative, the second mostly positive.
  weight <- rep(c(3, 1, 1, 3), each = 25)
  score <- cpp_boost_weighted(x, label, weight, matrix(0:1), how, 1L)
  expect_equal(score, c(-2, 2) * .5, tolerance = 1e-9)
})
