test_that("every fold and seed is scored beside the baselines", {
  d <- resample_data()
  split <- resample_split(d)
  res <- tiny_resample(d, split, seeds = c(4, 5))
  expect_s3_class(res, "musl_resample")
  expect_named(res$scores, c(
    "fold", "seed", "part", "gene_a", "gene_b", "label", "n_unseen", "scorer",
    ".score", ".pred_SL", ".p_SL", ".p_non_SL", ".threshold"
  ))
  model <- scores_of(res$scores, "biology")
  expect_identical(
    unique(model[c("fold", "seed")]),
    tibble::tibble(fold = c(1L, 1L, 2L, 2L), seed = c(4L, 5L, 4L, 5L))
  )
  degree <- scores_of(res$scores, "SL degree")
  columns <- c("fold", "part", "gene_a", "gene_b", "label", "n_unseen")
  for (seed in 4:5) {
    expect_identical(
      degree[degree$seed == seed, columns], model[model$seed == seed, columns]
    )
  }
  expect_identical(
    degree$.score[degree$seed == 4], degree$.score[degree$seed == 5]
  )
  expect_identical(
    baseline_names[1:8], setdiff(unique(res$scores$scorer), "biology")
  )
  expect_identical(res$fits$fold, c(1L, 1L, 2L, 2L))
  expect_true(all(res$fits$seconds > 0 & is.finite(res$fits$valid_auprc)))
  expect_true(res$complete)
})

test_that("scores are those of musl_fit() and predict() on the fold", {
  d <- resample_data()
  split <- resample_split(d)
  res <- tiny_resample(d, split, folds = 2, baselines = "none")
  fit <- tiny_fit(
    d, tiny_architecture(encoders = "descriptors"), tiny_control(epochs = 1),
    split = split, fold = 2
  )
  parts <- musl_parts(split, 2)
  expected <- suppressWarnings(
    predict(fit, rbind(parts$C2, parts$C3), type = "set")
  )
  expect_identical(res$scores$.score, expected$.score)
  expect_identical(res$scores$.pred_SL, expected$.pred_SL)
  expect_identical(res$scores$.p_SL, expected$.p_SL)
  expect_identical(res$scores$.p_non_SL, expected$.p_non_SL)
  expect_identical(res$scores$n_unseen, expected$n_unseen)
  expect_identical(as.character(res$scores$label), as.character(expected$label))
  validation <- suppressWarnings(predict(fit, parts$validation))
  expect_identical(res$validation$.score, validation$.score)
  expect_identical(unique(res$validation$part), "validation")
  f1 <- function(threshold) {
    called <- res$validation$.score >= threshold
    sl <- res$validation$label == "SL"
    2 * sum(called & sl) / (sum(called) + sum(sl))
  }
  threshold <- unique(res$scores$.threshold)
  expect_length(threshold, 1)
  expect_equal(f1(threshold), max(vapply(res$validation$.score, f1, 1)))
})

test_that("workers give the bits of a run in turn", {
  skip_on_cran()
  skip_if_not_installed("BiocParallel")
  skip_where_forks_train_not()
  d <- resample_data()
  withr::local_seed(3)
  before <- .Random.seed
  forked <- tiny_resample(
    d,
    BPPARAM = BiocParallel::MulticoreParam(2, progressbar = FALSE)
  )
  expect_identical(.Random.seed, before)
  expect_identical(forked$scores, tiny_resample(d)$scores)
})

test_that("a killed run goes on with the finished folds", {
  d <- resample_data()
  split <- resample_split(d)
  directory <- withr::local_tempfile()
  first <- tiny_resample(d, split, folds = 1, directory = directory)
  files <- list.files(directory, full.names = TRUE)
  expect_length(files, 2)
  # What a run that was killed while writing leaves behind.
  writeLines("half", file.path(directory, "writing-1"))
  marked <- readRDS(files[[1]])
  marked$scores$.score[] <- 42
  saveRDS(marked, files[[1]])
  second <- tiny_resample(d, split, directory = directory)
  expect_identical(sum(second$scores$.score %in% 42), nrow(marked$scores))
  expect_identical(unique(second$scores$fold), 1:2)
  expect_length(list.files(directory, "^job-"), 4)
  other <- tiny_resample(
    d, split,
    control = tiny_control(epochs = 1, learning_rate = 1e-4),
    directory = directory, baselines = "none"
  )
  expect_false(42 %in% other$scores$.score)
  expect_length(list.files(directory, "^job-"), 6)
})

