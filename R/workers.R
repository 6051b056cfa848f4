# Shared by everything that runs on BiocParallel's workers.

check_workers <- function(x, arg = "BPPARAM") {
  if (is.null(x)) {
    return(invisible())
  }
  if (!inherits(x, "BiocParallelParam")) {
    abort_argument(arg, "a parameter object of BiocParallel, or NULL", x)
  }
  abort_if(!is_installed("BiocParallel"), c(
    "{.arg {arg}} needs the package {.pkg BiocParallel}.",
    x = "It is not installed."
  ))
}

# Threads of each worker. Workers of this machine share it, as far as there are
# tasks for them; a job of a cluster has the processors that it requested.
worker_threads <- function(threads, workers, n_tasks = Inf) {
  if (is.null(workers)) {
    return(threads)
  }
  # By its name in batchtools' templates; NULL for none.
  asked <- if (inherits(workers, "BatchtoolsParam")) workers$resources$ncpus
  if (threads == 0 && is_one_number(asked) && asked >= 1) {
    return(as.integer(asked))
  }
  share_threads(threads, min(BiocParallel::bpnworkers(workers), n_tasks))
}

# Processes share the threads: none waits for threads of another.
share_threads <- function(threads, n) {
  if (threads > 0) {
    return(threads)
  }
  max(1L, as.integer(cpp_available_threads() %/% n))
}

# A list of fun(x, ...), one task per worker. A worker that dies loses its
# current task, but nothing that is `kept` (a sentence, or NULL).
run_in_workers <- function(x, fun, ..., workers, kept) {
  # New processes find the package where this one did.
  withr::local_envvar(
    R_LIBS = paste(.libPaths(), collapse = .Platform$path.sep)
  )
  tryCatch(
    withr::with_preserve_seed(
      BiocParallel::bplapply(x, with_this_backend(fun), ..., BPPARAM = workers)
    ),
    error = function(cnd) abort_worker(cnd, kept)
  )
}

abort_worker <- function(cnd, kept) {
  if (inherits(cnd, "musl_error")) {
    cnd$call <- rlang::error_call(user_call())
    stop(if (is.null(kept)) cnd else with_hint(cnd, kept))
  }
  abort_musl(c(
    "A worker failed.",
    x = "{conditionMessage(cnd)}",
    i = kept
  ), "device", parent = cnd)
}

# The value of the package's function of this name in a new R process, or its
# error. If the process crashes, this session goes on; if this session is
# killed, the process ends too.
run_in_process <- function(name, ...) {
  tryCatch(
    # callr uses R's random generator.
    withr::with_preserve_seed(callr::r(
      function(name, arguments) {
        do.call(name, arguments, envir = asNamespace("MuSL"))
      },
      list(name, list(...)),
      libpath = c(dirname(system.file(package = "MuSL")), .libPaths()),
      user_profile = FALSE, supervise = TRUE
    )),
    callr_error = function(cnd) {
      stop(cnd$parent %||% simpleError(paste(
        "A process started by MuSL died. Was it killed, or did the machine run",
        "out of memory?"
      )))
    }
  )
}
