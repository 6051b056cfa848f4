test_that("genetic interactions and absence of data are left out", {
  terms <- data.frame(
    gene = rep(c("A", "B"), 4), term = rep(c("T1", "T2", "T3", "T4"), each = 2),
    evidence = rep(c("IDA", "IGI", "HGI", "ND"), each = 2)
  )
  expect_identical(unique(musl_annotations(terms)$terms$term), "T1")
})

test_that("terms of one gene, and of more than 300, are left out", {
  terms <- data.frame(
    gene = c("A", paste0("G", 1:301), "A", "B"),
    term = c("alone", rep("wide", 301), "pair", "pair"), evidence = "IDA"
  )
  expect_identical(unique(musl_annotations(terms)$terms$term), "pair")
})

test_that("annotations without evidence codes get a warning of leakage", {
  terms <- data.frame(gene = c("A", "B"), term = "T")
  expect_warning(musl_annotations(terms), class = "musl_warning_leakage")
})

test_that("tables of other forms are refused", {
  expect_error(musl_annotations(3), class = "musl_error_input")
  expect_error(
    musl_annotations(data.frame(gene = "A")), "term",
    class = "musl_error_input"
  )
  expect_error(
    musl_annotations(data.frame(gene = NA, term = "T", evidence = "IDA")),
    class = "musl_error_input"
  )
})

test_that("an OrgDb of another species is refused, its own read", {
  skip_if_not_installed("org.Hs.eg.db")
  skip_if_not_installed("AnnotationDbi")
  human <- getExportedValue("org.Hs.eg.db", "org.Hs.eg.db")
  expect_error(
    musl_annotations("org.Hs.eg.db", species = "Mus musculus"),
    class = "musl_error_input"
  )
  expect_error(musl_annotations("stats"), "exports no")
  expect_error(musl_annotations("no.such.package"), class = "musl_error_input")
  families <- orgdb_sets(human, "PFAM", "family", "symbol")
  both <- intersect(
    families$family[families$gene == "SMARCA4"],
    families$family[families$gene == "SMARCA2"]
  )
  expect_gt(length(both), 0)
})

test_that("annotations with codes have no more to leave out of a split", {
  terms <- data.frame(gene = c("A", "B"), term = "T", evidence = "IDA")
  expect_null(genetic_annotations(musl_annotations(terms)))
  expect_true(attr(musl_annotations(terms), "coded"))
  uncoded <- suppressWarnings(musl_annotations(terms[c("gene", "term")]))
  expect_false(attr(uncoded, "coded"))
})
