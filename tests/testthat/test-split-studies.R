test_that("held-out queries are in no training or validation pair as query", {
  d <- screen_data(query_table())
  split <- musl_split(d, "query", folds = 3, validation = 0.2, seed = 1)
  expect_identical(split$folds, 3L)
  tested <- character()
  for (fold in 1:3) {
    parts <- musl_parts(split, fold)
    expect_identical(names(parts), c("train", "validation", "test"))
    queries <- lapply(parts, function(x) unique(x$query))
    expect_identical(anyDuplicated(unlist(queries)), 0L)
    tested <- c(tested, queries$test)
    keys <- lapply(parts, function(x) unique(pair_key_of(x)))
    expect_identical(anyDuplicated(unlist(keys)), 0L)
  }
  expect_setequal(tested, unique(query_table()$query))
  expect_identical(nrow(musl_leaks(split)), 0L)
  expect_output(print(split), "query, 3 folds")
})

test_that("pairs measured in the other direction leave training", {
  d <- screen_data(query_table())
  split <- musl_split(d, "query", folds = 3, seed = 1)
  test <- musl_parts(split, 1)$test
  row <- split$pairs$query %in% test$query
  reverse <- pair_key_of(split$pairs) %in% pair_key_of(test) & !row
  expect_gt(sum(reverse), 0)
  expect_identical(
    unique(as.character(split$assignment[[1]][reverse])), "unused"
  )
})

test_that("pairs without a query train in every fold of queries", {
  other <- measured_table(1)
  other$study <- "Ito"
  d <- screen_data(bind_pairs(query_table(), other))
  split <- musl_split(d, "query", folds = 3, seed = 1)
  for (part in split$assignment) {
    expect_true(all(part[is.na(split$pairs$query)] %in% c("train", "unused")))
  }
  expect_input_error(musl_split(screen_data(other), "query"), "query")
})

test_that("one study at a time is held out, with its pairs in all others", {
  d <- screen_data(measured_table(3))
  split <- musl_split(d, "study", seed = 1)
  expect_identical(split$held, paste0("study", 1:3))
  for (fold in 1:3) {
    parts <- musl_parts(split, fold)
    expect_identical(unique(parts$test$study), split$held[[fold]])
    expect_false(split$held[[fold]] %in%
      c(parts$train$study, parts$validation$study))
    expect_false(any(pair_key_of(parts$train) %in% pair_key_of(parts$test)))
    expect_false(
      any(pair_key_of(parts$train) %in% pair_key_of(parts$validation))
    )
    others <- split$pairs[split$pairs$study != split$held[[fold]], ]
    expect_identical(
      parts$test$clean, !pair_key_of(parts$test) %in% pair_key_of(others)
    )
  }
  expect_true(any(parts$test$clean) && !all(parts$test$clean))
  expect_output(print(split), "fold 2 (study2)", fixed = TRUE)
  counts <- summary(split)
  expect_identical(counts$study, paste0("study", counts$fold))
  scores <- musl_baselines(d, split, 3, learned = FALSE, seed = 1)
  expect_identical(scores$clean[scores$scorer == "SL degree"], parts$test$clean)
  expect_identical(nrow(musl_leaks(split)), 0L)
})

test_that("studies of one label are no test part, and one study is none", {
  pairs <- measured_table(3)
  pairs$label[pairs$study == "study2"] <- "non_SL"
  split <- musl_split(screen_data(pairs), "study", seed = 1)
  expect_identical(split$held, c("study1", "study3"))
  expect_input_error(musl_split(screen_data(measured_table(1)), "study"))
  # Recorded pairs are another study to train on, but none to test.
  known <- measured_table(1)
  known$study[1:100] <- "db"
  known$measured[1:100] <- FALSE
  known[1:100, "effect"] <- NA_real_
  split <- suppressMessages(musl_split(screen_data(known), "study", seed = 1))
  expect_identical(split$held, "study1")
  expect_identical(split$folds, 1L)
  # Pairs without a column of studies.
  expect_no_warning(expect_input_error(musl_split(pairs_data(), "study")))
})

test_that("negatives drawn for recorded pairs are no clean test pairs", {
  d <- measured_data(recorded = TRUE)
  split <- suppressMessages(
    musl_split(d, "study", negatives = "random", seed = 1)
  )
  expect_true(any(split$pairs$sampled))
  for (fold in seq_len(split$folds)) {
    test <- musl_parts(split, fold)$test
    expect_true(any(test$clean))
    expect_false(any(test$sampled))
  }
})

