# Options of a command. optparse parses the arguments and shows the help; here
# are the option types and the checks of values.

# Without a locale, as in jobs of cron and of containers, R would not know
# letters beyond ASCII in the words of a command and in names of genes.
leave_c_locale <- function() {
  if (Sys.getlocale("LC_CTYPE") %in% c("C", "POSIX")) {
    suppressWarnings(Sys.setlocale("LC_CTYPE", "C.UTF-8"))
  }
  invisible()
}

# An option: `type` is file, named (a file, or NAME=FILE), directory, text, out
# (a table to write, "-" for the standard output), saved (another file to
# write), plot (a picture), folder (to write into), whole, number, flag, or the
# choices themselves; `many` may be given several times.
# `default` is shown, and set only if it differs from the default of the
# function behind the command.
option <- function(type, help, default = NULL, required = FALSE, many = FALSE) {
  list(
    type = type, help = help, default = default, required = required,
    many = many
  )
}

# The command itself is wrong: exit status 2.
stop_usage <- function(...) {
  stop(structure(
    class = c("usage_error", "error", "condition"),
    list(message = paste0(...), call = NULL)
  ))
}

# Work that ended early after Ctrl-C: exit status 130.
stop_interrupted <- function(...) {
  stop(structure(
    class = c("interrupted_error", "error", "condition"),
    list(message = paste0(...), call = NULL)
  ))
}

# A named list of the given options and of those with a default of ours. Options
# are written `--name value` or `--name=value`; a unique prefix is enough.
parse_options <- function(words, known, name = "musl") {
  words <- full_names(words, names(known))
  repeated <- take_repeated(words, known)
  parser <- option_parser(name, list(options = known, help = ""))
  found <- tryCatch(
    optparse::parse_args(parser, repeated$words),
    error = function(e) stop_usage(parse_reason(e, names(known)))
  )
  found <- found[intersect(names(known), names(found))]
  found <- Map(function(text, name) {
    convert_option(text, name, known[[name]]$type)
  }, found, names(found))
  found <- c(found, lapply(repeated$values, function(one) {
    vapply(one$texts, convert_option, "", name = one$name, type = one$type,
      USE.NAMES = FALSE
    )
  }))
  flags <- vapply(names(found), function(name) {
    identical(known[[name]]$type, "flag")
  }, NA)
  found <- found[!flags | vapply(found, isTRUE, NA)]
  check_given(found, known)
  values <- lapply(known, `[[`, "default")
  values <- values[!vapply(values, is.null, NA)]
  values[names(found)] <- found
  check_streams(values, known)
  structure(values, class = "command_options")
}

# By the full name: `$` of a list matches partially, `$keep` --keep-gene and
# `$fold` --folds.
`$.command_options` <- function(x, name) unclass(x)[[name]]

# Options that only say how to read another.
read_with <- list(
  label = "pairs", `gi-line` = "gi-screen", `gi-lines` = "gi-screen",
  scale = "expression", samples = "expression", lines = "depmap",
  aliases = "network", info = "network", `min-score` = "network",
  `gene-ids` = c("expression", "depmap", "network", "embeddings")
)

# An option without effect is a mistake.
check_companions <- function(options) {
  for (name in intersect(names(read_with), names(options))) {
    others <- read_with[[name]]
    if (!any(others %in% names(options))) {
      stop_usage("--", name, " needs ", paste0("--", others, collapse = " or "))
    }
  }
}

# Options of folds without a fold, or of a model without one.
check_unused <- function(options, names, lacking) {
  unused <- intersect(names, names(options))
  if (length(unused) > 0L) {
    stop_usage(
      paste0("--", unused, collapse = ", "),
      if (length(unused) > 1L) " have" else " has", " no effect without --",
      lacking
    )
  }
}

# Two tables in one stream could not be told apart.
check_streams <- function(values, known) {
  out <- names(known)[vapply(known, function(x) identical(x$type, "out"), NA)]
  printed <- vapply(out, function(name) identical(values[[name]], "-"), NA)
  if (sum(printed) > 1L) {
    stop_usage(
      paste0("--", out[printed], collapse = " and "),
      " can't both be the standard output: give one a file"
    )
  }
}

check_given <- function(found, known) {
  needed <- vapply(known, `[[`, NA, "required")
  lacking <- setdiff(names(known)[needed], names(found))
  if (length(lacking) > 0L) {
    stop_usage(
      paste0("--", lacking, collapse = ", "),
      if (length(lacking) > 1L) " are needed" else " is needed"
    )
  }
}

