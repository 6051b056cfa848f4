# Scales that teach each other, see helper-imbalance.R; a silent one is in
# longtests/, since each fit takes 12 seconds.
test_that("scales that teach each other beat those trained together", {
  skip_without_backend()
  skip_on_cran()
  # Of one seed a branch's AUROC moves by .03 with the rounding of a product:
  # 100 validation pairs choose its epoch. So means over three. Tests in C++
  # compare pseudo-labels with branches apart.
  joint <- imbalance_run("joint", auxiliary = 0)
  em <- lapply(c(11, 21, 22), function(seed) {
    imbalance_run("em", joined_by = "sum", em_iterations = 1, seed = seed)
  })
  auroc <- mean(vapply(em, `[[`, 0, "auroc"))
  # Both scales are heard.
  expect_gt(auroc, 0.87)
  expect_gt(min(vapply(em, function(run) min(run$use), 0)), 0.08)
  expect_gt(auroc - joint$auroc, 0.02)
})
