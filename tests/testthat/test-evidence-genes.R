test_that("roles follow from names or arguments", {
  x <- data.frame(
    gene = c("A", "B"), entrez = 1:2, hap1_log2tpm = 1, hap1_essential = 0:1,
    fitness_rich = 1, fitness_rich_sd = 1, share_dependent = .1, flag = TRUE,
    note = "x"
  )
  table <- musl_gene_table(x, fitness = "flag")
  expect_identical(attr(table, "roles"), c(
    hap1_log2tpm = "expression", hap1_essential = "essential",
    fitness_rich = "fitness", share_dependent = "dependent", flag = "fitness"
  ))
  expect_identical(table$hap1_essential, c(0, 1))
})

test_that("a dependency matrix gives the share of lines below the cut", {
  effect <- rbind(A = c(-1, -.6, 0, NA), B = c(0, 0, 0, 0))
  table <- musl_gene_table(dependency = effect)
  expect_equal(table$dependent, c(2 / 3, 0))
  joined <- musl_gene_table(
    data.frame(gene = c("B", "C"), fitness = 1:2),
    dependency = effect
  )
  expect_identical(joined$gene, c("B", "C", "A"))
  expect_equal(joined$dependent, c(0, NA, 2 / 3))
})

test_that("tables without numbers, or with a gene twice, are refused", {
  expect_input_error(musl_gene_table(data.frame(gene = "A", note = "x")))
  expect_gene_error(musl_gene_table(data.frame(gene = c("A", "A"), x = 1:2)))
  expect_input_error(
    musl_gene_table(data.frame(gene = "A", x = 1), expression = "y")
  )
  expect_input_error(musl_gene_table(dependency = 1))
})

test_that("columns that would be lost without a word are refused", {
  effect <- rbind(A = c(-1, NA), B = c(NA, NA), A = c(0, 0))
  expect_gene_error(musl_gene_table(dependency = effect))
  x <- data.frame(gene = c("A", "C"), dependent = .3, note = "x", tpm_sd = 1)
  expect_input_error(
    musl_gene_table(x, dependency = effect[1:2, ]), "dependent"
  )
  expect_input_error(musl_gene_table(x, expression = "note"), "note")
  expect_identical(
    attr(musl_gene_table(x, expression = "tpm_sd"), "roles"),
    c(dependent = "dependent", tpm_sd = "expression")
  )
  expect_identical(musl_gene_table(dependency = effect[1:2, ])$dependent,
    c(1, NA)
  )
})

test_that("columns have other names than those of pair evidence", {
  d <- toy_data_with_evidence()
  single <- musl_evidence_columns(d)
  single <- single$column[!single$of_pair & single$group != "fitness"]
  expect_input_error(
    musl_gene_table(data.frame(gene = "A1", degree = 1)), "degree"
  )
  known <- unique(sub("_(min|max)$", "", single))
  known <- known[!grepl(":", known)]
  expect_identical(setdiff(known, gene_column_names), character())
  table <- musl_gene_table(data.frame(gene = "A1", degree = 1),
    expression = "degree"
  )
  expect_named(table, c("gene", "degree"))
  names <- c("expression", "other")
  for (name in names) {
    evidence <- musl_evidence(genes = musl_gene_table(
      stats::setNames(data.frame("A1", 1), c("gene", name)),
      expression = name
    ))
    make <- function() {
      musl_data(toy_matrix(), scale = "log", evidence = evidence)
    }
    if (name == "other") {
      columns <- musl_evidence_columns(make())$column
      expect_identical(anyDuplicated(columns), 0L)
    } else {
      expect_input_error(make(), "Both have")
    }
  }
})

test_that("a matrix of dependency of another kind is told", {
  effect <- matrix(
    c(-1, 0.2, -0.7, 0.1, 0, NA), 2,
    dimnames = list(c("A", "B"), sprintf("ACH-%06d", 1:3))
  )
  found <- musl_gene_table(dependency = effect)
  expect_identical(found$dependent, c(2 / 3, 0))
  expect_warning(
    out <- musl_gene_table(dependency = stats::pnorm(-effect)), "below -0.5",
    class = "musl_warning_other"
  )
  expect_identical(out$dependent, c(0, 0))
  expect_input_error(musl_gene_table(dependency = t(effect)), "genes as rows")
})

test_that("Entrez ids given as numbers are written out", {
  table <- data.frame(gene = c(100000, 2), x = c(0.5, 1))
  expect_identical(musl_gene_table(table)$gene, c("100000", "2"))
  shares <- musl_gene_table(table,
    dependency = matrix(c(-1, 0), 2, dimnames = list(c("100000", "3"), NULL))
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

test_that("a matrix of dependency must hold numbers", {
  effect <- matrix(c("-1", "0"), 2, dimnames = list(c("A", "B"), "ACH-000001"))
  expect_input_error(musl_gene_table(dependency = effect), "numeric matrix")
})

test_that("joining a dependency loses no row and no gene", {
  effect <- rbind(A = c(-1, -1), B = c(0, -1))
  twice <- data.frame(gene = c("A", "A", "B"), fitness = 1:3)
  cnd <- expect_gene_error(musl_gene_table(twice, dependency = effect))
  expect_identical(cnd$genes, "A")
  other <- data.frame(gene = c("8289", "57492"), fitness = 1:2)
  cnd <- expect_gene_error(musl_gene_table(other, dependency = effect))
  expect_match(cnd_text(cnd), "\"8289\"", fixed = TRUE)
  expect_identical(cnd$argument, "dependency")
})

test_that("columns that contradict each other on need are told", {
  table <- data.frame(
    gene = c("A", "B", "C", "D"), share_dependent = c(0.95, 0.95, 0.2, 0.2),
    essential = c(1, 0, 1, 0), dependent_2 = c(0.95, 0.95, 0.2, 1)
  )
  expect_message(
    evidence <- musl_evidence(genes = musl_gene_table(table)),
    "3 genes: B, C, and D",
    class = "musl_message_evidence"
  )
  # The highest share counts.
  d <- musl_data(
    network = data.frame(from = c("A", "B"), to = c("C", "D")),
    evidence = evidence
  )
  facts <- cpp_gene_facts(evidence_store(d), NULL, -1L)
  expect_equal(facts$dependent, c(0.95, 0.95, 0.2, 1), tolerance = 1e-6)
  expect_silent(musl_evidence(genes = musl_gene_table(table[1, ])))
})
