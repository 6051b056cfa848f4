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
  expect_error(
    musl_gene_table(data.frame(gene = "A", note = "x")),
    class = "musl_error_input"
  )
  expect_error(
    musl_gene_table(data.frame(gene = c("A", "A"), x = 1:2)),
    class = "musl_error_gene"
  )
  expect_error(
    musl_gene_table(data.frame(gene = "A", x = 1), expression = "y"),
    class = "musl_error_input"
  )
  expect_error(musl_gene_table(dependency = 1), class = "musl_error_input")
})