test_that("a damaged file of a finished job is replaced", {
  d <- resample_data()
  directory <- withr::local_tempdir()
  run <- function() {
    tiny_resample(d, folds = 1, baselines = "none", directory = directory)
  }
  first <- run()
  writeLines("damaged", list.files(directory, full.names = TRUE))
  expect_message(second <- run(), "damaged", class = "musl_message_other")
  expect_identical(second$scores, first$scores)
  expect_silent(run())
})

test_that("jobs are known by all that changes their result, and by no more", {
  d <- resample_data()
  split <- resample_split(d)
  key <- function(data = d, ..., split = resample_split(data), seed = 1,
                  fold = 1, name = "model", encoders = "descriptors") {
    settings <- list(
      architecture = tiny_architecture(encoders = encoders),
      control = tiny_control(...), baselines = "all"
    )
    context <- resample_context(data, split, settings, NULL, NULL)
    job_key(new_job(name, fold, seed), context)
  }
  other_labels <- d
  other_labels@pairs$label <- rev(d@pairs$label)
  evident <- d
  evident@evidence <- musl_evidence(
    genes = data.frame(gene = musl_genes(d), fitness = 0)
  )
  redrawn <- resample_split(d)
  redrawn$negatives <- "random"
  keys <- c(
    key(), key(seed = 2), key(fold = 2), key(name = "control: labels permuted"),
    key(encoders = "graph"), key(patience = 9), key(other_labels),
    key(split = resample_split(d, "random")),
    key(evident, split = resample_split(d)), key(split = redrawn)
  )
  expect_identical(anyDuplicated(keys), 0L)
  same <- musl_control(
    ensemble = 1, epochs = 2, batch_size = 32, threads = 2, seed = 8,
    device = "cpu",
    checkpoint = "file"
  )
  settings <- list(
    architecture = tiny_architecture(encoders = "descriptors"),
    control = same, baselines = "all"
  )
  context <- resample_context(d, split, settings, NULL, NULL)
  expect_identical(job_key(new_job("model", 1, 1), context), keys[[1]])
  expect_identical(
    job_key(new_job("baselines", 1, 1), context),
    key(name = "baselines", encoders = "graph", patience = 9)
  )
})

# What becomes of jobs that ended so: a result, a condition, NULL.
fake_run <- function(outcomes) {
  jobs <- lapply(seq_along(outcomes), function(fold) new_job("model", fold, 1))
  settle_jobs(jobs, outcomes)
}

test_that("an interrupt keeps what is finished and says so", {
  stop_sign <- structure(
    class = c("interrupt", "condition"), list(message = "", call = NULL)
  )
  done <- list(scores = 1)
  expect_message(
    kept <- fake_run(list(done, stop_sign, NULL)),
    "1 of 3 jobs",
    class = "musl_message_cancelled"
  )
  expect_identical(kept, list(done, NULL, NULL))
  expect_error(
    fake_run(list(stop_sign, NULL)), "before a job",
    class = "musl_error_cancelled"
  )
})

test_that("a failed job is named, with its kind of error", {
  failure <- rlang::catch_cnd(abort_musl("It failed.", "diverged"))
  expect_error(
    fake_run(list(list(scores = 1), failure)), "fold 2",
    class = "musl_error_diverged"
  )
  foreign <- simpleError("Something else.")
  expect_error(fake_run(list(foreign)), class = "musl_error_internal")
})

