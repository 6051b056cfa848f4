# Predictions of `n` pairs of 50 genes, calibrated, whose sets hold the label of
# nine in ten.
predictions <- function(n, seed = 1) {
  genes <- sprintf("G%02d", 1:50)
  withr::with_seed(seed, {
    ends <- utils::combn(50, 2)[, sample.int(1225, n)]
    p <- runif(n)
    is_sl <- runif(n) < p
    tibble::tibble(
      gene_a = genes[ends[1, ]], gene_b = genes[ends[2, ]],
      label = ifelse(is_sl, "SL", "non_SL"), .pred_SL = p,
      n_unseen = rep_len(0:1, n),
      .set_SL = !is_sl | runif(n) < 0.9, .set_non_SL = is_sl | runif(n) < 0.9
    )
  })
}

test_that("the calibration error is that of ten bins of equal size", {
  x <- predictions(1000)
  judged <- musl_calibration(x, seed = 1)
  expect_s3_class(judged, c("musl_calibration", "tbl_df"), exact = FALSE)
  expect_identical(judged$n_unseen, c(NA, 0L, 1L))
  expect_identical(judged$n_pairs, c(1000L, 500L, 500L))
  expect_identical(judged$n_positive[[1]], sum(x$label == "SL"))

  ordered <- x[order(x$.pred_SL), ]
  bin <- rep(1:10, each = 100)
  predicted <- as.vector(tapply(ordered$.pred_SL, bin, mean))
  observed <- as.vector(tapply(ordered$label == "SL", bin, mean))
  expect_identical(judged$bins[[1]]$n_pairs, rep(100L, 10))
  expect_equal(judged$bins[[1]]$predicted, predicted)
  expect_equal(judged$bins[[1]]$observed, observed)
  expect_equal(judged$ece[[1]], mean(abs(predicted - observed)))
})

test_that("coverage is counted for each label and number of unseen genes", {
  x <- predictions(800)
  judged <- musl_calibration(x, seed = 1)
  one <- x$n_unseen == 1
  sl <- x$label == "SL"
  expect_equal(judged$coverage_SL, c(
    mean(x$.set_SL[sl]), mean(x$.set_SL[sl & !one]), mean(x$.set_SL[sl & one])
  ))
  expect_equal(judged$coverage_non_SL[[1]], mean(x$.set_non_SL[!sl]))
  expect_equal(judged$set_size[[1]], mean(x$.set_SL + x$.set_non_SL))
  expect_true(all(judged$std_error_SL > 0))
})

test_that("the bootstrap draws genes, and the same under the same seed", {
  x <- predictions(800)
  judged <- musl_calibration(x, seed = 1, replicates = 2000)
  expect_identical(musl_calibration(x, seed = 1, replicates = 2000), judged)
  found <- judged$std_error_SL[[1]]
  sl <- x[x$label == "SL", ]
  genes <- unique(c(sl$gene_a, sl$gene_b))
  slow <- withr::with_seed(2, replicate(2000, {
    times <- table(factor(sample(genes, replace = TRUE), genes))
    stats::weighted.mean(sl$.set_SL, times[sl$gene_a] * times[sl$gene_b])
  }))
  # Each is known to 1 / sqrt(2 * 2000), 1.6 %.
  expect_lt(abs(found / stats::sd(slow) - 1), 0.08)
})

test_that("tied probabilities and one pair make fewer bins", {
  x <- predictions(100)
  x$.pred_SL <- 0.5
  judged <- musl_calibration(x, seed = 1)
  expect_identical(judged$bins[[1]]$n_pairs, 100L)
  expect_equal(judged$ece[[1]], abs(0.5 - mean(x$label == "SL")))
  single <- musl_calibration(x[1, ], seed = 1)
  expect_equal(single$ece, c(0.5, 0.5))
  expect_identical(single$std_error_SL, c(NA_real_, NA_real_))
})

test_that("missing labels, predictions and sets do not count", {
  x <- predictions(200)
  lost <- x[c(1:3, 1:2), ]
  lost$label[1:3] <- NA
  lost$.pred_SL[4:5] <- NA
  expect_identical(
    musl_calibration(rbind(x, lost), seed = 1), musl_calibration(x, seed = 1)
  )
  bare <- x[setdiff(names(x), c(".set_SL", ".set_non_SL"))]
  judged <- musl_calibration(bare, seed = 1)
  expect_identical(judged$ece, musl_calibration(x, seed = 1)$ece)
  expect_true(all(is.na(judged[c("coverage_SL", "std_error_SL", "set_size")])))
  one_label <- musl_calibration(x[x$label == "SL", ], seed = 1)
  expect_identical(one_label$coverage_non_SL[[1]], NA_real_)
})

