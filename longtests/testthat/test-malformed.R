# Malformed inputs, of every reader and constructor: each ends in a condition of
# a class that names the argument or the file, and leaves no object, no warning
# and no open file. The short tests' tables and those of tables/, each file in a
# process of its own.

test_that("malformed inputs are refused, and leave nothing behind", {
  files <- c(
    list.files(short_tests, "^test-.*malformed.*[.]R$", full.names = TRUE),
    list.files("tables", "^test-.*[.]R$", full.names = TRUE)
  )
  tried <- do.call(rbind, lapply(normalizePath(files), run_table))
  # Cases are told apart by their names.
  expect_identical(anyDuplicated(tried[c("file", "case")]), 0L)
  expect_survived(
    tried$outcome, "malformed inputs refused",
    paste(length(files), "files of tables")
  )
})