# "--pred x" -> "--predictions x".
full_names <- function(words, names) {
  is_long <- grepl("^--.", words)
  stem <- sub("^--([^=]*).*$", "\\1", words)
  at <- pmatch(stem, names, duplicates.ok = TRUE)
  at[!is_long] <- NA
  words[!is.na(at)] <- paste0(
    "--", names[at[!is.na(at)]], sub("^--[^=]*", "", words[!is.na(at)])
  )
  words
}

# optparse keeps only the last of several values, so options that may be given
# several times are removed first. list(words, values)
take_repeated <- function(words, known) {
  values <- list()
  rest <- character()
  seen <- character()
  while (length(words) > 0L) {
    if (words[[1L]] == "--") stop_usage("unknown argument '--'")
    name <- sub("^--([^=]*).*$", "\\1", words[[1L]])
    option <- if (grepl("^--", words[[1L]])) known[[name]]
    inline <- grepl("=", words[[1L]], fixed = TRUE)
    flag <- identical(option$type, "flag")
    if (flag && inline) stop_usage("--", name, " takes no value")
    n <- if (inline || flag || is.null(option)) 1L else 2L
    if (n > length(words)) stop_usage("--", name, " needs a value")
    if (isTRUE(option$many)) {
      text <- if (inline) sub("^[^=]*=", "", words[[1L]]) else words[[2L]]
      values[[name]] <- list(
        name = name, type = option$type, texts = c(values[[name]]$texts, text)
      )
    } else {
      if (name %in% seen) stop_usage("--", name, " is given twice")
      if (!is.null(option)) seen <- c(seen, name)
      # getopt mistakes a value that begins with a dash for an option.
      rest <- c(rest, if (n == 2L) {
        paste0("--", name, "=", words[[2L]])
      } else {
        words[[1L]]
      })
    }
    words <- words[-seq_len(n)]
  }
  list(words = rest, values = values)
}

option_parser <- function(name, command) {
  made <- lapply(names(command$options), function(option) {
    known <- command$options[[option]]
    is_flag <- identical(known$type, "flag")
    optparse::make_option(
      paste0("--", option),
      type = if (is_flag) "logical" else "character",
      action = if (is_flag) "store_true" else "store",
      dest = option, metavar = option_word(known$type),
      help = option_help(known)
    )
  })
  optparse::OptionParser(
    usage = paste("musl", name, "[OPTION]..."), option_list = made,
    description = paste(strwrap(command$help, width = 78L), collapse = "\n")
  )
}

# optparse's error in fewer words.
parse_reason <- function(e, names) {
  text <- conditionMessage(e)
  pattern <- "\"[^\"]+\" is not a valid|(long|short) flag \"[^\"]+\""
  found <- regmatches(text, regexpr(pattern, text))
  if (length(found) == 0L) {
    return(trimws(gsub("[[:space:]]+", " ", text)))
  }
  word <- sub("^[^\"]*\"([^\"]+)\".*$", "\\1", found)
  if (grepl("long flag", found)) word <- paste0("--", word)
  is_short <- grepl("short flag", found)
  like <- if (is_short) {
    utils::head(names[startsWith(names, word)], 1L)
  } else {
    nearest(sub("^--", "", word), c("help", names))
  }
  if (is_short) word <- paste0("-", word)
  paste0(
    "unknown argument '", word, "'",
    if (length(like) > 0) {
      paste0("; did you mean --", like, "?")
    } else if (!startsWith(word, "-")) {
      "; write a value after its option, as in --out FILE"
    }
  )
}

# The nearest name at an edit distance of at most two, if there is one.
nearest <- function(word, names) {
  names <- names[nchar(names) > 2L]
  away <- drop(utils::adist(word, names))
  utils::head(names[away <= 2 & away == min(away)], 1L)
}

convert_option <- function(text, name, type) {
  if (length(type) > 1L) {
    # The help shows them in capitals.
    at <- match(tolower(text), tolower(type))
    if (is.na(at)) {
      stop_usage(
        "--", name, " must be ", paste(type, collapse = " or "), ", not '",
        text, "'"
      )
    }
    return(type[[at]])
  }
  switch(type,
    flag = text,
    file = check_path(text, name, dir.exists(text) || !file.exists(text)),
    path = check_path(text, name, !file.exists(text)),
    named = check_named(text, name),
    directory = check_path(text, name, !dir.exists(text)),
    text = if (nzchar(text)) text else stop_usage("--", name, " is empty"),
    out = check_out(text, name),
    saved = check_saved(text, name),
    plot = check_plot(text, name),
    folder = check_out(text, name, folder = TRUE),
    whole = read_number(text, name, "^[0-9]{1,9}$", "a whole number"),
    number = read_number(
      text, name, "^-?[0-9]*[.]?[0-9]+([eE]-?[0-9]+)?$", "a number"
    )
  )
}

