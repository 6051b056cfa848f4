# Runs a command and returns its exit status.

run_command <- function(words) {
  commands <- available_commands()
  tryCatch(
    {
      dispatch(words, commands)
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

dispatch <- function(words, commands) {
  if (length(words) == 0L) stop_usage("a command is needed")
  if (identical(words[[1L]], "help") && length(words) > 1L) {
    words <- c(words[[2L]], "--help")
  }
  if (words[[1L]] %in% c("--help", "-h", "help")) {
    writeLines(general_help(commands))
    return(invisible())
  }
  if (words[[1L]] %in% c("--version", "-V", "-v", "version")) {
    writeLines(paste("musl", utils::packageVersion("MuSL")))
    return(invisible())
  }
  name <- words[[1L]]
  if (!name %in% names(commands)) {
    stop_usage("unknown command '", name, "'", command_hint(name, commands))
  }
  need_parser()
  command <- commands[[name]]
  suppressPackageStartupMessages(library(MuSL))
  command$options <- command$options()
  if (any(words[-1L] %in% c("--help", "-h"))) {
    writeLines(command_help(name, command))
    return(invisible())
  }
  options <- parse_options(words[-1L], command$options, name)
  check_companions(options)
  if (!is.null(command$deprecated)) {
    message("musl: ", name, " is now called ", command$deprecated)
  }
  in_shell_words(command$run(options), names(command$options))
  invisible()
}

command_hint <- function(name, commands) {
  like <- nearest(name, names(commands))
  if (length(like) > 0L) paste0("; did you mean '", like, "'?")
}

need_parser <- function() {
  if (!requireNamespace("optparse", quietly = TRUE)) {
    stop("the R package optparse is required: install r-cran-optparse, or ",
      "run install.packages(\"optparse\")",
      call. = FALSE
    )
  }
}

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

# Arguments whose options have other names.
argument_of <- c(
  `keep-gene` = "`keep_genes", pairs = "`new_pairs", anchor = "`anchors",
  candidate = "`candidates", model = "`object", name = "`x", by = "`contexts",
  fasta = "`x", kmers = "`k", atlas = "`directory", out = "`directory"
)

# "Raise `epochs` in `musl_control()`" -> "Raise --epochs". References to R
# objects that list what was dropped or repaired are removed.
shell_words <- function(text, options) {
  for (pattern in names(shell_phrases)) {
    text <- gsub(gsub(" ", "\\s+", pattern, fixed = TRUE),
      shell_phrases[[pattern]], text
    )
  }
  text <- gsub("\n[^\n`]*`musl_report\\(\\)` lists them all[.]", "", text)
  text <- gsub("; (see )?`[^`\n]+`( lists each case)?[.]", ".", text)
  own <- paste0(
    "`columns = c[(]gene\\s+=\\s+\"([^\"]+)\",",
    "\\s+strength\\s+=\\s+\"([^\"]+)\",\\s+hit\\s+=\\s+\"([^\"]+)\"[)]`"
  )
  text <- gsub(own, "--gene \\1 --strength \\2 --hit \\3", text)
  for (option in options) {
    name <- gsub("-", "_", option, fixed = TRUE)
    if (option %in% names(argument_of)) {
      text <- gsub(
        paste0(argument_of[[option]], "\\b"), paste0("`", name), text
      )
    }
    flag <- paste0("--", option)
    text <- gsub(
      paste0("`", name, "\\s+=\\s+\"?([^`\"]*)\"?`"), paste(flag, "\\1"), text
    )
    text <- gsub(paste0("`", name, "( =)?`"), flag, text)
    text <- gsub(
      paste0(
        flag, "( [^ ]+)?\\s+(in|of|for|to)\\s+`(musl_[a-z_]+|predict)\\(\\)`"
      ),
      paste0(flag, "\\1"), text
    )
  }
  commands_for_functions(text)
}

# What R advises, where a shell has another way. Patterns; a space matches the
# end of a line too.
shell_phrases <- c(
  "`c[(]expression = path[)]`" = "--depmap expression=FILE",
  "`c[(]expression = file, effect = other_file[)]`" =
    "--depmap expression=FILE --depmap effect=FILE",
  "`musl_evidence[(][)]` adds" =
    "--annotations, --families, --gene-table, --modules and --proteins add",
  "`musl_annotations[(][)]` as `evidence` of `musl_data[(][)]` adds" =
    "--annotations adds",
  "`columns` must name the columns of" = "The screen needs options for",
  "`columns` must be columns" =
    "--gene, --strength, --hit and --query must be columns",
  "Name them with `gene_a` and `gene_b`; without a header pass `header[^`]*`" =
    "Call them gene_a and gene_b in a header line",
  "Pass the <MuslData> to predict from" =
    "Give its inputs by --expression, --depmap, --network and --embeddings",
  "Pass `data` to add genes" = "--expression and --network add genes",
  "needs `data` to predict" = "needs data to predict",
  "must be `NULL` with an atlas" = "can't be given with --atlas",
  "to `musl_atlas[(][)]`[.]" = "to musl atlas.",
  "the model or `data` has" = "the model has, or the data given",
  "`keep = \"none\"`" = "--keep none",
  "`network = TRUE`" = "--keep-network",
  "`network = FALSE`" = "--measured-only",
  "`musl_fit[(]data, split, fold[)]`" = "musl fit --fold"
)

# "saved by `musl_save()`" -> "made by musl fit", "`musl_screen()`" -> "musl
# screen".
commands_for_functions <- function(text) {
  text <- gsub("saved by `musl_save()`", "made by musl fit", text, fixed = TRUE)
  gsub(
    paste0(
      "`(musl_)?(fit|predict|partners|explain|screen|compare|contexts|atlas",
      "|design)\\(\\)`"
    ), "musl \\2", text
  )
}

say_failure <- function(e, hint, status) {
  message(trimws(paste("musl:", conditionMessage(e), hint)))
  status
}
