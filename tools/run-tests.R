# run-tests.R DIRECTORY RESULTS FILE...: runs R tests of a directory against the
# installed package, file after file. Several may run beside one another: a file
# is whose process makes its folder in RESULTS first. There its log stays and,
# once it has ended, its count: tests passed, failed, skipped and its seconds.
arguments <- commandArgs(trailingOnly = TRUE)
self <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
source(file.path(dirname(self), "test-file.R"))

helpers <- read_helpers(arguments[1L])
for (path in file.path(arguments[1L], arguments[-(1:2)])) {
  folder <- file.path(arguments[2L], sub("[.]R$", "", basename(path)))
  if (dir.create(folder, showWarnings = FALSE)) {
    options(testthat.output_file = file.path(folder, "log"))
    count <- run_file(path, helpers, "summary")
    writeLines(paste(unlist(count), collapse = " "), file.path(folder, "count"))
  }
}
