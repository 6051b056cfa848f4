test_that("the degree baseline counts SL pairs of training", {
  train <- data.frame(
    gene_a = c("a", "a", "b", "a"), gene_b = c("b", "c", "c", "d"),
    label = c("SL", "SL", "SL", "non_SL")
  )
  pairs <- data.frame(gene_a = c("a", "a", "d"), gene_b = c("b", "x", "x"))
  expect_equal(exp(degree_score(train, pairs)), c(9, 3, 1))
})

# A model that is not whole: only the genes it has seen, its split and its
# control is asked of it.
bare_model <- function(n_seen, fold = 1L, setting = "inductive") {
  model <- methods::new("MuslModel")
  model@genes <- sprintf("g%d", seq_along(n_seen))
  model@n_seen <- as.integer(n_seen)
  model@control <- musl_control()
  model@split <- list(fold = fold, setting = setting)
  model
}

test_that("a model that has seen held-out genes or another fold is refused", {
  split <- musl_split(table_data(), table = gene_table(), seed = 1)
  test <- musl_parts(split)[c("C2", "C3")]
  expect_silent(check_held_out(bare_model(c(2, 2, 1, 1, 0, 0, 0, 0, 0)), test))
  expect_leakage_error(
    musl_metrics(bare_model(c(2, 2, 1, 1, 0, 0, 1, 0, 0)), split), "g1 - g7"
  )
  expect_leakage_error(
    musl_metrics(bare_model(c(2, 2, 1, 1, 0, 0, 0, 0, 3)), split), "g7 - g9"
  )
  expect_leakage_error(
    musl_metrics(bare_model(rep(0, 9), fold = 3L), split), "fold 3"
  )
})

test_that("arguments of musl_metrics() are checked", {
  split <- musl_split(table_data(), table = gene_table(), seed = 1)
  model <- bare_model(rep(0, 9))
  expect_input_error(musl_metrics(1, split))
  expect_input_error(musl_metrics(model, 1))
  expect_input_error(musl_metrics(model, split, 2))
  expect_input_error(musl_metrics(model, split, baselines = NA))
  expect_input_error(musl_metrics(model, split, parts = "C3"))
})

test_that("musl_metrics() measures what predict() scores", {
  skip_without_backend()
  d <- musl_simulate("small", seed = 1)
  split <- musl_split(d, "transductive", folds = 3, seed = 1)
  fit <- suppressWarnings(
    musl_fit(
      d, split,
      architecture = musl_architecture(encoders = "descriptors"),
      control = musl_control(ensemble = 1, epochs = 2, seed = 1, threads = 1),
      progress = FALSE
    ),
    classes = "musl_warning_not_converged"
  )
  rows <- musl_metrics(fit, split)
  test <- musl_parts(split)$C2
  scored <- predict(fit, test)
  auroc <- one_metric(rows, "auroc", part = "C2", scorer = "MuSL")
  is_sl <- test$label == "SL"
  # predict() scores these pairs in other batches, and a product of float32
  # rounds by its size: one pair of scores may change places.
  expect_lt(
    abs(auroc - plain_auroc(scored$.score, is_sl)),
    1.5 / (sum(is_sl) * sum(!is_sl))
  )
  expect_leakage_error(musl_metrics(fit, split, 2))

  brier <- musl_metrics(fit, split, metrics = "brier", baselines = FALSE)
  expect_equal(
    one_metric(brier, "brier", part = "C2"),
    mean((scored$.pred_SL - (test$label == "SL"))^2),
    tolerance = 1e-7 # float32
  )
})

test_that("pairs that the model knows are judged apart, beside the baseline", {
  fit <- tiny_model()
  known <- fit@known
  ends <- utils::combn(musl_genes(tiny_data()), 2)[, seq(1, 3000, 25)]
  new <- tibble::tibble(
    gene_a = ends[1, ], gene_b = ends[2, ],
    label = factor(rep(pair_labels, 60), pair_labels)
  )
  new <- new[!pair_keys(new) %in% pair_keys(known), ]
  expect_message(
    found <- musl_metrics(fit, rbind(known, new), metrics = "auroc"),
    paste(nrow(known), "of"), class = "musl_message_known"
  )
  expect_s3_class(found, "musl_metrics")
  rows <- found[found$part == "known" & found$scorer == "MuSL", ]
  expect_identical(rows$n_pairs, nrow(known))
  score <- predict(fit, known)$.score
  expect_equal(rows$.estimate, plain_auroc(score, known$label == "SL"))
  expect_setequal(found$scorer, c("MuSL", "SL degree"))
  expect_true(all(table(found$scorer) == length(unique(found$part))))
})

