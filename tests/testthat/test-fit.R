test_that("a fit records what it was given and what it did", {
  fit <- tiny_model()
  data <- tiny_data()
  history <- tidy(fit, "history")
  expect_s4_class(fit, "MuslModel")
  expect_identical(fit@genes, data@genes)
  expect_identical(history$phase, rep(c("branch:genes", "joint"), each = 3))
  expect_identical(history$epoch, rep(0:2, 2))
  expect_identical(is.na(history$loss), history$epoch == 0)
  expect_identical(sum(history$best), 2L)
  expect_named(history, c(
    "member", "phase", "epoch", "loss", "valid_loss", "valid_auroc",
    "valid_auprc", "learning_rate", "seconds", "best"
  ))
  expect_identical(fit@seed, 1L)
  expect_identical(fit@device, "cpu")
  expect_identical(fit@versions$R, as.character(getRversion()))
  expect_identical(
    fit@split$n_training + fit@split$n_validation, nrow(data@pairs)
  )
  expect_gt(fit@inputs$elapsed, 0)
  # Within what this process has run.
  expect_lt(fit@inputs$elapsed, proc.time()[["elapsed"]])
})

test_that("the mixed validation part holds all pairs of some genes", {
  pairs <- labelled_pairs(tiny_data(n_pairs = 2000)@pairs)
  sets <- mixed_sets(pairs, seed = 3)
  expect_identical(
    sort(c(pair_keys(sets$training), pair_keys(sets$validation))),
    sort(pair_keys(pairs))
  )
  in_training <- unique(c(sets$training$gene_a, sets$training$gene_b))
  held <- setdiff(unique(c(pairs$gene_a, pairs$gene_b)), in_training)
  expect_identical(length(held), 12L) # 15 % of 80
  touches <- sets$validation$gene_a %in% held | sets$validation$gene_b %in% held
  # Of the pairs of other genes about 10 % are held out too: 2000 pairs, so that
  # five standard deviations are 0.034.
  rest <- sum(!touches)
  expect_lt(abs(rest / (rest + nrow(sets$training)) - 0.1), 0.034)
})

test_that("the validation part follows the seed, R's generator is left alone", {
  pairs <- labelled_pairs(tiny_data()@pairs)
  withr::with_seed(5, {
    first <- mixed_sets(pairs, seed = 3)
    after <- runif(1)
  })
  withr::with_seed(5, expect_identical(runif(1), after))
  expect_identical(mixed_sets(pairs, seed = 3), first)
  expect_false(identical(mixed_sets(pairs, seed = 4), first))
})

test_that("sampled negatives do not make a gene seen", {
  training <- tibble::tibble(
    gene_a = c("A", "A", "C", "D"), gene_b = c("B", "C", "D", "E"),
    label = factor(c("SL", "SL", "non_SL", "non_SL"), pair_labels),
    sampled = c(FALSE, FALSE, TRUE, FALSE)
  )
  genes <- c("A", "B", "C", "D", "E", "F")
  n_seen <- count_seen(training, genes)
  expect_identical(n_seen, c(2L, 1L, 1L, 1L, 1L, 0L))
  expect_identical(
    count_seen(training[1:3, ], genes), c(2L, 1L, 1L, 0L, 0L, 0L)
  )
  pairs <- tibble::tibble(
    gene_a = c("A", "A", "F", "F"), gene_b = c("B", "F", "F", "unknown")
  )
  expect_identical(count_unseen(pairs, genes, n_seen), c(0L, 1L, 2L, 2L))
})

test_that("the same seed gives the same model for any number of threads", {
  one <- tiny_model()
  control <- tiny_control()
  control$threads <- 2L
  two <- tiny_fit(control = control)
  other <- tiny_fit(control = tiny_control(seed = 2))
  expect_identical(two@archives$musl, one@archives$musl)
  expect_identical(two@calibration, one@calibration)
  expect_false(identical(other@archives$musl, one@archives$musl))
})

test_that("a seed is drawn from R's generator and recorded", {
  draw <- function() {
    withr::with_seed(11, tiny_fit(control = tiny_control(seed = NULL)))
  }
  fit <- draw()
  expect_identical(draw()@seed, fit@seed)
  expect_identical(fit@control$seed, fit@seed)
})

test_that("one class, no label and an empty part are refused with a remedy", {
  data <- tiny_data()
  one <- data
  one@pairs$label[] <- "non_SL"
  expect_input_error(tiny_fit(one), "both labels")
  none <- data
  none@pairs$label[] <- NA
  expect_input_error(tiny_fit(none), "labelled pairs")
  few <- data
  few@pairs <- data@pairs[1:2, ]
  expect_input_error(tiny_fit(few), "part must hold")
})

