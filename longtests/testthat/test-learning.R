# What CI's tests of learning leave out, since each fit takes a minute.

test_that("a branch fed with noise costs the full model little", {
  skip_without_backend()
  skip_if_not_installed("pROC")
  data <- learning_data()
  noisy <- data
  values <- noisy@sources$simulated$assays[[1L]]
  withr::with_seed(1, values[] <- stats::rnorm(length(values), 6))
  noisy@sources$simulated$assays[[1L]] <- values
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

test_that("training by branches learns all four mechanisms too", {
  skip_without_backend()
  skip_if_not_installed("pROC")
  data <- learning_data()
  fit <- learn(data, strategy = "branches")
  expect_learned(unseen_auroc(fit, data, mechanisms), 0.85)
})

# T5 of MUSE's tests, and T6 against the scale that speaks, by MUSE's margins: a
# scale whose validation AUROC may be one half is not heard.
test_that("a scale that says nothing is not heard", {
  skip_without_backend()
  for (silent in c("pair", "network")) {
    other <- if (silent == "pair") 2 else 1
    apart <- imbalance_run("branches", joined_by = "sum", noise = silent)
    em <- imbalance_run(
      "em", joined_by = "sum", em_iterations = 1, noise = silent
    )
    expect_identical(apart$use[[3 - other]], 0)
    expect_identical(em$use[[3 - other]], 0)
    expect_gt(apart$auroc, apart$own[[other]] - 0.03)
    expect_gt(em$auroc, apart$own[[other]] - 0.03)
  }
})
