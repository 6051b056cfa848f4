# Progress of a call of the core: a bar in an interactive session, else a line a
# minute. `run` gets the callback for the core, or NULL if `progress`
# is FALSE (interrupts are still checked).
#
# An R error in a callback must not jump over C++ frames: it is stored, the core
# is asked to stop, and the error is raised here.
with_progress <- function(progress, run) {
  if (!progress) {
    return(run(NULL))
  }
  state <- new_progress()
  on.exit(close_bar(state))
  outcome <- tryCatch(
    run(progress_callback(state)),
    musl_error_cancelled = identity
  )
  if (!is.null(state$error)) stop(state$error)
  if (inherits(outcome, "musl_error_cancelled")) stop(outcome)
  outcome
}

# The bar and the error, if there are any. cli evaluates the bar's format here,
# hence the parent.
new_progress <- function() new.env(parent = baseenv())

progress_callback <- function(state, show = if (rlang::is_interactive()) {
                                show_event
                              } else {
                                say_event
                              }) {
  function(event) {
    tryCatch(
      {
        show(state, event)
        TRUE
      },
      error = function(cnd) {
        state$error <- cnd
        FALSE
      }
    )
  }
}

# Seconds between the lines of a non-interactive session.
progress_pause <- 60

# `now` in seconds.
say_event <- function(state, event, now = proc.time()[["elapsed"]]) {
  state$said <- state$said %||% now
  state$begun <- state$begun %||% now
  if (now - state$said < progress_pause) {
    return(invisible())
  }
  state$said <- now
  spent <- span_text(now - state$begun)
  text <- paste0(event_text(event), left_text(state, event))
  inform_musl("{spent}: {text}", "progress")
}

bar_steps <- 1000

show_event <- function(state, event) {
  state$begun <- state$begun %||% proc.time()[["elapsed"]]
  if (is.null(state$bar)) {
    state$bar <- cli::cli_progress_bar(
      total = bar_steps,
      # No bar if a line has no room for it after the text.
      format = paste0(
        if (cli::console_width() >= 105) "{cli::pb_bar} ",
        "{cli::pb_percent} | {cli::pb_extra$text}"
      ),
      extra = list(text = ""),
      clear = TRUE,
      # Events may follow the last one of the work.
      auto_terminate = FALSE,
      .auto_close = FALSE,
      .envir = state
    )
  }
  cli::cli_progress_update(
    set = round(bar_steps * event_fraction(event)),
    extra = list(text = paste0(event_text(event), left_text(state, event))),
    id = state$bar,
    .envir = state
  )
}

close_bar <- function(state) {
  if (!is.null(state$bar)) {
    cli::cli_progress_done(id = state$bar, .envir = state)
  }
}

# ", at most 3 min left", of the phase if there are several: cheap and expensive
# phases cannot predict each other; "" if too little is known.
left_text <- function(state, event) {
  share <- phase_share(event)
  # Scoring pairs does not count seconds.
  spent <- if (event$kind == "predict") {
    proc.time()[["elapsed"]] - state$begun
  } else {
    event$seconds
  }
  if (share < 0.02 || !is.finite(spent)) {
    return("")
  }
  here <- spent * (1 - share) / share
  if (event$n_phases <= 1) {
    return(paste0(", at most ", span_text(here), " left"))
  }
  sprintf(
    "; phase %d of %d, at most %s left of it", event$phase_index + 1L,
    as.integer(event$n_phases), span_text(here)
  )
}

span_text <- function(seconds) {
  if (seconds < 90) {
    return(paste(max(1, round(seconds)), "s"))
  }
  if (seconds < 5400) {
    return(paste(round(seconds / 60), "min"))
  }
  paste(format(round(seconds / 3600, 1), nsmall = 1), "h")
}

# Share of the work done, 0 to 1, assuming that no phase stops early.
event_fraction <- function(event) {
  done <- (event$phase_index + phase_share(event)) / max(event$n_phases, 1)
  min(max(done, 0), 1)
}

phase_share <- function(event) {
  in_epoch <- if (event$n_batches > 0) event$batch / event$n_batches else 0
  share <- if (event$kind == "predict") {
    in_epoch
  } else if (event$kind == "epoch") {
    event$epoch / max(event$n_epochs, 1)
  } else {
    (max(event$epoch, 1) - 1 + in_epoch) / max(event$n_epochs, 1)
  }
  min(share, 1)
}

# "joint, epoch 3/30, loss 0.412, AUPRC 0.871", the last on the validation part
event_text <- function(event) {
  if (event$kind == "predict") {
    return(switch(event$phase,
      embed = "embedding proteins", kernels = "learning by kernels",
      "scoring pairs"
    ))
  }
  parts <- c(
    event$phase,
    if (event$n_epochs > 0) sprintf("epoch %d/%d", event$epoch, event$n_epochs),
    if (is.finite(event$loss) && event$epoch > 0) {
      sprintf("loss %.3f", event$loss)
    },
    if (is.finite(event$valid_auprc)) sprintf("AUPRC %.3f", event$valid_auprc)
  )
  paste(parts, collapse = ", ")
}

is_cancellation <- function(x) {
  inherits(x, c("interrupt", "musl_error_cancelled"))
}

# Shared by everything that runs on BiocParallel's workers.

check_workers <- function(x, arg = "BPPARAM") {
  if (is.null(x)) {
    return(invisible())
  }
  if (!inherits(x, "BiocParallelParam")) {
    abort_argument(arg, "a parameter object of BiocParallel, or NULL", x)
  }
  check_installed("BiocParallel", "to run on its workers")
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

# For results with a condition in place of each that failed, so that one failure
# does not end the others.
check_results <- function(results, kept) {
  failed <- Filter(function(x) inherits(x, "condition"), results)
  abort_if(
    any(vapply(failed, is_cancellation, TRUE)),
    c("Interrupted.", i = kept), "cancelled"
  )
  if (length(failed) > 0) abort_worker(failed[[1]], kept)
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
