# What unknown names may have meant.

test_that("names that differ in case or version are told", {
  known <- c("ARID1A", "BRCA1", "C1orf112")
  hint <- unknown_gene_hint(c("arid1a", "nobody"), known)
  expect_match(hint, "\"arid1a\" is \"ARID1A\"", fixed = TRUE)
  expect_match(hint, "1 differs", fixed = TRUE)
  expect_match(
    unknown_gene_hint("ENSG00000141510.17", "ENSG00000141510"), "version"
  )
})

test_that("another kind of identifier is told", {
  hint <- unknown_gene_hint("ENSG99999999999", c("TP53", "ARID1A"))
  expect_match(hint, "Ensembl ids", fixed = TRUE)
  expect_match(hint, "musl_map_genes", fixed = TRUE)
})

test_that("another name of a human gene is told without a table of names", {
  skip_if_not_installed("org.Hs.eg.db")
  skip_if_not_installed("RSQLite")
  hint <- unknown_gene_hint(c("nobody", "BAF250A"), c("ARID1A", "TP53"))
  expect_match(hint, "^1 is another name of a known gene: ")
  expect_match(hint, "\"BAF250A\" is \"ARID1A\"", fixed = TRUE)
  expect_match(hint, "{.fn musl_map_genes}", fixed = TRUE)
  fit <- tiny_model()
  fit@genes[[1]] <- "ARID1A"
  expect_message(list <- musl_partners(fit, "BAF250A"), "\"BAF250A\" is ARID1A")
  expect_identical(unique(list$anchor), "ARID1A")
})

test_that("a name one letter away is offered, others are not", {
  expect_match(unknown_gene_hint("ARID1", c("ARID1A", "TP53")), "ARID1A")
  expect_null(unknown_gene_hint("FOO", c("ARID1A", "TP53")))
  expect_null(unknown_gene_hint(character(), "TP53"))
})

test_that("pairs lost to lower case come with the hint", {
  pairs <- data.frame(gene_a = "A1", gene_b = c("b1", "C1"), label = 1)
  expect_warning(
    musl_data(toy_matrix(), pairs = pairs, scale = "log"), "\"b1\" is \"B1\"",
    class = "musl_warning_dropped_genes"
  )
})
