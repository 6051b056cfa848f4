# Ctrl-C at any moment ends the call with a condition, soon, and the session
# computes what it computed before. It takes half a second, and only far
# more fails: R gets no signal while it collects garbage, .4 s with HDF5Array.

test_that("an interrupt ends any call soon, and the session goes on", {
  skip_without_backend()
  skip_without_hdf5()
  tried <- in_new_process(
    function(n) interrupt_all(n, seed = 204), 24
  )
  heard <- c("interrupt", "model so far", "musl_error_cancelled")
  outcomes <- ifelse(
    tried$how == "died", "died",
    ifelse(tried$how %in% heard & tried$same, "same", paste(
      tried$call, tried$how, ifelse(tried$same, "", "and other bits")
    ))
  )
  expect_survived(outcomes)
  expect_lt(max(tried$seconds), 5)
})
