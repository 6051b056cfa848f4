# Scores whose log odds of SL are 1.5 * score - 0.4.
calibration_sample <- function(n, n_unseen = 0L) {
  score <- rnorm(n, 0.5, 2)
  is_sl <- runif(n) < plogis(1.5 * score - 0.4)
  tibble::tibble(
    score = score, n_unseen = rep_len(n_unseen, n),
    label = factor(ifelse(is_sl, "SL", "non_SL"), pair_labels)
  )
}

fit_sample <- function(x, prior = 0.5) {
  fit_calibration(x$score, x$label, x$n_unseen, prior)
}

# What predict() hands to the columns of a type.
as_scored <- function(x) as.list(x[c("score", "n_unseen")])

test_that("calibration is logistic regression on Platt's targets", {
  withr::local_seed(1)
  x <- calibration_sample(900)
  x$n_unseen <- rep(0:2, c(400, 400, 100))
  fit <- fit_sample(x)
  expect_named(fit, c(
    "slope", "intercept", "n_pairs", "training_prior", "prior", "scores"
  ))
  expect_identical(fit$n_pairs, c(400, 400, 100))
  expect_identical(fit$training_prior, 0.5)
  share <- function(rows) mean(x$label[rows] == "SL")
  expect_equal(fit$prior, c(share(1:400), share(401:800), share(1:900)))

  label <- as.double(x$label == "SL")
  line <- function(rows) {
    n <- tabulate(label[rows] + 1)
    target <- ifelse(label[rows] == 1, (n[2] + 1) / (n[2] + 2), 1 / (n[1] + 2))
    unname(coef(suppressWarnings(
      glm(target ~ x$score[rows], family = binomial, epsilon = 1e-12)
    )))
  }
  expected <- lapply(list(1:400, 401:800, 1:900), line)
  expect_equal(fit$intercept, vapply(expected, `[`, 1, 1), tolerance = 1e-5)
  expect_equal(fit$slope, vapply(expected, `[`, 1, 2), tolerance = 1e-5)
})

test_that("seen genes are calibrated after a split by genes", {
  d <- musl_simulate(n_genes = 150, n_pairs = 2400, seed = 2)
  split <- musl_split(d, setting = "inductive", folds = 3, seed = 1)
  parts <- musl_parts(split, 1)
  sets <- training_sets(d, split, 1L, 5L)[[1]]
  learned <- rbind(sets$training, sets$calibration)
  expect_setequal(pair_keys(learned), pair_keys(parts$train))
  expect_length(
    intersect(pair_keys(sets$training), pair_keys(sets$calibration)), 0
  )
  expect_identical(nrow(sets$calibration), 200L)
  expect_true(all(pair_labels %in% sets$calibration$label))
  expect_identical(sets$validation, labelled_pairs(parts$validation))

  shared <- training_sets(d, split, 1L, 5L, ensemble = 2L)
  n_held <- vapply(shared, function(x) nrow(x$calibration), 1L)
  expect_identical(n_held, c(100L, 100L))
})

test_that("a calibration part is not taken of few or mixed pairs", {
  d <- musl_simulate(n_genes = 100, n_pairs = 600, seed = 2)
  split <- musl_split(d, setting = "inductive", folds = 3, seed = 1)
  sets <- training_sets(d, split, 1L, 5L)[[1]]
  expect_identical(nrow(sets$calibration), 0L)
  expect_identical(nrow(training_sets(d, NULL, 1L, 5L)[[1]]$calibration), 0L)
})

test_that("a model keeps the scores of its validation pairs", {
  fit <- tiny_model()
  kept <- fit@calibration$scores
  expect_identical(sum(lengths(unlist(kept, FALSE))), fit@split$n_validation)
  expect_false(any(vapply(unlist(kept, FALSE), is.unsorted, TRUE)))
  shown <- summary(fit)$calibration
  expect_identical(shown$n_SL, vapply(kept, function(x) length(x$SL), 1L))
})

test_that("probabilities follow the line and the prior", {
  line <- list(slope = c(1, 2, 3), intercept = c(0, 1, -1))
  line$training_prior <- 0.4
  line$prior <- c(0.2, 0.4, 0.5)
  at_training <- calibrate_scores(line, c(0.5, 0.5, 0.5, NA), c(0:2, 0L))
  to <- qlogis(0.4) - qlogis(line$prior)
  expect_equal(at_training, c(plogis(c(0.5, 2, 0.5) + to), NA))
  at_prior <- calibrate_scores(line, c(0.5, 0.5, 0.5), 0:2, 0.01)
  shift <- qlogis(0.01) - qlogis(line$prior)
  expect_equal(at_prior, plogis(c(0.5, 2, 0.5) + shift))
  line$slope <- 1
  expect_error(calibrate_scores(line, 0.5, 0L), class = "musl_error_shape")
})

