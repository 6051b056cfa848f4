# Shared by tools/run-tests.R and tools/coverage.R: loads the package and runs a
# test file against it.

# Otherwise processx, which testthat uses, and R's parallel interfere.
Sys.setenv(PROCESSX_NOTIFY_OLD_SIGCHLD = "true")
# The learning tests, too slow for CRAN, run here.
Sys.setenv(NOT_CRAN = "true")
suppressPackageStartupMessages(library(MuSL))

# Helpers are read once: some store a model that many files use.
read_helpers <- function(directory) {
  helpers <- testthat::test_env("MuSL")
  invisible(testthat::source_test_helpers(directory, helpers))
  helpers
}

# list(passed, failed, skipped: tests, seconds); a test that warns fails, since
# warnings that are meant are expected or suppressed by class.
run_file <- function(path, helpers, reporter) {
  started <- proc.time()[["elapsed"]]
  tests <- testthat::test_file(
    path,
    package = "MuSL", load_package = "installed", load_helpers = FALSE,
    env = new.env(parent = helpers), reporter = reporter,
    stop_on_failure = FALSE
  )
  results <- as.data.frame(tests)
  warns <- vapply(tests, function(test) {
    any(vapply(test$results, is_own_warning, TRUE))
  }, TRUE)
  bad <- results$failed > 0 | results$error | warns
  skipped <- results$skipped & !bad
  list(
    passed = sum(!bad & !skipped), failed = sum(bad), skipped = sum(skipped),
    seconds = round(proc.time()[["elapsed"]] - started, 1)
  )
}

# The parallel package warns of a job that was ended at a random later moment.
is_own_warning <- function(result) {
  inherits(result, "expectation_warning") &&
    !grepl("parallel job", conditionMessage(result), fixed = TRUE)
}
