#' Read tables of gene pairs
#'
#' Reads labelled pairs from a table of any common layout into `pairs` for
#' [musl_data()].
#'
#' Columns are recognised by name, whatever the case and punctuation: `gene_a`
#' and `gene_b`, `Gene1` and `Gene2`, `n1.name` and `n2.name`, `from` and `to`,
#' ...; one column of pairs such as `ARID1A|ARID1B`; `label`, `SL`, `SL_or_not`,
#' `class`, ...; `source`, `cell_line`, `pubmed`, `score`. Files may be plain,
#' gzip or zip, separated by tab, comma, semicolon, bar or blanks.
#'
#' * `"table"`: any table of pairs.
#' * `"synlethdb"`: SynLethDB 1, 2 and 3, and their tables of pairs without
#'   synthetic lethality; scores must be from 0 to 1.
#' * `"slkb"`: the tables of SLKB.
#'
#' SynLethDB's files have no column of labels: their pairs are `"non_SL"` if the
#' file's name has the word `non` before `SL`, else `"SL"`, as a message says;
#' files of other interactions, such as `Human_SR.csv`, are refused without
#' `label`. Columns of one end, such as `lfc_1` and `lfc_2` or `n1.mut` and
#' `n2.mut`, go with their gene. Numbers of the rows or nodes of a table are not
#' genes: columns of names beside them count, else they are refused.
#'
#' @param path One file or several of the same kind; or a data frame.
#' @param format Layout of the file, see Details; `header` and `merge` are for
#'   `"table"` only.
#' @param ... Must be empty.
#' @param columns `NULL`, or the names or positions of columns by their role,
#'   `gene_a`, `gene_b` and `label`, such as `c(gene_a = "left", gene_b =
#'   "right")` or `1:3`; roles that it leaves out are recognised.
#' @param label `NULL` uses the column of labels, if there is one; `"SL"` or
#'   `"non_SL"` labels all rows.
#' @param header `FALSE` if the first line is already a pair; `columns` are
#'   positions then.
#' @param annotation `NULL`, or a table of genes as for [musl_map_genes()]: old
#'   symbols and ids become current symbols.
#' @param merge `FALSE` keeps each row as it is and in its place, for
#'   [predict()][predict.MuslModel]: nothing is repaired. `annotation` is an
#'   error then.
#' @returns A tibble with one row per unordered pair, in order of first
#'   occurrence: `gene_a`, `gene_b` (in byte order), `label` (factor of `SL` and
#'   `non_SL`, `NA` for unlabelled), `n_rows` (the pair's rows in the file),
#'   then the other columns, ids of the genes among them. If several rows are
#'   the same pair, the largest `score` is kept and the entries of other columns
#'   are joined by `";"`. With `merge = FALSE`: `gene_a`, `gene_b`, `label` and
#'   the other columns. The attribute `report` lists `self`, `duplicated`,
#'   `conflicting`, `unnamed`, `several`, `control`, `folded`, `excel_names`,
#'   `unmapped`.
#' @section What is repaired:
#'   One message (`musl_message_report`) counts what the report lists: rows
#'   without a name, with several genes in one (`HLA-A;HLA-B`) or a control such
#'   as AAVS1, self pairs and pairs of both labels left out, duplicated pairs
#'   merged, names that a spreadsheet turned into dates.
#' @section Errors:
#'   `musl_error_format` with file and line for what can't be read, for columns
#'   that are not found and labels that are not recognised; `musl_error_input`
#'   for arguments out of range or without effect.
#' @source Wang et al. (2022), SynLethDB 2.0, Database baac030;
#'   Gokbag et al. (2024), SLKB, Nucleic Acids Research 52:D1418.
#' @seealso [read_gi_screen()] for double-knockout screens.
#' @examples
#' path <- tempfile(fileext = ".csv")
#' writeLines(c("Gene1,Gene2,SL", "ARID1B,ARID1A,1", "TP53,ACTB,0"), path)
#' read_pairs(path)
#' @export
read_pairs <- function(path, format = "table", ..., columns = NULL,
                       label = NULL, header = TRUE, annotation = NULL,
                       merge = TRUE) {
  check_dots_empty()
  format <- check_choice(format, c("table", "synlethdb", "slkb"))
  columns <- given_columns(columns, c("gene_a", "gene_b", "label"))
  label <- check_choice(label, pair_labels, allow_null = TRUE)
  check_flag(header)
  check_flag(merge)
  listed <- format != "table"
  if (listed) {
    check_unused_by_format(c("header", "merge")[c(!header, !merge)], format)
  }
  if (!merge) {
    check_unused(
      if (!is.null(annotation)) "annotation", "merge = FALSE",
      "{.fn musl_map_genes} maps columns of genes."
    )
  }
  tables <- lapply(pair_inputs(path, header), function(input) {
    table <- tidy_pairs(input$table, input$name, columns, label)
    if (listed && is.null(columns$label) && all(is.na(table$label))) {
      table <- label_listed(table, input)
    }
    if (format == "synlethdb") check_unit_range(table$score, input$name)
    table
  })
  if (merge) {
    finish_pairs(tables, annotation)
  } else {
    typed_columns(bind_tables(tables))
  }
}

