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
#' * `"slkb"`: the tables of SLKB as CSV and, with package `readxl`, as workbook
#'   whose sheets are called PMID_CELLLINE.
#'
#' In the files of the two databases, pairs without a column of labels are
#' `"non_SL"` if the file's name has the word `non` before `SL`, else `"SL"`.
#'
#' @param path One file or several of the same kind; or a data frame.
#' @param format Layout of the file, see Details; `gene_a`, `gene_b`, `header`
#'   and `merge` are for `"table"` alone.
#' @param ... Must be empty.
#' @param gene_a,gene_b `NULL`, or name or position of the columns of the genes.
#' @param label `NULL` uses the column of labels, if one is called so.
#'   `"SL"` or `"non_SL"` labels all rows; else name or position of the column.
#' @param header `FALSE` if the first line is already a pair; give `gene_a`,
#'   `gene_b` and, if there is one, `label` by position then.
#' @param conflicts What to do with a pair that has both labels: `"drop"` it, or
#'   label it `"SL"` or `"non_SL"`.
#' @param annotation `NULL`, or a table of genes as for [musl_map_genes()]: old
#'   symbols and ids become current symbols, and Entrez ids are added.
#' @param merge `FALSE` keeps each row as it is and in its place, for
#'   [predict()][predict.MuslModel]: nothing is repaired. `conflicts` and
#'   `annotation` are errors then.
#' @returns A tibble with one row per unordered pair, in order of first
#'   occurrence: `gene_a`, `gene_b` (in byte order), `label` (factor of `SL` and
#'   `non_SL`, `NA` for unlabelled), `entrez_a`, `entrez_b` (`NA` if unknown),
#'   `n_rows` (the pair's rows in the file), then the other columns. If several
#'   rows are the same pair, the largest `score` is kept and the entries of
#'   other columns are joined by `";"`. With `merge = FALSE`: `gene_a`,
#'   `gene_b`, `label` and the other columns. The attribute `report` is a list
#'   of tibbles: `self`, `duplicated`, `conflicting`, `unnamed`, `excel_names`,
#'   `unmapped`.
#' @section What is repaired:
#'   One message (`musl_message_report`) counts rows without a name and self
#'   pairs left out, duplicated pairs merged, pairs with both labels, and names
#'   that a spreadsheet seems to have turned into dates.
#' @section Errors:
#'   `musl_error_format` with file and line for what can't be read, for columns
#'   that are not found and labels that are not recognised; `musl_error_input`
#'   for arguments out of range or without effect.
#' @source Wang et al. (2022), SynLethDB 2.0, Database baac030;
#'   Gokbag et al. (2024), SLKB, Nucleic Acids Research 52:D1418.
#' @seealso [read_gi_screen()] for double-knockout screens.
#' @examples
#' path <- tempfile(fileext = ".csv")
#' writeLines(c(
#'   "Gene1,Gene2,SL",
#'   "ARID1B,ARID1A,1", "ARID1A,ARID1B,1", "BRCA1,PARP1,1", "TP53,ACTB,0"
#' ), path)
#' read_pairs(path)
#' @export
read_pairs <- function(path, format = "table", ..., gene_a = NULL,
                       gene_b = NULL, label = NULL, header = TRUE,
                       conflicts = "drop", annotation = NULL, merge = TRUE) {
  check_dots_empty()
  call <- current_env()
  format <- check_choice(format, c("table", "synlethdb", "slkb"))
  check_flag(header)
  check_flag(merge)
  if (format != "table") {
    check_database_options(c("gene_a", "gene_b", "header", "merge")[c(
      !is.null(gene_a), !is.null(gene_b), !header, !merge
    )], format, call)
    tables <- database_tables(path, format, label, call)
    return(finish_pairs(tables, conflicts, annotation, call))
  }
  if (!merge) {
    check_unmerged(c("conflicts", "annotation")[
      c(!missing(conflicts), !is.null(annotation))
    ])
  }
  columns <- list(gene_a = gene_a, gene_b = gene_b)
  tables <- lapply(pair_inputs(path, header, call), function(input) {
    tidy_pairs(input$table, input$name, columns, label, call)
  })
  if (merge) {
    return(finish_pairs(tables, conflicts, annotation, call))
  }
  rows <- bind_tables(tables)
  typed_columns(rows[setdiff(names(rows), c("id_a", "id_b"))])
}

