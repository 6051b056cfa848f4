# Ctrl-C at any moment ends the call with a condition, soon, and the session
# computes what it computed before. Half a second is asked for; the figure tells
# what it took here, and only far more fails: R hears nothing while it collects
# garbage, which takes .4 s with HDF5Array loaded.

test_that("an interrupt ends any call soon, and the session goes on", {
  skip_without_backend()
  skip_without_hdf5()
  tried <- in_new_process(
    function(n) interrupt_all(n, seed = 204), long_count(100, least = 8)
  )
  heard <- c("interrupt", "model so far", "musl_error_cancelled")
  outcomes <- ifelse(
    tried$how == "died", "died",
    ifelse(tried$how %in% heard & tried$same, "same", paste(
      tried$call, tried$how, ifelse(tried$same, "", "and other bits")
    ))
  )
  expect_survived(outcomes, "Ctrl-C at random moments", sprintf(
    "median %.2f s, 95 %% within %.2f s, slowest %.2f s (%s)",
    stats::median(tried$seconds), stats::quantile(tried$seconds, .95),
    max(tried$seconds), tried$call[[which.max(tried$seconds)]]
  ))
  expect_lt(max(tried$seconds), 5)
})
