# Files that R writes: complete under their name, or absent.
# Bytes go through the core, cpp_write_file(), which does the same.

# A file for readRDS().
write_rds <- function(x, path) {
  with_core(cpp_write_file(path, serialize(x, NULL)))
}

# Why `expr` failed, or NULL. R's error lacks the reason in its warning.
reason_of <- function(expr) {
  tryCatch(
    {
      expr
      NULL
    },
    warning = conditionMessage, error = conditionMessage
  )
}

tmpdir_hint <- "Set {.envvar TMPDIR} to a directory with more room and start R
                anew."

# writeLines() for other readers of `path`. It gives no error on a full disk,
# but the file is then too short.
write_lines <- function(lines, path) {
  reason <- reason_of({
    connection <- file(path, "wb")
    tryCatch(writeLines(lines, connection), finally = close(connection))
    if (file.size(path) != sum(nchar(lines, "bytes") + 1)) {
      stop("Not all of it could be written.")
    }
  })
  if (!is.null(reason)) {
    unlink(path)
    abort_unwritten(path, reason, tmpdir_hint)
  }
}

# A table as text, separated by tabs or commas and packed as the name says.
# data.table fills a temporary file; the core writes its bytes whole.
write_table <- function(x, path) {
  packed <- grepl("[.]gz$", fold_case(path))
  is_tabs <- grepl("[.](tsv|tab|txt)([.]gz)?$", fold_case(path))
  file <- new_tempfile()
  on.exit(unlink(file))
  ids <- vapply(as.list(x), may_be_ids, NA)
  x[ids] <- lapply(x[ids], id_text)
  reason <- reason_of({
    data.table::fwrite(
      x, file, sep = if (is_tabs) "\t" else ",", na = "", eol = "\n",
      qmethod = "double", showProgress = FALSE,
      compress = if (packed) "gzip" else "none"
    )
    check_whole_table(x, file)
  })
  if (!is.null(reason)) abort_unwritten(path, reason, tmpdir_hint)
  bytes <- readBin(file, "raw", file.size(file))
  with_core(cpp_write_file(path.expand(path), bytes))
  invisible(path)
}

# fwrite() gives no error if only a part of its last buffer finds room. R warns
# of a last line without an end.
check_whole_table <- function(x, file) {
  is_text <- vapply(as.list(x), function(x) is.character(x) || is.factor(x), NA)
  text <- c(names(x), unlist(lapply(as.list(x)[is_text], as.character)))
  text <- text[grepl("[\r\n]", text)]
  inside <- sum(lengths(regmatches(text, gregexpr("\r\n|\r|\n", text))))
  if (length(file_lines(file)) != nrow(x) + 1 + inside) {
    stop("Not all of it could be written.")
  }
}

# Whole numbers may be ids, such as Entrez ids, which have no exponent.
may_be_ids <- function(column) {
  if (!is.double(column) || is.object(column)) {
    return(FALSE)
  }
  known <- column[is.finite(column)]
  all(abs(known) < 1e15 & known == round(known))
}

make_directory <- function(path, arg) {
  dir.create(path, showWarnings = FALSE, recursive = TRUE)
  abort_if(!dir.exists(path), c(
    "{.arg {arg}} must be a directory, or one that can be made.",
    x = "{.file {path}} can't be made.",
    i = room_hint
  ), argument = arg)
}

abort_unwritten <- function(path, reason, hint = NULL) {
  abort_musl(c(
    "Can't write {.file {path}}.",
    x = "{reason}",
    i = room_hint,
    i = hint
  ), "format", path = path)
}