test_that("pairs that a model was fitted to are told of", {
  pairs <- musl_pairs(measured_data())
  half <- seq_len(nrow(pairs)) %% 2 == 0
  d <- measured_data()
  d@pairs <- pairs[half, ]
  fit <- measured_fit(d, scorers = "features")
  new <- pairs[!half & !pair_keys(pairs) %in% pair_keys(pairs[half, ]), ]
  expect_message(
    musl_calibration(fit, new, prior = mean(new$label == "SL"), seed = 1), NA
  )
  # In either order of the genes.
  some <- rbind(new, pairs[half, ][1:7, ])
  some[c("gene_a", "gene_b")] <- some[c("gene_b", "gene_a")]
  cnd <- expect_message(
    musl_calibration(fit, some, seed = 1), class = "musl_message_known"
  )
  expect_identical(cnd$n_known, 7L)
})

test_that("a model is judged by what it predicts", {
  fit <- tiny_model()
  fit@calibration <- withr::with_seed(1, fit_calibration(
    rnorm(900), sample(pair_labels, 900, TRUE), rep(0:2, 300), 0.5
  ))
  pairs <- tiny_data()@pairs
  judged <- musl_calibration(fit, pairs, prior = 0.2, seed = 1)
  predicted <- predict(fit, pairs, type = "set", prior = 0.2)
  expect_equal(
    judged, musl_calibration(predicted, seed = 1),
    ignore_attr = "prior"
  )
})

test_that("a share of SL other than the one assumed is told", {
  pairs <- musl_pairs(measured_data())
  fit <- measured_fit(scorers = "features")
  cnd <- expect_message(
    judged <- musl_calibration(fit, pairs, seed = 1),
    class = "musl_message_prior"
  )
  expect_identical(cnd$prior, screen_prior)
  expect_identical(cnd$found, mean(pairs$label == "SL"))
  expect_match(
    autoplot(judged)$labels$caption, "Probabilities are for 1.35 % SL, .* are"
  )
  # At their share nothing is told; that of a table is not known.
  share <- mean(pairs$label == "SL")
  expect_message(
    at_share <- musl_calibration(fit, pairs, prior = share, seed = 1),
    class = "musl_message_known"
  )
  expect_lt(at_share$ece[[1]], judged$ece[[1]])
  table <- musl_calibration(predictions(200), seed = 1)
  expect_false(grepl("Probabilities", autoplot(table)$labels$caption))
})

test_that("what cannot be judged is refused", {
  x <- predictions(20)
  refused <- function(...) {
    expect_input_error(musl_calibration(...))
  }
  refused(1:3)
  refused(x[c("gene_a", "gene_b", "label")])
  refused(x[setdiff(names(x), "label")])
  refused(x[0, ])
  refused(x, bins = 0)
  refused(x, replicates = 1)
  refused(x, n_bins = 5)
  refused(tiny_model(), "G01")
  changed <- function(column, value) {
    x[[column]][[1]] <- value
    x
  }
  refused(changed(".pred_SL", 1.5))
  refused(changed(".pred_SL", "0.5"))
  refused(changed("n_unseen", "none"))
})

test_that("the reliability diagram shows every bin once", {
  judged <- musl_calibration(predictions(400), seed = 1)
  plot <- autoplot(judged)
  drawn <- ggplot2::ggplot_build(plot)$data[[4]]
  bins <- do.call(rbind, judged$bins)
  expect_equal(drawn$x, bins$predicted)
  expect_equal(drawn$y, bins$observed)
  expect_identical(
    sub("\n.*", "", levels(plot$data$group)),
    c("all pairs", "0 unseen genes", "1 unseen gene")
  )
  n_sl <- round(bins$observed * bins$n_pairs)
  # Jeffreys' interval from the incomplete beta function.
  expect_equal(
    stats::pbeta(plot$data$lower, n_sl + 0.5, bins$n_pairs - n_sl + 0.5),
    rep(0.025, nrow(bins))
  )
  one <- judged[judged$n_unseen %in% c(NA, 0), ]
  expect_length(levels(autoplot(one)$data$group), 1)
})

test_that("the test pairs of a split are judged as its table is", {
  data <- tiny_data(n_pairs = 300)
  split <- musl_split(data, "random", folds = 2, seed = 1)
  fit <- tiny_fit(data, split = split)
  table <- musl_parts(split)$C1
  judge <- function(...) {
    suppressWarnings(musl_calibration(fit, ..., seed = 1))
  }
  expect_identical(judge(split)$ece, judge(table)$ece)
})

test_that("standard errors do not depend on the order of rows or ends", {
  genes <- sprintf("G%02d", 1:30)
  pairs <- withr::with_seed(1, data.frame(
    gene_a = sample(genes, 200, replace = TRUE), gene_b = "H01",
    label = sample(c("SL", "non_SL"), 200, replace = TRUE),
    .pred_SL = stats::runif(200), n_unseen = 0L,
    .set_SL = stats::runif(200) < 0.9, .set_non_SL = stats::runif(200) < 0.9
  ))
  judge <- function(x) musl_calibration(x, seed = 1)$std_error_SL
  turned <- pairs[rev(seq_len(nrow(pairs))), ]
  turned[c("gene_a", "gene_b")] <- turned[c("gene_b", "gene_a")]
  expect_equal(judge(turned), judge(pairs))
  expect_false(anyNA(judge(pairs)))
})
