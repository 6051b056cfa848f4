# A pool with a hub: gene 1 is in a tenth of the pairs.
hub_pool <- function(n_genes = 200, n_pairs = 1500, seed = 1, ratio = 1) {
  genes <- sprintf("G%04d", seq_len(n_genes))
  withr::with_seed(seed, {
    a <- c(
      rep(1, n_pairs / 10), sample.int(n_genes, 9 * n_pairs, replace = TRUE)
    )
    b <- c(
      2:(n_pairs / 10 + 1), sample.int(n_genes, 9 * n_pairs, replace = TRUE)
    )
    ends <- unique(data.frame(a = pmin(a, b), b = pmax(a, b))[a != b, ])
    ends <- ends[seq_len(n_pairs * (1 + ratio)), ]
    label <- rep(c("SL", "non_SL"), n_pairs * c(1, ratio))
  })
  tibble::tibble(
    gene_a = genes[ends$a], gene_b = genes[ends$b],
    label = factor(label, pair_labels), sampled = label == "non_SL"
  )
}

test_that("held pairs are a share of either label and leave the rest", {
  pool <- hub_pool()
  genes <- sort_bytes(part_genes(pool))
  sets <- hold_out(pool, "pairs", 0.2, "degree_matched", 1, genes)
  expect_named(sets, c("training", "validation"))
  expect_identical(as.integer(table(sets$validation$label)), c(300L, 300L))
  expect_setequal(
    pair_key_of(rbind(sets$training, sets$validation)), pair_key_of(pool)
  )
  expect_identical(nrow(rbind(sets$training, sets$validation)), nrow(pool))
})

test_that("held genes are in no training pair and hold about their share", {
  pool <- hub_pool()
  genes <- sort_bytes(part_genes(pool))
  for (seed in 1:10) {
    sets <- hold_out(pool, "genes", 0.1, NULL, seed, genes)
    seen <- part_genes(sets$training)
    new <- !cbind(sets$validation$gene_a, sets$validation$gene_b) %in% seen
    expect_true(all(rowSums(matrix(new, ncol = 2)) > 0))
    size <- nrow(sets$validation) / nrow(pool) / 0.2
    expect_gte(size, 0.8)
    expect_lte(size, 1.6)
    expect_identical(nrow(sets$validation) + nrow(sets$training), nrow(pool))
  }
})

test_that("redrawn negatives have ends like those of their SL pairs", {
  pool <- hub_pool()
  genes <- sort_bytes(part_genes(pool))
  outside <- tibble::tibble(gene_a = genes[1:50], gene_b = genes[101:150])
  for (policy in c("random", "degree_matched")) {
    sets <- hold_out(pool, "genes", 0.1, policy, 3, genes, outside)
    plain <- hold_out(pool, "genes", 0.1, "given", 3, genes)
    expect_identical(sets$training, plain$training)
    sl <- sets$validation[sets$validation$label == "SL", ]
    drawn <- sets$validation[sets$validation$label == "non_SL", ]
    expect_identical(sl, plain$validation[plain$validation$label == "SL", ])
    expect_true(all(drawn$sampled))
    expect_true(all(drawn$gene_a < drawn$gene_b))
    known <- pair_key_of(rbind(pool[1:2], outside))
    expect_false(any(pair_key_of(drawn) %in% known))
    expect_false(anyDuplicated(pair_key_of(drawn)) > 0)

    seen <- part_genes(sets$training)
    n_held <- function(x) (!x$gene_a %in% seen) + (!x$gene_b %in% seen)
    expect_identical(table(n_held(drawn)), table(n_held(sl)))
    if (policy == "degree_matched") {
      one <- n_held(sl) == 1
      ends <- part_genes(sl[one, ])
      expect_true(all(part_genes(drawn[n_held(drawn) == 1, ]) %in% ends))
    }
  }
})

test_that("where few negatives exist, all of them are taken", {
  genes <- sprintf("G%d", 1:6)
  ends <- utils::combn(6, 2)
  pool <- tibble::tibble(
    gene_a = genes[ends[1, ]], gene_b = genes[ends[2, ]],
    label = factor(rep(pair_labels, c(10, 5)), pair_labels), sampled = FALSE
  )
  sets <- hold_out(pool, "genes", 0.2, "random", 1, genes)
  expect_identical(as.character(unique(sets$validation$label)), "SL")
  expect_gt(nrow(sets$training), 0)
})

test_that("a held-out part follows the seed and leaves R's generator alone", {
  pool <- hub_pool()
  genes <- sort_bytes(part_genes(pool))
  withr::local_seed(3)
  before <- .Random.seed
  hold <- function(seed) {
    hold_out(pool, "genes", 0.1, "degree_matched", seed, genes)
  }
  expect_identical(hold(1), hold(1))
  expect_false(identical(hold(1), hold(2)))
  expect_identical(.Random.seed, before)
})

test_that("nothing is held out of nothing", {
  pool <- hub_pool()[0, ]
  sets <- hold_out(pool, "genes", 0.1, NULL, 1, character())
  expect_identical(nrow(sets$validation), 0L)
  expect_identical(nrow(hold_out(hub_pool(), "pairs", 0, NULL, 1, character())$
    validation), 0L)
})
