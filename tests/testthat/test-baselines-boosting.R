boost_one <- function(x, y, ..., new_x = x) {
  config <- utils::modifyList(boosting_config, list(...))
  cpp_boost(x, as.double(y), new_x, config, 1L)
}

test_that("the first tree is that of gbm", {
  skip_if_not_installed("gbm")
  withr::local_seed(2)
  x <- data.frame(a = rnorm(200), b = round(rnorm(200), 1), c = runif(200))
  y <- as.double(runif(200) < stats::plogis(x$a + x$b * x$c))
  for (n_splits in c(1, 5)) {
    fit <- gbm::gbm.fit(
      x, y,
      distribution = "bernoulli", n.trees = 1, shrinkage = 1, bag.fraction = 1,
      interaction.depth = n_splits, n.minobsinnode = 10, verbose = FALSE
    )
    ours <- boost_one(
      as.matrix(x), y,
      trees = 1, rate = 1, leaves = n_splits + 1, min_leaf = 10, l2 = 0
    )
    expect_equal(ours, predict(fit, x, n.trees = 1), tolerance = 1e-6)
  }
})

test_that("many values are binned evenly and still rank well", {
  withr::local_seed(3)
  x <- cbind(exp(5 * rnorm(4000)))
  y <- runif(4000) < stats::plogis(log(x[, 1]) / 5)
  fine <- boost_one(x, y, trees = 20)
  coarse <- boost_one(x, y, trees = 20, bins = 16L)
  expect_lte(length(unique(coarse)), 16)
  expect_gt(stats::cor(fine, log(x[, 1]), method = "spearman"), 0.9)
  expect_gt(stats::cor(coarse, fine, method = "spearman"), 0.9)
})
