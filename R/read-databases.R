# The tables of SynLethDB and SLKB for read_pairs().

check_unused <- function(unused, with, hint, call) {
  abort_if(length(unused) > 0, c(
    "{.arg {unused}} must be left out with {.code {with}}.",
    x = "{cli::qty(length(unused))}{?It has/They have} no effect there.",
    i = hint
  ), argument = unused[[1]], call = call)
}

check_unused_by_format <- function(unused, format, call) {
  check_unused(unused, paste0("format = \"", format, "\""),
    "Is the file of another {.arg format}?", call
  )
}

database_tables <- function(path, format, label, call) {
  lapply(pair_inputs(path, call = call), function(input) {
    table <- database_pairs(input, label, call)
    if (format == "synlethdb") {
      check_range(table$score, 1, "score", input$name, call)
    }
    table
  })
}

# SynLethDB's files list pairs of one kind, which their names tell. Other pairs
# without a column of labels have none.
database_pairs <- function(input, label, call) {
  table <- tidy_pairs(input$table, input$name, list(), label, call)
  if (!is.null(label) || !all(is.na(table$label))) {
    return(table)
  }
  layout <- pair_layouts[[recognise_layout(names(input$table), pair_layouts)]]
  kind <- if (isTRUE(layout$lists)) listed_kind(input$name) else NA
  abort_file_if(is.na(kind), input$name, 1, c(
    x = "It has no column of labels among
         {.field {few(names(input$table), 12)}}, and is no list of SynLethDB
         whose name tells of SL or non-SL.",
    i = "{.arg label} names the column of labels, or says \"SL\" if all pairs
         are synthetic lethal."
  ), call)
  inform_musl(c(
    "All {nrow(table)} pair{?s} of {.file {basename(input$name)}} are read as
     {.val {kind}}: SynLethDB's table has no column of labels.",
    i = "{.arg label} says otherwise."
  ), "report")
  table$label <- factor(rep(kind, nrow(table)), levels = pair_labels)
  table
}

# "Human_nonSL.csv", "Human.non.SL.tsv", "HumanNonSL.csv" are non_SL, not
# "canon_SL.csv"; "Human_SR.csv" and "Human_SDL.csv" are other interactions.
listed_kind <- function(path) {
  name <- basename(path)
  non <- grepl(
    "(^|[^A-Za-z])[Nn][Oo][Nn][^A-Za-z0-9]*[Ss][Ll]|Non[^A-Za-z0-9]*S[Ll]", name
  )
  other <- grepl("(^|[^a-z])(sr|sdl|sdr|dosage|rescue)([^a-z]|$)",
    fold_case(name)
  )
  if (other) NA else if (non) "non_SL" else "SL"
}

# Scores of a database, documented as 0 to `most`. Text or numbers; NULL for
# none.
check_range <- function(score, most, what, path, call) {
  number <- suppressWarnings(as.numeric(score))
  bad <- which(number < 0 | number > most)
  abort_file_if(length(bad) > 0, path, NULL, c(
    x = "{length(bad)} {what}{cli::qty(length(bad))}{?s} {?is/are} outside 0
         to {most}, the first in row {bad[[1]]}: {.val {few(score[bad])}}.",
    i = "Is it an unchanged file of this database?"
  ), call)
}
