# A mutant of R/: one function of the installed namespace replaced, then the
# test files run that bear its file's name or name the function. Sourced by
# mutate.R; `Rscript mutate-r.R worker ...` is the process that tests.

seconds_of_r <- 120

# Test files of a source: those of its name, else of the name less a word.
tests_of_r <- function(file, name) {
  tests <- list.files(file.path(run$tree, "tests/testthat"), "^test-.*[.]R$")
  stem <- sub("[.]R$", "", basename(file))
  exact <- tests == paste0("test-", stem, ".R")
  while (!any(near <- exact | startsWith(tests, paste0("test-", stem, "-")) |
    tests == paste0("test-", stem, ".R")) && grepl("-", stem)) {
    stem <- sub("-[^-]*$", "", stem)
  }
  call <- paste0("\\b", gsub(".", "[.]", name, fixed = TRUE), "\\(")
  names_it <- vapply(file.path(run$tree, "tests/testthat", tests), function(x) {
    any(grepl(call, readLines(x)))
  }, NA)
  unique(c(tests[exact], tests[names_it], tests[near]))
}

worker <- function(tests, mutant, limit) {
  out <- file.path(run$directory, "worker.tsv")
  unlink(out)
  environment <- c(
    NOT_CRAN = "true", PROCESSX_NOTIFY_OLD_SIGCHLD = "true",
    R_LIBS = run$library
  )
  answer <- withr::with_envvar(environment, timed(
    limit, "Rscript",
    c("--vanilla", "mutate-r.R", "worker", run$tree, mutant, out, tests),
    file.path(run$directory, "worker.log")
  ))
  answer$counts <- if (file.exists(out)) {
    utils::read.delim(out,
      header = FALSE, col.names = c("file", "bad", "seconds")
    )
  }
  answer
}

# Failures and seconds of each test file with the unchanged code, kept.
usual_of_r <- function(tests) {
  path <- file.path(run$directory, "usual-r.tsv")
  if (!file.exists(path)) writeLines("file\tbad\tseconds", path)
  for (test in setdiff(tests, read_table(path)$file)) {
    answer <- worker(test, "none", 600)
    row <- answer$counts
    if (is.null(row)) row <- data.frame(file = test, bad = -1, seconds = 600)
    utils::write.table(row, path,
      append = TRUE, quote = FALSE, sep = "\t", row.names = FALSE,
      col.names = FALSE
    )
  }
  usual <- utils::read.delim(path)
  usual[match(tests, usual$file), ]
}

# Test files that pass as they are, as many as a third of the time allows.
tests_in_time <- function(tests) {
  usual <- usual_of_r(tests)
  usual <- usual[usual$bad == 0, ]
  fits <- cumsum(usual$seconds) <= seconds_of_r / 2
  usual[fits, ]
}

try_r_mutant <- function(place, lines) {
  parsed <- parse(text = lines, keep.source = TRUE)
  name <- as.character(parsed[[place$top]][[2]])
  mutant <- file.path(run$directory, "mutant.R")
  writeLines(as.character(attr(parsed, "srcref")[[place$top]]), mutant)
  tests <- tests_in_time(tests_of_r(place$file, name))
  limit <- min(seconds_of_r, 3 * sum(tests$seconds) + 20)
  answer <- worker(tests$file, mutant, limit)
  bad <- answer$counts[answer$counts$bad > 0, ]
  by <- if (NROW(bad) > 0) bad$file[[1]] else paste("status", answer$status)
  if (answer$status == 124L) by <- "time"
  killed <- NROW(bad) > 0 || answer$status != 0L
  list(
    outcome = if (killed) "killed" else "survived", by = if (killed) by else "",
    seconds = answer$seconds
  )
}

# In the worker -------------------------------------------------------------

replace_function <- function(expression) {
  space <- asNamespace("MuSL")
  name <- as.character(expression[[2]])
  value <- eval(expression[[3]], space)
  put <- function(env) {
    if (!exists(name, env, inherits = FALSE)) return()
    locked <- bindingIsLocked(name, env)
    if (locked) unlockBinding(name, env)
    assign(name, value, env)
    if (locked) lockBinding(name, env)
  }
  put(space)
  put(as.environment("package:MuSL"))
  replace_s3(name, value, space)
}

# Methods are held apart from the names that they were registered by.
replace_s3 <- function(name, value, space) {
  methods <- getNamespaceInfo(space, "S3methods")
  for (row in which(methods[, 3] == name)) {
    registerS3method(methods[row, 1], methods[row, 2], value, space)
  }
}

run_tests <- function(tree, tests, out) {
  folder <- file.path(tree, "tests", "testthat")
  helpers <- testthat::test_env("MuSL")
  invisible(testthat::source_test_helpers(folder, helpers))
  for (test in tests) {
    started <- proc.time()[["elapsed"]]
    results <- as.data.frame(testthat::test_file(
      file.path(folder, test),
      package = "MuSL", load_package = "installed", load_helpers = FALSE,
      env = new.env(parent = helpers), reporter = "summary",
      stop_on_failure = FALSE
    ))
    bad <- sum(results$failed > 0 | results$error)
    seconds <- round(proc.time()[["elapsed"]] - started, 1)
    cat(test, bad, seconds, file = out, sep = "\t", append = TRUE)
    cat("\n", file = out, append = TRUE)
    if (bad > 0) break
  }
}

words <- commandArgs(trailingOnly = TRUE)
if (length(words) > 0 && words[[1]] == "worker") {
  suppressPackageStartupMessages(library(MuSL))
  if (words[[3]] != "none") replace_function(parse(words[[3]])[[1]])
  run_tests(words[[2]], words[-(1:4)], words[[4]])
}
