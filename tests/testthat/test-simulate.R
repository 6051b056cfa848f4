test_that("musl_simulate() gives the same data for the same seed", {
  a <- musl_simulate("small", seed = 3)
  b <- musl_simulate("small", seed = 3)
  expect_identical(a, b)
  expect_false(identical(a, musl_simulate("small", seed = 4)))
})

test_that("each scenario has the size that its page tells", {
  size <- function(...) {
    data <- musl_simulate(..., seed = 1)
    c(
      dim(data@cohorts$simulated$assays[[1]]), ncol(data@embeddings),
      sum(as.list(data)$truth$pairs$label == "SL")
    )
  }
  expect_identical(size("default"), c(2000L, 300L, 64L, 6000L))
  expect_identical(size("small"), c(200L, 120L, 64L, 400L))
  asked <- size(
    "small", n_genes = 90, n_samples = 20, n_pairs = 50, embedding_dim = 8
  )
  expect_identical(asked, c(90L, 20L, 8L, 50L))
})

test_that("musl_simulate() leaves R's generator as found", {
  withr::local_seed(1)
  before <- .Random.seed
  musl_simulate("small", seed = 3)
  expect_identical(.Random.seed, before)
})

test_that("pairs stand in their mechanism's block, the others in all alike", {
  truth <- as.list(musl_simulate("small", flip = 0.2, seed = 1))$truth$pairs
  has <- !is.na(truth$mechanism)
  expect_identical(truth$block[has], truth$mechanism[has])
  for (label in pair_labels) {
    n <- table(truth$block[!has & truth$label == label])
    expect_setequal(names(n), unique(truth$mechanism[has]))
    expect_lte(diff(range(n)), 1)
  }
})

test_that("the oracle's AUROC is what flips leave of a perfect predictor", {
  oracle <- as.list(musl_simulate("small", flip = 0, seed = 1))$truth$oracle
  expect_equal(oracle$auroc, rep(1, 5))
  # A binary score that is right in 87 % of either class has AUROC .87.
  oracle <- as.list(musl_simulate("small", flip = 0.13, seed = 1))$truth$oracle
  expect_equal(oracle$auroc[oracle$block == "all"], 0.87)
})

test_that("co-loss pairs are never low in the same sample", {
  d <- musl_simulate("small", seed = 2)
  x <- d@cohorts$simulated$assays[[1L]]
  low <- t(apply(x, 1L, rank)) <= 0.2 * ncol(x)
  pairs <- as.list(d)$truth$pairs
  both_low <- rowSums(low[pairs$gene_a, ] & low[pairs$gene_b, ])
  expect_equal(max(both_low[pairs$mechanism %in% "co_loss"]), 0)
  expect_gt(mean(both_low[pairs$mechanism %in% "band"]), 0.03 * ncol(x))
})

test_that("paralogs are close in embeddings, parallel pathways share genes", {
  d <- musl_simulate("small", seed = 2)
  pairs <- as.list(d)$truth$pairs
  e <- as.list(d)$embeddings
  e <- e / sqrt(rowSums(e^2))
  cosine <- rowSums(e[pairs$gene_a, ] * e[pairs$gene_b, ])
  expect_gt(min(cosine[pairs$mechanism %in% "paralog"]), 0.3)
  expect_lt(abs(mean(cosine[is.na(pairs$mechanism)])), 0.1)

  adjacency <- as.matrix(igraph::as_adjacency_matrix(as.list(d)$network))
  shared <- rowSums(adjacency[pairs$gene_a, ] & adjacency[pairs$gene_b, ])
  expect_gt(mean(shared[pairs$mechanism %in% "pathway"]), 2)
})

test_that("boosting on the 35 descriptors does not see the band", {
  skip_if_not_installed("gbm")
  d <- musl_simulate(seed = 1)
  truth <- as.list(d)$truth$pairs
  boosted <- function(block) {
    pairs <- truth[truth$block == block, ]
    names <- cpp_descriptor_names("default")
    x <- as.data.frame(musl_descriptors(d, pairs)[names])
    x <- x[vapply(x, stats::sd, numeric(1)) > 0]
    test <- seq_len(nrow(pairs)) %% 3L == 0L
    withr::local_seed(1)
    model <- gbm::gbm.fit(
      x[!test, ], as.integer(pairs$sl[!test]),
      distribution = "bernoulli", n.trees = 150L, interaction.depth = 3L,
      shrinkage = 0.1, verbose = FALSE
    )
    score <- stats::predict(model, x[test, ], n.trees = 150L)
    as.numeric(pROC::auc(pairs$sl[test], score, direction = "<", quiet = TRUE))
  }
  # Judged against the truth, which is harder on the claim than noisy labels.
  expect_lte(boosted("band"), 0.6)
  expect_gte(boosted("co_loss"), 0.95)
})

test_that("musl_simulate() refuses sizes that can't work", {
  expect_input_error(musl_simulate("small", n_genes = 10))
  expect_input_error(musl_simulate("small", flip = 0.7))
  expect_input_error(
    musl_simulate("small", n_genes = 80, n_pairs = 5000, seed = 1)
  )
})
