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
