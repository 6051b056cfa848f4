# A mutant of R/: replaces one function in the installed namespace and runs the
# test files that call it. Sourced by mutate.R; `Rscript mutate-r.R worker ...`
# is the process that runs the tests.

# Processor time for all test files of a mutant, measured on the unchanged code.
seconds_of_r <- 180

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

# Test files that call the function, the nearest first: those with the name of
# its source, those that name the function or one that leads to it, then the
# quickest.
tests_of_r <- function(file, name) {
  usual <- usual_of_r()
  folder <- file.path(run$tree, "tests/testthat")
  texts <- vapply(file.path(folder, usual$file), function(x) {
    paste(readLines(x), collapse = "\n")
  }, "")
  calling <- vapply(strsplit(usual$calls, " ", fixed = TRUE), function(x) {
    name %in% x
  }, NA)
  # A worker process may call it where the test's own does not.
  exact <- usual$file == paste0("test-", basename(file))
  named <- lapply(callers_of(name), function(x) which(naming(x, texts)))
  # It looks at arguments of all functions, and calls none.
  exact <- exact | usual$file == "test-usage.R"
  near <- unique(c(which(exact), unlist(named), order(usual$seconds)))
  usual[near[(calling | exact)[near]], ]
}

worker <- function(tests, mutant, limit) {
  out <- file.path(run$directory, "worker.tsv")
  unlink(out)
  environment <- c(R_LIBS = run$library)
  words <- c("--vanilla", "mutate-r.R", "worker", run$tree, mutant, out, tests)
  # A limit of processor time is fair on a busy machine; waiting takes none.
  script <- sprintf("ulimit -t %.0f; exec Rscript \"$@\"", limit)
  answer <- withr::with_envvar(environment, timed(
    10 * limit, "sh", c("-c", script, "sh", words),
    file.path(run$directory, "worker.log")
  ))
  # Ended by SIGXCPU.
  if (answer$status == 152L) answer$status <- 124L
  answer$counts <- if (file.exists(out)) read_counts(out)
  answer
}

read_counts <- function(path) {
  utils::read.delim(path,
    header = FALSE, col.names = c("file", "bad", "seconds", "calls"),
    colClasses = c("character", "integer", "double", "character")
  )
}

# Of all test files with the unchanged code: what fails, the seconds, and the
# functions that they call. Kept; a file at which R ends is left out.
usual_of_r <- function() {
  if (!is.null(kept$usual)) return(kept$usual)
  path <- file.path(run$directory, "usual-r.tsv")
  tests <- list.files(file.path(run$tree, "tests/testthat"), "^test-.*[.]R$")
  repeat {
    done <- if (file.exists(path)) read_counts(path)$file
    missing <- setdiff(tests, done)
    if (length(missing) == 0L) break
    counts <- worker(missing, "none", 3600)$counts
    ended <- setdiff(missing, counts$file)
    if (length(ended) > 0L) {
      row <- data.frame(file = ended[[1]], bad = -1L, seconds = 0, calls = "")
      counts <- rbind(counts, row)
    }
    utils::write.table(counts, path,
      append = TRUE, quote = FALSE, sep = "\t", row.names = FALSE,
      col.names = FALSE
    )
  }
  usual <- read_counts(path)
  kept$usual <- usual[usual$bad == 0L & usual$file %in% tests, ]
  kept$usual
}

# As many as the time allows, one at least.
tests_in_time <- function(tests) {
  taken <- logical(nrow(tests))
  for (i in seq_len(nrow(tests))) {
    seconds <- sum(tests$seconds[c(which(taken), i)])
    taken[[i]] <- i == 1L || seconds <= seconds_of_r
  }
  tests[taken, ]
}

try_r_mutant <- function(place, lines) {
  parsed <- parse(text = lines, keep.source = TRUE)
  name <- as.character(parsed[[place$top]][[2]])
  mutant <- file.path(run$directory, "mutant.R")
  writeLines(as.character(attr(parsed, "srcref")[[place$top]]), mutant)
  tests <- tests_in_time(tests_of_r(place$file, name))
  limit <- max(60, 5 * sum(tests$seconds) + 20)
  answer <- if (nrow(tests) == 0L) {
    list(status = 0L, seconds = 0)
  } else {
    worker(tests$file, mutant, limit)
  }
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

replace_function <- function(name, value) {
  space <- asNamespace("MuSL")
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
  # Registering adds to the table.
  if (is.null(kept$s3)) kept$s3 <- getNamespaceInfo(space, "S3methods")
  methods <- kept$s3
  for (row in which(methods[, 3] == name)) {
    # The package of the generic, where it is not a dependency.
    of <- methods[row, 4]
    if (!is.na(of) && !requireNamespace(of, quietly = TRUE)) next
    registerS3method(
      methods[row, 1], methods[row, 2], value,
      if (is.na(of)) space else asNamespace(of)
    )
  }
}

# Each function of the package notes in `called` that it was called.
called <- new.env()
note_calls <- function() {
  space <- asNamespace("MuSL")
  note <- function(name) assign(name, TRUE, called)
  for (name in ls(space, all.names = TRUE)) {
    value <- get(name, space)
    if (typeof(value) != "closure" || isS4(value)) next
    held <- attributes(value)
    body(value, envir = environment(value)) <- call(
      "{", as.call(list(note, name)), body(value)
    )
    attributes(value) <- held[names(held) != "srcref"]
    replace_function(name, value)
  }
}

# The processor time of this process and of those that it ran.
processor_time <- function() sum(proc.time()[c(1, 2, 4, 5)])

# What functions of the package keep for a session.
forget_kept <- function() {
  kept <- Filter(function(x) {
    is.environment(x) && identical(parent.env(x), emptyenv())
  }, mget(ls(asNamespace("MuSL")), asNamespace("MuSL")))
  for (space in kept) rm(list = ls(space, all.names = TRUE), envir = space)
}

run_tests <- function(tree, tests, out, alone) {
  folder <- file.path(tree, "tests", "testthat")
  helpers <- read_helpers(folder)
  for (test in tests) {
    rm(list = ls(called, all.names = TRUE), envir = called)
    started <- processor_time()
    bad <- run_file(file.path(folder, test), helpers, "summary")$failed
    seconds <- round(processor_time() - started, 1)
    calls <- paste(ls(called, all.names = TRUE), collapse = " ")
    row <- c(test, bad, seconds, calls)
    cat(paste(row, collapse = "\t"), "\n", file = out, sep = "", append = TRUE)
    if (!alone && bad > 0) break
    # What is kept for other files would hide calls.
    if (alone) {
      forget_kept()
      helpers <- read_helpers(folder)
    }
  }
}

words <- commandArgs(trailingOnly = TRUE)
if (length(words) > 0 && words[[1]] == "worker") {
  source("test-file.R")
  unchanged <- words[[3]] == "none"
  if (unchanged) {
    note_calls()
  } else {
    mutant <- parse(words[[3]])[[1]]
    replace_function(
      as.character(mutant[[2]]), eval(mutant[[3]], asNamespace("MuSL"))
    )
  }
  run_tests(words[[2]], words[-(1:4)], words[[4]], alone = unchanged)
}
