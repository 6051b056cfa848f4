# What the tables of the package say of genes.

test_that("identity of human proteins is that of the literature", {
  # CDK4 and CDK6 are 71 % identical (Meyerson and Harlow 1994, of the whole
  # proteins), AKT1 and AKT2 some 82 %, ubiquitin of UBB and UBC wholly.
  found <- protein_identity(
    c("CDK4", "AKT2", "UBC", "CDK4", "KRAS"),
    c("CDK6", "AKT1", "UBB", "CDK4", "no gene")
  )
  expect_equal(found[[1]], 0.71, tolerance = 0.02)
  expect_equal(found[[2]], 0.82, tolerance = 0.02)
  expect_identical(found[3:5], c(1, NA, NA))
  expect_identical(protein_identity("CDK6", "CDK4"), found[[1]])
  expect_identical(protein_identity(character(), character()), numeric())
})

test_that("the table of identities has each pair once, in whole per cent", {
  table <- package_table("paralogs")$table
  expect_false(any(duplicated(paste(table$gene_a, table$gene_b))))
  expect_false(any(duplicated(c(
    paste(table$gene_a, table$gene_b), paste(table$gene_b, table$gene_a)
  ))))
  expect_true(all(table$identity %in% 30:100))
  expect_lt(file.size(package_file("paralogs.tsv.xz")), 3e5)
})

test_that("lists and explanations name the identity, also of a user's table", {
  list <- musl_partners(musl_human_model(), "CDK4", candidates = "CDK6")
  expect_match(list$why, "paralog, 71 % identical", fixed = TRUE)
  why <- musl_explain(musl_human_model(), "CDK4", "CDK6", ranks = FALSE)
  expect_equal(glance(why)$identity, 0.71)
  expect_match(
    paste(explained_sentences(why), collapse = " "), "aralog, 71 % identical"
  )
  # What a model has of its own data comes first; none is no identity.
  expect_identical(paralog_identity(c(0.5, 0, NA), "CDK4", "CDK6"), c(
    0.5, 0.71, 0.71
  ))
  expect_identical(paralog_identity(0, "SIM001", "SIM002"), NA_real_)
})
