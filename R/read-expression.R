#' Read a table of expression
#'
#' Reads a table of genes x samples into the matrix `expression` for
#' [musl_data()].
#'
#' Other columns of text and numbers that are no samples, such as Entrez ids or
#' the lengths of genes, are left out with a message. The first line is the
#' header; if its samples are numbers, the column of the genes must have a name
#' such as `gene` or `id`, or none. Tables may be plain, gzip or zip, separated
#' by tab, comma or semicolon, or in the format GCT; numbers may have a decimal
#' comma. Rows without a name are left out; of rows with the same name the first
#' is kept.
#'
#' @param path One file.
#' @param ... Must be empty.
#' @param gene `NULL` for the first column, or name or position of the column of
#'   the genes.
#' @returns A numeric matrix of genes x samples with row and column names, in
#'   the order of the file.
#'   Missing values are `NA`, which [musl_data()] refuses.
#' @section Errors:
#'   `musl_error_format` with file and line for what can't be read, and for a
#'   table without numbers.
#' @seealso [read_depmap()] for the tables of DepMap; [musl_data()] for single
#'   cells.
#' @examples
#' path <- tempfile(fileext = ".tsv")
#' writeLines(c("gene\tDescription\ts1\ts2", "TP53\ttumour\t1.5\t2",
#'   "ARID1A\tremodelling\t0\t3.25"), path)
#' read_expression(path)
#' @export
read_expression <- function(path, ..., gene = NULL) {
  check_dots_empty()
  call <- current_env()
  path <- check_file(path, "path", call)
  table <- without_gct_head(path)
  if (table != path) on.exit(unlink(table))
  start <- table_start(table, call = call)
  open <- with_core(cpp_wide_open(table), call)
  on.exit(cpp_wide_close(open$table), add = TRUE)
  at <- if (is.null(gene)) {
    1L
  } else {
    columns <- set_names(as.list(open$names), open$names)
    given_column(gene, columns, "gene", call)
  }
  kind <- column_kinds(start$first_row, at)
  kind[are_no_samples(open$names)] <- "text"
  check_numeric_columns(kind, open$names, path, call)
  check_is_header(open$names[[at]], open$names[kind != "text"], path, call)
  values <- expression_values(open, which(kind != "text"), kind, call)
  colnames(values) <- open$names[kind != "text"]
  values <- without_empty_columns(values)
  genes <- trimws(with_core(cpp_wide_text(open$table, at), call)[[1]])
  left <- names_of_columns(open$names)[kind == "text" & seq_along(kind) != at]
  name_expression_rows(values, genes, left)
}

# Whether a column of numbers tells of genes, by its name. A nameless first
# column numbers the rows.
are_no_samples <- function(names) {
  squashed <- squash_name(names)
  of_genes <- setdiff(id_column_names, c("", "x"))
  nameless <- !nzchar(names) & seq_along(names) == 1
  nameless | squashed %in% c(of_genes, gene_fact_names)
}

gene_fact_names <- c(
  "length", "genelength", "efflength", "effectivelength", "width", "chr",
  "chrom", "chromosome", "seqname", "seqnames", "start", "end", "strand",
  "gc", "gccontent", "taxid", "taxon"
)

# A delimiter at the end of each line makes a column without name and values.
without_empty_columns <- function(values) {
  empty <- !nzchar(colnames(values)) & colSums(!is.na(values)) == 0
  values[, !empty, drop = FALSE]
}

# GCT begins with two special lines: its version and extents.
without_gct_head <- function(path, call = caller_env()) {
  if (!isTRUE(grepl("^#1[.][23]", first_line(path), useBytes = TRUE))) {
    return(path)
  }
  bare <- tempfile(fileext = ".tsv")
  write_lines(readLines(path, warn = FALSE)[-(1:2)], bare, call)
  bare
}

# By the first row: "number", "comma" (decimal comma) or "text", including the
# column of the genes.
column_kinds <- function(first, at) {
  first <- trimws(first)
  first[first %in% missing_texts] <- "0"
  number <- !is.na(suppressWarnings(as.numeric(first)))
  comma <- is_comma_number(first)
  kind <- ifelse(number, "number", ifelse(comma, "comma", "text"))
  if (any(comma)) kind[number] <- "comma"
  kind[at] <- "text"
  kind
}

check_numeric_columns <- function(kind, names, path, call) {
  abort_file_if(all(kind == "text"), path, 2, c(
    x = "No column except those of genes has numbers.",
    x = "The columns are {.field {utils::head(names, 8)}}.",
    i = "A table of expression has a row per gene and a column per sample."
  ), call)
}

expression_values <- function(open, columns, kind, call) {
  if (!any(kind == "comma")) {
    return(with_core(cpp_wide_numbers(
      open$table, seq_len(open$n_rows), columns, FALSE, 0L
    ), call))
  }
  text <- with_core(cpp_wide_text(open$table, columns), call)
  vapply(text, comma_numbers, numeric(open$n_rows))
}

comma_numbers <- function(text) {
  text <- trimws(text)
  text[text %in% missing_texts] <- NA
  number <- suppressWarnings(as.numeric(sub(",", ".", text, fixed = TRUE)))
  bad <- which(is.na(number) & !is.na(text))
  abort_if(length(bad) > 0, c(
    "A table of expression must contain numbers.",
    x = "Row {bad[[1]]} has {.val {text[[bad[[1]]]]}}."
  ), "format")
  number
}

name_expression_rows <- function(values, genes, left) {
  unnamed <- is.na(genes) | !nzchar(genes)
  twice <- duplicated(genes) & !unnamed
  lines <- c(
    if (length(left) > 0) {
      "{cli::qty(length(left))}Column{?s} without samples left out:
       {.field {few(left, 8)}}."
    },
    if (any(unnamed)) "{sum(unnamed)} row{?s} without a gene left out.",
    if (any(twice)) {
      "{sum(twice)} row{?s} of a repeated gene left out:
       {.val {utils::head(genes[twice], 3)}}."
    }
  )
  tell_repairs(lines, list(columns = left, twice = unique(genes[twice])),
    "see {.fn read_expression}"
  )
  values <- values[!unnamed & !twice, , drop = FALSE]
  rownames(values) <- genes[!unnamed & !twice]
  values
}