test_that("pairs of unknown genes are warned of once and form no part", {
  fit <- musl_example_model()
  genes <- musl_genes(fit)
  pairs <- data.frame(
    gene_a = genes[1:30], gene_b = genes[31:60], label = rep(0:1, 15)
  )
  pairs <- pairs[!pair_keys(pairs) %in% pair_keys(model_labels(fit)), ]
  unknown <- data.frame(
    gene_a = c("X1", "X1", "X3"), gene_b = c("X2", genes[1:2]), label = 1
  )
  warned <- character()
  both <- withCallingHandlers(
    suppressMessages(musl_metrics(fit, rbind(pairs, unknown))),
    musl_warning = function(cnd) {
      warned <<- c(warned, class(cnd)[[1]])
      rlang::cnd_muffle(cnd)
    }
  )
  expect_identical(warned, "musl_warning_unknown_gene")
  expect_equal(both, suppressMessages(musl_metrics(fit, pairs)))
})

test_that("measured pairs of the training are known, too", {
  d <- measured_data()
  fit <- suppressWarnings(measured_fit(d, scorers = "features"))
  pairs <- musl_pairs(d)
  half <- seq_len(nrow(pairs)) %% 2 == 0
  genes <- musl_genes(d)
  ends <- utils::combn(genes, 2)[, seq(1, 3000, 50)]
  new <- tibble::tibble(
    gene_a = ends[1, ], gene_b = ends[2, ],
    label = factor(rep(pair_labels, 30), pair_labels)
  )
  new <- new[!pair_keys(new) %in% pair_keys(pairs), ]
  asked <- rbind(pairs[half, names(new)], new)
  found <- suppressMessages(musl_metrics(fit, asked, metrics = "auroc"))
  rows <- found[found$scorer == "MuSL", ]
  expect_identical(rows$n_pairs[rows$part == "known"], sum(half))
  expect_identical(sum(rows$n_pairs[rows$part != "known"]), nrow(new))
})

test_that("a model that was trained on test pairs is refused", {
  d <- tiny_data()
  split_of <- function(seed) musl_split(d, "random", folds = 2, seed = seed)
  split <- split_of(1)
  fit <- tiny_fit(
    d, tiny_architecture(encoders = "descriptors"), tiny_control(epochs = 1),
    split = split
  )
  expect_silent(fold_to_judge(fit, split, 1))
  other <- musl_parts(split_of(2))$C1
  learned <- musl_parts(split)[c("train", "validation")]
  shared <- intersect(pair_keys(other), pair_keys(do.call(rbind, learned)))
  error <- expect_leakage_error(musl_metrics(fit, split_of(2)))
  expect_setequal(pair_keys(error$pairs), shared)
  expect_leakage_error(musl_calibration(fit, split_of(2)))
  # Of less than the training part it has not seen more.
  smaller <- generics::tidy(split)
  smaller <- smaller[smaller$part != "unused" & smaller$fold == 1, ]
  smaller <- smaller[-which(smaller$part == "train")[1:10], ]
  smaller$part <- as.character(smaller$part)
  fewer <- musl_split(d, table = smaller)
  expect_silent(fold_to_judge(fit, fewer, 1))
  # All labelled pairs are learned from without a split.
  whole <- tiny_fit(
    d, tiny_architecture(encoders = "descriptors"), tiny_control(epochs = 1)
  )
  expect_leakage_error(fold_to_judge(whole, split, 1))
})

test_that("a model of screens that was trained on test pairs is refused", {
  d <- measured_data()
  split <- suppressMessages(musl_split(d, "study", seed = 1))
  fit <- measured_fit(d, split = split, scorers = "features")
  expect_silent(fold_to_judge(fit, split, 1))
  other <- suppressMessages(musl_split(d, "random", folds = 2, seed = 1))
  expect_leakage_error(fold_to_judge(fit, other, 1))
})