test_that("tidy() and summary() measure each part of each fold", {
  res <- tiny_resample()
  cells <- tidy(res)
  one <- cells[
    cells$fold == 2 & cells$part == "C2" & cells$scorer == "SL degree",
  ]
  pairs <- scores_of(res$scores, "SL degree", "C2")
  pairs <- pairs[pairs$fold == 2, ]
  is_sl <- pairs$label == "SL"
  expect_equal(
    one$.estimate[one$.metric == "auroc"], plain_auroc(pairs$.score, is_sl)
  )
  expect_identical(one$n_pairs, rep(nrow(pairs), 2))
  expect_identical(one$n_positive, rep(sum(is_sl), 2))

  total <- summary(res)
  both <- cells[
    cells$.metric == "auprc" & cells$part == "C3" & cells$scorer == "biology",
  ]
  row <- total[
    total$.metric == "auprc" & total$part == "C3" & total$scorer == "biology",
  ]
  expect_equal(row$.estimate, mean(both$.estimate))
  expect_equal(row$sd, stats::sd(both$.estimate))
  expect_identical(row$n, 2L)
  expect_output(print(res), "biology +0[.][0-9]{3} \\(0[.][0-9]{3}\\)")
})

test_that("cells of one label have no value, and pairs without score none", {
  res <- structure(
    list(scores = tibble::tibble(
      fold = 1L, seed = 1L, part = rep(c("C2", "C3"), c(3, 2)),
      gene_a = "A", gene_b = LETTERS[2:6],
      label = factor(c("SL", "non_SL", "SL", "SL", "SL"), pair_labels),
      scorer = "biology", .score = c(2, 1, NA, 1, 2)
    )),
    class = "musl_resample"
  )
  cells <- tidy(res)
  expect_identical(cells$.estimate, c(1, 1, NA, NA))
  expect_identical(cells$n_pairs, c(2L, 2L, 2L, 2L))
  # Means are over the folds with a value, as those of musl_metrics().
  other <- res$scores
  other$fold <- 2L
  other$label[5] <- "non_SL"
  res$scores <- rbind(res$scores, other)
  total <- summary(res)
  total <- total[total$.metric == "auroc", ]
  expect_identical(total$.estimate, c(1, 0))
  expect_identical(total$n, c(2L, 1L))
  plain <- suppressWarnings(musl_metrics(res$scores, "auroc"))
  expect_identical(total$.estimate, plain$.estimate)
  expect_identical(total$n, plain$n)
})

test_that("arguments of musl_resample() are checked", {
  d <- resample_data()
  split <- resample_split(d)
  fails <- function(...) {
    expect_input_error(musl_resample(...))
  }
  fails(1, split)
  fails(d, 1)
  fails(d, split, architecture = 1)
  fails(d, split, fold = 1)
  fails(d, split, folds = 3)
  fails(d, split, folds = c(1, 1))
  fails(d, split, seeds = 0.5)
  fails(d, split, seeds = integer())
  fails(d, split, baselines = TRUE)
  fails(d, split, controls = "label")
  fails(d, split, BPPARAM = 2)
  fails(d, split, directory = 1)
})

test_that("where no network is trained, no job is about its encoders", {
  d <- measured_data(recorded = FALSE)
  split <- suppressMessages(musl_split(d, "study", seed = 1))
  res <- suppressMessages(musl_resample(
    d, split,
    control = musl_control(seed = 1, threads = 1), folds = 1,
    baselines = "none", controls = c("only", "labels"), progress = FALSE
  ))
  expect_identical(res$fits$model, c("model", "control: labels permuted"))
  expect_identical(
    unique(res$scores$scorer), c("biology", "control: labels permuted")
  )
  expect_identical(musl_metrics(res, "auroc")$scorer, unique(res$scores$scorer))
})

test_that("members without a network are resampled, too", {
  d <- measured_data(recorded = TRUE)
  split <- musl_split(d, "inductive", folds = 3, seed = 1)
  control <- musl_control(seed = 1, threads = 1)
  resampled <- musl_resample(
    d, split,
    control = control, folds = 1, baselines = "simple", scorers = "features",
    progress = FALSE
  )
  own <- suppressMessages(musl_fit(
    d, split,
    fold = 1, control = control, scorers = "features", progress = FALSE
  ))
  scores <- resampled$scores
  ours <- scores[scores$scorer == "biology", ]
  expect_gt(nrow(ours), 0)
  expect_identical(
    ours$.score, predict(own, ours[c("gene_a", "gene_b")])$.score
  )
  expect_input_error(musl_resample(d, split, network = NA))
})
