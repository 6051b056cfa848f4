# Tables of text: delimiter, header and first row are found here, in what
# read-text.R unpacked; the core reads plain rows, data.table those with quotes
# or letters beyond ASCII. Rows that it leaves out and those with more or fewer
# fields than the header, are refused.

# The start of a table: names and first row. A file whose first record is a row,
# not a header, has the names "column_1", ...; with `header = NA` the caller
# checks the first record and calls check_has_rows(). A header may follow "#";
# one that lacks a name for the first column gets an empty one.
table_start <- function(path, quoted = TRUE, header = TRUE) {
  file <- text_file(path)
  quote <- if (quoted) "\"" else ""
  head <- first_records(file$text, quote)
  records <- head$records
  lines <- if (length(records) > 0) head$lines else head$comment
  abort_file_if(length(lines) == 0, path, 1, c(
    x = "It has no table.", i = "Download or copy it again."
  ))
  delimiter <- sniff_delimiter(lines, quote)
  fields <- lapply(utils::head(records, 2), split_record, delimiter, quote)
  comment <- split_record(sub("^[# ]+", "", head$comment), delimiter, quote)
  is_comment <- length(head$comment) > 0 &&
    (length(fields) == 0 || length(comment) == length(fields[[1]]))
  if (is_comment) fields <- c(list(comment), fields)
  first <- fields[[1]]
  second <- if (length(fields) > 1) fields[[2]] else character()
  if (length(second) == length(first) + 1) first <- c("", first)
  # No study has so many samples, genes or facts of a pair.
  abort_file_if(length(first) > 1e5, path, 1, c(
    x = "It has {length(first)} columns; at most 100,000 are read.",
    i = "Is the delimiter right? Single cells are read by the packages of
         {.code ?musl_data}."
  ))
  counted <- paste0("column_", seq_along(first))
  out <- c(file, list(
    quote = quote, delimiter = delimiter, is_comment = is_comment,
    places = head$places, filled = head$filled, header = header,
    names = if (isFALSE(header)) counted else first,
    first_row = if (isFALSE(header)) first else second
  ))
  if (isTRUE(header)) check_has_rows(out)
  out
}

# The first lines below the comments, and the records they make: one that spans
# lines has an odd number of quotes in its first.
# comment  the last line of comments
# places   lines of the file on which the records begin
# filled   lines before each record that are not empty
first_records <- function(text, quote) {
  con <- text_connection(text)
  on.exit(close(con))
  read <- function(n) readLines(con, n, warn = FALSE, encoding = "UTF-8")
  line <- without_mark(read(1))
  comments <- character()
  while (any(startsWith(line, "#"))) {
    comments <- c(comments, line)
    line <- read(1)
  }
  lines <- line
  repeat {
    # Of wide tables the first lines tell.
    more <- read(if (any(nchar(line, "bytes") > 2^16)) 2 else 20)
    lines <- c(lines, more)
    has <- nzchar(quote) & grepl("\"", lines, fixed = TRUE, useBytes = TRUE)
    quotes <- nchar(gsub("[^\"]", "", lines[has], useBytes = TRUE))
    # Whether a line begins within a quoted field.
    open <- cumsum(replace(has, has, quotes)) %% 2 == 1
    inside <- c(FALSE, open)[seq_along(lines)]
    blank <- !inside & grepl("^ *$", lines, useBytes = TRUE)
    begins <- which(!inside & !blank)
    if (length(more) == 0 || length(begins) > 2 || length(lines) > 1000) break
  }
  lines <- utf8_text(lines)
  record <- findInterval(seq_along(lines), begins)
  parts <- split(lines[!blank], factor(record[!blank], seq_along(begins)))
  filled <- cumsum(nzchar(lines)) - nzchar(lines)
  list(
    comment = utf8_text(utils::tail(comments, 1)), lines = lines,
    records = unname(vapply(parts, paste, "", collapse = "\n")),
    places = length(comments) + begins,
    filled = sum(nzchar(comments)) + filled[begins]
  )
}

split_record <- function(record, delimiter, quote) {
  if (!any(nzchar(record))) {
    return(record)
  }
  if (delimiter != " " && !grepl("\"", record, fixed = TRUE)) {
    ended <- paste0(record, delimiter)
    return(trimws(strsplit(ended, delimiter, fixed = TRUE)[[1]]))
  }
  fields <- suppressWarnings(data.table::fread(
    text = paste0(record, "\n"), sep = delimiter, quote = quote,
    header = FALSE, colClasses = "character", na.strings = NULL,
    showProgress = FALSE
  ))
  trimws(gsub("\"\"", "\"", unlist(fields, use.names = FALSE), fixed = TRUE))
}

