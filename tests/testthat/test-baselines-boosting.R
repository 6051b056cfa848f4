boost_one <- function(x, y, ..., new_x = x) {
  config <- utils::modifyList(boosting_config, list(...))
  cpp_boost(x, as.double(y), new_x, config, 1L)
}

# Exact splits by brute force: every cut of every column, both sides for what is
# missing; the leaf with most to gain is split first.
slow_boost <- function(x, y, trees, rate, leaves, min_leaf, l2) {
  score <- rep(stats::qlogis(mean(y)), length(y))
  for (t in seq_len(trees)) {
    p <- stats::plogis(score)
    g <- p - y
    h <- p * (1 - p)
    parts <- list(seq_along(y))
    while (length(parts) < leaves) {
      best <- lapply(parts, slow_split, x, g, h, min_leaf, l2)
      gain <- vapply(best, `[[`, 1, "gain")
      if (max(gain) <= 0) break
      at <- which.max(gain)
      left <- best[[at]]$left
      parts <- c(parts[-at], list(left, setdiff(parts[[at]], left)))
    }
    for (rows in parts) {
      score[rows] <- score[rows] - rate * sum(g[rows]) / (sum(h[rows]) + l2)
    }
  }
  score
}

slow_split <- function(rows, x, g, h, min_leaf, l2) {
  strength <- function(rows) sum(g[rows])^2 / (sum(h[rows]) + l2)
  best <- list(gain = 0, left = integer())
  for (j in seq_len(ncol(x))) {
    for (cut in x[rows, j]) {
      for (missing_left in c(FALSE, TRUE)) {
        goes <- ifelse(is.na(x[rows, j]), missing_left, x[rows, j] <= cut)
        left <- rows[which(goes)]
        right <- setdiff(rows, left)
        if (min(length(left), length(right)) < min_leaf) next
        gain <- strength(left) + strength(right) - strength(rows)
        if (gain > best$gain + 1e-10) best <- list(gain = gain, left = left)
      }
    }
  }
  best
}

test_that("boosting is that of brute force, with and without missing values", {
  withr::local_seed(1)
  x <- matrix(rnorm(70 * 3), 70)
  y <- runif(70) < stats::plogis(x[, 1] * x[, 2])
  for (missing in c(FALSE, TRUE)) {
    if (missing) x[sample(length(x), 30)] <- NA
    expect_equal(
      boost_one(x, y, trees = 3, rate = 0.3, leaves = 5, min_leaf = 4, l2 = 1),
      slow_boost(x, y, trees = 3, rate = 0.3, leaves = 5, min_leaf = 4, l2 = 1),
      tolerance = 1e-8
    )
  }
})

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

test_that("new rows fall on the side of the values they lie between", {
  x <- cbind(c(1, 2, 10, 11))
  score <- boost_one(
    x, c(0, 0, 1, 1),
    new_x = cbind(c(-100, 5.9, 6.1, 100)), trees = 1, leaves = 2, min_leaf = 1
  )
  expect_identical(score[1], score[2])
  expect_identical(score[3], score[4])
  expect_lt(score[1], score[4])
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