test_that("members of an ensemble hold out queries, or pairs of all studies", {
  d <- screen_data(query_table())
  split <- musl_split(d, "query", folds = 3, seed = 1)
  parts <- training_sets(d, split, 1, seed = 1, ensemble = 3)
  for (sets in parts) {
    held <- unique(sets$validation$query)
    expect_false(any(held %in% sets$training$query))
    expect_false(any(pair_keys(sets$training) %in% pair_keys(sets$validation)))
    test <- musl_parts(split, 1)$test
    expect_false(any(pair_keys(do.call(rbind, sets)) %in% pair_keys(test)))
  }
  expect_gt(length(unique(lapply(parts, function(x) x$validation))), 1)

  d <- screen_data(measured_table(3))
  split <- musl_split(d, "study", seed = 1)
  for (sets in training_sets(d, split, 1, seed = 1, ensemble = 2)) {
    expect_false(any(pair_keys(sets$training) %in% pair_keys(sets$validation)))
    expect_false("study1" %in% sets$training$study)
  }
})

test_that("families that share a gene are held out together", {
  d <- pairs_data(n_genes = 60, n_pairs = 900)
  genes <- musl_genes(d)
  families <- data.frame(
    gene = c(genes, genes[seq(1, 59, 2)]),
    group = paste0(
      rep(c("F", "H"), c(60, 30)), c(rep(1:20, each = 3), rep(1:15, each = 2))
    )
  )
  split <- musl_split(d, "family", folds = 3, groups = families, seed = 1)
  for (fold in 1:3) {
    parts <- musl_parts(split, fold)
    train <- families$group[families$gene %in% part_genes(parts$train)]
    test <- families$group[families$gene %in% part_genes(parts$C3)]
    expect_identical(intersect(train, test), character())
  }
  expect_identical(nrow(musl_leaks(split)), 0L)
  expect_input_error(musl_split(d, "family"), "groups")
  again <- musl_split(d, "inductive", folds = 3, groups = families, seed = 1)
  expect_identical(again$assignment, split$assignment)
  # One large family would hold most genes.
  most <- data.frame(gene = genes[1:30], group = "everywhere")
  all <- rbind(families, most)
  expect_input_error(
    musl_split(d, "family", folds = 3, groups = all), "leave large"
  )
})

test_that("a study is resampled and measured like any fold, query by query", {
  d <- screen_data(bind_pairs(query_table(), local({
    other <- measured_table(1)
    other$study <- "Ito"
    other
  })))
  split <- musl_split(d, "study", seed = 1)
  res <- suppressWarnings(musl_resample(
    d, split,
    architecture = musl_architecture(encoders = "descriptors"),
    control = musl_control(ensemble = 1, epochs = 1, seed = 1, threads = 1),
    folds = 1, baselines = "simple", progress = FALSE
  ))
  expect_identical(unique(res$scores$part), "test")
  expect_true(all(c("study", "query") %in% names(res$scores)))
  m <- suppressWarnings(musl_metrics(res))
  expect_true(all(query_metrics %in% m$.metric))
  degree <- m[m$scorer == "SL degree" & m$.metric == "auroc_per_query", ]
  rows <- res$scores[res$scores$scorer == "SL degree", ]
  by_query <- split(rows, rows$query)
  slow <- vapply(by_query, function(x) {
    plain_auroc(x$.score, x$label == "SL")
  }, 1)
  expect_equal(degree$.estimate, mean(slow))
  expect_equal(degree$n_anchors, length(slow))
})

test_that("the fixed benchmark makes splits, one scheme at a time", {
  path <- data_file("splits", "benchmark_random.tsv.gz")
  x <- utils::read.delim(path, na.strings = "")
  genes <- unique(c(x$gene_a, x$gene_b))
  d <- musl_data(embeddings = matrix(
    seq_along(genes), dimnames = list(genes, NULL)
  ))
  one <- x[x$scheme == "gene" & x$fold == 2, ]
  split <- musl_split(d, table = one, seed = 1)
  parts <- musl_parts(split, 1)
  for (part in c("C2", "C3")) {
    rows <- one[one$part == part, ]
    expect_identical(parts[[part]]$gene_a, rows$gene_a)
    expect_identical(as.integer(parts[[part]]$label == "SL"), rows$label)
  }
  expect_leakage_error(musl_split(d, table = x), "several splits")
})