# Of tab, comma, semicolon and bar the one that splits the first lines most
# often and equally; else blanks, also if the first line has blanks and no comma
# and blanks split all lines alike, whose commas are those of decimals. A table
# of one column counts as separated by commas.
sniff_delimiter <- function(lines, quote) {
  lines <- utils::head(lines[nzchar(trimws(lines))], 20)
  lines <- lines[cumsum(c(0, nchar(lines, "bytes")))[seq_along(lines)] < 2^16]
  lines <- substr(lines, 1, 2^16)
  if (nzchar(quote)) lines <- gsub("\"[^\"]*\"", "", lines)
  marks <- c("\t", ",", ";", "|")
  score <- vapply(marks, function(mark) {
    n <- nchar(gsub(paste0("[^", mark, "]"), "", lines))
    usual <- sort(n)[length(n) %/% 2 + 1]
    # Lines that agree count more than many delimiters.
    if (usual > 0) 1e6 * (10 * sum(n == usual) %/% length(n)) + usual else 0
  }, 0)
  best <- marks[[which.max(score)]]
  if (max(score) == 0) best <- ","
  has <- function(mark) grepl(mark, lines[[1]], fixed = TRUE)
  words <- lengths(strsplit(trimws(lines), " +"))
  blanks <- has(" ") && (max(score) == 0 ||
    best == "," && !has(",") && words[[1]] > 1 && all(words == words[[1]]))
  if (blanks) " " else best
}

check_has_rows <- function(start) {
  abort_file_if(start$header && length(start$first_row) == 0, start$path, 1, c(
    x = "It has a header and no row.",
    i = "Is the download or the export incomplete?"
  ))
  if (start$header && length(start$first_row) != length(start$names)) {
    abort_fields(
      start, start$places[[first_place(start)]], length(start$first_row)
    )
  }
}

abort_fields <- function(start, line, found) {
  abort_file(start$path, line, c(
    x = "{found} field{?s} where the first line has {length(start$names)}.",
    i = "Is the file truncated, or does a field hold the delimiter? Download it
         again, or quote the field."
  ))
}

# Some columns of a long table as tibble, named as `columns`, a list or vector
# of positions; those in `number` as numbers, others as text or, if `coded`, as
# factors of the same levels, in order of first occurrence.
read_columns <- function(start, columns, number = character(), coded = FALSE) {
  numbers <- unlist(columns[names(columns) %in% number])
  fields <- read_fields(start, unlist(columns), numbers, coded)
  as_tibble(set_names(fields, names(columns)))
}

