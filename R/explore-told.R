# Results of the package's functions for a page, which also shows their errors
# and warnings.

# list(value, notes: of warnings and messages; problem: of an error, or NULL)
attempt <- function(expr) {
  notes <- character()
  frame <- environment()
  keep <- function(cnd, restart) {
    assign("notes", c(notes, told(cnd)), envir = frame)
    invokeRestart(restart)
  }
  tryCatch(
    {
      value <- withCallingHandlers(
        expr,
        musl_warning = function(cnd) keep(cnd, "muffleWarning"),
        musl_message = function(cnd) keep(cnd, "muffleMessage")
      )
      list(value = value, notes = unique(notes), problem = NULL)
    },
    error = function(cnd) {
      # Shiny's signal to wait for a value.
      if (inherits(cnd, "shiny.silent.error")) stop(cnd)
      list(value = NULL, notes = unique(notes), problem = told(cnd))
    }
  )
}

told <- function(cnd) {
  trimws(cli::ansi_strip(conditionMessage(cnd)))
}

# Notes and problem of an attempt.
told_tags <- function(attempt) {
  shiny::tagList(
    lapply(attempt$notes, function(text) {
      shiny::tags$p(class = "musl-note", text)
    }),
    if (!is.null(attempt$problem)) {
      shiny::tags$p(class = "musl-problem", role = "alert", attempt$problem)
    }
  )
}

# The value for a figure or table, or the reason why there is none.
value_or_stop <- function(attempt) {
  shiny::validate(shiny::need(is.null(attempt$problem), attempt$problem))
  attempt$value
}
