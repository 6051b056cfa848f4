leaky_table <- function() {
  rbind(gene_table(), data.frame(
    gene_a = c("g7", "g4", "g5", "g2"),
    gene_b = c("g1", "g9", "g9", "g4"),
    label = 1,
    part = c("train", "train", "validation", "C2")
  ))
}

test_that("a split that was drawn has no leak", {
  split <- musl_split(pairs_data(), folds = 3, seed = 1)
  leaks <- musl_leaks(split)
  expect_identical(nrow(leaks), 0L)
  expect_named(leaks, c(
    "fold", "part", "kind", "gene_a", "gene_b", "other", "leak"
  ))
  expect_input_error(musl_leaks(pairs_data()))
  expect_input_error(musl_leaks(split, 4))
})

test_that("a leaky table is taken when asked, and each leak is listed", {
  cnd <- expect_warning(
    split <- musl_split(
      table_data(), table = leaky_table(), leakage = "report", seed = 1
    ),
    "musl_leaks", class = "musl_warning_leakage"
  )
  expect_match(cnd_text(cnd), "1 fold with 4 findings", fixed = TRUE)
  expect_match(cnd_text(cnd), "by the number of genes", fixed = TRUE)
  leaks <- as.data.frame(musl_leaks(split))
  leaks <- leaks[order(leaks$kind, leaks$other, leaks$gene_a), ]
  row.names(leaks) <- NULL
  expect_identical(leaks, data.frame(
    fold = 1L,
    part = c("C3", "C3", "C2", "C2"),
    kind = c("gene", "gene", "pair", "seen"),
    gene_a = c("g9", "g9", "g1", "g2"),
    gene_b = c(NA, NA, "g7", "g4"),
    other = c("train", "validation", "train", "train"),
    leak = TRUE
  ))
  # The pair in two parts counts for the test part alone.
  parts <- musl_parts(split)
  expect_false("g1 g7" %in% pair_key_of(parts$train))
  expect_true("g1 g7" %in% pair_key_of(parts$C2))
  expect_identical(musl_leaks(split, fold = 1), musl_leaks(split))
})

test_that("a pair measured in several lines is one finding", {
  d <- musl_simulate("small", screens = TRUE, seed = 1)
  split <- musl_split(d, "study", seed = 1)
  found <- musl_leaks(split, data = d)
  expect_false(anyDuplicated(found) > 0)
  edges <- igraph::as_data_frame(as.list(d)$network)
  for (fold in 1:3) {
    test <- musl_parts(split, fold)$test
    hits <- unique(pair_key_of(test[test$label == "SL", ]))
    joined <- pair_key_of(data.frame(gene_a = edges$from, gene_b = edges$to))
    expect_setequal(
      pair_key_of(found[found$fold == fold, ]), intersect(hits, joined)
    )
  }
})
