test_that("contributions and the reference add up to the score", {
  fit <- explored_fit()
  why <- musl_explain(fit, fit@genes[[1]], fit@genes[[2]])
  overall <- glance(why)
  told <- why$contribution[why$component != "reference"]
  expect_equal(overall$reference_score + sum(told), overall$.score)
  # By construction nothing is left over.
  expect_identical(overall$error, 0)
})

test_that("an explanation is printed with what predict() says at 1.35 % SL", {
  fit <- explored_fit()
  genes <- fit@genes[1:2]
  one <- predict(fit, data.frame(gene_a = genes[[1]], gene_b = genes[[2]]))
  printed <- utils::capture.output(
    print(musl_explain(fit, genes[[1]], genes[[2]]))
  )
  expect_match(printed[[1]], sprintf("score %.2f", one$.score))
  expect_match(paste(printed[2:3], collapse = " "), paste0(
    genes[[1]], " and ", genes[[2]], " a probability of ",
    signif(100 * one$.pred_SL, 3), " %.*1.35 % of all pairs"
  ))
})

test_that("a gene that the model does not know is named as it was given", {
  fit <- explored_fit()
  for (argument in c("gene_a", "gene_b")) {
    for (unknown in c("AAA", "zzz")) {
      given <- list(gene_a = fit@genes[[1]], gene_b = fit@genes[[2]])
      given[[argument]] <- unknown
      cnd <- expect_gene_error(musl_explain(fit, given$gene_a, given$gene_b))
      expect_identical(cnd$argument, argument)
    }
  }
})
