store_of <- function(data, rank = feature_rank) {
  feature_store(data, rank, seed = 1, threads = 1)
}

features_of <- function(data, pairs, ...) {
  cpp_pair_features(
    store_of(data, ...)$pointer, pair_input(pairs, data@genes), 1L
  )
}

test_that("features of pairs are those of the public functions and formulas", {
  d <- resample_data()
  pairs <- musl_pairs(d)[1:40, ]
  x <- features_of(d, pairs)
  descriptors <- suppressWarnings(musl_descriptors(d, pairs))
  expect_equal(
    x[, paste0("bulk_", cpp_descriptor_names("default"))],
    as.matrix(descriptors[cpp_descriptor_names("default")]),
    tolerance = 1e-5, ignore_attr = TRUE
  )
  values <- d@sources$bulk$assays[[1]]
  m <- rowMeans(values)
  expect_equal(
    x[, "bulk_mean_sum"], unname(m[pairs$gene_a] + m[pairs$gene_b]),
    tolerance = 1e-5
  )
  expect_equal(
    x[, "bulk_mean_diff"], abs(unname(m[pairs$gene_a] - m[pairs$gene_b])),
    tolerance = 1e-4
  )
  e <- d@embeddings
  a <- e[match(pairs$gene_a, rownames(e)), ]
  b <- e[match(pairs$gene_b, rownames(e)), ]
  expect_equal(
    x[, sprintf("embedding_diff_%d", 1:4)], abs(a - b),
    tolerance = 1e-5, ignore_attr = TRUE
  )
  expect_equal(
    x[, sprintf("embedding_product_%d", 1:4)], a * b,
    tolerance = 1e-5, ignore_attr = TRUE
  )
})

test_that("features of pairs do not depend on the order of the genes", {
  d <- resample_data()
  pairs <- musl_pairs(d)[1:60, ]
  swapped <- pairs
  swapped[c("gene_a", "gene_b")] <- pairs[c("gene_b", "gene_a")]
  expect_identical(features_of(d, pairs), features_of(d, swapped))
})

test_that("long embeddings are read on their leading axes", {
  d <- resample_data()
  withr::local_seed(1)
  # Three directions hold nearly all there is.
  core <- matrix(rnorm(75 * 3), 75) %*% matrix(rnorm(3 * 10), 3)
  long <- core + 1e-4 * rnorm(75 * 10)
  rownames(long) <- rownames(d@embeddings)
  d@embeddings <- long
  x <- cpp_gene_features(store_of(d, rank = 3L)$pointer)
  axes <- x[match(rownames(long), d@genes), sprintf("embedding_%d", 1:3)]
  expect_false(any(grepl("embedding_4", colnames(x))))
  expect_equal(
    tcrossprod(axes), tcrossprod(long),
    tolerance = 1e-3, ignore_attr = TRUE
  )
})

test_that("features of genes are missing where an input lacks the gene", {
  d <- resample_data()
  x <- cpp_gene_features(store_of(d)$pointer)
  expressed <- d@genes %in% rownames(d@sources$bulk$assays[[1]])
  embedded <- d@genes %in% rownames(d@embeddings)
  expect_identical(is.na(x[, "bulk_median"]), !expressed)
  expect_identical(is.na(x[, "embedding_1"]), !embedded)
  values <- d@sources$bulk$assays[[1]]
  expect_equal(
    x[expressed, "bulk_median"],
    unname(apply(values, 1, stats::median)[d@genes[expressed]]),
    tolerance = 1e-5
  )
  expect_equal(
    expm1(x[, "degree"]),
    as.double(tabulate(c(d@network$from, d@network$to), length(d@genes))),
    tolerance = 1e-5
  )
})

test_that("missing values become the mean of the reference", {
  reference <- cbind(c(1, 3, NA), c(NA, NA, NA))
  expect_identical(
    fill_missing(cbind(c(NA, 5), c(NA, 7)), reference),
    cbind(c(2, 5), c(0, 7))
  )
})