test_that("SL pairs alone get as many drawn negatives, with a message", {
  data <- tiny_data()
  data@pairs <- data@pairs[data@pairs$label == "SL", ]
  expect_message(
    fit <- tiny_fit(data), "no non-SL pairs",
    class = "musl_message_other"
  )
  drawn <- musl_negatives(data, "degree_matched", seed = fit@seed)
  pairs <- drawn@pairs[c("gene_a", "gene_b")]
  expect_identical(predict(fit, pairs), predict(tiny_fit(drawn), pairs))
  expect_equal(fit@prior, 0.5, tolerance = 0.1)
  expect_true(all(fit@known$label == "SL"))
})

test_that("arguments of the wrong class are refused by name", {
  data <- tiny_data()
  expect_input_error(musl_fit(data@pairs), "data")
  expect_input_error(musl_fit(data, split = 1), "split")
  expect_input_error(musl_fit(data, control = list()), "control")
  expect_input_error(musl_fit(data, keep = "all"), "keep")
})

test_that("a device that is absent is an error, not a slow surprise", {
  skip_if(length(musl_backend()$devices) > 1, "there is a GPU")
  expect_error(
    tiny_fit(control = tiny_control(device = "cuda")),
    class = "musl_error_device"
  )
})

test_that("a split's fold decides the parts", {
  data <- tiny_data(n_pairs = 600)
  split <- musl_split(data, "random", folds = 3, seed = 1)
  fit <- tiny_fit(data, split = split, fold = 2L)
  parts <- musl_parts(split, 2L)
  expect_identical(fit@split$n_training, nrow(parts$train))
  expect_identical(fit@split$n_validation, nrow(parts$validation))
  expect_identical(fit@split$fold, 2L)
  expect_identical(fit@n_seen, count_seen(
    labelled_pairs(parts$train), data@genes
  ))
})

test_that("an encoder without inputs is left out with a message", {
  data <- tiny_data()
  data@network <- NULL
  data@embeddings <- NULL
  expect_message(fit <- tiny_fit(data), "graph", class = "musl_message")
  expect_identical(
    fit@architecture$encoders,
    c("histogram", "descriptors", "genes", "partners")
  )
  expect_input_error(
    tiny_fit(data, architecture = tiny_architecture(encoders = "graph"))
  )
})

test_that("a model that keeps nothing needs data, and then agrees", {
  data <- tiny_data()
  fit <- tiny_fit(data, keep = "none")
  expect_lt(length(fit@archives$musl), length(tiny_model()@archives$musl))
  expect_input_error(predict(fit, data@pairs), "needs `data`")
  expect_equal(
    predict(fit, data@pairs, data = data)$.score,
    predict(tiny_model(), data@pairs)$.score,
    tolerance = 1e-5
  )
})

test_that("the epoch of the best validation value is kept", {
  history <- tidy(tiny_fit(control = tiny_control(epochs = 4)), "history")
  trained <- history[history$epoch > 0, ]
  for (phase in split(trained, trained$phase)) {
    expect_identical(which(phase$best), which.max(phase$valid_auprc))
  }
})

test_that("an interrupted fit tells the last of its best epochs", {
  result <- list(
    history = tibble::tibble(
      member = 1, phase = rep(c("own", "joint"), each = 3),
      epoch = rep(c(2L, 5L, 6L), 2),
      best = c(TRUE, FALSE, FALSE, FALSE, TRUE, FALSE)
    ),
    cancelled = TRUE, converged = FALSE
  )
  expect_message(
    report_fit(result), "of epoch 5.",
    fixed = TRUE, class = "musl_message_cancelled"
  )
})

test_that("samples and rows in another order leave a network's bits", {
  d <- tiny_data()
  rows <- d
  x <- d@cohorts[[1]]$assays[[1]]
  rows@cohorts[[1]]$assays[[1]] <- x[rev(seq_len(nrow(x))), ]
  pairs <- musl_pairs(d)[c("gene_a", "gene_b")]
  expected <- predict(tiny_model(), pairs)
  by_data <- predict(tiny_model(), pairs, data = d)$.score
  for (turned in list(in_other_order(d), rows)) {
    expect_identical(predict(tiny_fit(turned), pairs), expected)
    expect_identical(
      predict(tiny_model(), pairs, data = turned)$.score, by_data
    )
  }
})
