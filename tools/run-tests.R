# run-tests.R DIRECTORY COUNT: runs R tests against the installed package and
# writes `passed failed` to the file COUNT. A test that skips is not counted.
arguments <- commandArgs(trailingOnly = TRUE)
# Else processx, which testthat uses, and R's parallel are in each other's way.
Sys.setenv(PROCESSX_NOTIFY_OLD_SIGCHLD = "true")
# The learning tests, too slow for CRAN, run here.
Sys.setenv(NOT_CRAN = "true")
results <- as.data.frame(testthat::test_dir(
  arguments[1L],
  package = "MuSL", load_package = "installed", reporter = "summary",
  stop_on_failure = FALSE
))
bad <- results$failed > 0 | results$error
good <- !bad & !results$skipped
message(sum(results$skipped & !bad), " skipped in ", arguments[1L])
writeLines(paste(sum(good), sum(bad)), arguments[2L])
