kinds_of <- function(...) sort(unique(musl_leaks(...)$kind))

# A network of `n` random edges, and the SL pairs of `data` among them.
noisy_network <- function(data, n = 150, share = 0, seed = 7) {
  genes <- musl_genes(data)
  sl <- musl_pairs(data)
  sl <- sl[sl$label == "SL", ]
  withr::with_seed(seed, {
    ends <- utils::combn(length(genes), 2)
    ends <- ends[, sample.int(ncol(ends), n)]
    planted <- sl[sample.int(nrow(sl), round(share * nrow(sl))), ]
    unique(data.frame(
      from = c(genes[ends[1, ]], planted$gene_a),
      to = c(genes[ends[2, ]], planted$gene_b)
    ))
  })
}

leak_data <- function() pairs_data(n_genes = 80, n_pairs = 900)

with_network <- function(data, network) {
  suppressMessages(musl_data(
    network = network,
    embeddings = matrix(1, length(musl_genes(data)), 1,
      dimnames = list(musl_genes(data), NULL)
    ),
    pairs = musl_pairs(data)
  ))
}

test_that("a network that holds the SL pairs is named, a clean one is not", {
  d <- leak_data()
  split <- musl_split(d, folds = 3, seed = 1)
  clean <- with_network(d, noisy_network(d))
  expect_identical(kinds_of(split, data = clean), "edge")
  expect_false(any(musl_leaks(split, data = clean)$leak))
  planted <- with_network(d, noisy_network(d, share = 0.6))
  found <- musl_leaks(split, data = planted)
  expect_identical(unique(found$kind), "genetic")
  expect_true(all(found$leak))
  edges <- noisy_network(d, share = 0.6)
  expect_true(all(pair_keys(found) %in% pair_key(edges$from, edges$to)))
})

test_that("a network that holds few of the SL pairs is not genetic", {
  d <- leak_data()
  split <- musl_split(d, folds = 3, seed = 1)
  edges <- noisy_network(d, n = 20, share = 0.06)
  sl <- musl_pairs(d)
  sl <- sl[sl$label == "SL", ]
  joined <- sum(pair_keys(sl) %in% pair_key(edges$from, edges$to))
  # Less than a tenth of the pairs, though many of the edges.
  expect_lt(joined, 0.1 * nrow(sl))
  expect_gt(joined, 0.4 * nrow(edges))
  expect_identical(kinds_of(split, data = with_network(d, edges)), "edge")
})

test_that("weights that hold the labels are named, others are not", {
  d <- leak_data()
  split <- musl_split(d, folds = 3, seed = 1)
  pairs <- musl_pairs(d)
  edges <- data.frame(from = pairs$gene_a, to = pairs$gene_b)[1:600, ]
  edges$weight <- withr::with_seed(1, stats::runif(600))
  expect_identical(kinds_of(split, data = with_network(d, edges)), "edge")
  sl <- pairs$label[1:600] == "SL"
  edges$weight[sl] <- edges$weight[sl]^0.25
  found <- musl_leaks(split, data = with_network(d, edges))
  expect_identical(unique(found$kind), "channel")
  expect_true(all(found$leak))
})

test_that("data of other identifiers are refused", {
  split <- musl_split(leak_data(), folds = 3, seed = 1)
  other <- musl_data(id_type = "other",
    network = data.frame(from = c("1", "2"), to = c("2", "3"))
  )
  cnd <- expect_input_error(musl_leaks(split, data = other))
  expect_identical(cnd$argument, "data")
})

test_that("families across parts are named", {
  d <- leak_data()
  genes <- musl_genes(d)
  split <- musl_split(d, folds = 3, seed = 1)
  train <- part_genes(musl_parts(split, 1)$train)
  test <- part_genes(musl_parts(split, 1)$C3)
  families <- stats::setNames(
    c("F1", "F1", "F2", "F3"), c(train[1], test[1], train[2], test[2])
  )
  found <- musl_leaks(split, fold = 1, families = families)
  expect_true(all(found$kind == "family"))
  expect_identical(unique(found$gene_a), test[1])
  expect_identical(unique(found$other), "F1")
  alone <- stats::setNames(paste0("F", seq_along(genes)), genes)
  expect_identical(nrow(musl_leaks(split, families = alone)), 0L)
})

test_that("pairs of a part that training holds swapped are named", {
  d <- leak_data()
  split <- musl_split(d, "random", folds = 3, seed = 1)
  expect_identical(nrow(musl_leaks(split)), 0L)
  test <- which(split$assignment[[1]] == "C1")[1:2]
  copy <- split$pairs[test, ]
  copy[1, c("gene_a", "gene_b")] <- copy[1, c("gene_b", "gene_a")]
  planted <- split
  planted$pairs <- rbind(split$pairs, copy)
  planted$assignment <- lapply(split$assignment, function(part) {
    factor(c(as.character(part), "unused", "unused"), levels(part))
  })
  planted$assignment[[1]][nrow(split$pairs) + 1:2] <- "train"
  found <- musl_leaks(planted, fold = 1)
  expect_identical(found$kind, c("pair", "pair"))
  expect_identical(found$other, c("train", "train"))
  expect_true(all(found$leak))
})

test_that("a query or study in training is named where it is held out", {
  d <- screen_data(query_table())
  split <- musl_split(d, "query", folds = 3, seed = 1)
  test <- which(split$assignment[[1]] == "test")[1]
  planted <- split
  planted$assignment[[1]][test] <- "train"
  found <- musl_leaks(planted, fold = 1)
  # The pair's reverse was left out for it, and is no leak.
  found <- found[found$kind == "query", ]
  expect_identical(found$other, split$pairs$query[test])

  studies <- musl_split(screen_data(measured_table(3)), "study", seed = 1)
  test <- which(studies$assignment[[1]] == "test")[1]
  studies$assignment[[1]][test] <- "train"
  found <- musl_leaks(studies, fold = 1)
  expect_true("study" %in% found$kind)
  expect_identical(found$other[found$kind == "study"], "study1")
})
