# run-tests.R DIRECTORY RESULTS: runs the R tests of a directory against the
# installed package, file after file. Several may run beside one another: a file
# is whose process makes its folder in RESULTS first. There its log stays and,
# once it has ended, its count: tests passed, failed, skipped and its seconds.
arguments <- commandArgs(trailingOnly = TRUE)
# Else processx, which testthat uses, and R's parallel are in each other's way.
Sys.setenv(PROCESSX_NOTIFY_OLD_SIGCHLD = "true")
# The learning tests, too slow for CRAN, run here.
Sys.setenv(NOT_CRAN = "true")
suppressPackageStartupMessages(library(MuSL))

# Helpers are read once: some keep a model that many files look at.
helpers <- testthat::test_env("MuSL")
invisible(testthat::source_test_helpers(arguments[1L], helpers))

run_file <- function(path, folder) {
  options(testthat.output_file = file.path(folder, "log"))
  started <- proc.time()[["elapsed"]]
  results <- as.data.frame(testthat::test_file(
    path,
    package = "MuSL", load_package = "installed", load_helpers = FALSE,
    env = new.env(parent = helpers), reporter = "summary",
    stop_on_failure = FALSE
  ))
  bad <- results$failed > 0 | results$error
  skipped <- results$skipped & !bad
  seconds <- round(proc.time()[["elapsed"]] - started, 1)
  writeLines(
    paste(sum(!bad & !skipped), sum(bad), sum(skipped), seconds),
    file.path(folder, "count")
  )
}

files <- testthat::find_test_scripts(arguments[1L])
for (path in files) {
  folder <- file.path(arguments[2L], sub("[.]R$", "", basename(path)))
  if (dir.create(folder, showWarnings = FALSE)) run_file(path, folder)
}
