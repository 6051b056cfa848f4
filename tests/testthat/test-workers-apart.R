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
  expect_false(tools::pskill(as.integer(readLines(started)), 0))
  expect_false(file.exists(stopped))
})

test_that("the process ends with a session that is killed", {
  skip_on_os(c("windows", "mac"))
  started <- withr::local_tempfile()
  session <- fork_to(run_apart(function() {
    writeLines(as.character(Sys.getpid()), started)
    Sys.sleep(60)
  }))
  process <- character()
  for (i in 1:200) {
    if (file.exists(started)) process <- readLines(started)
    if (length(process) == 1) break
    Sys.sleep(0.05)
  }
  end_process(session)
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
  if (alive()) tools::pskill(as.integer(process), tools::SIGKILL)
})

test_that("values larger than a pipe arrive whole", {
  skip_on_os("windows")
  value <- seq_len(3e6) + 0.5
  expect_identical(run_apart(function() value), value)
})

test_that("no process is left where another package handles their end", {
  skip_on_os(c("windows", "mac"))
  skip_if_not_installed("callr")
  messages <- withr::local_tempfile()
  left <- callr::r(function() {
    run_apart <- getFromNamespace("run_apart", "MuSL")
    run_apart(function() 1)
    # This takes the handler away from the parallel package.
    callr::r(function() NULL)
    value <- run_apart(function() 2)
    session <- Sys.getpid()
    try(tryCatch(
      run_apart(function() {
        tools::pskill(session, tools::SIGINT)
        Sys.sleep(10)
      }),
      interrupt = identity
    ))
    children <- file.path("/proc/self/task", session, "children")
    list(value = value, children = readLines(children, warn = FALSE))
  }, libpath = .libPaths(), stderr = messages)
  expect_false(any(grepl("child", readLines(messages))))
  expect_identical(left, list(value = 2, children = character()))
})