test_that("learned methods find what relates genes, and only those that may", {
  skip_if_not_installed("glmnet")
  d <- resample_data(seed = 3)
  pairs <- d@pairs
  e <- d@embeddings
  a <- e[match(pairs$gene_a, rownames(e)), 1]
  b <- e[match(pairs$gene_b, rownames(e)), 1]
  # SL where the first axis agrees in sign: no gene is SL more often by itself.
  related <- ifelse(is.na(a * b), FALSE, a * b > 0)
  d@pairs$label <- factor(ifelse(related, "SL", "non_SL"), pair_labels)
  split <- musl_split(d, "random", folds = 2, seed = 1)
  scores <- musl_baselines(d, split, seed = 1, threads = 1)
  auroc <- function(scorer) {
    rows <- scores_of(scores, scorer)
    cpp_auroc(rows$.score, as.double(rows$label == "SL"))
  }
  expect_gt(auroc("boosting"), 0.9)
  expect_gt(auroc("boosting + degree"), 0.9)
  expect_gt(auroc("logistic"), 0.7)
  expect_lt(auroc("gene only"), 0.7)
  rows <- scores_of(scores, "boosting")
  expect_equal(rows$.pred_SL, stats::plogis(rows$.score))
})

test_that("boosting has the trees that ?musl_baselines tells", {
  withr::local_seed(1)
  n_genes <- 200L
  pairs_of <- function(n) {
    list(a = sample(0:99, n, TRUE), b = sample(100:199, n, TRUE))
  }
  known <- pairs_of(3000)
  known$label <- as.double(runif(3000) < (known$a + known$b) / 300)
  test <- c(pairs_of(500), list(label = numeric(500)))
  store <- list(threads = 1L, seed = 1L)
  x <- degree_columns(store, known, test, n_genes)
  told <- function(leaves) {
    how <- list(
      trees = 150L, rate = 0.1, leaves = leaves, min_leaf = 20L, l2 = 1,
      bins = 254L
    )
    cpp_boost(x$training, known$label, x$pairs, how, store$threads)
  }
  found <- boosted_degree(store, known, test, n_genes)
  expect_identical(found, told(7L))
  expect_false(identical(told(7L), told(31L)))
  expect_identical(boost(store, x$training, known$label, x$pairs), told(31L))
})

test_that("the gene-only score is a sum over the two genes", {
  d <- resample_data()
  split <- musl_split(d, "random", folds = 2, seed = 1)
  known <- pair_input(musl_parts(split)$train, d@genes)
  square <- list(a = c(0L, 1L, 0L, 1L), b = c(2L, 3L, 3L, 2L))
  score <- gene_only(store_of(d), known, square)
  expect_equal(score[[1]] + score[[2]], score[[3]] + score[[4]])
})

test_that("the penalty is that of the best validation loss", {
  skip_if_not_installed("glmnet")
  withr::local_seed(4)
  x <- matrix(rnorm(300 * 20), 300)
  y <- as.double(runif(300) < stats::plogis(x[, 1]))
  held <- 201:300
  lambda <- logistic_penalty(x[-held, ], y[-held], x[held, ], y[held])
  loss <- function(lambda) {
    fit <- ridge(x[-held, ], y[-held], nlambda = 20)
    p <- stats::plogis(as.vector(predict(fit, x[held, ], s = lambda)))
    -mean(log(ifelse(y[held] == 1, p, 1 - p)))
  }
  expect_lte(loss(lambda), loss(lambda * 10))
  expect_lte(loss(lambda), loss(lambda / 10))
})

test_that("the logistic baseline stands at the least of its penalised loss", {
  skip_if_not_installed("glmnet")
  drawn <- withr::with_seed(1, matrix(stats::rnorm(500), 100))
  x <- drawn[, 1:4]
  label <- as.integer(x %*% c(1, -1, 0.3, 0) + drawn[, 5] > 0)
  # Columns of unit variance: glmnet's standardisation changes nothing.
  x <- scale(x) * sqrt(100 / 99)
  lambda <- 0.1
  fit <- ridge(x, label, lambda = lambda * 10^seq(2, 0, length.out = 5))
  loss <- function(b) {
    odds <- b[[1]] + x %*% b[-1]
    mean(log1p(exp(odds)) - label * odds) + lambda / 2 * sum(b[-1]^2)
  }
  best <- stats::optim(rep(0, 5), loss, method = "BFGS",
    control = list(reltol = 1e-14)
  )
  expect_equal(
    as.vector(stats::coef(fit, s = lambda)), best$par,
    tolerance = 1e-3
  )
})
