# inst/scripts/musl as a user runs it, and its functions in this R.

musl_script <- function() {
  system.file("scripts", "musl", package = "MuSL", mustWork = TRUE)
}

run_musl <- function(...) {
  error <- withr::local_tempfile()
  out <- withr::with_envvar(
    c(R_LIBS = paste(.libPaths(), collapse = ":"), R_TESTS = ""),
    suppressWarnings(system2(
      file.path(R.home("bin"), "Rscript"),
      shQuote(c("--vanilla", musl_script(), ...)),
      stdout = TRUE, stderr = error
    ))
  )
  status <- attr(out, "status")
  list(
    status = if (is.null(status)) 0L else status,
    out = as.character(out),
    error = paste(readLines(error), collapse = "\n")
  )
}

expect_usage <- function(words, reason) {
  ran <- do.call(run_musl, as.list(words))
  expect_identical(ran$status, 2L)
  expect_match(ran$error, reason, fixed = TRUE)
  expect_match(ran$error, "--help shows the usage", fixed = TRUE)
}

# The functions of the scripts, without a new R.
script_functions <- function() {
  functions <- new.env(parent = globalenv())
  shared <- file.path(dirname(musl_script()), "shared")
  for (file in list.files(shared, full.names = TRUE)) {
    sys.source(file, functions)
  }
  functions
}

# Runs a command in this R: list(status, error), what it printed aside.
call_musl <- function(...) {
  status <- NULL
  error <- character()
  out <- utils::capture.output(
    status <- withCallingHandlers(
      script_functions()$run_command(c(...)),
      message = function(m) {
        error <<- c(error, conditionMessage(m))
        invokeRestart("muffleMessage")
      }
    )
  )
  list(status = status, out = out, error = paste(error, collapse = ""))
}