check_path <- function(text, name, absent) {
  if (absent || file.access(text, 4L) != 0L) {
    stop_usage("--", name, ": cannot read '", text, "'")
  }
  text
}

# FILE, or NAME=FILE if the header does not identify the content.
check_named <- function(text, name) {
  file <- if (file.exists(text)) text else unnamed_file(text)
  check_path(file, name, dir.exists(file) || !file.exists(file))
  text
}

unnamed_file <- function(text) sub("^[a-z_]+=", "", text)

# c("effect=a.csv", "b.csv") -> c(effect = "a.csv", "b.csv"); no names if none
# is given.
named_files <- function(texts) {
  told <- !file.exists(texts) & grepl("^[a-z_]+=", texts)
  if (!any(told)) {
    return(texts)
  }
  files <- ifelse(told, unnamed_file(texts), texts)
  stats::setNames(files, ifelse(told, sub("=.*$", "", texts), ""))
}

# Its other names; a file would be moved to such a name.
standard_output <- c("/dev/stdout", "/dev/fd/1", "/proc/self/fd/1")

# The output path is checked before the work, which may take hours.
check_out <- function(text, name, folder = FALSE) {
  if (!nzchar(text)) stop_usage("--", name, " is empty")
  if (text %in% c("-", standard_output) && !folder) {
    return("-")
  }
  if (grepl("[.]xlsx?$", text, ignore.case = TRUE)) {
    stop_usage(
      "--", name, " must end in .csv or .tsv, which Excel opens, not '", text,
      "'"
    )
  }
  if (dir.exists(text) && !folder) {
    stop_usage("--", name, " must be a file, but '", text, "' is a folder")
  }
  folder <- dirname(text)
  if (!dir.exists(folder)) {
    stop_usage("--", name, ": there is no folder '", folder, "'")
  }
  if (file.access(folder, 2L) != 0L) {
    stop_usage("--", name, ": cannot write to '", folder, "'")
  }
  text
}

# A model, page or graph goes to a file.
check_saved <- function(text, name) {
  if (text %in% c("-", standard_output)) {
    stop_usage("--", name, " must be a file, not the standard output")
  }
  check_out(text, name)
}

# ggplot2 takes the format from the name.
check_plot <- function(text, name) {
  if (!grepl("[.](png|pdf|svg|jpe?g|tiff?)$", text, ignore.case = TRUE)) {
    stop_usage("--", name, " must end in .png, .pdf or .svg, not '", text, "'")
  }
  check_out(text, name)
}

read_number <- function(text, name, pattern, what) {
  if (!grepl(pattern, text)) {
    stop_usage("--", name, " must be ", what, ", not '", text, "'")
  }
  as.numeric(text)
}

# Help ------------------------------------------------------------------------

option_word <- function(type) {
  if (length(type) > 1L) {
    return(paste(type, collapse = "|"))
  }
  c(
    file = "FILE", path = "PATH", directory = "DIR", text = "TEXT",
    named = "[NAME=]FILE", out = "FILE", saved = "FILE", plot = "FILE",
    folder = "DIR", whole = "N", number = "X", flag = ""
  )[[type]]
}

option_help <- function(option) {
  notes <- c(
    gsub("[[:space:]]+", " ", option$help),
    if (option$many) "may be given several times",
    if (option$required) "required",
    if (!is.null(option$default)) paste0("default ", option$default)
  )
  text <- gsub("%", "%%", paste(notes, collapse = "; "), fixed = TRUE)
  paste(strwrap(text, width = 62L), collapse = "\n\t\t")
}

command_help <- function(name, command) {
  utils::capture.output(optparse::print_help(option_parser(name, command)))
}

general_help <- function(commands) {
  commands <- Filter(function(command) is.null(command$deprecated), commands)
  names <- format(names(commands))
  summaries <- vapply(commands, `[[`, "", "summary")
  c(
    "musl COMMAND [OPTION]...", "",
    "Synthetic lethal gene pairs from expression, network and embeddings.", "",
    paste0("  ", names, "  ", summaries), "",
    "musl COMMAND --help shows the options of a command, musl --version the",
    "version. Input tables are tab-, comma- or semicolon-separated and may be",
    "gzipped. Tables and models are written completely or not at all. Exit",
    "status: 0 for success, 1 for a problem with the data or during the run,",
    "2 for a wrong command, 130 after Ctrl-C."
  )
}
