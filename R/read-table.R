# Long tables of text. The core finds the delimiter, the header and the records,
# and unpacks and decodes what is no plain text; data.table splits the fields,
# all of them text; numbers are converted by one strict rule. A table whose
# records data.table counts otherwise is refused.

# The start of a long table: names and first row. A file whose first record is
# a row, not a header, has the names "column_1", ...; with `header = NA` the
# caller checks the first record and calls check_has_rows().
table_start <- function(path, quoted = TRUE, header = TRUE) {
  # As long as the reader that the user called.
  unpacked <- withr::local_tempfile(
    pattern = "unpacked-", .local_envir = user_call()
  )
  start <- with_core(cpp_table_start(path, quoted, unpacked))
  check_width(start$first, path)
  counted <- paste0("column_", seq_along(start$first))
  out <- c(start, list(
    header = header,
    names = if (isFALSE(header)) counted else start$first,
    first_row = if (isFALSE(header)) start$first else start$second
  ))
  if (isTRUE(header)) check_has_rows(out)
  out
}

check_has_rows <- function(start) {
  abort_file_if(start$header && length(start$first_row) == 0, start$path, 1, c(
    x = "It has a header and no row.",
    i = "Is the download or the export incomplete?"
  ))
}

# Some columns of a long table as tibble, named as `columns`, a list or vector
# of positions; those in `number` as numbers.
read_columns <- function(start, columns, number = character()) {
  columns <- unlist(columns)
  # A column requested twice is read once.
  distinct <- unique(unname(columns))
  text <- read_fields(start, distinct)
  out <- set_names(text[match(columns, distinct)], names(columns))
  for (name in intersect(number, names(out))) {
    out[[name]] <- strict_numbers(out[[name]], start, columns[[name]])
  }
  as_tibble(out)
}

# All columns as character, with their names.
read_all_text <- function(path) {
  start <- table_start(path)
  names <- named_columns(start$names, path, 1)
  read_columns(start, set_names(seq_along(names), names))
}

# The names of columns, each there once; "column_1", ... for columns without.
named_columns <- function(names, file, line) {
  twice <- unique(names[duplicated(names) & nzchar(names)])
  abort_file_if(length(twice) > 0, file, line, c(
    x = "It repeats column{?s} {.val {few(twice)}}.",
    i = "Give each column a unique name."
  ))
  names_of_columns(names)
}

# Records before the first row: a header that is no comment.
n_header_records <- function(start) {
  as.numeric(start$header && !start$is_comment)
}

# The columns at these positions, as a list of text.
read_fields <- function(start, columns) {
  n_rows <- start$n_records - n_header_records(start)
  if (n_rows == 0) {
    return(rep(list(character()), length(columns)))
  }
  has_header <- n_header_records(start) > 0
  line <- if (has_header) start$second_line else start$first_line
  # A warning tells of rows that were left out, or of quotes that were read by
  # another rule. fread() must end, or the next call warns of this one.
  heard <- rlang::env(warning = NULL)
  table <- tryCatch(
    withCallingHandlers(
      data.table::fread(
        file = start$text, sep = start$delimiter, header = FALSE,
        skip = line - 1, quote = if (start$quoted) "\"" else "",
        select = columns, colClasses = "character", na.strings = NULL,
        blank.lines.skip = TRUE, encoding = "UTF-8", data.table = FALSE,
        showProgress = FALSE
      ),
      warning = function(cnd) {
        heard$warning <- conditionMessage(cnd)
        invokeRestart("muffleWarning")
      }
    ),
    error = conditionMessage
  )
  fits <- is.null(heard$warning) && is.list(table) && nrow(table) == n_rows &&
    length(table) == length(columns)
  if (!fits) refuse_fields(start, heard$warning %||% table)
  lapply(unname(as.list(table)), clean_text, start = start)
}

refuse_fields <- function(start, reason) {
  if (is.list(reason)) reason <- "Its rows can't be told apart."
  abort_file(start$path, NULL, c(
    x = "{few(reason, 1)}",
    i = "Double each quote within a quoted field, and remove lines of blanks."
  ))
}

# Quotes and blanks inside quoted fields; bytes that are no UTF-8 as Latin-1.
clean_text <- function(x, start) {
  if (!start$is_ascii) {
    other <- !validUTF8(x)
    x[other] <- iconv(x[other], "latin1", "UTF-8")
  }
  if (!start$has_quotes) {
    return(x)
  }
  # Where a quote is a character, a pair around a field is none.
  if (!start$quoted) {
    return(without_quotes(x))
  }
  x <- gsub("\"\"", "\"", x, fixed = TRUE)
  gsub("^ +| +$", "", x)
}

# Text of the column at `column` as numbers, NA for missing ones. No decimal
# comma, no hexadecimal, nothing infinite.
strict_numbers <- function(text, start, column) {
  known <- unique(text)
  number <- strict_number(known)
  bad <- is.infinite(number)
  if (any(bad)) {
    first <- min(match(known[bad], text))
    line <- with_core(cpp_record_line(
      start$text, start$quoted, first - 1 + n_header_records(start)
    ))
    shown <- few(text[[first]], 1)
    abort_file(start$path, line, c(
      x = "Column {column} ({.field {few(start$names[[column]], 1)}}) has
           {.val {shown}}, no finite number.",
      i = "Write a decimal number with a point, or NA where it is missing."
    ))
  }
  number[match(text, known)]
}

# Inf for what is no finite number.
strict_number <- function(text) {
  text <- trimws(text)
  missing <- is_missing_text(text) | text == "."
  is_number <- grepl(
    "^[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][-+]?[0-9]+)?$", text
  )
  out <- rep(Inf, length(text))
  out[missing] <- NA_real_
  out[is_number] <- as.numeric(text[is_number])
  out
}
