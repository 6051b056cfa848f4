# A mutant of the core: compiles one object, links the test program, and runs
# the tests of the file, then all. Sourced by mutate.R.

# Runs a program: its status (124 if it was stopped) and seconds.
timed <- function(limit, program, words, output) {
  started <- proc.time()[["elapsed"]]
  status <- system2("timeout",
    c("-k", "5", ceiling(limit), program, shQuote(words)),
    stdout = output, stderr = output
  )
  # 137: it had to be killed.
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

run_program <- function(filter, limit, more = NULL, name = "musl_base_tests") {
  log <- file.path(run$directory, "tests.log")
  answer <- timed(limit, file.path(run$directory, "build", name),
    c(
      "--gtest_brief=1", "--gtest_fail_fast",
      paste0("--gtest_filter=", filter), more
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

# Seconds that each suite of the unchanged program takes, measured once.
usual_suites <- function() {
  path <- file.path(run$directory, "usual-suites.tsv")
  if (!file.exists(path)) {
    build_program()
    report <- file.path(run$directory, "usual.xml")
    answer <- run_program("*", 1800, paste0("--gtest_output=xml:", report))
    if (answer$status != 0L) stop("the unchanged core fails ", answer$by)
    pattern <- "^ *<testsuite name=\"([^\"]+)\".* time=\"([0-9.]+)\".*"
    lines <- grep(pattern, readLines(report), value = TRUE)
    writeLines(c("suite\tseconds", sub(pattern, "\\1\t\\2", lines)), path)
  }
  utils::read.delim(path)
}

# What a loaded computer does not reach: five times as usual and a minute.
limit_of <- function(filter) {
  usual <- usual_suites()
  patterns <- sub("[.][*]$", "", strsplit(filter, ":", fixed = TRUE)[[1]])
  among <- paste(utils::glob2rx(patterns), collapse = "|")
  max(60, 5 * sum(usual$seconds[grepl(among, usual$suite)]))
}

judged <- function(answer) {
  if (answer$status == 124L) return(list(outcome = "killed", by = "time"))
  if (answer$status == 0L) return(NULL)
  by <- if (nzchar(answer$by)) answer$by else paste("status", answer$status)
  list(outcome = "killed", by = by)
}

# The tests near to the file, then all the others.
run_mutant <- function(file) {
  near <- filter_of(file)
  found <- if (!is.null(near)) judged(run_program(near, limit_of(near)))
  others <- paste(c("*", near), collapse = "-")
  if (is.null(found)) found <- judged(run_program(others, limit_of("*")))
  if (is.null(found)) list(outcome = "survived", by = "") else found
}

# Do near tests access memory wrongly, with the sanitizers in this file alone?
# What is read or written beyond an array may leave every answer as it was.
is_caught <- function(file) {
  if (!build_watched(file)) return(FALSE)
  filter <- c(filter_of(file), "*")[[1]]
  withr::local_envvar(ASAN_OPTIONS = "detect_leaks=0")
  run_program(filter, 3 * limit_of(filter), name = "musl_watched_tests")
  log <- readLines(file.path(run$directory, "tests.log"))
  any(grepl("ERROR: AddressSanitizer|: runtime error: ", log))
}

build_watched <- function(file) {
  build <- file.path(run$directory, "build")
  asked <- c("-C", build, "-t", "commands", "musl_base_tests")
  commands <- system2("ninja", asked, stdout = TRUE)
  # Eigen would allocate in another way than in the other files.
  flags <- paste(
    "-fsanitize=address,undefined -fno-sanitize-recover=undefined",
    "-DEIGEN_MALLOC_ALREADY_ALIGNED=1"
  )
  compile <- commands[endsWith(commands, file.path(run$tree, file))]
  compile <- sub(" -MD .* -o \\S+", paste("", flags, "-o watched.o"), compile)
  # In front of the library it is taken instead of its member.
  link <- sub("^: && (.*) -o musl_base_tests (.*?) && .*", paste(
    "\\1", flags, "-o musl_watched_tests watched.o \\2"
  ), utils::tail(commands, 1L), perl = TRUE)
  script <- paste("cd", shQuote(build), "&&", compile, "&&", link)
  system2("sh", c("-c", shQuote(script)), stdout = FALSE, stderr = FALSE) == 0L
}

try_core_mutant <- function(place, lines) {
  usual_suites()
  path <- file.path(run$tree, place$file)
  kept <- readLines(path)
  on.exit(writeLines(kept, path))
  started <- proc.time()[["elapsed"]]
  writeLines(lines, path)
  built <- build_program()
  answer <- list(outcome = "uncompiled", by = "")
  if (built$status == 0L) answer <- run_mutant(place$file)
  if (answer$outcome == "survived" && is_caught(place$file)) {
    writeLines(kept, path)
    if (!is_caught(place$file)) {
      answer <- list(outcome = "killed", by = "memory")
    }
  }
  answer$seconds <- proc.time()[["elapsed"]] - started
  answer
}
