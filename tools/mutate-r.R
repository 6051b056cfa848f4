# A mutant of R/: replaces one function in the installed namespace and runs the
# test files that have its file's name, or that call the function or one of its
# callers. Sourced by mutate.R; `Rscript mutate-r.R worker ...` is the process
# that runs the tests.

# For all test files of a mutant together, measured on the unchanged code.
seconds_of_r <- 60

# Cache: the functions that each function of R/ calls.
kept <- new.env()
calls_of_r <- function() {
  if (is.null(kept$calls)) {
    files <- list.files(file.path(run$tree, "R"), "[.]R$", full.names = TRUE)
    all <- do.call(c, lapply(files, function(x) as.list(parse(x))))
    names(all) <- vapply(all, defined_name, "")
    kept$calls <- lapply(all[!is.na(names(all))], all.names, unique = TRUE)
  }
  kept$calls
}

# A function, its callers, their callers, and so on.
callers_of <- function(name, most = 5L) {
  calls <- calls_of_r()
  found <- name
  for (step in seq_len(most)) {
    calling <- vapply(calls, function(x) any(found %in% x), NA)
    found <- unique(c(found, names(calls)[calling]))
  }
  found
}

# Test files that call the function; a method by its generic, where they name
# the class too.
naming <- function(name, texts) {
  call <- function(x) paste0("\\b", gsub(".", "[.]", x, fixed = TRUE), "\\(")
  direct <- grepl(call(name), texts)
  if (!grepl("[.]musl_", name)) return(direct)
  class <- sub(".*[.]musl_", "", name)
  direct | grepl(call(sub("[.]musl_.*", "", name)), texts) &
    grepl(class, texts, fixed = TRUE)
}

# Test files of a source: those of its name, else of the name less a word, and
# those that name the function or one that leads to it.
tests_of_r <- function(file, name) {
  tests <- list.files(file.path(run$tree, "tests/testthat"), "^test-.*[.]R$")
  stem <- sub("[.]R$", "", basename(file))
  exact <- tests == paste0("test-", stem, ".R")
  while (!any(near <- exact | startsWith(tests, paste0("test-", stem, "-")) |
    tests == paste0("test-", stem, ".R")) && grepl("-", stem)) {
    stem <- sub("-[^-]*$", "", stem)
  }
  texts <- vapply(file.path(run$tree, "tests/testthat", tests), function(x) {
    paste(readLines(x), collapse = "\n")
  }, "")
  of <- lapply(callers_of(name), function(x) tests[naming(x, texts)])
  unique(c(tests[exact], unlist(of), tests[near]))
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

# Failures and seconds of a test file with the unchanged code, kept.
usual_of_r <- function(test) {
  path <- file.path(run$directory, "usual-r.tsv")
  if (!file.exists(path)) writeLines("file\tbad\tseconds", path)
  usual <- utils::read.delim(path)
  if (test %in% usual$file) return(usual[usual$file == test, ])
  row <- worker(test, "none", 2 * seconds_of_r)$counts
  if (is.null(row)) row <- data.frame(file = test, bad = -1, seconds = Inf)
  utils::write.table(row, path,
    append = TRUE, quote = FALSE, sep = "\t", row.names = FALSE,
    col.names = FALSE
  )
  row
}

# Test files that pass as they are, as many as the time allows, one at least.
tests_in_time <- function(tests) {
  taken <- data.frame(file = character(), bad = integer(), seconds = double())
  for (test in tests) {
    if (sum(taken$seconds) > 0.9 * seconds_of_r) break
    usual <- usual_of_r(test)
    fits <- nrow(taken) == 0L && is.finite(usual$seconds) ||
      sum(taken$seconds) + usual$seconds <= seconds_of_r
    if (usual$bad == 0L && fits) taken <- rbind(taken, usual)
  }
  taken
}

try_r_mutant <- function(place, lines) {
  parsed <- parse(text = lines, keep.source = TRUE)
  name <- as.character(parsed[[place$top]][[2]])
  mutant <- file.path(run$directory, "mutant.R")
  writeLines(as.character(attr(parsed, "srcref")[[place$top]]), mutant)
  tests <- tests_in_time(tests_of_r(place$file, name))
  limit <- max(60, 5 * sum(tests$seconds) + 20)
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
