test_that("learned methods find what relates genes, and only those that may", {
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
  expect_lt(auroc("gene only"), 0.7)
  rows <- scores_of(scores, "boosting")
  expect_equal(rows$.pred_SL, stats::plogis(rows$.score))
})

test_that("the gene-only score is a sum over the two genes", {
  d <- resample_data()
  split <- musl_split(d, "random", folds = 2, seed = 1)
  known <- pair_input(musl_parts(split)$train, d@genes)
  square <- list(a = c(0L, 1L, 0L, 1L), b = c(2L, 3L, 3L, 2L))
  score <- gene_only(baseline_store(d, TRUE, 1, 1), known, square)
  expect_equal(score[[1]] + score[[2]], score[[3]] + score[[4]])
})
