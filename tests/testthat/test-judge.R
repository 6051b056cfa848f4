test_that("calibration is logistic regression on Platt's targets", {
  withr::local_seed(1)
  score <- rnorm(900, 0.5, 2)
  label <- as.double(runif(900) < plogis(1.5 * score - 0.4))
  n_unseen <- rep(0:2, c(400, 400, 100))
  fit <- cpp_fit_calibration(score, label, n_unseen, 0.5)
  expect_named(fit, c("slope", "intercept", "n_pairs", "training_prior"))
  expect_identical(fit$n_pairs, c(400, 400, 100))
  expect_identical(fit$training_prior, 0.5)

  line <- function(rows) {
    n <- tabulate(label[rows] + 1)
    target <- ifelse(label[rows] == 1, (n[2] + 1) / (n[2] + 2), 1 / (n[1] + 2))
    unname(coef(suppressWarnings(
      glm(target ~ score[rows], family = binomial, epsilon = 1e-12)
    )))
  }
  expected <- lapply(list(1:400, 401:800, 1:900), line)
  expect_equal(fit$intercept, vapply(expected, `[`, 1, 1), tolerance = 1e-5)
  expect_equal(fit$slope, vapply(expected, `[`, 1, 2), tolerance = 1e-5)
})

test_that("probabilities follow the line and the prior", {
  line <- list(slope = c(1, 2, 3), intercept = c(0, 1, -1), training_prior = .2)
  at_training <- cpp_calibrate(line, c(0.5, 0.5, 0.5), 0:2, NaN)
  expect_equal(at_training, plogis(c(0.5, 2, 0.5)))
  at_prior <- cpp_calibrate(line, c(0.5, 0.5, 0.5), 0:2, 0.01)
  shift <- qlogis(0.01) - qlogis(0.2)
  expect_equal(at_prior, plogis(c(0.5, 2, 0.5) + shift))
  expect_error(
    with_core(cpp_calibrate(line, 0.5, 3L, NaN)),
    class = "musl_error_input"
  )
  expect_error(
    with_core(cpp_calibrate(list(
      slope = 1, intercept = c(0, 0, 0), training_prior = 0.5
    ), 0.5, 0L, NaN)),
    class = "musl_error_shape"
  )
})