# Rows that are kept as they are have neither one label a pair nor new names.
check_unmerged <- function(unused, call = caller_env()) {
  abort_if(length(unused) > 0, c(
    "{.arg {unused}} must be left out with {.code merge = FALSE}.",
    x = "All rows are kept as they are then.",
    i = if ("annotation" %in% unused) {
      "{.fn musl_map_genes} maps columns of genes."
    }
  ), argument = unused[[1]], call = call)
}

# A list of `table` (all columns as character) and `name`, its name in
# messages.
pair_inputs <- function(path, header = TRUE, call = caller_env()) {
  if (is.data.frame(path)) {
    return(list(list(table = frame_text(path, call), name = "data frame")))
  }
  lapply(check_files(path, "path", call), function(file) {
    table <- if (header) {
      read_all_text(file, call = call)
    } else {
      start <- table_start(file, header = FALSE, call = call)
      read_columns(
        start, set_names(seq_along(start$names), start$names), call = call
      )
    }
    list(table = table, name = file)
  })
}

# A data frame as its file would be read.
frame_text <- function(table, call) {
  check_columns_once(table, "data frame", call)
  wide <- names(table)[
    lengths(table) != nrow(table) | vapply(table, is.list, NA)
  ]
  abort_file_if(length(wide) > 0, "data frame", NULL, c(
    x = "{.field {few(wide)}} {?is/are} no vector{?s}.",
    i = "Turn matrices and lists into columns of their own, or leave them out."
  ), call)
  as_tibble(lapply(table, function(x) {
    # Entrez ids may be numbers. Scores keep their exponents.
    whole <- is.double(x) && !is.object(x) &&
      all(is.finite(x) | is.na(x)) && all(x == round(x), na.rm = TRUE)
    if (whole) id_text(x) else as.character(x)
  }))
}

check_columns_once <- function(table, file, call) {
  twice <- repeated_names(table)
  abort_file_if(length(twice) > 0, file, NULL, c(
    x = "It repeats column{?s} {.val {few(twice)}}.",
    i = "Give each column a unique name."
  ), call)
}

pair_id_names <- list(
  c("geneaidentifier", "genebidentifier"), c("n1identifier", "n2identifier"),
  c("xstartid", "yendid"), c("entreza", "entrezb"), c("entrez1", "entrez2"),
  c("geneaentrez", "genebentrez"), c("gene1entrez", "gene2entrez"),
  c("geneaentrezid", "genebentrezid"), c("geneaid", "genebid"),
  c("gene1id", "gene2id"), c("geneancbiid", "genebncbiid")
)
pair_other_names <- list(
  source = c("rsource", "relsource", "slsource", "source", "evidence"),
  cell_line = c("rcellline", "cellline", "celllineorigin"),
  pubmed = c(
    "rpubmedid", "pubmedid", "slpubmedid", "pubmed", "pmid", "studyorigin"
  ),
  cancer = c("cancer", "cancertype"),
  score = c(
    "rstatisticscore", "score", "slscore", "statisticscore", "slstatisticscore"
  )
)

# One table -> gene_a, gene_b, label, id_a, id_b and the other columns.
tidy_pairs <- function(table, name, columns, label, call) {
  squashed <- squash_name(names(table))
  found <- locate_genes(table, name, columns, call)
  out <- found$genes
  ids <- find_both(squashed, pair_id_names)
  used <- found$used
  out$id_a <- out$id_b <- rep(NA_character_, nrow(table))
  if (!is.null(ids) && !any(ids %in% used)) {
    out$id_a <- trim_or_na(table[[ids[[1]]]])
    out$id_b <- trim_or_na(table[[ids[[2]]]])
    used <- c(used, ids)
  }
  labels <- locate_label(table, name, label, used, call)
  out$label <- labels$label
  used <- c(used, labels$used)
  for (column in names(pair_other_names)) {
    at <- setdiff(match(pair_other_names[[column]], squashed), c(NA, used))
    if (length(at) > 0) {
      text <- trim_or_na(table[[at[[1]]]])
      out[[column]] <- if (column == "score") with_point(text) else text
      used <- c(used, at[[1]])
    }
  }
  rest <- setdiff(seq_along(table), used)
  free <- !names(table)[rest] %in% c(names(out), "n_rows")
  out[names(table)[rest[free]]] <- as.list(table[rest[free]])
  out
}

