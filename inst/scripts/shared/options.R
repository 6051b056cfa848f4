# Options of a command: what there are, how they are read, how help shows them.

# An option: `type` is file, directory, text, whole, number, flag, or the choices
# themselves; `many` may be given several times.
option <- function(type, help, default = NULL, required = FALSE, many = FALSE) {
  list(
    type = type, help = help, default = default, required = required,
    many = many
  )
}

# Something wrong with the command itself: exit status 2.
stop_usage <- function(...) {
  stop(structure(
    class = c("usage_error", "error", "condition"),
    list(message = paste0(...), call = NULL)
  ))
}

# A named list: each option's value or default; `--name value` or `--name=value`.
parse_options <- function(words, known) {
  given <- list()
  while (length(words) > 0L) {
    name <- sub("^--([^=]*).*$", "\\1", words[[1L]])
    if (!grepl("^--", words[[1L]]) || !name %in% names(known)) {
      stop_usage("unknown argument '", words[[1L]], "'")
    }
    taken <- option_value(words, name, known[[name]])
    if (!known[[name]]$many && !is.null(given[[name]])) {
      stop_usage("--", name, " is there twice")
    }
    given[[name]] <- c(given[[name]], taken$value)
    words <- taken$rest
  }
  lacking <- Filter(
    function(name) known[[name]]$required && is.null(given[[name]]),
    names(known)
  )
  if (length(lacking) > 0L) {
    stop_usage("--", lacking[[1L]], " is needed")
  }
  values <- lapply(known, `[[`, "default")
  values[names(given)] <- given
  values
}

# list(value, rest): the value of the first word's option, and what follows.
option_value <- function(words, name, option) {
  inline <- grepl("=", words[[1L]], fixed = TRUE)
  if (identical(option$type, "flag")) {
    if (inline) stop_usage("--", name, " takes no value")
    return(list(value = TRUE, rest = words[-1L]))
  }
  if (!inline && length(words) < 2L) {
    stop_usage("--", name, " needs a value")
  }
  text <- if (inline) sub("^[^=]*=", "", words[[1L]]) else words[[2L]]
  list(
    value = convert_option(text, name, option$type),
    rest = words[-seq_len(if (inline) 1L else 2L)]
  )
}

convert_option <- function(text, name, type) {
  if (length(type) > 1L) {
    if (!text %in% type) {
      stop_usage(
        "--", name, " is ", paste(type, collapse = " or "), ", not '", text, "'"
      )
    }
    return(text)
  }
  switch(type,
    file = check_path(text, name, dir.exists(text) || !file.exists(text)),
    directory = check_path(text, name, !dir.exists(text)),
    text = if (nzchar(text)) text else stop_usage("--", name, " is empty"),
    whole = read_number(text, name, "^[0-9]{1,9}$", "a whole number"),
    number = read_number(
      text, name, "^[0-9]*[.]?[0-9]+([eE]-?[0-9]+)?$", "a number"
    )
  )
}

check_path <- function(text, name, absent) {
  if (absent || file.access(text, 4L) != 0L) {
    stop_usage("--", name, ": cannot read '", text, "'")
  }
  text
}

read_number <- function(text, name, pattern, what) {
  if (!grepl(pattern, text)) {
    stop_usage("--", name, " is ", what, ", not '", text, "'")
  }
  as.numeric(text)
}

# Help ------------------------------------------------------------------------

option_label <- function(name, option) {
  word <- if (length(option$type) > 1L) {
    paste(option$type, collapse = "|")
  } else {
    c(
      file = "FILE", directory = "DIR", text = "TEXT", whole = "N",
      number = "X", flag = ""
    )[[option$type]]
  }
  trimws(paste0("--", name, " ", word))
}

option_help <- function(name, option) {
  notes <- c(
    option$help,
    if (option$many) "may be given several times",
    if (option$required) "needed",
    if (!is.null(option$default)) paste0("default ", option$default)
  )
  strwrap(
    paste(notes, collapse = "; "),
    width = 78L, indent = 6L, exdent = 6L
  )
}

command_help <- function(name, command) {
  lines <- lapply(names(command$options), function(option) {
    c(
      paste0("  ", option_label(option, command$options[[option]])),
      option_help(option, command$options[[option]])
    )
  })
  c(
    paste0("musl ", name, " [OPTION]..."), "",
    strwrap(command$help, width = 78L), "", unlist(lines)
  )
}

general_help <- function(commands) {
  names <- format(names(commands))
  summaries <- vapply(commands, `[[`, "", "summary")
  c(
    "musl COMMAND [OPTION]...", "",
    "Synthetic lethal gene pairs from expression, network and embeddings.", "",
    paste0("  ", names, "  ", summaries), "",
    "musl COMMAND --help shows the options of a command. Tables are tab or",
    "comma separated, by their header, and may be gzipped. Tables and models",
    "are written whole or not at all. The exit status is 0, 1 if something is",
    "wrong with the data, 2 if the command is wrong, 130 after Ctrl-C."
  )
}
