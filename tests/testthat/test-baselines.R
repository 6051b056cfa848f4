baselines_of <- function(data, split = resample_split(data), ...,
                         learned = FALSE) {
  musl_baselines(data, split, learned = learned, ..., seed = 1, threads = 1)
}

known_of <- function(split, fold = 1) {
  parts <- musl_parts(split, fold)
  rbind(parts$train, parts$validation)
}

test_that("each method scores each test pair once, in order", {
  d <- resample_data()
  split <- resample_split(d)
  scores <- baselines_of(d, split, fold = 2)
  expect_named(scores, c(
    "fold", "seed", "part", "gene_a", "gene_b", "label", "n_unseen", "scorer",
    ".score", ".pred_SL"
  ))
  parts <- musl_parts(split, 2)
  test <- rbind(parts$C2, parts$C3)
  expect_identical(unique(scores$scorer), c(
    "label prior", "SL degree", "SL degree, boosted", "gene log-odds",
    "PPI degree", "common neighbours", "Pearson", "embedding cosine"
  ))
  expect_identical(
    pair_key_of(scores), rep(pair_key_of(test), length(unique(scores$scorer)))
  )
  expect_true(all(is.finite(scores$.score)))
  expect_identical(unique(scores$fold), 2L)
  train <- unlist(parts$train[c("gene_a", "gene_b")])
  expect_identical(
    scores_of(scores, "Pearson")$n_unseen,
    as.integer((!test$gene_a %in% train) + (!test$gene_b %in% train))
  )
})

test_that("degrees and log-odds count training and validation pairs", {
  d <- resample_data()
  split <- resample_split(d)
  known <- known_of(split)
  sl <- c(known$gene_a, known$gene_b)[rep(known$label == "SL", 2)]
  non <- c(known$gene_a, known$gene_b)[rep(known$label == "non_SL", 2)]
  prior <- mean(known$label == "SL")
  count <- function(gene, ends) vapply(gene, function(g) sum(ends == g), 1)
  log_odds <- function(gene) {
    log(
      (count(gene, sl) + 2 * prior) / (count(gene, non) + 2 * (1 - prior))
    ) - stats::qlogis(prior)
  }
  scores <- baselines_of(d, split)
  degree <- scores_of(scores, "SL degree")
  expect_equal(
    degree$.score,
    unname(log1p(count(degree$gene_a, sl)) + log1p(count(degree$gene_b, sl)))
  )
  odds <- scores_of(scores, "gene log-odds")
  expect_equal(
    odds$.score, unname(log_odds(odds$gene_a) + log_odds(odds$gene_b))
  )
  expect_equal(unique(scores_of(scores, "label prior")$.pred_SL), prior)
})

test_that("methods without learning are their plain formulas", {
  d <- resample_data()
  scores <- baselines_of(d)
  x <- d@cohorts$bulk$assays[[1]]
  e <- d@embeddings
  graph <- as.list(d)$network
  neighbours <- function(gene) {
    if (gene %in% igraph::V(graph)$name) {
      names(igraph::neighbors(graph, gene))
    }
  }
  check <- function(scorer, formula) {
    rows <- scores_of(scores, scorer)
    expected <- mapply(formula, rows$gene_a, rows$gene_b)
    has <- !is.na(expected)
    expect_gt(sum(has), 20)
    # Profiles and embeddings are stored in 8 bits.
    expect_lt(max(abs(rows$.score[has] - unname(expected[has]))), 0.01)
    expect_lte(length(unique(rows$.score[!has])), 1)
  }
  check("Pearson", function(a, b) {
    if (all(c(a, b) %in% rownames(x))) stats::cor(x[a, ], x[b, ]) else NA
  })
  check("embedding cosine", function(a, b) {
    if (!all(c(a, b) %in% rownames(e))) return(NA)
    sum(e[a, ] * e[b, ]) / sqrt(sum(e[a, ]^2) * sum(e[b, ]^2))
  })
  check("PPI degree", function(a, b) {
    log1p(length(neighbours(a))) + log1p(length(neighbours(b)))
  })
  check("common neighbours", function(a, b) {
    log1p(length(intersect(neighbours(a), neighbours(b))))
  })
})

test_that("a pair without an input gets the mean of the known pairs", {
  d <- resample_data()
  split <- resample_split(d)
  x <- d@cohorts$bulk$assays[[1]]
  known <- known_of(split)
  has <- known$gene_a %in% rownames(x) & known$gene_b %in% rownames(x)
  pearson <- mapply(
    function(a, b) stats::cor(x[a, ], x[b, ]), known$gene_a[has],
    known$gene_b[has]
  )
  rows <- scores_of(baselines_of(d, split), "Pearson")
  lost <- !(rows$gene_a %in% rownames(x) & rows$gene_b %in% rownames(x))
  expect_true(any(lost))
  expect_equal(
    rows$.score[lost], rep(mean(pearson), sum(lost)),
    tolerance = 1e-2
  )
})

test_that("test labels have no part in any score", {
  d <- resample_data()
  split <- resample_split(d)
  turned <- split
  test <- split$assignment[[1]] %in% c("C2", "C3")
  other <- ifelse(split$pairs$label[test] == "SL", "non_SL", "SL")
  turned$pairs$label[test] <- other
  expect_identical(
    baselines_of(d, split, learned = TRUE)$.score,
    baselines_of(d, turned, learned = TRUE)$.score
  )
})

test_that("methods whose input is missing are left out", {
  d <- resample_data()
  only_network <- without_inputs(d, network = FALSE)
  expect_identical(
    setdiff(baselines_of(d)$scorer, baselines_of(only_network)$scorer),
    c("Pearson", "embedding cosine")
  )
  only_cohorts <- without_inputs(d, cohorts = FALSE)
  expect_identical(
    setdiff(baselines_of(d)$scorer, baselines_of(only_cohorts)$scorer),
    c("PPI degree", "common neighbours", "embedding cosine")
  )
})

test_that("test genes that the data lack have no score", {
  d <- resample_data()
  split <- resample_split(d)
  gene <- musl_parts(split)$C3$gene_a[[1]]
  less <- d[setdiff(musl_genes(d), gene)]
  scores <- baselines_of(less, split)
  lost <- scores$gene_a == gene | scores$gene_b == gene
  expect_true(all(is.na(scores$.score[lost])))
  expect_false(anyNA(scores$.score[!lost]))
})

test_that("the same seed gives the same scores and R's generator is kept", {
  d <- resample_data()
  set <- withr::with_seed(7, {
    before <- .Random.seed
    scores <- baselines_of(d)
    list(scores = scores, kept = identical(before, .Random.seed))
  })
  expect_true(set$kept)
  expect_identical(baselines_of(d), set$scores)
})

test_that("arguments of musl_baselines() are checked", {
  d <- resample_data()
  split <- resample_split(d)
  expect_input_error(musl_baselines(1, split))
  expect_input_error(musl_baselines(d, 1))
  expect_input_error(musl_baselines(d, split, 3))
  expect_input_error(musl_baselines(d, split, seeds = 1))
  expect_error(musl_baselines(d, split, learned = NA), class = "musl_error")
  trained <- split
  trained$assignment[[1]][] <- "train"
  expect_input_error(musl_baselines(d, trained), "test part")
})
