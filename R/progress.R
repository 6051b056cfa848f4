# Progress of a call of the core. `run` gets the callback to hand to the core,
# or NULL when `progress` is FALSE (interrupts are then still looked for).
#
# An R error in a callback must not jump over C++ frames: it is kept, the core
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
  if (!is.null(state$error)) {
    stop(state$error)
  }
  if (inherits(outcome, "musl_error_cancelled")) {
    stop(outcome)
  }
  outcome
}

# The bar, once there is one, and the error, if there was one. cli evaluates the
# bar's format in here, hence the parent.
new_progress <- function() {
  new.env(parent = baseenv())
}

progress_callback <- function(state, show = show_event) {
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

bar_steps <- 1000

show_event <- function(state, event) {
  if (is.null(state$bar)) {
    state$bar <- cli::cli_progress_bar(
      total = bar_steps,
      format = bar_format(cli::console_width()),
      extra = list(text = ""),
      clear = TRUE,
      # Events may follow the one that completes the work.
      auto_terminate = FALSE,
      .auto_close = FALSE,
      .envir = state
    )
  }
  cli::cli_progress_update(
    set = round(bar_steps * event_fraction(event)),
    extra = list(text = event_text(event)),
    id = state$bar,
    .envir = state
  )
}

# No bar where a line has no room for it beside the text.
bar_format <- function(width) {
  paste0(
    if (width >= 105) "{cli::pb_bar} ",
    "{cli::pb_percent} ETA {cli::pb_eta} | {cli::pb_extra$text}"
  )
}

close_bar <- function(state) {
  if (!is.null(state$bar)) {
    cli::cli_progress_done(id = state$bar, .envir = state)
  }
}

# Share of the work that is done, 0 to 1, as if no phase stopped early.
event_fraction <- function(event) {
  in_epoch <- if (event$n_batches > 0) event$batch / event$n_batches else 0
  in_phase <- if (event$kind == "predict") {
    in_epoch
  } else if (event$kind == "epoch") {
    event$epoch / max(event$n_epochs, 1)
  } else {
    (max(event$epoch, 1) - 1 + in_epoch) / max(event$n_epochs, 1)
  }
  done <- (event$phase_index + min(in_phase, 1)) / max(event$n_phases, 1)
  min(max(done, 0), 1)
}

# "joint, epoch 3/30, loss 0.412, AUPRC 0.871", the last on the validation part
event_text <- function(event) {
  if (event$kind == "predict") {
    return(switch(event$phase, embed = "embedding proteins", "scoring pairs"))
  }
  parts <- c(
    event$phase,
    if (event$n_epochs > 0) sprintf("epoch %d/%d", event$epoch, event$n_epochs),
    if (is.finite(event$loss) && event$epoch > 0) {
      sprintf("loss %.3f", event$loss)
    },
    if (is.finite(event$valid_auprc)) {
      sprintf("AUPRC %.3f", event$valid_auprc)
    }
  )
  paste(parts, collapse = ", ")
}
