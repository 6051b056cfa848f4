# What packages around us expect of classes, columns and arguments.

human_pairs <- function() {
  data.frame(gene_a = "STAG2", gene_b = c("STAG1", "SMARCA4", "PDS5A"))
}

test_that("methods are registered for our classes or our generics alone", {
  skip_without_sources()
  lines <- readLines(file.path(source_root(), "NAMESPACE"))
  registered <- grep("^S3method[(]", lines, value = TRUE)
  parts <- strsplit(gsub("S3method[(]|[)]| ", "", registered), ",")
  generic <- vapply(parts, `[[`, "", 1)
  class <- vapply(parts, `[[`, "", 2)
  foreign <- !grepl("^musl_", generic) & !grepl("^(musl_|Musl)", class)
  expect_identical(registered[foreign], character())
})

test_that("predict() takes a list of partners, the anchor as gene_a", {
  model <- musl_human_model()
  list <- musl_partners(model, "STAG2", n = 5)
  out <- predict(model, list)
  pairs <- data.frame(gene_a = list$anchor, gene_b = list$partner)
  plain <- predict(model, pairs)
  expect_identical(out$gene_a, list$anchor)
  expect_identical(out$gene_b, list$partner)
  expect_identical(out$why, list$why)
  expect_identical(out$.score, plain$.score)
  expect_s3_class(out, "musl_predictions")
  expect_false(inherits(out, "musl_partners"))
})

test_that("predict() names its argument if another package's is given", {
  model <- musl_human_model()
  for (name in c("new_data", "newdata")) {
    given <- rlang::set_names(list(human_pairs()), name)
    expect_input_error(do.call(predict, c(list(model), given)), "new_pairs")
    expect_input_error(do.call(predict, c(list(model), given)), name)
  }
})

test_that("probabilities of both classes add up to one", {
  out <- predict(musl_human_model(), human_pairs())
  expect_equal(out$.pred_SL + out$.pred_non_SL, rep(1, 3))
})

test_that("a class is called at three times the rate, or one half", {
  model <- musl_human_model()
  partners <- musl_partners(model, "STAG2", n = 300, by = "score")
  for (prior in c(0.0135, 0.1, 0.4)) {
    out <- predict(model, partners, type = "class", prior = prior)
    expect_identical(
      out$.pred_class == "SL", out$.pred_SL >= min(0.5, 3 * prior)
    )
  }
})

# Of calibrated probabilities the best threshold of F1 is half of that F1.
test_that("the threshold at the rate of screens is near the best for F1", {
  best <- vapply(c("ARID1A", "STAG2", "TP53", "SMARCA4", "KEAP1", "RB1"), function(gene) {
    list <- musl_partners(
      musl_human_model(), gene, n = Inf, dependency = FALSE, by = "score"
    )
    p <- sort(list$.pred_SL, decreasing = TRUE)
    p[which.max(2 * cumsum(p) / (seq_along(p) + sum(p)))]
  }, 0)
  expect_gt(mean(best), 0.0405 / 1.6)
  expect_lt(mean(best), 0.0405 * 1.6)
})