# All columns as character, with their names.
read_all_text <- function(path, header = TRUE) {
  start <- table_start(path, header = header)
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

# The record of the first row: the second, below a header that is no comment.
first_place <- function(start) if (start$header && !start$is_comment) 2 else 1

# The columns at these positions, as a list; see read_columns().
read_fields <- function(start, columns, numbers = integer(), coded = FALSE) {
  known <- sort(unique(columns))
  is_text <- !known %in% numbers
  plain <- plain_rows(start, known[!is_text], known[is_text])
  if (is.null(plain)) {
    table <- read_rows(start, known, known[is_text])
    text <- lapply(table[is_text], clean_text, start = start)
    levels <- if (coded) unique(unlist(text))
    table[is_text] <- if (coded) lapply(text, factor, levels) else text
    table[!is_text] <- as_numbers(table[!is_text], start, known[!is_text])
  } else {
    table <- vector("list", length(known))
    table[is_text] <- lapply(plain$codes, structure,
      levels = plain$levels, class = "factor"
    )
    if (!coded) table[is_text] <- lapply(table[is_text], as.character)
    several <- is.matrix(plain$numbers)
    table[!is_text] <-
      if (several) lapply(asplit(plain$numbers, 1), c) else list(plain$numbers)
  }
  table[match(columns, known)]
}

# Columns of numbers as a matrix of one row per column of the table, and others
# as list(numbers, text).
read_numbers <- function(start, columns, text = integer()) {
  ascend <- !is.unsorted(columns, strictly = TRUE)
  plain <- if (ascend) plain_rows(start, columns, text)
  if (!is.null(plain)) {
    if (length(columns) == 1) plain$numbers <- t(plain$numbers)
    plain$text <- lapply(plain$codes, function(x) plain$levels[x])
    return(plain)
  }
  fields <- read_fields(start, c(columns, text), columns)
  at <- seq_along(columns)
  numbers <- as.double(unlist(fields[at]))
  list(
    numbers = matrix(numbers, length(at), byrow = TRUE), text = fields[-at]
  )
}

# Rows of text that has neither quotes nor letters beyond ASCII, as the core
# reads them; NULL if fread() must.
plain_rows <- function(start, number, text) {
  first <- first_place(start)
  if (!start$is_ascii || start$has_quotes || first > length(start$places)) {
    return(NULL)
  }
  rows <- list(
    path = start$text, delimiter = start$delimiter,
    n_skip = start$places[[first]] - 1,
    n_rows = start$n_lines - start$filled[[first]],
    n_fields = length(start$names)
  )
  # A long header above short rows may announce any size.
  if (file.size(start$text) + 1 >= rows$n_rows * rows$n_fields) {
    with_core(cpp_read_plain_rows(rows, number, text))
  }
}

# Columns that fread() read without a class: dates, and what no field spells,
# are no numbers, or are for strict_numbers() alone.
as_numbers <- function(table, start, columns) {
  odd <- which(!vapply(table, function(x) {
    is.numeric(x) && is.null(attributes(x)) &&
      (is.finite(mean(x)) || !any(is.nan(x) | is.infinite(x)))
  }, NA))
  if (length(odd) > 0) {
    table[odd] <- Map(
      strict_numbers, read_fields(start, columns[odd]), column = columns[odd],
      MoreArgs = list(start = start)
    )
  }
  table
}

# A sorted selection of columns, as fread() reads them; those in `text` as text.
read_rows <- function(start, columns, text) {
  first <- first_place(start)
  if (length(columns) == 0 || first > length(start$places)) {
    return(rep(list(character()), length(columns)))
  }
  left <- setdiff(seq_along(start$names), columns)
  # A warning tells of rows that were left out, or of quotes that were read by
  # another rule. fread() must end, or the next call warns of this one.
  heard <- rlang::env(warning = NULL)
  table <- tryCatch(
    withCallingHandlers(
      data.table::fread(
        file = start$text, sep = start$delimiter, header = FALSE,
        skip = start$places[[first]] - 1, quote = start$quote,
        # A column beyond those of the header would be read, and seen.
        drop = if (length(left) > 0) left,
        colClasses = if (length(text) > 0) list(character = text),
        na.strings = if (length(text) == 0) c("NA", ""), dec = ".",
        integer64 = "double", blank.lines.skip = TRUE, encoding = "UTF-8",
        data.table = FALSE, showProgress = FALSE
      ),
      warning = function(cnd) {
        heard$warning <- conditionMessage(cnd)
        invokeRestart("muffleWarning")
      }
    ),
    error = conditionMessage
  )
  fits <- is.null(heard$warning) && is.list(table) &&
    length(table) == length(columns)
  n <- if (fits) nrow(table) else -1
  if (n != start$n_lines - start$filled[[first]]) {
    check_records(start, first, n, heard$warning %||% table)
  }
  unname(as.list(table))
}

# Refuses records that do not fit the header, and any of which there are not `n`
# from the one at `first` on.
check_records <- function(start, first, n, reason) {
  lines <- record_lines(start, first)
  bad <- which(lines$fields != length(start$names))[1]
  if (!is.na(bad)) abort_fields(start, lines$line[bad], lines$fields[bad])
  abort_file_if(anyNA(lines$fields), start$path, utils::tail(lines$line, 1), c(
    x = "A quoted field that begins here is never closed.",
    i = "Close the quote, or download the file again if it is truncated."
  ))
  if (is.list(reason)) reason <- "Its rows can't be told apart."
  abort_file_if(n != nrow(lines), start$path, NULL, c(
    x = "{few(reason, 1)}",
    i = "Double each quote within a quoted field, and remove lines of blanks."
  ))
}

# The line on which each record begins from the one at `first` on, and its
# number of fields.
record_lines <- function(start, first = first_place(start)) {
  skip <- start$places[[first]] - 1
  con <- text_connection(start$text)
  on.exit(close(con))
  n <- utils::count.fields(
    con, sep = if (start$delimiter == " ") "" else start$delimiter,
    quote = start$quote, skip = skip, blank.lines.skip = FALSE,
    comment.char = ""
  )
  # All lines but the last of a record have no number.
  begins <- which(!c(FALSE, is.na(n))[seq_along(n)] & !n %in% 0)
  ends <- which(!is.na(n) & n > 0)
  data.frame(line = skip + begins, fields = n[ends][seq_along(begins)])
}

# Quotes and blanks inside quoted fields; bytes that are no UTF-8 as Latin-1.
clean_text <- function(x, start) {
  if (!start$is_ascii) x <- utf8_text(x)
  if (!start$has_quotes) {
    return(x)
  }
  # Where a quote is a character, a pair around a field is none.
  if (!nzchar(start$quote)) {
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
    lines <- record_lines(start)$line
    shown <- few(text[[first]], 1)
    abort_file(start$path, lines[[first]], c(
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
