sl_only <- function(n_genes = 120, n_pairs = 700, seed = 1) {
  d <- pairs_data(n_genes, n_pairs, seed)
  d@pairs$label[] <- "SL"
  d
}

# What a part of a gene split may hold, for the kinds of a fold's genes.
expect_part <- function(pairs, known, kind_a, kind_b = kind_a, ratio = 1) {
  sl <- pairs[pairs$label == "SL", ]
  drawn <- pairs[pairs$label == "non_SL", ]
  expect_identical(nrow(drawn), as.integer(round(ratio * nrow(sl))))
  expect_true(all(drawn$sampled))
  expect_false(any(sl$sampled))
  expect_true(all(drawn$gene_a < drawn$gene_b))
  expect_false(anyDuplicated(pair_key_of(drawn)) > 0)
  expect_false(any(pair_key_of(drawn) %in% known))
  straight <- drawn$gene_a %in% kind_a & drawn$gene_b %in% kind_b
  crossed <- drawn$gene_a %in% kind_b & drawn$gene_b %in% kind_a
  expect_true(all(straight | crossed))
}

test_that("each part of a gene split has negatives of its own kinds of genes", {
  d <- sl_only()
  # A given negative and an unlabelled pair are not to be drawn either.
  d@pairs$label[1:40] <- rep(c("non_SL", NA), 20)
  known <- pair_key_of(d@pairs)
  for (policy in c("random", "degree_matched")) {
    split <- musl_split(
      d, folds = 3, negatives = policy, ratio = 2, validation = 0.2, seed = 1
    )
    expect_identical(split$negatives, policy)
    expect_identical(split$ratio, 2)
    expect_false(anyDuplicated(pair_key_of(split$pairs)) > 0)
    for (fold in 1:3) {
      parts <- musl_parts(split, fold)
      test <- names(split$gene_fold)[split$gene_fold == fold]
      train <- part_genes(parts$train[parts$train$label == "SL", ])
      held <- setdiff(part_genes(parts$validation), c(train, test))
      others <- setdiff(names(split$gene_fold), c(test, held))
      expect_part(parts$train, known, train, ratio = 2)
      expect_part(parts$C2, known, others, test, ratio = 2)
      expect_part(parts$C3, known, test, ratio = 2)
      expect_part(parts$validation, known, c(others, held), ratio = 2)
      # One and two validation genes apart.
      n_held <- function(x) (x$gene_a %in% held) + (x$gene_b %in% held)
      of <- split(parts$validation, parts$validation$label)
      expect_identical(
        as.vector(table(n_held(of$non_SL))),
        2L * as.vector(table(n_held(of$SL)))
      )
      if (policy == "degree_matched") {
        ends <- part_genes(parts$C2[parts$C2$label == "SL", ])
        expect_true(all(part_genes(parts$C2) %in% ends))
      }
    }
  }
})

test_that("a part's pairs stand in no other part of the fold", {
  split <- musl_split(
    sl_only(), "random",
    folds = 3, negatives = "degree_matched", seed = 1
  )
  for (fold in 1:3) {
    parts <- do.call(rbind, musl_parts(split, fold))
    expect_false(anyDuplicated(pair_key_of(parts)) > 0)
    for (part in musl_parts(split, fold)) {
      expect_identical(sum(part$label == "SL"), sum(part$label == "non_SL"))
    }
    train <- musl_parts(split, fold)$train
    sl <- part_genes(train[train$label == "SL", ])
    expect_true(all(part_genes(train) %in% sl))
  }
  # What a fold drew is unused in the others, unless they drew it too.
  drawn <- split$pairs$sampled
  used <- vapply(split$assignment, function(part) {
    sum(part[drawn] != "unused")
  }, 1L)
  expect_identical(used, rep(700L, 3))
})

test_that("SL pairs alone get degree-matched negatives, with a message", {
  d <- sl_only(n_genes = 200, n_pairs = 600)
  expect_message(
    split <- musl_split(d, folds = 3, seed = 1), "no non-SL pairs",
    class = "musl_message_other"
  )
  expect_identical(split, musl_split(
    d,
    folds = 3, negatives = "degree_matched", seed = 1
  ))
})

