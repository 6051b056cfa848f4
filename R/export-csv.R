#' Write a table as CSV
#'
#' Writes a data frame in UTF-8, as comma separated values or parted by tabs,
#' whole or not at all: to a temporary name beside `path`, which is renamed when
#' all of it is on the disk.
#'
#' Spreadsheets take cells that begin with `=`, `+`, `-` or `@` for formulas and
#' run them.
#' With `escape_formulas = TRUE` such cells of character columns, and such names
#' of columns, get an apostrophe in front, as do those that begin with a tab or
#' a carriage return.
#' Numbers, negative ones too, are never changed.
#' Gene names do not begin so; free text of a database may.
#' Reading the file with R gives escaped cells with their apostrophe.
#'
#' @param x A data frame whose columns are vectors or factors: predictions,
#'   [musl_screen()], [musl_compare()], a table of [as_cytoscape()].
#' @param path String, the file to write.
#'   A name that ends in `.tsv`, `.tab` or `.txt` parts columns by tabs, `.gz`
#'   behind it packs the file.
#' @param escape_formulas `TRUE` to make cells safe for spreadsheets.
#' @param overwrite `TRUE` to replace a file that exists.
#' @returns `path`, invisibly.
#'   Numbers have up to 15 significant digits and a decimal point, whatever
#'   `options(OutDec)` says, and columns of whole numbers no exponents; `NA` is
#'   an empty cell, and text is quoted, between tabs only where it must be;
#'   lines end in LF.
#' @section Errors:
#'   `musl_error_input` if `x` has a column that is a list or a matrix, or
#'   `path` exists; `musl_error_format` if it cannot be written.
#' @section Source:
#'   CWE-1236, Improper neutralization of formula elements in a CSV file.
#' @examples
#' path <- tempfile(fileext = ".csv")
#' musl_write_csv(
#'   data.frame(gene = c("A", "=1+1"), score = c(-1.5, NA)), path,
#'   escape_formulas = TRUE
#' )
#' readLines(path)
#' @export
musl_write_csv <- function(x, path, escape_formulas = FALSE,
                           overwrite = FALSE) {
  if (!is.data.frame(x)) {
    abort_argument("x", "a data frame", x, rlang::current_env())
  }
  check_path(path)
  check_flag(escape_formulas)
  check_flag(overwrite)
  check_csv_columns(x)
  check_new_file(path, overwrite)
  is_tabs <- grepl("[.](tsv|tab|txt)([.]gz)?$", path, ignore.case = TRUE)
  sep <- if (is_tabs) "\t" else ","
  bytes <- charToRaw(csv_text(csv_cells(x, escape_formulas, sep), sep))
  if (grepl("[.]gz$", path, ignore.case = TRUE)) bytes <- packed(bytes, path)
  with_core(cpp_write_file(path.expand(path), bytes))
  invisible(path)
}

check_csv_columns <- function(x, call = caller_env()) {
  flat <- vapply(as.list(x), function(column) {
    is.atomic(column) && is.null(dim(column))
  }, NA)
  if (!all(flat)) {
    abort_musl(c(
      "Columns of {.arg x} must be vectors.",
      x = "{.field {names(x)[!flat]}} {?is a list or a matrix/are lists or
           matrices}.",
      i = "Turn them into columns of their own, or leave them out."
    ), argument = "x", call = call)
  }
}

# Each column as the text of its cells.
csv_cells <- function(x, escape, sep = ",") {
  # A decimal comma would part a number in two.
  withr::local_options(OutDec = ".")
  quoted <- if (sep == ",") quoted else quoted_where_needed
  guard <- if (escape) escape_formula else identity
  columns <- lapply(as.list(x), function(column) {
    missing <- is.na(column)
    is_plain <- is.numeric(column) || is.logical(column)
    text <- if (may_be_ids(column)) id_text(column) else as.character(column)
    cells <- if (is_plain && !is.factor(column)) text else quoted(guard(text))
    cells[missing] <- ""
    cells
  })
  rlang::set_names(columns, quoted(guard(names(x))))
}

# Whole numbers may be ids, such as Entrez ids, which have no exponent.
may_be_ids <- function(column) {
  if (!is.double(column) || is.object(column)) {
    return(FALSE)
  }
  known <- column[is.finite(column)]
  all(abs(known) < 1e15 & known == round(known))
}

quoted <- function(text) {
  text <- gsub("\"", "\"\"", enc2utf8(text), fixed = TRUE)
  paste0("\"", text, "\"", recycle0 = TRUE)
}

quoted_where_needed <- function(text) {
  odd <- grepl("[\t\r\n\"]", text)
  text[odd] <- quoted(text[odd])
  enc2utf8(text)
}

# The bytes of a gzip file. R only warns where a file finds no room, so it is
# read back.
packed <- function(bytes, path, call = caller_env()) {
  file <- tempfile()
  on.exit(unlink(file))
  reason <- reason_of(fill_packed(bytes, file))
  if (!is.null(reason)) abort_unwritten(path, reason, tmpdir_hint, call)
  readBin(file, "raw", file.size(file))
}

fill_packed <- function(bytes, file) {
  connection <- gzfile(file, "wb")
  tryCatch(writeBin(bytes, connection), finally = close(connection))
  if (!identical(unpacked_size(file, length(bytes)), length(bytes))) {
    stop("It could not be packed.")
  }
}

# Bytes that can be read back, up to `most`.
unpacked_size <- function(file, most) {
  connection <- gzfile(file, "rb")
  on.exit(close(connection))
  tryCatch(
    suppressWarnings(length(readBin(connection, "raw", most))),
    error = function(cnd) 0L
  )
}

escape_formula <- function(text) {
  at <- !is.na(text) & grepl("^[=+@\t\r-]", text)
  text[at] <- paste0("'", text[at])
  text
}

csv_text <- function(cells, sep = ",") {
  header <- paste(names(cells), collapse = sep)
  rows <- do.call(paste, c(unname(cells), sep = sep))
  paste0(c(header, rows), "\n", collapse = "")
}
