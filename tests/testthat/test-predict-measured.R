test_that("pairs of two known genes are scored, others are NA", {
  fit <- explored_fit()
  genes <- fit@genes[1:4]
  pairs <- data.frame(
    gene_a = genes[c(1, 2, 3, 3)], gene_b = c(genes[c(2, 2, 4)], "nobody")
  )
  score <- suppressWarnings(predict(fit, pairs))$.score
  expect_identical(is.na(score), c(FALSE, TRUE, FALSE, TRUE))
  turned <- data.frame(gene_a = pairs$gene_b, gene_b = pairs$gene_a)
  expect_identical(suppressWarnings(predict(fit, turned))$.score, score)
})

test_that("members are named by text", {
  fit <- explored_fit()
  pairs <- data.frame(gene_a = fit@genes[[1]], gene_b = fit@genes[[2]])
  for (members in list(factor("linear"), 1, TRUE, list("linear"))) {
    cnd <- expect_error(
      predict(fit, pairs, members = members),
      class = "musl_error_input"
    )
    expect_identical(cnd$argument, "members")
  }
})
