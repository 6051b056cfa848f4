read_genes <- function(...) musl_evidence(genes = data.frame(...))$genes

# The gene table of evidence with effects of genes in cell lines.
effect_table <- function(effect, genes = NULL) {
  names <- paste0("line", seq_len(ncol(effect)))
  colnames(effect) <- colnames(effect) %||% names
  lines <- SummarizedExperiment::SummarizedExperiment(list(effect = effect))
  musl_evidence(genes = genes, lines = lines)$genes
}

test_that("roles follow from names", {
  table <- read_genes(
    gene = c("A", "B"), entrez = 1:2, hap1_log2tpm = 1, hap1_essential = 0:1,
    fitness_rich = 1, fitness_rich_sd = 1, share_dependent = .1, flag = TRUE,
    note = "x"
  )
  expect_identical(attr(table, "roles"), c(
    hap1_log2tpm = "expression", hap1_essential = "essential",
    fitness_rich = "fitness", share_dependent = "dependent", flag = "gene"
  ))
  expect_identical(table$hap1_essential, c(0, 1))
})

test_that("effects in lines give the share of lines that depend on a gene", {
  effect <- rbind(A = c(-1, -.6, 0, NA), B = c(0, 0, 0, 0))
  expect_equal(effect_table(effect)$dependent, c(2 / 3, 0))
  joined <- effect_table(effect, data.frame(gene = c("B", "C"), fitness = 1:2))
  expect_identical(joined$gene, c("B", "C", "A"))
  expect_equal(joined$dependent, c(0, NA, 2 / 3))
  expect_identical(
    effect_table(rbind(A = c(-1, NA), B = c(NA_real_, NA)))$dependent, c(1, NA)
  )
  effect <- matrix(
    c(-1, 0.2, -0.7, 0.1, 0, NA), 2,
    dimnames = list(c("A", "B"), sprintf("ACH-%06d", 1:3))
  )
  expect_warning(
    out <- effect_table(stats::pnorm(-effect)), "below -0.5",
    class = "musl_warning_other"
  )
  expect_identical(out$dependent, c(0, 0))
  expect_input_error(effect_table(t(effect)), "genes as rows")
})

test_that("expression and effects of lines are read beside each other", {
  level <- rbind(A = c(2, 3), B = c(0, 1))
  colnames(level) <- c("one", "two")
  both <- SummarizedExperiment::SummarizedExperiment(
    list(effect = -level, expression = level)
  )
  evidence <- musl_evidence(lines = both)
  expect_identical(evidence$lines, level)
  expect_identical(evidence$genes$dependent, c(1, 0.5))
})

test_that("tables without numbers, or with a gene twice, are refused", {
  expect_input_error(read_genes(gene = "A", note = "x"))
  expect_gene_error(read_genes(gene = c("A", "A"), x = 1:2))
  effect <- rbind(A = c(-1, -1), B = c(0, -1))
  expect_gene_error(effect_table(effect[c(1, 2, 1), ]))
  expect_input_error(
    effect_table(effect, data.frame(gene = "A", dependent = .3)), "dependent"
  )
  twice <- data.frame(gene = c("A", "A", "B"), fitness = 1:3)
  cnd <- expect_gene_error(effect_table(effect, twice))
  expect_identical(cnd$genes, "A")
  other <- data.frame(gene = c("8289", "57492"), fitness = 1:2)
  cnd <- expect_gene_error(effect_table(effect, other))
  expect_match(cnd_text(cnd), "\"8289\"", fixed = TRUE)
  expect_identical(cnd$argument, "lines")
})

test_that("columns have other names than those of pair evidence", {
  d <- toy_data_with_evidence()
  single <- feature_columns(evidence_store(d))
  single <- single$column[!single$of_pair & single$group != "fitness"]
  expect_input_error(read_genes(gene = "A1", degree = 1), "degree")
  known <- unique(sub("_(min|max)$", "", single))
  known <- known[!grepl(":", known)]
  expect_identical(setdiff(known, gene_column_names), character())
  make <- function(...) {
    evidence <- musl_evidence(genes = data.frame(gene = "A1", ...))
    musl_data(toy_matrix(), scale = "log", evidence = evidence)
  }
  columns <- feature_columns(evidence_store(make(other_tpm = 1)))$column
  expect_identical(anyDuplicated(columns), 0L)
  expect_input_error(make(expression = 1), "Both have")
})

test_that("Entrez ids given as numbers are written out", {
  table <- data.frame(gene = c(100000, 2), x = c(0.5, 1))
  expect_identical(musl_evidence(genes = table)$genes$gene, c("100000", "2"))
  shares <- effect_table(
    matrix(c(-1, 0), 2, dimnames = list(c("100000", "3"), NULL)), table
  )
  expect_identical(shares$gene, c("100000", "2", "3"))
  expect_identical(shares$dependent, c(1, NA, 0))
  modules <- musl_evidence(
    modules = data.frame(gene = c(100000, 2), module = "a")
  )
  expect_identical(modules$modules$gene, c("100000", "2"))
  terms <- suppressWarnings(musl_annotations(
    data.frame(gene = c(100000, 2), term = "a"),
    families = data.frame(gene = c(100000, 2), family = "b")
  ))
  expect_identical(terms$terms$gene, c("100000", "2"))
  expect_identical(terms$families$gene, c("100000", "2"))
})

test_that("of columns on need the highest share counts", {
  table <- data.frame(
    gene = c("A", "B", "C", "D"), share_dependent = c(0.95, 0.95, 0.2, 0.2),
    essential = c(1, 0, 1, 0), dependent_2 = c(0.95, 0.95, 0.2, 1)
  )
  d <- musl_data(
    network = data.frame(from = c("A", "B"), to = c("C", "D")),
    evidence = musl_evidence(genes = table)
  )
  facts <- cpp_gene_facts(evidence_store(d), NULL, -1L, NULL)
  expect_equal(facts$dependent, c(0.95, 0.95, 0.2, 1), tolerance = 1e-6)
})