test_that("ratios up to 50 are drawn, and what can't be is refused by part", {
  d <- sl_only(n_genes = 400, n_pairs = 1000)
  split <- musl_split(d, folds = 4, negatives = "random", ratio = 50, seed = 1)
  for (part in musl_parts(split, 2)) {
    expect_identical(sum(part$label == "non_SL"), 50L * sum(part$label == "SL"))
  }
  expect_input_error(
    musl_split(
      sl_only(n_genes = 30, n_pairs = 300),
      folds = 3, negatives = "random", ratio = 5, seed = 1
    ), "Part train of fold 1.*only [0-9]+ exist"
  )
  expect_input_error(musl_split(d, negatives = "random", ratio = 60))
  expect_input_error(musl_split(d, negatives = "tested"))
  d@pairs <- d@pairs[0, ]
  expect_input_error(musl_split(d, negatives = "random"), "SL pairs")
})

test_that("a validation part takes what negatives there are", {
  # Few SL pairs have two validation genes, so that few ends are there to match.
  expect_message(
    for (seed in 1:8) {
      split <- musl_split(
        pairs_data(),
        folds = 3, negatives = "degree_matched", seed = seed
      )
      parts <- musl_parts(split)
      for (name in c("train", "C2", "C3")) {
        label <- parts[[name]]$label
        expect_identical(sum(label == "SL"), sum(label == "non_SL"))
      }
      label <- parts$validation$label
      expect_lte(sum(label == "non_SL"), sum(label == "SL"))
      expect_gt(sum(label == "non_SL"), 0)
    },
    "negatives could not be drawn", class = "musl_message_negatives"
  )
})

test_that("a table's validation negatives are drawn by the policy", {
  d <- pairs_data(n_genes = 120, n_pairs = 1500)
  drawn <- musl_split(d, folds = 3, validation = 0.05, seed = 1)
  table <- tidy(drawn)
  table$part[table$part == "validation"] <- "train"
  table <- table[table$part != "unused", ]
  split <- musl_split(
    d,
    table = table, validation = 0.25, negatives = "degree_matched", seed = 1
  )
  given <- musl_split(d, table = table, validation = 0.25, seed = 1)
  for (fold in 1:3) {
    parts <- musl_parts(split, fold)
    plain <- musl_parts(given, fold)
    same <- c("gene_a", "gene_b", "label")
    expect_identical(parts$train[same], plain$train[same])
    expect_identical(parts$C3[same], plain$C3[same])
    sl <- parts$validation$label == "SL"
    expect_identical(
      parts$validation[sl, same],
      plain$validation[plain$validation$label == "SL", same]
    )
    expect_identical(parts$validation$sampled, !sl)
    expect_false(any(
      pair_key_of(parts$validation[!sl, ]) %in% pair_key_of(d@pairs)
    ))
    seen <- part_genes(parts$train)
    new <- function(x) (!x$gene_a %in% seen) + (!x$gene_b %in% seen)
    pool <- table$label[table$fold == fold & table$part == "train"]
    ratio <- sum(pool == "non_SL") / sum(pool == "SL")
    expect_identical(
      as.vector(table(new(parts$validation[!sl, ]))),
      as.integer(round(as.vector(table(new(parts$validation[sl, ]))) * ratio))
    )
  }
  expect_identical(split$negatives, "degree_matched")
  expect_null(split$ratio)
})

test_that("a model is fitted on a drawn split, whose negatives show no gene", {
  d <- tiny_data(n_pairs = 240)
  split <- musl_split(
    d, "transductive",
    folds = 3, negatives = "random", validation = 0.2, seed = 1
  )
  fit <- tiny_fit(d, split = split, fold = 2)
  parts <- musl_parts(split, 2)
  seen <- part_genes(parts$train[parts$train$label == "SL", ])
  expect_setequal(fit@genes[fit@n_seen > 0], seen)
  expect_false(any(pair_key_of(parts$train[parts$train$sampled, ]) %in%
    pair_key_of(fit@known)))
  expect_identical(nrow(musl_metrics(fit, split, 2)), 8L)
})
