# Scales that teach each other, see helper-imbalance.R; a silent one is in
# longtests/.
test_that("scales that teach each other beat those trained together", {
  skip_without_backend()
  skip_on_cran()
  # Of one seed a branch's AUROC moves by .03 with the rounding of a product:
  # 100 validation pairs choose its epoch. So means over three, and half of
  # MUSE's margin for each. Tests in C++ compare pseudo-labels with branches
  # apart.
  seeds <- c(11, 12, 21)
  joint <- lapply(seeds, function(seed) {
    imbalance_run("joint", auxiliary = 0, seed = seed)
  })
  em <- lapply(seeds, function(seed) {
    imbalance_run("em", joined_by = "sum", em_iterations = 1, seed = seed)
  })
  gain <- vapply(em, `[[`, 0, "auroc") - vapply(joint, `[[`, 0, "auroc")
  expect_gt(mean(gain), 0.04)
  expect_gt(min(gain), 0.02)
  # Joint training leaves the pair scale all but idle, EM hears both.
  expect_lt(mean(vapply(joint, function(run) run$use[[1]], 0)), 0.08)
  expect_gt(min(vapply(em, function(run) min(run$use), 0)), 0.08)
})
