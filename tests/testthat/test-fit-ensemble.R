test_that("members are counted from 1 to 100", {
  expect_identical(musl_control()$ensemble, 3L)
  expect_identical(musl_control(ensemble = 3)$ensemble, 3L)
  for (bad in list(0, 101, 1.5, NA, "two", c(1, 2), NULL)) {
    expect_input_error(musl_control(ensemble = bad), "ensemble")
  }
  expect_null(core_control(musl_control(ensemble = 3), seed = 1)$ensemble)
})

test_that("each member holds out validation pairs of its own", {
  data <- tiny_data(n_pairs = 600)
  parts <- training_sets(data, NULL, 1L, 3L, ensemble = 3L)
  expect_length(parts, 3)
  all <- sort(pair_keys(labelled_pairs(data@pairs)))
  held <- lapply(parts, function(sets) pair_keys(sets$validation))
  for (sets in parts) {
    expect_identical(
      sort(c(pair_keys(sets$training), pair_keys(sets$validation))), all
    )
  }
  expect_identical(anyDuplicated(held), 0L)
  # The first is what a single network would hold out.
  expect_identical(parts[[1]], training_sets(data, NULL, 1L, 3L)[[1]])
  expect_setequal(pair_keys(pooled_training(parts)), unique(unlist(
    lapply(parts, function(sets) pair_keys(sets$training))
  )))
  expect_identical(anyDuplicated(pair_keys(pooled_training(parts))), 0L)
})

test_that("members of a fold hold out of its training and validation parts", {
  data <- tiny_data(n_pairs = 1200)
  for (setting in c("random", "inductive")) {
    split <- musl_split(data, setting, folds = 3, seed = 1)
    parts <- training_sets(data, split, 1L, 3L, ensemble = 2L)
    parts_of <- musl_parts(split, 1L)
    test <- unlist(lapply(parts_of[c("C1", "C2", "C3")], function(part) {
      if (!is.null(part)) pair_keys(part)
    }))
    expect_gt(length(test), 0)
    for (sets in parts) {
      expect_false(any(pair_keys(sets$training) %in% test))
      expect_false(any(pair_keys(sets$validation) %in% test))
      expect_false(
        any(pair_keys(sets$validation) %in% pair_keys(sets$training))
      )
    }
    expect_false(setequal(
      pair_keys(parts[[1]]$validation), pair_keys(parts[[2]]$validation)
    ))
  }
})

test_that("the members' parts follow the seed, R's generator is left alone", {
  data <- tiny_data()
  draw <- function(seed) training_sets(data, NULL, 1L, seed, ensemble = 2L)
  withr::with_seed(5, {
    first <- draw(3L)
    after <- runif(1)
  })
  withr::with_seed(5, expect_identical(runif(1), after))
  expect_identical(draw(3L), first)
  expect_false(identical(draw(4L), first))
})

test_that("history and tidy() tell the members apart", {
  fit <- tiny_ensemble()
  history <- tidy(fit, "history")
  expect_identical(history$member, rep(1:2, each = 6))
  expect_identical(history$epoch, rep(0:2, 4))
  expect_identical(
    as.vector(tapply(history$best, history$member, sum)), c(2L, 2L)
  )
  rows <- tidy(fit)
  expect_identical(rows$member, rep(1:2, each = 2))
  expect_identical(rows$phase, rep(c("branch:genes", "joint"), 2))
  expect_identical(rows$n_epochs, rep(2L, 4))
  expect_identical(rows$best_epoch, history$epoch[history$best])
  expect_identical(rows$valid_auprc, history$valid_auprc[history$best])
  expect_identical(tidy(tiny_model())$member, c(1L, 1L))
  expect_s3_class(ggplot2::autoplot(fit), "ggplot")
})

test_that("an ensemble predicts, saves and loads as one model", {
  fit <- tiny_ensemble()
  pairs <- tiny_data()@pairs
  out <- predict(fit, pairs)
  expect_false(anyNA(out$.score))
  expect_false(identical(out$.score, predict(tiny_model(), pairs)$.score))
  file <- withr::local_tempfile(fileext = ".safetensors")
  musl_save(fit, file)
  expect_identical(predict(musl_load(file), pairs), out)
  embedding <- predict(fit, pairs[1:2, ], type = "embedding")
  expect_identical(sum(startsWith(names(embedding), ".embedding_")), 16L)
  expect_identical(
    glance(fit)$n_parameters, 2 * glance(tiny_model())$n_parameters
  )
})

test_that("every member's validation pairs count for the calibration", {
  fit <- tiny_ensemble()
  parts <- training_sets(tiny_data(), NULL, 1L, 1L, ensemble = 2L)
  n_scored <- nrow(parts[[1]]$validation) + nrow(parts[[2]]$validation)
  expect_identical(sum(lengths(unlist(
    fit@calibration$scores,
    recursive = FALSE
  ))), n_scored)
  expect_output(print(fit), "mean of 2 networks")
  held_out <- unlist(lapply(parts, function(one) pair_keys(one$validation)))
  expect_identical(fit@split$n_validation, length(unique(held_out)))
  expect_lt(fit@split$n_validation, n_scored)
  expect_identical(fit@split$n_training, nrow(pooled_training(parts)))
  expect_identical(
    fit@n_seen, count_seen(pooled_training(parts), tiny_data()@genes)
  )
})

test_that("the same seed gives the same ensemble", {
  control <- tiny_control(ensemble = 2)
  control$threads <- 2L
  expect_identical(
    tiny_fit(control = control)@archives$musl, tiny_ensemble()@archives$musl
  )
})

test_that("what the split holds out has both labels for a member", {
  data <- tiny_data(n_pairs = 1200)
  data@pairs <- data@pairs[data@pairs$label == "SL", ]
  split <- musl_split(
    data, "inductive",
    folds = 3, negatives = "random", seed = 1
  )
  sets <- split_sets(data, split, 1L)
  genes <- function(pairs) unique(c(pairs$gene_a, pairs$gene_b))
  held <- setdiff(genes(sets$validation), genes(sets$training))
  for (member in training_sets(data, split, 1L, 3L, ensemble = 3L)) {
    training <- member$training
    of_held <- training[
      training$gene_a %in% held | training$gene_b %in% held,
    ]
    expect_gt(nrow(of_held), 20)
    expect_lt(abs(mean(of_held$label == "SL") - 0.5), 0.15)
    expect_lt(abs(mean(training$label == "SL") - 0.5), 0.05)
  }
})
