sl_data <- function(n_genes = 30, n_pairs = 60) {
  d <- pairs_data(n_genes, n_pairs)
  d@pairs$label[] <- "SL"
  d@pairs$note <- "known"
  d
}

test_that("drawn pairs are new, of SL genes, and marked", {
  d <- sl_data()
  for (policy in c("random", "degree_matched")) {
    out <- musl_negatives(d, policy, ratio = 2, seed = 1)
    pairs <- musl_pairs(out)
    expect_identical(nrow(pairs), 180L)
    expect_identical(pairs$sampled, rep(c(FALSE, TRUE), c(60, 120)))
    drawn <- pairs[pairs$sampled, ]
    expect_true(all(drawn$label == "non_SL"))
    expect_true(all(drawn$gene_a < drawn$gene_b))
    expect_false(anyDuplicated(pair_key_of(pairs)) > 0)
    expect_true(all(part_genes(drawn) %in% part_genes(d@pairs)))
    expect_true(all(is.na(drawn$note)))
    expect_identical(pairs$note[1:60], rep("known", 60))
    expect_true(methods::validObject(out))
  }
})

test_that("a second draw goes on beside the first, and the seed decides", {
  d <- sl_data()
  once <- musl_negatives(d, seed = 1)
  expect_identical(musl_negatives(d, seed = 1)@pairs, once@pairs)
  expect_false(identical(musl_negatives(d, seed = 2)@pairs, once@pairs))
  twice <- musl_negatives(once, seed = 1)
  expect_identical(sum(musl_pairs(twice)$sampled), 120L)
  expect_false(anyDuplicated(pair_key_of(musl_pairs(twice))) > 0)
})

test_that("matched negatives follow the degrees of SL pairs, random ones not", {
  # Four hubs with 40 partners each: half of all ends of SL pairs.
  genes <- sprintf("G%03d", 1:200)
  hubs <- data.frame(
    gene_a = rep(genes[1:4], each = 40), gene_b = genes[4 + 1:160], label = 1
  )
  d <- new_musl_data(genes = genes, pairs = canonical_pairs(hubs)$pairs)
  share <- function(policy) {
    drawn <- utils::tail(musl_pairs(musl_negatives(d, policy, seed = 1)), 160)
    mean(c(drawn$gene_a, drawn$gene_b) %in% genes[1:4])
  }
  # By the products of degrees: the 6 pairs of hubs, then 60 % with one hub (a
  # quarter of these are known), 40 % with none, so .33 of the ends; evenly .02.
  expect_gt(share("degree_matched"), 0.25)
  expect_lt(share("random"), 0.06)
})

test_that("what can't be drawn is refused with a number", {
  d <- sl_data(n_genes = 8, n_pairs = 20)
  expect_input_error(musl_negatives(d, seed = 1), "only 8 exist")
  d@pairs <- d@pairs[0, ]
  expect_input_error(musl_negatives(d), "SL pairs")
  expect_input_error(musl_negatives(1))
  expect_input_error(musl_negatives(sl_data(), ratio = -1))
  expect_input_error(musl_negatives(sl_data(), "exp"))
})
