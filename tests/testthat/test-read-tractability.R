# Drugs of genes from tables of several sources.

drug_file <- function(lines) {
  path <- withr::local_tempfile(.local_envir = parent.frame())
  writeLines(lines, path)
  path
}

test_that("Open Targets' and ChEMBL's columns are found", {
  open_targets <- read_tractability(drug_file(c(
    "drugId\tprefName\tapprovedSymbol\tphase\tactionType\tstatus",
    "CHEMBL1\tOLAPARIB\tPARP1\t4.0\tINHIBITOR\tCompleted",
    "CHEMBL1\tOLAPARIB\tPARP1\t2.0\tINHIBITOR\tRecruiting",
    "CHEMBL2\tNAD\tPARP1\t\tACTIVATOR\t"
  )))
  expect_identical(open_targets$drug, c("OLAPARIB", "NAD"))
  expect_identical(open_targets$phase, c(4, NA))
  expect_identical(open_targets$direction, c("inhibitor", "activator"))
  chembl <- read_tractability(drug_file(c(
    "molecule_chembl_id,gene_symbol,max_phase,mechanism_of_action",
    "CHEMBL3,GRIN1,-1,NMDA receptor negative allosteric modulator",
    "CHEMBL4,GLP1R,3,GLP-1 receptor agonist", "CHEMBL5,CD20,4,binding agent"
  )))
  expect_identical(chembl$direction, c("other", "activator", "inhibitor"))
  expect_identical(chembl$phase, c(4, 3, 0))
})

test_that("words of phases and directions are understood", {
  found <- read_tractability(drug_file(c(
    "gene;drug;phase;direction", "A;a;Phase II;antagonist",
    "B;b;Approved;inverse agonist", "C;c;Phase 1/2;opener",
    "D;d;preclinical;degrader", "E;e;NA;"
  )))
  expect_identical(found$phase, c(2, 4, 1, 0, NA))
  expect_identical(found$direction, c(
    "inhibitor", "inhibitor", "activator", "inhibitor", "other"
  ))
})

test_that("own names of columns are taken", {
  path <- drug_file(c("what,who", "x,PARP1"))
  expect_error(read_tractability(path), class = "musl_error_format")
  found <- read_tractability(path, columns = c(gene = "who", drug = "what"))
  expect_identical(found$gene, "PARP1")
  expect_identical(found$phase, NA_real_)
  expect_error(
    read_tractability(path, columns = c(gene = "who")),
    class = "musl_error_input"
  )
})

test_that("what is no phase is refused", {
  expect_error(
    read_tractability(drug_file(c("gene,drug,phase", "A,a,soon"))),
    class = "musl_error_format"
  )
  expect_error(
    read_tractability(drug_file(c("gene,drug,phase", "A,a,7"))),
    class = "musl_error_format"
  )
})

test_that("a public table says drugs of well-known partners", {
  data <- Sys.getenv("MUSL_DATA")
  skip_if(!nzchar(data), "needs MUSL_DATA")
  drugs <- read_tractability(file.path(data, "genes", "drugs.tsv.gz"))
  expect_gt(nrow(drugs), 13000)
  facts <- musl_gene_facts(c("PARP1", "CDK4", "STAG1"), drugs = drugs)
  expect_match(facts$drug[1:2], "approved")
  expect_true(is.na(facts$drug[[3]]))
})
