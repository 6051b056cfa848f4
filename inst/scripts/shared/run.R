# Runs a command and returns its exit status.

# Without a locale, as in jobs of cron and of containers, R would not know
# letters beyond ASCII in the words of a command and in names of genes.
leave_c_locale <- function() {
  if (Sys.getlocale("LC_CTYPE") %in% c("C", "POSIX")) {
    suppressWarnings(Sys.setlocale("LC_CTYPE", "C.UTF-8"))
  }
  invisible()
}

run_command <- function(words) {
  tryCatch(
    {
      dispatch(words, available_commands())
      0L
    },
    usage_error = function(e) say_failure(e, "(--help shows the usage)", 2L),
    interrupted_error = function(e) say_failure(e, "", 130L),
    interrupt = function(e) say_failure(simpleError("interrupted"), "", 130L),
    error = function(e) {
      # Whoever reads the output, such as `head`, has stopped.
      if (grepl("SIGPIPE", conditionMessage(e), fixed = TRUE)) return(141L)
      say_failure(e, "", 1L)
    }
  )
}

say_failure <- function(e, hint, status) {
  message(trimws(paste("musl:", conditionMessage(e), hint)))
  status
}

# Work that ended early after Ctrl-C: exit status 130.
stop_interrupted <- function(...) {
  stop(structure(
    class = c("interrupted_error", "error", "condition"),
    list(message = paste0(...), call = NULL)
  ))
}

dispatch <- function(words, commands) {
  if (length(words) == 0L) stop_usage("a command is needed")
  if (identical(words[[1L]], "help") && length(words) > 1L) {
    words <- c(words[[2L]], "--help")
  }
  name <- words[[1L]]
  if (name %in% c("--help", "-h", "help")) {
    return(writeLines(general_help(commands)))
  }
  if (name %in% c("--version", "-V", "-v", "version")) {
    return(writeLines(paste("musl", utils::packageVersion("MuSL"))))
  }
  if (!name %in% names(commands)) {
    like <- nearest(name, names(commands))
    stop_usage(
      "unknown command '", name, "'",
      if (length(like) > 0L) paste0("; did you mean '", like, "'?")
    )
  }
  suppressPackageStartupMessages(library(MuSL))
  command <- commands[[name]]
  known <- command_options(command, name)
  if (any(words[-1L] %in% c("--help", "-h"))) {
    return(writeLines(command_help(name, command, known)))
  }
  options <- parse_options(named_words(words[-1L], command$plain), known)
  check_companions(options)
  in_shell_words(command$run(options), names(known))
  invisible()
}

# Help ------------------------------------------------------------------------

general_help <- function(commands) {
  c(
    "musl COMMAND [OPTION]...", "",
    "Synthetic lethal gene pairs: `musl partners ARID1A` asks the human model.",
    "",
    paste0(
      "  ", format(names(commands)), "  ",
      vapply(commands, `[[`, "", "summary")
    ), "",
    "musl COMMAND --help shows the options of a command, musl --version the",
    "version. Tables are separated by tabs, commas or semicolons and may be",
    "gzipped. Exit status: 0 for success, 1 for a problem with the data or",
    "during the run, 2 for a wrong command, 130 after Ctrl-C."
  )
}

command_help <- function(name, command, options) {
  shown <- paste0("--", names(options), " ", vapply(options, option_word, ""))
  help <- vapply(options, option_help, "")
  lines <- Map(function(shown, help) {
    if (nchar(shown) > 22L) {
      shown <- c(paste0("  ", shown), strrep(" ", 26L))
    } else {
      shown <- paste0("  ", format(shown, width = 24L))
    }
    last <- length(shown)
    text <- strwrap(help, 54L)
    if (length(text) == 0L) text <- ""
    c(
      shown[-last], paste0(shown[[last]], text[[1L]]),
      paste0(strrep(" ", 26L), text[-1L], recycle0 = TRUE)
    )
  }, shown, help)
  plain <- sub("^anchor$", "gene...", command$plain)
  c(
    paste(c("musl", name, toupper(plain), "[OPTION]..."), collapse = " "), "",
    command$summary, "",
    trimws(unlist(lines), "right"), "  --help"
  )
}

option_word <- function(option) {
  if (length(option$type) > 1L) {
    return(paste(option$type, collapse = "|"))
  }
  c(
    file = "FILE", path = "PATH", directory = "DIR", text = "TEXT",
    words = "A,B,...", named = "[NAME=]FILE", out = "FILE", saved = "FILE",
    plot = "FILE", folder = "DIR", whole = "N", number = "X", flag = ""
  )[[option$type]]
}

option_help <- function(option) {
  default <- if (is.null(option$default)) option$shown else option$default
  paste(c(
    option$help,
    if (option$many) "repeatable",
    if (option$required) "required",
    if (!is.null(default) && !identical(default, FALSE)) {
      paste("default", default)
    }
  ), collapse = "; ")
}

# Messages --------------------------------------------------------------------

# Rewrites warnings, messages and errors: arguments become options.
in_shell_words <- function(code, options) {
  withCallingHandlers(
    tryCatch(code, error = function(e) {
      if (inherits(e, c("usage_error", "interrupted_error"))) stop(e)
      text <- shell_words(conditionMessage(e), options)
      if (inherits(e, "musl_error_cancelled")) stop_interrupted(text)
      stop(text, call. = FALSE)
    }),
    warning = function(w) {
      text <- shell_words(conditionMessage(w), options)
      message("musl: warning: ", text)
      invokeRestart("muffleWarning")
    },
    musl_message = function(m) {
      message(sub("\n$", "", shell_words(conditionMessage(m), options)))
      invokeRestart("muffleMessage")
    }
  )
}

# "Raise `epochs` in `musl_control()`" -> "Raise --epochs"; "`musl_dependency()`" ->
# "musl dependency". Other advice stays that for R.
shell_words <- function(text, options) {
  for (option in options) {
    names <- c(as_argument(option), argument_of[[option]])
    argument <- paste0("`(", paste(names, collapse = "|"), ")")
    flag <- paste0("--", option)
    text <- gsub(
      paste0(argument, "\\s+=\\s+\"([^`\"]*)\"`"), paste(flag, "\\2"), text
    )
    text <- gsub(paste0(argument, "( =)?`"), flag, text)
    of <- "\\s+(in|of|for|to)\\s+`(musl_[a-z_]+|predict)\\(\\)`"
    text <- gsub(paste0(flag, "( [^ ]+)?", of), paste0(flag, "\\1"), text)
  }
  commands <- paste(names(available_commands()), collapse = "|")
  gsub(paste0("`(musl_)?(", commands, ")\\(\\)`"), "musl \\2", text)
}
