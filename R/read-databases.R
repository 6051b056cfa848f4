#' Read SynLethDB and SLKB
#'
#' Reads labelled pairs of the public databases of synthetic lethality into
#' `pairs` for [musl_data()].
#'
#' `read_synlethdb()` reads the tables of SynLethDB 1, 2 (`Human_SL.csv`, with
#' `n1.name` or `gene_a.name`, separated by commas or blanks) and 3
#' (`Human.SL.detailed.tsv`), and those of pairs without synthetic lethality,
#' which have the same columns.
#' `read_slkb()` reads the tables of SLKB as CSV and, with package `readxl`, as
#' workbook whose sheets are called PMID_CELLLINE; pairs may be written
#' `GENE1|GENE2`.
#' In SLKB a pair may be lethal in one cell line and not in another: `conflicts`
#' decides.
#'
#' @param path One file or several, or a data frame.
#' @param ... Must be empty.
#' @param label `NULL` reads a column, else the name of each file:
#'   `"non_SL"` if it has the word `non` before `SL` (`Human_nonSL.csv`,
#'   `Human.non.SL.detailed.tsv`, but not `canon_SL.csv`), else `"SL"`.
#' @inheritParams read_pairs
#' @inheritSection read_pairs What is repaired
#' @inheritSection read_pairs Errors
#' @returns A tibble as in [read_pairs()], with `source`, `cell_line`, `pubmed`,
#'   `cancer` and `score` as far as the file has them, and its attribute
#'   `report`.
#'   Ids that are numbers of SynLethDB's knowledge graph, not Entrez ids, are
#'   left out with a message.
#' @source Wang et al. (2022), SynLethDB 2.0, Database baac030;
#'   Gokbag et al. (2024), SLKB, Nucleic Acids Research 52:D1418.
#' @examples
#' path <- tempfile(fileext = ".csv")
#' writeLines(c(
#'   "n1.name,n1.identifier,n2.name,n2.identifier,r.cell_line,r.source",
#'   "BRCA1,672,PARP1,142,NA,CRISPR/CRISPRi",
#'   "PARP1,142,BRCA1,672,MCF7,Low Throughput",
#'   "ARID1A,8289,ARID1B,57492,HCT116,RNAi Screen"
#' ), path)
#' read_synlethdb(path)
#' @export
read_synlethdb <- function(path, ..., label = NULL, conflicts = "drop",
                           annotation = NULL) {
  check_dots_empty()
  call <- current_env()
  tables <- lapply(pair_inputs(path, call = call), function(input) {
    table <- database_pairs(input, label, call)
    check_range(table$score, 1, "score", input$name, call)
    table
  })
  finish_pairs(tables, conflicts, annotation, call)
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
  if (length(bad) > 0) {
    abort_file(path, NULL, c(
      x = "{length(bad)} {what}{cli::qty(length(bad))}{?s} {?is/are} outside 0
           to {most}, the first in row {bad[[1]]}: {.val {few(score[bad])}}.",
      i = "Is it an unchanged file of this database?"
    ), call)
  }
}

#' @rdname read_synlethdb
#' @export
read_slkb <- function(path, ..., label = NULL, conflicts = "drop",
                      annotation = NULL) {
  check_dots_empty()
  call <- current_env()
  inputs <- if (is.data.frame(path)) {
    pair_inputs(path, call = call)
  } else {
    files <- check_files(path, "path", call)
    unlist(lapply(files, slkb_inputs, call = call), recursive = FALSE)
  }
  tables <- lapply(inputs, database_pairs, label = label, call = call)
  finish_pairs(tables, conflicts, annotation, call)
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
