# A session for which the disk is full at command: no file of it can grow beyond
# a limit (RLIMIT_FSIZE). Writing more fails as on a full disk, only that the
# system calls the reason "File too large". This takes no rights.

full_disk_session <- function() {
  testthat::skip_on_cran()
  testthat::skip_on_os(c("windows", "mac"))
  testthat::skip_if_not_installed("callr")
  testthat::skip_if(!nzchar(Sys.which("prlimit")), "there is no prlimit")
  installed <- rownames(utils::installed.packages(fields = character()))
  testthat::skip_if_not("MuSL" %in% installed, "MuSL is not installed")
  # It ends with the file of tests that started it.
  session <- tiny_store$full_disk
  if (is.null(session) || !session$is_alive()) {
    assign("full_disk", start_full_disk_session(), envir = tiny_store)
    withr::defer(tiny_store$full_disk$close(), testthat::teardown_env())
  }
  tiny_store$full_disk
}

# The signal that comes with the limit would end R: a shell that ignores it
# starts R.
start_full_disk_session <- function() {
  start <- tempfile("R-")
  writeLines(c(
    "#!/bin/sh", "trap '' XFSZ",
    paste("exec", shQuote(file.path(R.home("bin"), "R")), "\"$@\"")
  ), start)
  Sys.chmod(start, "0700")
  session <- callr::r_session$new(
    callr::r_session_options(arch = start, libpath = .libPaths()),
    wait_timeout = 60000
  )
  files <- list.files(getwd(), "^helper.*[.]R$", full.names = TRUE)
  give_helpers(session, files)
}

# The session of callr, with helpers from these files.
give_helpers <- function(session, files) {
  session$run(function(files) {
    env <- new.env(parent = asNamespace("MuSL"))
    for (file in files) sys.source(file, env)
    assign("helpers", env, envir = globalenv())
  }, list(files))
  session
}

# The value of f(...) in such a session, among the package and the helpers.
in_session <- function(session, f, ...) {
  session$run(function(f, arguments) {
    environment(f) <- get("helpers", globalenv())
    do.call(f, arguments)
  }, list(f, list(...)))
}

on_full_disk <- function(f, ...) in_session(full_disk_session(), f, ...)

# Of that session: `expr` while no file can grow beyond this many bytes.
# list(class, message) of the error, or list(value).
with_limit <- function(bytes, expr) {
  before <- limit_file_size(bytes)
  on.exit(limit_file_size(before))
  tryCatch(list(value = expr), error = function(cnd) {
    list(class = class(cnd), message = cli::ansi_strip(conditionMessage(cnd)))
  })
}

# The limit that was there.
limit_file_size <- function(bytes) {
  self <- c("--pid", Sys.getpid())
  before <- system2(
    "prlimit", c(self, "--fsize", "--output=SOFT", "--noheadings", "--raw"),
    stdout = TRUE
  )
  limit <- if (is.numeric(bytes)) sprintf("%.0f", bytes) else bytes
  stopifnot(system2("prlimit", c(self, sprintf("--fsize=%s:", limit))) == 0)
  before
}

# Names in a directory and below it, hidden ones too.
all_files <- function(directory) {
  list.files(
    directory,
    all.files = TRUE, no.. = TRUE, recursive = TRUE, include.dirs = FALSE
  )
}

# The outcome of with_limit() is the package's own error, which names the file
# and tells what to do.
expect_unwritten <- function(outcome, path, hint = "Is there room") {
  testthat::expect_true("musl_error_format" %in% outcome$class)
  text <- gsub("\\s+", " ", outcome$message)
  testthat::expect_match(text, path, fixed = TRUE)
  testthat::expect_match(text, hint, fixed = TRUE)
}
