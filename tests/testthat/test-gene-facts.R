# Facts of genes that the package brings, against the tables that they are from.

source_table <- function(...) {
  data <- Sys.getenv("MUSL_DATA")
  skip_if(!nzchar(data), "needs MUSL_DATA")
  utils::read.delim(gzfile(file.path(data, ...)), na.strings = "", quote = "")
}

test_that("shares of patients are those of the source", {
  loss <- source_table("genes", "tumour_loss.tsv.gz")
  loss <- loss[!is.na(loss$n_truncating) & loss$n_truncating > 0, ]
  genes <- withr::with_seed(1, sample(unique(loss$gene), 200))
  genes <- union(genes, c("VHL", "PBRM1", "ARID1A", "NF2", "ATRX"))
  found <- tidy(musl_gene_facts(genes))
  expected <- loss[loss$gene %in% genes, ]
  row <- match(
    paste(found$gene, found$cohort), paste(expected$gene, expected$cohort)
  )
  expect_setequal(row, seq_len(nrow(expected)))
  expect_equal(found$n_lost, expected$n_truncating[row])
  expect_equal(found$n_hyper, expected$n_truncating_hyper[row])
  expect_equal(found$n_patients, expected$n_patients[row])
})

test_that("well-known tumours lose their genes", {
  rate <- function(genes, cohort) musl_gene_facts(genes, cohort)$loss_rate
  # MC3's shares, to a point.
  off <- rate(c("PBRM1", "VHL", "SETD2", "BAP1"), "KIRC") -
    c(.34, .29, .10, .08)
  expect_lt(max(abs(off)), .01)
  expect_equal(rate("NF2", "MESO"), 20 / 82)
  expect_lt(abs(rate("ATRX", "TCGA-LGG") - .32), .01)
  expect_lt(max(abs(rate(c("PTEN", "ARID1A"), "UCEC") - c(.48, .31))), .01)
  facts <- musl_gene_facts(c("PTEN", "VHL"))
  expect_match(facts$lost_in[[1]], "UCEC at least 48 %", fixed = TRUE)
  expect_match(facts$lost_in[[2]], "^KIRC 29 % \\(106 of 369\\)")
})

test_that("a gene without facts is NA, one that none lost is zero", {
  expect_warning(
    facts <- musl_gene_facts(c("NOGENE", "VHL"), "KIRC"),
    class = "musl_warning_unknown_gene"
  )
  expect_true(all(is.na(as.list(facts[1, -1]))))
  expect_equal(nrow(facts), 2)
  # In the source, but without a truncating mutation in this cohort.
  expect_equal(musl_gene_facts("AAAS", "KIRC")$loss_rate, 0)
})

test_that("roles and predictions are those of the source", {
  roles <- source_table("genes", "roles.tsv.gz")
  drugs <- source_table("genes", "druggability.tsv.gz")
  facts <- musl_gene_facts()
  role <- c(LoF = "loss", Act = "gain", ambiguous = "ambiguous")[roles$role]
  expect_equal(facts$role[match(roles$gene, facts$gene)], unname(role))
  expect_equal(sum(!is.na(facts$role)), nrow(roles))
  row <- match(drugs$gene, facts$gene)
  expect_lte(max(abs(facts$druggable[row] - drugs$p_druggable)), .0051)
  expect_lte(max(abs(facts$inhibitor[row] - drugs$p_inhibitor)), .0051)
})

test_that("paralogs and neighbours are told", {
  facts <- musl_gene_facts(c("STAG2", "MTAP", "CDKN2A"))
  expect_identical(facts$paralogs[[1]], "STAG1, STAG3")
  expect_match(facts$co_deleted[[2]], "^CDKN2A, CDKN2B")
  expect_match(facts$co_deleted[[3]], "MTAP")
  sources <- attr(facts, "sources")
  expect_setequal(sources$column, setdiff(names(facts), "gene"))
  expect_false(anyNA(sources$licence))
})

test_that("augment() joins facts to partners and anchors", {
  list <- tibble::tibble(
    anchor = c("VHL", "VHL"), partner = c("CDK6", "PARP1"), .score = 2:1
  )
  drugs <- tibble::tibble(
    gene = c("PARP1", "CDK6", "CDK6"), drug = c("A", "B", "C"),
    phase = c(4, 2, 3), direction = c("inhibitor", "activator", "inhibitor")
  )
  facts <- musl_gene_facts(cohort = "KIRC", drugs = drugs)
  joined <- augment(facts, list)
  expect_identical(joined[names(list)], list)
  expect_equal(joined$anchor_loss_rate, rep(106 / 369, 2))
  expect_identical(joined$partner_drug, c("C (phase 3)", "A (approved)"))
  expect_identical(
    joined$partner_druggable, facts$druggable[match(list$partner, facts$gene)]
  )
  expect_error(augment(facts, tibble::tibble(gene_a = "A", gene_b = "B")),
    class = "musl_error_input"
  )
  partners <- musl_partners(musl_human_model(), "STAG2", n = 3)
  expect_s3_class(augment(partners, facts), "musl_partners")
})

test_that("wrong arguments are refused", {
  expect_error(musl_gene_facts(1), class = "musl_error_input")
  expect_error(musl_gene_facts("VHL", "SKCM"), class = "musl_error_input")
  expect_error(musl_gene_facts("VHL", "NOPE"), class = "musl_error_input")
  expect_error(
    musl_gene_facts("VHL", drugs = data.frame(gene = "VHL")),
    class = "musl_error_input"
  )
})

test_that("pages and the explorer say facts of human genes", {
  list <- musl_partners(musl_human_model(), "STAG2", n = 3)
  drugs <- tibble::tibble(
    gene = "STAG1", drug = "X", phase = 1, direction = "inhibitor"
  )
  page <- withr::local_tempfile(fileext = ".html")
  musl_report(augment(list, musl_gene_facts(drugs = drugs)), page)
  text <- paste(readLines(page), collapse = "\n")
  expect_match(text, "Genes beside the model", fixed = TRUE)
  expect_match(text, "BLCA at least 11 %", fixed = TRUE)
  expect_match(text, "X (phase 1)", fixed = TRUE)
  said <- MuSL:::fact_sentences(c("VHL", "NOGENE"))
  expect_match(said, "^VHL: lost in KIRC 29 % .*with probability 0.55")
  expect_null(MuSL:::fact_sentences("SIM001"))
})
