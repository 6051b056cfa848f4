test_that("kinds of identifiers are told apart", {
  expect_identical(
    as.character(id_type_of(c(
      "TP53", "HLA-DRB1", "C1orf112", "NKX2-1", "7157", "ENSG00000141510",
      "ENSG00000141510.17", "ENSMUSG00000059552", "P04637", "A0A024R1R8",
      "TP53 (7157)"
    ))),
    c(rep("symbol", 4), "entrez", rep("ensembl", 3), rep("uniprot", 2), "other")
  )
})

test_that("the kind is recorded with the overlap of each input", {
  d <- musl_data(
    toy_matrix(), network = data.frame(from = "A1", to = c("B1", "Z9")),
    pairs = toy_pairs(), scale = "log"
  )
  expect_identical(d@id_type, "symbol")
  ids <- musl_report(d)$identifiers
  expect_identical(ids$input, c("expression", "network", "pairs"))
  expect_identical(ids$n_genes, c(4L, 3L, 3L))
  expect_identical(ids$n_in_earlier_inputs, c(0L, 2L, 3L))
})

test_that("names are taken as they are with id_type = \"other\"", {
  x <- toy_matrix(c("A1", "7157", "ENSG00000141510", "672"))
  d <- musl_data(x, scale = "log", id_type = "other")
  expect_identical(d@id_type, "other")
})

test_that("a few names of another kind are left-overs of an annotation", {
  x <- toy_matrix(c("A1", "B1", "C1", "D1", "ENSG00000141510"))
  expect_message(
    d <- musl_data(x, scale = "log"), "1 gene name of another kind",
    class = "musl_message_report"
  )
  ids <- musl_report(d)$identifiers
  expect_identical(ids$id_type, "symbol")
  expect_identical(ids$n_other_type, 1L)
})

test_that("inputs that differ in their identifiers are refused", {
  entrez <- data.frame(from = c("7157", "672"), to = c("675", "142"))
  mixed <- toy_matrix(c("A1", "7157", "B1", "672"))
  ensembl <- sprintf("ENSG%011d", 1:3)
  versioned <- data.frame(from = paste0(ensembl[1], ".3"), to = ensembl[2])
  log <- function(...) musl_data(..., scale = "log")
  expect_snapshot(
    log(toy_matrix(), network = entrez),
    error = TRUE, cran = TRUE
  )
  expect_snapshot(log(mixed), error = TRUE, cran = TRUE)
  expect_snapshot(
    log(toy_matrix(), id_type = "ensembl"), error = TRUE, cran = TRUE
  )
  expect_snapshot(
    log(toy_matrix(paste0(ensembl, ".1")), network = versioned),
    error = TRUE, cran = TRUE
  )
  expect_snapshot(
    log(toy_matrix(), pairs = data.frame(gene_a = "X1", gene_b = "Y1")),
    error = TRUE, cran = TRUE
  )
})
