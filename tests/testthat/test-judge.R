test_that("an unknown policy is refused", {
  draw <- function(policy) {
    with_core(cpp_sample_negatives(
      policy, 0L, 1L, 0:4, 0:4, integer(), integer(), 3, 5, 1
    ))
  }
  expect_named(draw("random"), c("a", "b"))
  expect_error(draw("expression"), class = "musl_error_input")
})
