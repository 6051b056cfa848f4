# Names of genes as users write them.

human_names <- function() {
  skip_if_not_installed("org.Hs.eg.db")
  skip_if_not_installed("RSQLite")
  musl_genes(musl_human_model())
}

test_that("aliases, ids and other cases are the gene, with one message", {
  genes <- human_names()
  asked <- c(
    "HER2", "BRG1", "UTX", "ENSG00000141510", "7157", " arid1a ", "TP53"
  )
  heard <- testthat::capture_messages(
    found <- named_as(asked, genes, "anchor")
  )
  expect_identical(found, c(
    "ERBB2", "SMARCA4", "KDM6A", "TP53", "TP53", "ARID1A", "TP53"
  ))
  expect_length(heard, 1)
  expect_match(heard, "\"HER2\" is ERBB2, \"BRG1\" is SMARCA4", fixed = TRUE)
  expect_silent(named_as(c("TP53", NA), genes, "anchor"))
})

test_that("a name of several genes is told with its choices", {
  genes <- human_names()
  cnd <- expect_gene_error(named_as("MLL2", genes, "anchor"), "KMT2B or KMT2D")
  expect_identical(cnd$genes, "MLL2")
  expect_identical(
    named_as(c("MLL2", "KRAS"), genes, "universe", strict = FALSE),
    c("MLL2", "KRAS")
  )
  # Only one of the genes is there.
  expect_message(
    found <- named_as("MLL2", c("KMT2D", "KRAS"), "anchor"), "KMT2D"
  )
  expect_identical(found, "KMT2D")
})

test_that("names of mouse genes say so", {
  genes <- human_names()
  expect_message(named_as("Kras", genes, "anchor"), "like a mouse gene")
  expect_message(found <- named_as("Trp53", genes, "anchor"), "mouse gene")
  expect_identical(found, "TP53")
})

test_that("names are understood wherever a gene is asked for", {
  human_names()
  model <- musl_human_model()
  quiet <- function(expr) suppressWarnings(suppressMessages(expr))
  expect_identical(
    quiet(musl_partners(model, c("BRG1", "smarca4"), n = 2)),
    musl_partners(model, "SMARCA4", n = 2)
  )
  expect_identical(
    quiet(musl_partners(model, "ARID1A", candidates = c("BRG1", "arid1b"))),
    musl_partners(model, "ARID1A", candidates = c("SMARCA4", "ARID1B"))
  )
  expect_identical(
    quiet(musl_explain(model, "brg1", "SMARCA2"))$contribution,
    musl_explain(model, "SMARCA4", "SMARCA2")$contribution
  )
  expect_input_error(quiet(musl_explain(model, "BRG1", "SMARCA4")), "two genes")
  expect_identical(
    quiet(musl_direction(model, "brg1")), musl_direction(model, "SMARCA4")
  )
  expect_identical(quiet(musl_genes(model, "HER2"))$gene, "ERBB2")
  x <- dependency_panel()
  rownames(x)[1:2] <- c("ERBB2", "SMARCA4")
  expect_identical(
    unique(quiet(musl_dependency("her2", x, loss = quarter))$anchor), "ERBB2"
  )
})

test_that("a context is a line by its name, and others are listed", {
  model <- musl_human_model()
  model@inputs$records$line_names <- c(`ACH-000242` = "RT4")
  expect_identical(
    musl_partners(model, "ARID1A", n = 5, context = "rt-4"),
    musl_partners(model, "ARID1A", n = 5, context = "ACH-000242")
  )
  expect_input_error(
    musl_partners(model, "ARID1A", context = "A549"), "9 lines.*RT4"
  )
})
