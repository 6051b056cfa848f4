# A mutant of the core: one object compiled, the test program linked again, the
# tests that belong to the file run, then all. Sourced by mutate.R.

# timed PROGRAM...: its status, 124 when it was stopped, and its seconds.
timed <- function(limit, program, words, output) {
  started <- proc.time()[["elapsed"]]
  status <- system2("timeout",
    c("-k", "5", ceiling(limit), program, shQuote(words)),
    stdout = output, stderr = output
  )
  # 137: it did not end when told.
  list(
    status = if (status == 137L) 124L else status,
    seconds = proc.time()[["elapsed"]] - started
  )
}

build_program <- function() {
  timed(900, "ninja",
    c("-C", file.path(run$directory, "build"), "-j1", "musl_base_tests"),
    file.path(run$directory, "ninja.log")
  )
}

run_program <- function(filter, limit) {
  log <- file.path(run$directory, "tests.log")
  answer <- timed(limit, file.path(run$directory, "build", "musl_base_tests"),
    c(
      "--gtest_brief=1", "--gtest_fail_fast",
      paste0("--gtest_filter=", filter)
    ),
    log
  )
  failed <- grep("^\\[  FAILED  \\] [A-Za-z]", readLines(log), value = TRUE)
  answer$by <- sub("^\\[  FAILED  \\] ([^ ,(]+).*", "\\1", c(failed, ""))[[1]]
  answer
}

# Suites of the test files that bear the source's name or include its header.
filter_of <- function(file) {
  stem <- sub("[.]cpp$", "", basename(file))
  tests <- list.files(file.path(run$tree, "tests/cpp"), "^test_.*[.]cpp$",
    full.names = TRUE
  )
  header <- sprintf("[/\"](%s|%s)[.]h\"", stem, sub("_[a-z]+$", "", stem))
  texts <- lapply(tests, readLines)
  near <- basename(tests) == sprintf("test_%s.cpp", stem) |
    vapply(texts, function(x) any(grepl(header, x)), NA)
  pattern <- "^\\s*(?:TYPED_)?TEST(?:_F|_P)?\\((\\w+),.*"
  suites <- grep(pattern, unlist(texts[near]), value = TRUE, perl = TRUE)
  suites <- unique(sub(pattern, "\\1", suites, perl = TRUE))
  if (length(suites) > 0) paste0("*", suites, ".*", collapse = ":")
}

# Seconds that the unchanged program takes, measured once.
usual_seconds <- function() {
  path <- file.path(run$directory, "usual-seconds")
  if (!file.exists(path)) {
    build_program()
    answer <- run_program("*", 1800)
    if (answer$status != 0L) stop("the unchanged core fails ", answer$by)
    writeLines(as.character(answer$seconds), path)
  }
  as.numeric(readLines(path))
}

judged <- function(answer) {
  if (answer$status == 124L) return(list(outcome = "killed", by = "time"))
  if (answer$status == 0L) return(NULL)
  by <- if (nzchar(answer$by)) answer$by else paste("status", answer$status)
  list(outcome = "killed", by = by)
}

run_mutant <- function(file) {
  limit <- 3 * usual_seconds() + 10
  near <- filter_of(file)
  found <- if (!is.null(near)) judged(run_program(near, limit))
  if (is.null(found)) found <- judged(run_program("*", limit))
  if (is.null(found)) list(outcome = "survived", by = "") else found
}

try_core_mutant <- function(place, lines) {
  usual_seconds()
  path <- file.path(run$tree, place$file)
  kept <- readLines(path)
  on.exit(writeLines(kept, path))
  started <- proc.time()[["elapsed"]]
  writeLines(lines, path)
  built <- build_program()
  answer <- list(outcome = "uncompiled", by = "")
  if (built$status == 0L) answer <- run_mutant(place$file)
  answer$seconds <- proc.time()[["elapsed"]] - started
  answer
}
