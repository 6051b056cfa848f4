# coverage.R WITHOUT TEST...: runs test files in this process and prints the
# share of the lines of R/ that they ran; see tools/coverage.
arguments <- commandArgs(trailingOnly = TRUE)
source("tools/test-file.R")

files <- testthat::find_test_scripts("tests/testthat")
names(files) <- sub("^test-(.*)[.]R$", "\\1", basename(files))
if (length(arguments) > 1) files <- files[arguments[-1]]
files <- files[!grepl(arguments[[1]], names(files))]

run_tests <- function() {
  # A copy of the namespace, made once its functions count.
  helpers <- read_helpers("tests/testthat")
  for (path in files) {
    count <- run_file(path, helpers, "silent")
    message(sprintf(
      "%s: %d failed, %.0f s", basename(path), count$failed, count$seconds
    ))
  }
}

# covr sources a file; this one has the tests run.
script <- tempfile(fileext = ".R")
writeLines("run_tests()", script)
assign("run_tests", run_tests, globalenv())
coverage <- covr::environment_coverage(asNamespace("MuSL"), script)
lines <- covr::tally_coverage(coverage, by = "line")
lines <- lines[basename(lines$filename) != "RcppExports.R", ]
if (nrow(lines) == 0) {
  stop("MuSL was installed without its source: R_KEEP_PKG_SOURCE=yes keeps it")
}
by_file <- split(lines$value > 0, basename(lines$filename))
shares <- sort(vapply(by_file, mean, 1))
cat(sprintf(
  "%5.1f %% of %4d  %s\n", 100 * shares, lengths(by_file)[names(shares)],
  names(shares)
), sep = "")
cat(sprintf(
  "%d of %d lines, %.1f %%\n", sum(lines$value > 0), nrow(lines),
  100 * mean(lines$value > 0)
))
