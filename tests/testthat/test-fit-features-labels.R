# Which labels of screens and databases count, and where.

screened <- function() {
  suppressMessages(musl_simulate("small", screens = TRUE, seed = 1))
}

# The pairs of one library, measured in two lines.
library_pairs <- function(d = screened()) {
  pairs <- musl_pairs(d)
  pairs[pairs$study == "library_A", ]
}

fit_pairs <- function(d, pairs) {
  d@pairs <- pairs
  suppressMessages(suppressWarnings(musl_fit(
    d,
    scorers = "features", control = musl_control(seed = 1, threads = 1),
    progress = FALSE
  )))
}

scores_of <- function(fit, pairs, ...) {
  suppressWarnings(suppressMessages(predict(
    fit, pairs[c("gene_a", "gene_b")], ...
  )))
}

test_that("labels of weight 0 are as if they were not there", {
  d <- screened()
  pairs <- library_pairs(d)
  counted <- pairs$line == "line_1"
  alone <- scores_of(fit_pairs(d, pairs[counted, ]), pairs)
  pairs$weight <- as.numeric(counted)
  pairs$label[!counted] <- "SL"
  beside <- scores_of(fit_pairs(d, pairs), pairs)
  expect_identical(beside$.score, alone$.score)
  expect_identical(beside$n_unseen, alone$n_unseen)
  # Without a hit that counts there is nothing to learn from.
  pairs$label[counted] <- "non_SL"
  expect_input_error(fit_pairs(d, pairs))
})

test_that("random pairs have the prior as their mean probability", {
  d <- screened()
  fit <- fit_pairs(d, library_pairs(d))
  genes <- unique(unlist(library_pairs(d)[c("gene_a", "gene_b")]))
  ends <- utils::combn(withr::with_seed(1, sample(genes, 100)), 2)
  random <- data.frame(gene_a = ends[1, ], gene_b = ends[2, ])
  for (prior in c(0.0135, 0.1)) {
    mean <- mean(scores_of(fit, random, prior = prior)$.pred_SL)
    expect_lt(abs(log(mean / prior)), log(1.5))
  }
})

test_that("a list tells what a screen found, whatever databases say", {
  fit <- musl_example_model()
  measured <- musl_pairs(example_data())
  measured <- measured[measured$measured & !is.na(measured$label), ]
  known <- as.data.frame(as.list(fit@known)[c("gene_a", "gene_b", "label")])
  hit <- tapply(measured$label == "SL", pair_keys(measured), any)
  found <- hit[pair_keys(known)]
  disputed <- which(found != (known$label == "SL"))
  expect_gt(length(disputed), 0)
  one <- known[disputed[[1]], ]
  list <- suppressWarnings(musl_partners(fit, one$gene_a, n = Inf))
  row <- list[list$partner == one$gene_b, ]
  expect_true(row$measured)
  expect_identical(
    as.character(row$label), if (found[[disputed[[1]]]]) "SL" else "no_hit"
  )
})

test_that("no measured pair is drawn as a negative of recorded ones", {
  d <- screened()
  pairs <- musl_pairs(d)
  pairs <- pairs[pairs$measured | pairs$label %in% "SL", ]
  # Many measured pairs: of a small network of genes.
  d@pairs <- pairs
  measured <- pairs[pairs$measured, ]
  task <- list(data = d, split = NULL, control = list(seed = 1L))
  drawn <- suppressMessages(recorded_training(task, measured))
  negatives <- drawn[drawn$sampled, ]
  expect_gt(nrow(negatives), 0)
  expect_false(any(pair_keys(negatives) %in% pair_keys(pairs)))
  # The network's, too.
  task <- list(data = d, split = NULL, control = musl_control(seed = 1))
  beside <- suppressMessages(recorded_task(task))$data@pairs
  negatives <- beside[beside$label == "non_SL", ]
  expect_gt(nrow(negatives), 0)
  expect_false(any(pair_keys(negatives) %in% pair_keys(pairs)))
})

test_that("a network beside screens reads the annotation in its lists", {
  skip_without_backend()
  fit <- musl_example_model()
  lists <- lapply(list(NULL, example_data()), function(data) {
    suppressWarnings(suppressMessages(musl_partners(
      fit, "SIM001",
      n = Inf, scorers = "musl", by = "combined", data = data
    )))
  })
  at <- match(lists[[1]]$partner, lists[[2]]$partner)
  expect_equal(
    lists[[1]]$relation, lists[[2]]$relation[at],
    tolerance = 1e-5 # float32, in batches of other sizes
  )
  expect_gt(diff(range(lists[[1]]$relation, na.rm = TRUE)), 0)
})

test_that("augment() and musl_calibration() know measured pairs", {
  fit <- musl_example_model()
  pairs <- musl_pairs(example_data())
  pairs <- pairs[!is.na(pairs$label), ]
  told <- suppressWarnings(augment(fit))
  expect_setequal(pair_keys(told), pair_keys(pairs))
  some <- pairs[seq(1, nrow(pairs), 10), c("gene_a", "gene_b", "label")]
  judged <- suppressWarnings(musl_calibration(fit, some, seed = 1))
  predicted <- scores_of(fit, some)
  known <- !is.na(predicted$.pred_SL)
  expect_identical(judged$n_pairs[[1]], sum(known))
  bins <- judged$bins[[1]]
  expect_equal(
    stats::weighted.mean(bins$predicted, bins$n_pairs),
    mean(predicted$.pred_SL[known])
  )
})

test_that("members for measured pairs check the data of a question", {
  fit <- musl_example_model()
  x <- SummarizedExperiment::assay(as.list(example_data())$expression[[1]])
  pair <- data.frame(gene_a = fit@genes[[1]], gene_b = fit@genes[[2]])
  asked <- function(...) musl_data(list(...), scale = "log")
  expect_warning(
    predict(fit, pair, data = asked(simulated = x + 5)),
    class = "musl_warning_distribution"
  )
  expect_error(
    predict(fit, pair, data = asked(one = x, two = x)),
    class = "musl_error_shape"
  )
  expect_message(
    renamed <- predict(fit, pair, data = asked(one = x)),
    "is used as the model's"
  )
  same <- predict(fit, pair, data = asked(simulated = x))
  expect_identical(renamed$.score, same$.score)
  # Samples are chosen by the names of the data.
  some <- list(one = colnames(x)[1:60])
  for (scorers in list(NULL, "musl")) {
    if (identical(scorers, "musl") && !musl_backend()$available) next
    chosen <- suppressMessages(predict(
      fit, pair, data = asked(one = x), context = some, scorers = scorers
    ))
    restricted <- suppressMessages(suppressWarnings(predict(
      fit, pair, data = asked(simulated = x[, 1:60]), scorers = scorers
    )))
    expect_equal(chosen$.score, restricted$.score, tolerance = 1e-6)
  }
})