test_that("a stated prior is right where only the share of SL differs", {
  withr::local_seed(3)
  fit <- fit_sample(calibration_sample(20000), prior = 0.9)
  meant <- calibration_sample(60000)
  kept <- meant$label == "non_SL" | runif(60000) < 0.05
  meant <- meant[kept, ]
  share <- mean(meant$label == "SL")
  p <- calibrate_scores(fit, meant$score, meant$n_unseen, share)
  expect_equal(mean(p), share, tolerance = 0.06)
  expect_gt(mean(calibrate_scores(fit, meant$score, meant$n_unseen)), 3 * share)

  ends <- interval_columns(fit, as_scored(meant), share)
  expect_lt(mean(ends$.pred_lower), share * 1.06)
  expect_gt(mean(ends$.pred_upper), share * 0.94)
  as_calibrated <- interval_columns(fit, as_scored(meant), NULL)
  inner <- as_calibrated$.pred_lower > 0
  expect_equal(
    qlogis(ends$.pred_lower[inner]),
    qlogis(as_calibrated$.pred_lower[inner]) + qlogis(share) -
      qlogis(fit$training_prior)
  )
})

test_that("sets hold the label as often as asked, in each group", {
  withr::local_seed(4)
  one <- function() {
    x <- calibration_sample(600, 0:1)
    # Scores of another number of unseen genes are on another scale.
    x$score <- x$score * (1 + 9 * x$n_unseen)
    x
  }
  hits <- replicate(60, {
    fit <- fit_sample(one())
    new <- one()
    sets <- set_columns(fit, as_scored(new), level = 0.8)
    is_sl <- new$label == "SL"
    c(
      mean(sets$.set_SL[is_sl & new$n_unseen == 0]),
      mean(sets$.set_SL[is_sl & new$n_unseen == 1]),
      mean(sets$.set_non_SL[!is_sl & new$n_unseen == 0]),
      mean(sets$.set_non_SL[!is_sl & new$n_unseen == 1])
    )
  })
  error <- apply(hits, 1, stats::sd) / sqrt(ncol(hits))
  expect_true(all(abs(rowMeans(hits) - 0.8) < 4 * error + 1 / 150))
})

# Ends of the interval by isotonic regressions with the pair added. isoreg()
# does not join ties, so a score stands for its mean, as often as it occurs.
refit_end <- function(score, label, at, added) {
  score <- c(score, at)
  label <- c(label, added)
  steps <- sort(unique(score))
  times <- tabulate(match(score, steps))
  means <- tapply(label, score, mean)
  fitted <- stats::isoreg(rep(steps, times), rep(means, times))$yf
  fitted[match(at, rep(steps, times))]
}

test_that("intervals are isotonic regressions with the pair added", {
  withr::local_seed(6)
  for (digits in 0:3) {
    x <- calibration_sample(200 + digits, 1L)
    x$score <- round(x$score, digits)
    new <- c(sample(x$score, 8), rnorm(8), -99, 99)
    share <- mean(x$label == "SL") # of the calibration pairs: no shift
    ends <- interval_columns(
      fit_sample(x), list(score = new, n_unseen = rep(1L, 18)), share
    )
    label <- as.double(x$label == "SL")
    refit <- function(added) {
      vapply(new, refit_end, 1, score = x$score, label = label, added = added)
    }
    expect_equal(ends$.pred_lower, refit(0), tolerance = 1e-12)
    expect_equal(ends$.pred_upper, refit(1), tolerance = 1e-12)
  }
})

test_that("too few calibration pairs give NA and one classed warning", {
  withr::local_seed(7)
  x <- calibration_sample(700)
  x$n_unseen <- rep(0:2, c(301, 199, 200))
  fit <- tiny_model()
  fit@calibration <- fit_sample(x)
  pairs <- tiny_data()@pairs
  columns <- list(
    set = c(".set_SL", ".set_non_SL", ".p_SL", ".p_non_SL"),
    interval = c(".pred_lower", ".pred_upper")
  )
  for (type in names(columns)) {
    warned <- testthat::capture_warnings(
      out <- predict(fit, pairs, type = type)
    )
    expect_length(warned, 1)
    expect_match(warned, "199 with 1")
    for (column in columns[[type]]) {
      expect_identical(is.na(out[[column]]), out$n_unseen == 1)
    }
    expect_named(out, c(names(predict(fit, pairs)), columns[[type]]))
  }
  cnd <- expect_warning(
    predict(fit, pairs, type = "set"),
    class = "musl_warning_calibration"
  )
  expect_identical(cnd$n_unseen, 1L)
  # Nothing to say where no pair is of that number of unseen genes.
  expect_no_warning(predict(fit, pairs[out$n_unseen != 1, ], type = "interval"))
})

test_that("sets and intervals of no pairs have their columns", {
  none <- tibble::tibble(gene_a = character(), gene_b = character())
  set <- predict(tiny_model(), none, type = "set")
  expect_identical(dim(set), c(0L, 11L))
  expect_type(set$.set_SL, "logical")
  expect_type(set$.p_SL, "double")
  expect_identical(
    dim(predict(tiny_model(), none, type = "interval")), c(0L, 9L)
  )
})
