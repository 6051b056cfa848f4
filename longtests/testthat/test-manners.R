# The session is as it was after every call.

test_that("examples of all functions leave the session as it was", {
  skip_on_os(c("windows", "mac"))
  skip_without_backend()
  tried <- in_new_process(run_all_examples)
  outcomes <- ifelse(
    tried$outcome != "done", tried$outcome,
    ifelse(tried$changed == "", "same", paste(
      tried$page, tried$expr, "changed", tried$changed
    ))
  )
  expect_survived(outcomes)
})
