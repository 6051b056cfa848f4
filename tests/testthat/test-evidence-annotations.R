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

test_that("tables of other forms are refused", {
  expect_input_error(musl_annotations(3))
  expect_input_error(musl_annotations(data.frame(gene = "A")), "term")
  expect_input_error(
    musl_annotations(data.frame(gene = NA, term = "T", evidence = "IDA"))
  )
})

test_that("an OrgDb is read, other packages are refused", {
  skip_if_not_installed("org.Hs.eg.db")
  skip_if_not_installed("AnnotationDbi")
  human <- getExportedValue("org.Hs.eg.db", "org.Hs.eg.db")
  expect_error(musl_annotations("stats"), "exports no")
  expect_error(musl_annotations(" "), "name of its package", fixed = TRUE)
  expect_input_error(musl_annotations("no.such.package"))
  families <- orgdb_sets(human, "pfam", "family", "symbol")
  both <- intersect(
    families$family[families$gene == "SMARCA4"],
    families$family[families$gene == "SMARCA2"]
  )
  expect_gt(length(both), 0)
})

test_that("terms of an OrgDb are those that AnnotationDbi selects", {
  skip_if_not_installed("org.Hs.eg.db")
  skip_if_not_installed("AnnotationDbi")
  human <- getExportedValue("org.Hs.eg.db", "org.Hs.eg.db")
  found <- musl_annotations(human)
  genes <- c("SMARCA4", "BRCA1", "A1BG")
  expected <- suppressMessages(AnnotationDbi::select(
    human, genes, c("GOALL", "EVIDENCEALL", "ONTOLOGYALL"), "SYMBOL"
  ))
  expected <- expected[!expected$EVIDENCEALL %in% c("IGI", "HGI", "ND"), ]
  # Terms of too few or too many genes are in neither table.
  known <- unique(c(found$terms$term, found$wide$term))
  expected <- unique(expected[expected$GOALL %in% known, c(1, 2)])
  text <- function(gene, term) sort(unique(paste(gene, term)))
  of_genes <- function(x) x[x$gene %in% genes, c("gene", "term")]
  read <- rbind(of_genes(found$terms), of_genes(found$wide))
  expect_gt(nrow(expected), 50)
  expect_identical(
    text(read$gene, read$term), text(expected$SYMBOL, expected$GOALL)
  )
})

test_that("codes are read in any letter case, and branches must be named", {
  x <- data.frame(
    gene = c("A", "B", "C"), term = "T", branch = "BP",
    evidence = c("IDA", "IDA", " igi ")
  )
  expect_identical(musl_annotations(x)$terms$gene, c("A", "B"))
  x$branch[[2]] <- NA
  expect_input_error(musl_annotations(x), "branch.*empty")
})

test_that("annotations that may tell the labels, or nothing, are named", {
  terms <- data.frame(
    gene = c("A1", "B1", "C1"), term = "T", evidence = c("IDA", NA, "IEA")
  )
  classes <- list(
    musl_warning_leakage = terms,
    musl_warning_leakage = terms[c("gene", "term")],
    musl_warning_leakage = transform(terms, evidence = ""),
    musl_warning_other = transform(terms, evidence = "IGI"),
    musl_error_input = terms[0, ],
    musl_error_input = terms["gene"]
  )
  for (i in seq_along(classes)) {
    cnd <- tryCatch(musl_annotations(classes[[i]]), condition = identity)
    expect_s3_class(cnd, names(classes)[[i]])
  }
  expect_no_warning(musl_annotations(transform(terms, evidence = "IDA")))
})
