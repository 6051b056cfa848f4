# Runs a command and turns whatever happens into an exit status.

run_command <- function(words) {
  commands <- available_commands()
  tryCatch(
    {
      dispatch(words, commands)
      0L
    },
    usage_error = function(e) say_failure(e, "(--help shows the usage)", 2L),
    interrupt = function(e) say_failure(simpleError("interrupted"), "", 130L),
    error = function(e) say_failure(e, "", 1L)
  )
}

dispatch <- function(words, commands) {
  if (length(words) == 0L || words[[1L]] %in% c("--help", "-h", "help")) {
    if (length(words) == 0L) stop_usage("a command is needed")
    writeLines(general_help(commands))
    return(invisible())
  }
  name <- words[[1L]]
  if (!name %in% names(commands)) {
    stop_usage("unknown command '", name, "'")
  }
  if (any(words[-1L] %in% c("--help", "-h"))) {
    writeLines(command_help(name, commands[[name]]))
    return(invisible())
  }
  options <- parse_options(words[-1L], commands[[name]]$options)
  suppressPackageStartupMessages(library(MuSL))
  withCallingHandlers(
    commands[[name]]$run(options),
    warning = function(w) {
      message("musl: warning: ", conditionMessage(w))
      invokeRestart("muffleWarning")
    }
  )
}

say_failure <- function(e, hint, status) {
  message(trimws(paste("musl:", conditionMessage(e), hint)))
  status
}