# Positions of the two columns of genes, those given or of one of `styles`.
gene_places <- function(table, columns, styles, call) {
  if (is.null(columns$gene_a) && is.null(columns$gene_b)) {
    return(find_both(squash_name(names(table)), styles))
  }
  c(
    given_column(columns$gene_a, table, "gene_a", call),
    given_column(columns$gene_b, table, "gene_b", call)
  )
}

locate_genes <- function(table, name, columns, call) {
  squashed <- squash_name(names(table))
  at <- gene_places(table, columns, pair_gene_names, call)
  joint <- setdiff(match(pair_joint_names, squashed), NA)
  if (is.null(at) && length(joint) > 0) {
    genes <- split_joint_pairs(table[[joint[[1]]]], name, call)
    return(list(genes = genes, used = joint[[1]]))
  }
  at <- at %||% find_both(squashed, pair_id_names)
  abort_file_if(is.null(at), name, 1, c(
    x = "No two columns are recognised as the genes of a pair.",
    x = "The columns are {.field {few(names(table), 12)}}.",
    i = "Name them with {.arg gene_a} and {.arg gene_b}; without a header pass
         {.code header = FALSE, gene_a = 1, gene_b = 2}."
  ), call)
  list(
    genes = tibble(
      gene_a = each_once(table[[at[[1]]]], trimws),
      gene_b = each_once(table[[at[[2]]]], trimws)
    ),
    used = at
  )
}

given_column <- function(column, table, arg, call) {
  at <- if (is_string(column)) {
    match(column, names(table))
  } else if (is_one_number(column) && column %in% seq_along(table)) {
    as.integer(column)
  } else {
    NA
  }
  abort_if(is.na(at), c(
    "{.arg {arg}} must be the name or position of a column.",
    x = "Found {describe_value(column)}.",
    i = "The columns are {.field {few(names(table), 12)}}."
  ), argument = arg, call = call)
  at
}

# "ARID1A|ARID1B" -> the two; hyphens are parts of names such as HLA-A.
split_joint_pairs <- function(x, name, call) {
  x <- trimws(x)
  for (mark in c("|", ";", "/", ":", ",", "_")) {
    parts <- strsplit(x, mark, fixed = TRUE)
    if (length(x) > 0 && all(lengths(parts) == 2)) {
      return(tibble(
        gene_a = trimws(vapply(parts, `[[`, "", 1)),
        gene_b = trimws(vapply(parts, `[[`, "", 2))
      ))
    }
  }
  odd <- x[lengths(strsplit(x, "[|;/:,_]")) != 2]
  abort_file(name, NULL, c(
    x = "The column of pairs must have two names with one mark between them,
         such as {.val {'ARID1A|ARID1B'}}.",
    x = "Found {.val {few(c(odd, x))}}."
  ), call)
}

locate_label <- function(table, name, label, used, call) {
  none <- factor(rep(NA, nrow(table)), levels = pair_labels)
  if (is_string(label) && label %in% pair_labels && !label %in% names(table)) {
    return(list(
      label = factor(rep(label, nrow(table)), levels = pair_labels),
      used = integer()
    ))
  }
  at <- if (is.null(label)) {
    found <- match(pair_label_names, squash_name(names(table)))
    setdiff(found, c(NA, used))[1]
  } else {
    given_column(label, table, "label", call)
  }
  if (is.na(at)) {
    return(list(label = none, used = integer()))
  }
  list(label = read_labels(table[[at]], name, names(table)[[at]], call),
    used = at
  )
}

# Words in every spelling, but the sign of a number is kept: -1 is not 1.
label_word <- function(x) {
  word <- tolower(trimws(x))
  spelt <- grepl("[a-z]", word) & !grepl("[0-9]", word)
  word[spelt] <- squash_name(word[spelt])
  word
}

read_labels <- function(x, name, column, call) {
  word <- each_once(x, label_word)
  missing <- is.na(x) | word %in% c(squash_name(missing_texts), "-", "n/a")
  label <- unname(label_words[word])
  bad <- which(is.na(label) & !missing)
  abort_file_if(length(bad) > 0, name, NULL, c(
    x = "Column {.field {column}} holds {.val {few(x[[bad[[1]]]])}} in row
         {bad[[1]]} ({length(bad)} like it).",
    i = "Labels are {.val SL} and {.val non_SL}, 1 and 0, TRUE and FALSE, yes
         and no; {.arg label} names another column."
  ), call)
  factor(label, levels = pair_labels)
}
