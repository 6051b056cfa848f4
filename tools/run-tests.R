# run-tests.R DIRECTORY RESULTS FILE...: runs R test files of a directory
# against the installed package. Several processes may run at once: the first to
# make a file's folder in RESULTS runs it. The folder gets the log and, at the
# end, the count: tests passed, failed, skipped and seconds.
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
