# Files of version 1 are read to the same numbers, which
# tests/fixtures/format-1/make.R stored beside them. Another processor may round
# otherwise, so bits are not asked for.

fixture <- function(name) {
  path <- test_path("..", "fixtures", "format-1", name)
  skip_if_not(file.exists(path), "the fixtures are not at hand")
  path
}

answers <- function(name) {
  table <- utils::read.csv(fixture(name), colClasses = "character")
  table[-(1:2)] <- lapply(table[-(1:2)], as.numeric)
  table
}

rounding <- 1e-6

test_that("a model predicts what it did, also after it is saved again", {
  fit <- musl_load(fixture("model.musl"))
  expected <- answers("model.csv")
  pairs <- expected[c("gene_a", "gene_b")]
  again <- withr::local_tempfile()
  musl_save(fit, again)
  for (model in list(fit, musl_load(again))) {
    score <- function(...) suppressWarnings(predict(model, pairs, ...))$.score
    expect_equal(score(), expected$score, tolerance = rounding)
    skip_without_backend()
    expect_equal(
      score(scorers = "musl"), expected$network,
      tolerance = rounding
    )
  }
})

test_that("an atlas lists the pairs that it did", {
  skip_without_hdf5()
  best <- musl_top_pairs(read_atlas(fixture("atlas")), n = 20)
  expected <- answers("atlas.csv")
  expect_identical(best$gene_a, expected$gene_a)
  expect_identical(best$gene_b, expected$gene_b)
  expect_equal(best$.score, expected$.score, tolerance = rounding)
})

test_that("a model of interactions predicts what it did", {
  skip_without_backend()
  fit <- musl_load(fixture("interactions.musl"))
  expected <- answers("interactions.csv")
  found <- predict(fit, expected[1:2])
  expect_equal(
    unname(as.matrix(found[names(found) %in% names(expected)[-(1:2)]])),
    unname(as.matrix(expected[-(1:2)])),
    tolerance = rounding
  )
})
