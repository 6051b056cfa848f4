test_that("work apart gives its value and leaves the session as it was", {
  skip_on_os("windows")
  withr::local_seed(1)
  before <- .Random.seed
  kept <- new.env()
  value <- run_apart(function() {
    assign("changed", TRUE, envir = kept)
    stats::runif(1)
    list(1, NULL)
  })
  expect_identical(value, list(1, NULL))
  expect_null(run_apart(function() NULL))
  expect_identical(ls(kept), character())
  expect_identical(.Random.seed, before)
})

test_that("errors of work apart are raised here, with their classes", {
  skip_on_os("windows")
  expect_error(run_apart(function() stop("plain")), "plain")
  cnd <- expect_error(
    run_apart(function() abort_musl("It failed.", "format", path = "x")),
    class = "musl_error_format"
  )
  expect_identical(cnd$path, "x")
})

test_that("a process that dies ends in a classed error", {
  skip_on_os("windows")
  expect_error(
    run_apart(function() {
      tools::pskill(Sys.getpid(), tools::SIGKILL)
      Sys.sleep(10)
    }),
    class = "musl_error_device"
  )
})

test_that("an interrupt ends the process, too", {
  skip_on_os("windows")
  started <- withr::local_tempfile()
  stopped <- withr::local_tempfile()
  session <- Sys.getpid()
  found <- tryCatch(
    run_apart(function() {
      writeLines(as.character(Sys.getpid()), started)
      tools::pskill(session, tools::SIGINT)
      Sys.sleep(10)
      file.create(stopped)
    }),
    interrupt = function(cnd) "interrupted"
  )
  expect_identical(found, "interrupted")
  # Soon no such process can be asked.
  ended <- FALSE
  for (i in 1:100) {
    ended <- !tools::pskill(as.integer(readLines(started)), 0)
    if (ended) break
    Sys.sleep(0.05)
  }
  expect_true(ended)
  expect_false(file.exists(stopped))
})

test_that("the process ends with a session that is killed", {
  skip_on_os(c("windows", "mac"))
  started <- withr::local_tempfile()
  session <- parallel::mcparallel(
    run_apart(function() {
      writeLines(as.character(Sys.getpid()), started)
      Sys.sleep(60)
    }),
    mc.set.seed = FALSE, silent = TRUE
  )
  process <- character()
  for (i in 1:200) {
    if (file.exists(started)) process <- readLines(started)
    if (length(process) == 1) break
    Sys.sleep(0.05)
  }
  tools::pskill(session$pid, tools::SIGKILL)
  # Whoever ended still has a name until the system takes it away.
  alive <- function() {
    state <- suppressWarnings(tryCatch(
      readLines(file.path("/proc", process, "stat")),
      error = function(cnd) ") Z"
    ))
    !grepl(") Z", state, fixed = TRUE)
  }
  for (i in 1:100) {
    if (!alive()) break
    Sys.sleep(0.05)
  }
  expect_false(alive())
  # It holds the pipe of the session that it came from.
  if (alive()) tools::pskill(as.integer(process), tools::SIGKILL)
  suppressWarnings(parallel::mccollect(session))
})
