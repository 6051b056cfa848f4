# Fits do not fill the memory, and models of any kind are as they were after any
# way out of the session and back.

# MB of this process that are in memory.
resident <- function() {
  gc()
  pages <- scan("/proc/self/statm", quiet = TRUE)[[2]]
  pages * 4096 / 2^20
}

test_that("100 fits after 20 take no 5 MB more", {
  skip_without_backend()
  skip_on_os(c("windows", "mac"))
  grown <- in_new_process(function(n, resident) {
    environment(resident) <- environment(tiny_data)
    data <- tiny_data()
    used <- vapply(seq_len(20 + n), function(i) {
      tiny_fit(data)
      resident()
    }, 1)
    utils::tail(used, 1) - used[[20]]
  }, 100, resident)
  expect_lt(grown, 5)
})

test_that("random models come back with the same bits", {
  skip_without_backend()
  directory <- withr::local_tempdir()
  n <- 25
  made <- in_new_process(function(n, directory) {
    withr::local_seed(206)
    lapply(seq_len(n), function(i) random_round_trip(i, directory))
  }, n, directory)
  # Once more in a process that made none of them.
  read <- in_new_process(function(n, directory) {
    lapply(seq_len(n), function(i) {
      scores_of_spec(musl_load(spec_path(directory, i)))
    })
  }, n, directory)
  outcomes <- vapply(seq_len(n), function(i) {
    same <- made[[i]]$same && identical(read[[i]], made[[i]]$scores)
    if (same) "same" else paste("other:", made[[i]]$spec)
  }, "")
  expect_survived(outcomes)
})
