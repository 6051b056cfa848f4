# All outcomes of trials ("same", "other", "error: ...", "died") are the first.
expect_survived <- function(outcomes) {
  testthat::expect_identical(unique(outcomes[outcomes != "same"]), character())
}

# The value of f(...) in a new R process, evaluated there among the package and
# these helpers. It has trained nothing, so its forks can train with every
# version of LibTorch.
in_new_process <- function(f, ..., env = character()) {
  testthat::skip_on_os("windows")
  testthat::skip_if_not_installed("callr")
  callr::r(
    function(f, arguments, helpers) {
      suppressPackageStartupMessages(library("testthat"))
      space <- new.env(parent = asNamespace("MuSL"))
      for (file in helpers) sys.source(file, space)
      environment(f) <- space
      do.call(f, arguments)
    },
    list(f, list(...), helper_files),
    env = child_env(env)
  )
}

# What a new R process is started with: the libraries of this one, and `env`.
child_env <- function(env) {
  libraries <- paste(.libPaths(), collapse = .Platform$path.sep)
  c(callr::rcmd_safe_env(), R_LIBS = libraries, env)
}

start_fork <- function(work) {
  parallel::mcparallel(work(), mc.set.seed = FALSE, silent = TRUE)
}

# list(value) of work() in a fork, list(error) or "died".
in_fork <- function(work) end_fork(start_fork(work))

end_fork <- function(job) {
  value <- suppressWarnings(parallel::mccollect(job))[[1]]
  if (is.null(value)) {
    return("died")
  }
  if (inherits(value, "try-error")) {
    return(list(error = attr(value, "condition")))
  }
  list(value = value)
}

value_of <- function(result) {
  if (identical(result, "died")) stop("The fork died.")
  if (!is.null(result$error)) stop(result$error)
  result$value
}

# Whether a fork doing work() was killed `delay` seconds after its start, and
# not done before.
killed_after <- function(work, delay) {
  job <- start_fork(work)
  Sys.sleep(delay)
  tools::pskill(job$pid, tools::SIGKILL)
  identical(end_fork(job), "died")
}

compared <- function(result, whole) {
  if (identical(result, "died")) {
    return("died")
  }
  if (!is.null(result$error)) {
    return(paste("error:", conditionMessage(result$error)))
  }
  if (identical(result$value, whole)) "same" else "other"
}

# `work(directory)` is killed n times, each time in a directory of its own and
# at a random moment, and called again there. A table of these kills: what
# became of the second call, and how many whole files it left.
kill_and_resume <- function(n, work, seed) {
  # Loaded once for all forks, so that fewer die before they begin.
  musl_backend()
  first <- tempfile()
  dir.create(first)
  started <- proc.time()[["elapsed"]]
  whole <- value_of(in_fork(function() work(first)))
  seconds <- proc.time()[["elapsed"]] - started
  withr::local_seed(seed)
  kills <- lapply(seq_len(n), function(i) kill_once(work, seconds, whole))
  do.call(rbind, kills)
}

half_written <- "[.]tmp-|^writing-"

kill_once <- function(work, seconds, whole) {
  directory <- tempfile("kill-")
  on.exit(unlink(directory, recursive = TRUE))
  for (draw in 1:100) {
    unlink(directory, recursive = TRUE)
    dir.create(directory)
    delay <- stats::runif(1) * seconds
    if (killed_after(function() work(directory), delay)) break
  }
  result <- in_fork(function() work(directory))
  data.frame(
    outcome = compared(result, whole),
    left = length(grep(half_written, all_files(directory), invert = TRUE))
  )
}