check_unused <- function(unused, with, hint) {
  abort_if(length(unused) > 0, c(
    "{.arg {unused}} must be left out with {.code {with}}.",
    x = "{cli::qty(length(unused))}{?It has/They have} no effect there.",
    i = hint
  ), argument = unused[[1]])
}

check_unused_by_format <- function(unused, format) {
  check_unused(unused, paste0("format = \"", format, "\""),
    "Is the file of another {.arg format}?")
}

# SynLethDB's files list pairs of one kind, which their names tell. Other pairs
# without a column of labels have none.
label_listed <- function(table, input) {
  layout <- pair_layouts[[recognise_layout(names(input$table), pair_layouts)]]
  kind <- if (isTRUE(layout$lists)) listed_kind(input$name) else NA
  abort_file_if(is.na(kind), input$name, 1, c(
    x = "It has no column of labels among
         {.field {few(names(input$table), 12)}}, and is no list of SynLethDB
         whose name tells of SL or non-SL.",
    i = "Name the column of labels in {.arg columns}, or pass
         {.code label = \"SL\"} if all pairs are synthetic lethal."
  ))
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

# Scores of a database, documented as 0 to 1. Text or numbers; NULL for none.
check_unit_range <- function(score, path) {
  number <- suppressWarnings(as.numeric(score))
  bad <- which(number < 0 | number > 1)
  abort_file_if(length(bad) > 0, path, NULL, c(
    x = "{length(bad)} score{?s} {?is/are} outside 0 to 1, the first in row
         {bad[[1]]}: {.val {few(score[bad])}}.",
    i = "Is it an unchanged file of this database?"
  ))
}

# A list of `table` (all columns as character) and `name`, its name in messages.
pair_inputs <- function(path, header = TRUE) {
  if (is.data.frame(path)) {
    return(list(list(table = frame_text(path), name = "data frame")))
  }
  lapply(check_files(path, "path"), function(file) {
    list(table = read_all_text(file, header), name = file)
  })
}

# A data frame as its file would be read.
frame_text <- function(table) {
  names(table) <- named_columns(names(table), "data frame", NULL)
  wide <- names(table)[
    lengths(table) != nrow(table) | vapply(table, is.list, NA)
  ]
  abort_file_if(length(wide) > 0, "data frame", NULL, c(
    x = "{.field {few(wide)}} {?is/are} no vector{?s}.",
    i = "Turn matrices and lists into columns of their own, or leave them out."
  ))
  check_known_classes(table, "path")
  as_tibble(lapply(table, function(x) {
    x <- plain_numbers(x)
    # Entrez ids may be numbers. Scores keep their exponents.
    whole <- is.double(x) && !is.object(x) &&
      all(is.finite(x) | is.na(x)) && all(x == round(x), na.rm = TRUE)
    if (whole) id_text(x) else as.character(x)
  }))
}

# One table -> gene_a, gene_b, label and the other columns.
tidy_pairs <- function(table, name, columns, label) {
  layout <- recognise_layout(names(table), pair_layouts)
  # Hyphens are parts of names such as HLA-A.
  placed <- vapply(columns["label"[!is.null(columns$label)]], given_column, 1L,
    table = table
  )
  found <- locate_pair(table, name,
    list(genes = pair_gene_names, pair = pair_joint_names), columns, placed,
    setdiff(pair_marks, "-"))
  abort_file_if(length(found$unsplit) > 0, name, NULL, c(
    x = "The column of pairs must have two names with one mark between them,
         such as {.val {'ARID1A|ARID1B'}}.",
    x = "Found {.val {few(found$unsplit)}}."
  ))
  out <- found$genes
  used <- found$used
  if (is.null(c(columns$label, label)) &&
    !isTRUE(pair_layouts[[layout]]$lists)) {
    check_no_other_label(table, name, used)
  }
  labels <- locate_label(table, name, columns$label, label, used)
  out$label <- labels$label
  used <- c(used, labels$used)
  at <- match_layout(names(table), pair_layouts[[layout]], used)$at
  at <- at[!is.na(at)]
  for (column in names(at)) {
    text <- trim_or_na(table[[at[[column]]]])
    out[[column]] <- if (column == "score") {
      with_point(text, names(table)[[at[[column]]]], name)
    } else {
      text
    }
  }
  rest <- setdiff(seq_along(table), c(used, at))
  free <- !names(table)[rest] %in% c(names(out), "n_rows")
  out[names(table)[rest[free]]] <- as.list(table[rest[free]])
  roles <- c(found$used, labels$used, at)
  attr(out, "roles") <- tibble(
    role = c(names(found$used), rep("label", length(labels$used)), names(at)),
    column = names(table)[roles]
  )
  out
}

# `column` and `label` as the user gives them, or NULL.
locate_label <- function(table, name, column, label, used) {
  abort_file_if(!is.null(label) && label %in% names(table), name, 1, c(
    x = "{.code label = \"{label}\"} labels all rows, but there is a column
         {.field {label}}.",
    i = "{.code columns = c(label = \"{label}\")} reads it."
  ))
  at <- if (!is.null(column)) {
    given_column(column, table)
  } else if (is.null(label)) {
    found <- match(pair_label_names, squash_name(names(table)))
    setdiff(found, c(NA, used))[1]
  } else {
    NA
  }
  labels <- if (is.na(at)) {
    factor(rep(label %||% NA, nrow(table)), levels = pair_labels)
  } else {
    read_labels(table[[at]], name, names(table)[[at]])
  }
  list(label = labels, used = at[!is.na(at)])
}

# A column under another name whose values call pairs synthetic lethal, in a
# table without one of a known name.
check_no_other_label <- function(table, name, used) {
  rest <- table[setdiff(seq_along(table), used)]
  if (any(pair_label_names %in% squash_name(names(rest)))) {
    return(invisible())
  }
  calls <- c("sl", "nonsl", "notsl", "syntheticlethal", "syntheticlethality")
  values <- lapply(rest, function(x) utils::head(unique(x), 100))
  is_call <- label_word(as.character(unlist(values))) %in% calls
  odd <- seq_along(rest) %in% rep(seq_along(rest), lengths(values))[is_call]
  abort_file_if(any(odd), name, 1, c(
    x = "{.field {few(names(rest)[odd])}} may hold the labels, under a name that
         is not recognised.",
    i = "Name the column of labels in {.arg columns}, or pass {.val SL} or
         {.val non_SL} as {.arg label} of all pairs."
  ))
}

read_labels <- function(x, name, column) {
  word <- each_once(x, label_word)
  missing <- is_missing_text(x)
  label <- unname(label_words[word])
  bad <- which(is.na(label) & !missing)
  abort_file_if(length(bad) > 0, name, NULL, c(
    x = "Column {.field {column}} holds {.val {few(x[[bad[[1]]]])}} in row
         {bad[[1]]} ({length(bad)} like it).",
    i = "Labels are {.val SL} and {.val non_SL}, 1 and 0, TRUE and FALSE, yes
         and no; {.arg columns} names another column."
  ))
  factor(label, levels = pair_labels)
}

# A screen's calls. If they name interactions, a negative one is SL, and an
# empty cell is no interaction; else they are labels as in read_pairs().
interaction_calls <- function(x, name, column) {
  # Parrish's name the line, "SL_in_PC9".
  word <- squash_name(sub("_in_.*$", "", x))
  word <- sub("(gi|interaction)s?$", "", word)
  signed <- word %in% c("negative", "neg", "positive", "pos", "buffering")
  negative <- word %in% c("negative", "neg", "sl", "syntheticlethal")
  none <- is_unnamed(x) | word %in% c(
    "", "none", "ns", "no", "neutral", "neither", "nonsignificant",
    "notsignificant", "na"
  )
  if (!any(signed) || !all(signed | negative | none)) {
    return(read_labels(x, name, column))
  }
  factor(ifelse(negative, "SL", "non_SL"), levels = pair_labels)
}
