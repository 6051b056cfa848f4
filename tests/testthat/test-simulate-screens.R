test_that("screens change nothing else of a simulation", {
  plain <- musl_simulate("small", seed = 2)
  screened <- musl_simulate("small", screens = TRUE, seed = 2)
  recorded <- musl_pairs(screened)
  recorded <- recorded[!recorded$measured, ]
  expect_equal(
    recorded[c("gene_a", "gene_b", "label")],
    musl_pairs(plain)[c("gene_a", "gene_b", "label")]
  )
  expect_identical(screened@cohorts, plain@cohorts)
  expect_identical(screened@network, plain@network)
  expect_identical(screened, musl_simulate("small", screens = TRUE, seed = 2))
  expect_input_error(musl_simulate("small", screens = 3))
})

test_that("hits have the truth's causes", {
  d <- musl_simulate("small", screens = TRUE, seed = 2)
  truth <- as.list(d)$truth
  genes <- truth$screen_genes
  a <- match(truth$screens$gene_a, genes$gene)
  b <- match(truth$screens$gene_b, genes$gene)
  paralogs <- (genes$duo[a] == genes$duo[b]) %in% TRUE
  expect_identical(paralogs, truth$screens$cause %in% "paralog")
  complex <- truth$screens$cause %in% "complex"
  expect_identical(genes$complex[a][complex], genes$complex[b][complex])
  expect_identical(truth$screens$sl, truth$screens$effect < 0)

  pairs <- musl_pairs(d)
  pairs <- pairs[pairs$measured, ]
  expect_identical(pairs$label == "SL", pairs$effect < -1.5)
  sl <- truth$screens$sl[
    match(
      paste(pairs$gene_a, pairs$gene_b),
      paste(truth$screens$gene_a, truth$screens$gene_b)
    )
  ]
  # Noise of .6 passes the threshold from 0 once in 161.
  expect_lt(mean(pairs$label[!sl] == "SL"), 0.015)
  expect_gt(mean(pairs$label[sl] == "SL"), 0.6)
})

test_that("a directed screen measures its queries against all genes", {
  d <- musl_simulate("small", screens = TRUE, seed = 2)
  pairs <- musl_pairs(d)
  expect_setequal(
    unique(pairs$study), c("database", "library_A", "library_B", "directed")
  )
  directed <- pairs[pairs$study == "directed", ]
  expect_identical(
    as.integer(table(directed$query)), rep(199L, length(unique(directed$query)))
  )
  expect_true(all(
    directed$query == directed$gene_a | directed$query == directed$gene_b
  ))
})
