# Reading tables, and writing results whole or not at all.

# Columns by header: the separator is a tab if the header holds one. Text is
# read as text throughout, since a gene may be called NA, 1 or T.
read_columns <- function(file, n_text) {
  header <- readLines(file, n = 2L)
  if (length(header) < 2L) {
    stop("'", file, "' holds no row below its header.", call. = FALSE)
  }
  sep <- if (grepl("\t", header[1L], fixed = TRUE)) "\t" else ","
  n_columns <- length(scan(
    text = header[2L], what = "", sep = sep, quote = "\"", quiet = TRUE
  ))
  n_text <- min(n_text, n_columns)
  classes <- rep(c("character", "numeric"), c(n_text, n_columns - n_text))
  tryCatch(
    utils::read.table(
      file,
      header = TRUE, sep = sep, quote = "\"", comment.char = "",
      na.strings = "", check.names = FALSE, stringsAsFactors = FALSE,
      colClasses = classes
    ),
    error = function(e) {
      stop("'", file, "' cannot be read: ", conditionMessage(e), call. = FALSE)
    }
  )
}

# Rows named by the first column, the others numeric.
read_matrix <- function(file) {
  table <- read_columns(file, n_text = 1L)
  values <- as.matrix(table[-1L])
  rownames(values) <- table[[1L]]
  values
}

# Where results go: the separator is that of the file's name. R warns of a text
# file that it could not fill, no more.
write_table <- function(table, path) {
  write_whole(path, function(file) {
    tryCatch(
      fill_table(table, file, csv = grepl("[.]csv([.]gz)?$", path)),
      warning = function(w) stop(conditionMessage(w), call. = FALSE)
    )
  })
}

fill_table <- function(table, file, csv) {
  open <- if (grepl("[.]gz$", file)) gzfile else base::file
  connection <- open(file, "w")
  on.exit(close(connection))
  utils::write.table(
    table, connection,
    sep = if (csv) "," else "\t", row.names = FALSE,
    quote = if (csv) which_text(table) else FALSE, qmethod = "double", na = ""
  )
}

which_text <- function(table) {
  which(vapply(table, function(x) is.character(x) || is.factor(x), NA))
}

# `write` fills a file beside `path`, which then takes its name.
write_whole <- function(path, write) {
  temporary <- tempfile(
    paste0(".", basename(path), "."), dirname(path),
    sub("^[^.]*", "", basename(path))
  )
  on.exit(unlink(temporary))
  tryCatch(
    {
      write(temporary)
      check_room(dirname(path))
      stopifnot(file.rename(temporary, path))
    },
    error = function(e) stop_writing(path, e)
  )
  invisible(path)
}

# Packed files and plots tell nothing of what the disk did not take; that it is
# full does. 64 kB are more than R keeps back of such a file.
check_room <- function(directory) {
  probe <- tempfile(".room", directory)
  on.exit(unlink(probe))
  connection <- file(probe, "wb")
  suppressWarnings({
    writeBin(raw(65536), connection)
    close(connection)
  })
  if (file.size(probe) < 65536) {
    stop("no room is left", call. = FALSE)
  }
}

stop_writing <- function(path, cause) {
  stop(
    "'", path, "' cannot be written: ", conditionMessage(cause),
    "; is there room, and may you write there?",
    call. = FALSE
  )
}

# To a file, or for "-" to the standard output.
put_table <- function(table, path) {
  if (!identical(path, "-")) {
    return(write_table(table, path))
  }
  utils::write.table(
    table,
    sep = "\t", row.names = FALSE, quote = FALSE, na = ""
  )
}
