# The tables of SynLethDB and SLKB for read_pairs().

check_database_options <- function(unused, format, call) {
  abort_if(length(unused) > 0, c(
    "{.arg {unused}} must be left out for the format {.val {format}}.",
    x = "Its columns are known, and its rows merged.",
    i = "{.code format = \"table\"} reads any table."
  ), argument = unused[[1]], call = call)
}

database_tables <- function(path, format, label, call) {
  inputs <- if (format == "slkb" && !is.data.frame(path)) {
    files <- check_files(path, "path", call)
    unlist(lapply(files, slkb_inputs, call = call), recursive = FALSE)
  } else {
    pair_inputs(path, call = call)
  }
  lapply(inputs, function(input) {
    table <- database_pairs(input, label, call)
    if (format == "synlethdb") {
      check_range(table$score, 1, "score", input$name, call)
    }
    table
  })
}

# Pairs without a column of labels are labelled by the name of their file.
database_pairs <- function(input, label, call) {
  table <- tidy_pairs(input$table, input$name, list(), label, call)
  if (is.null(label) && all(is.na(table$label))) {
    guess <- if (is_named_non_sl(input$name)) "non_SL" else "SL"
    table$label <- factor(rep(guess, nrow(table)), levels = pair_labels)
  }
  table
}

# "Human_nonSL.csv", "Human.non.SL.tsv", "HumanNonSL.csv", not "canon_SL.csv".
is_named_non_sl <- function(path) {
  grepl(
    "(^|[^A-Za-z])[Nn][Oo][Nn][^A-Za-z0-9]*[Ss][Ll]|Non[^A-Za-z0-9]*S[Ll]",
    basename(path)
  )
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

slkb_inputs <- function(path, call) {
  if (!grepl("[.]xlsx?$", path, ignore.case = TRUE)) {
    return(pair_inputs(path, call = call))
  }
  check_installed("readxl", "to read workbooks", call)
  sheets <- tryCatch(readxl::excel_sheets(path), error = function(cnd) {
    abort_file(path, NULL, c(
      x = "It is no workbook: {conditionMessage(cnd)}",
      i = "Download it again, or save its sheets as CSV."
    ), call)
  })
  lapply(sheets, function(sheet) {
    table <- readxl::read_excel(path, sheet, col_types = "text")
    origin <- strsplit(sheet, "_", fixed = TRUE)[[1]]
    squashed <- squash_name(names(table))
    if (!any(c("pubmed", "pmid") %in% squashed)) {
      table$pubmed <- rep(origin[[1]], nrow(table))
    }
    if (!any(pair_other_names$cell_line %in% squashed)) {
      line <- paste(origin[-1], collapse = "_")
      table$cell_line <- rep(line, nrow(table))
    }
    list(table = table, name = paste0(path, " [", sheet, "]"))
  })
}
