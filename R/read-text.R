# Text files as people have them: plain, gzip or zip, UTF-8, Latin-1 or UTF-16.
# What is packed or UTF-16 becomes a temporary plain file, as long as the reader
# that the user called; what is no text is refused by name.

# list(path, text = the plain file, n_lines = lines that are not empty,
# has_quotes, is_ascii)
text_file <- function(path) {
  # The folder may have been tidied away; fread() needs it as well.
  tempdir(check = TRUE)
  head <- bytes_of(path, 0, 4)
  text <- if (has_magic(head, "504b0304")) {
    unpack_zip(path)
  } else if (has_magic(head, "1f8b")) {
    unpack_gzip(path)
  } else {
    path
  }
  head <- bytes_of(text, 0, 2^16)
  check_is_text(head, path)
  if (has_magic(head, "fffe") || has_magic(head, "feff")) {
    text <- decode_utf16(text, path)
  }
  lone_returns <- !any(head == charToRaw("\n")) && any(head == charToRaw("\r"))
  facts <- with_core(cpp_scan_text(text, if (lone_returns) "\r" else "\n"))
  abort_file_if(facts$zero_line > 0, path, facts$zero_line, c(
    x = "It has a zero byte, so it is not text.",
    i = "Is it a binary file, or UTF-16 without a byte order mark? Save it as
         UTF-8."
  ))
  c(list(path = path, text = text), facts)
}

# All lines without surrounding blanks.
read_lines <- function(path) {
  lines <- file_lines(text_file(path)$text, encoding = "UTF-8")
  trimws(utf8_text(without_mark(lines)))
}

without_mark <- function(lines) {
  if (length(lines) > 0) {
    lines[[1]] <- sub("^\xef\xbb\xbf", "", lines[[1]], useBytes = TRUE)
    Encoding(lines[[1]]) <- "UTF-8"
  }
  lines
}

# Bytes that are no UTF-8 are read as Latin-1.
utf8_text <- function(x) {
  other <- !validUTF8(x)
  x[other] <- iconv(x[other], "latin1", "UTF-8")
  x
}

bytes_of <- function(path, from, n) {
  con <- file(path, "rb")
  on.exit(close(con))
  seek(con, from)
  readBin(con, "raw", n)
}

has_magic <- function(head, magic) {
  startsWith(paste(utils::head(head, 20), collapse = ""), magic)
}

# Files that are no text, by their first bytes.
no_text <- c(
  "89484446" = "an HDF5 file", "934e554d5059" = "a NumPy array",
  "504b0304" = "compressed twice", "1f8b" = "compressed twice",
  "425a68" = "compressed by bzip2", "fd377a585a" = "compressed by xz",
  "28b52ffd" = "compressed by zstd", "25504446" = "a PDF document",
  "50415231" = "a Parquet file", "53514c69746520666f726d6174" =
    "an SQLite database", "d0cf11e0" = "a spreadsheet (xls)",
  "76657273696f6e2068747470733a2f2f6769" =
    "a pointer of git lfs, not the file itself: fetch it by git lfs pull"
)

check_is_text <- function(head, path) {
  abort_file_if(length(head) == 0, path, NULL, c(
    x = "It is empty.", i = "Download or copy it again."
  ))
  what <- no_text[vapply(names(no_text), has_magic, NA, head = head)]
  abort_file_if(length(what) > 0, path, NULL, c(
    x = "It is {what}.",
    i = "Unpack it, or save it as text, such as CSV."
  ))
  start <- fold_case(rawToChar(head[head > as.raw(32) & head < as.raw(127)]))
  abort_file_if(grepl("^<(!doctype|html|[?]xml|head|body)", start), path, 1, c(
    x = "It is a web page, not a table.",
    i = "The download met a login or licence page: download the file in a
         browser."
  ))
}

decode_utf16 <- function(text, path) {
  bytes <- readBin(text, "raw", file.size(text))
  from <- if (has_magic(bytes, "fffe")) "UTF-16LE" else "UTF-16BE"
  plain <- iconv(list(bytes[-(1:2)]), from, "UTF-8", toRaw = TRUE)[[1]]
  abort_file_if(is.null(plain), path, NULL, c(
    x = "Its UTF-16 text has half a character.", i = "Save the file as UTF-8."
  ))
  unpack(rawConnection(plain), path)
}

# R reads a truncated file in silence: the last bytes tell the length of the
# text, or end a file of several blocks (BGZF).
unpack_gzip <- function(path) {
  out <- unpack(gzfile(path, "rb"), path)
  tail <- bytes_of(path, max(0, file.size(path) - 28), 28)
  length <- sum(as.integer(utils::tail(tail, 4)) * 256^(0:3))
  whole <- length == file.size(out) %% 2^32 ||
    has_magic(tail, "1f8b08040000000000ff0600424302001b000300")
  if (!whole) abort_unpacked(path)
  out
}

# The only file of an archive; folders and the shadow files of a Mac do not
# count.
unpack_zip <- function(path) {
  damaged <- function(cnd) abort_unpacked(path)
  files <- tryCatch(utils::unzip(path, list = TRUE), error = damaged)
  names <- valid_text(files$Name)
  abort_file_if(any(grepl("^xl/", names)), path, NULL, c(
    x = "It is a spreadsheet (xlsx), not a text file.", i = "Save it as CSV."
  ))
  outside <- grepl("^/|[\\:]|(^|/)[.][.](/|$)", names)
  abort_file_if(any(outside), path, NULL, c(
    x = "Its zip archive has the file {.val {few(names[outside], 1)}}, which
         leads out of it.",
    i = "Don't trust this file."
  ))
  content <- which(nzchar(names) & !grepl("/$|^__MACOSX/", names))
  abort_file_if(length(content) != 1, path, NULL, c(
    x = "Its zip archive must have one file, not {length(content)}.",
    i = "Unpack it and give the path of the file you mean."
  ))
  is_locked <- as.integer(bytes_of(path, 0, 7)[[7]]) %% 2 == 1
  abort_file_if(is_locked, path, NULL, c(
    x = "Its zip archive is encrypted.", i = "Unpack it first."
  ))
  out <- unpack(unz(path, files$Name[content], "rb"), path)
  if (file.size(out) != files$Length[content]) abort_unpacked(path)
  out
}

abort_unpacked <- function(path) {
  abort_file(path, NULL, c(
    x = "It is truncated, or its compressed data are damaged.",
    i = "Download or copy the file again. If it was joined from several gzip
         files, or packed by another method than deflate, unpack it first."
  ))
}

# The temporary file of what a connection unpacks.
unpack <- function(from, path) {
  on.exit(close(from))
  out <- withr::local_tempfile(
    pattern = "unpacked-", .local_envir = user_call()
  )
  to <- file(out, "wb")
  on.exit(close(to), add = TRUE)
  damaged <- function(cnd) abort_unpacked(path)
  size <- 0
  repeat {
    block <- tryCatch(readBin(from, "raw", 2^22),
      warning = damaged, error = damaged
    )
    if (length(block) == 0) break
    size <- size + length(block)
    # A matrix of zeros compresses as well as a bomb, but is no longer.
    packed <- file.size(path)
    bomb <- size > 2^34 || size > 2^28 && size > 200 * packed
    abort_file_if(bomb, path, NULL, c(
      x = "Its {packed} compressed bytes unfold to more than {size - 1} bytes.",
      i = "No table of this kind does; unpack it yourself if you trust it."
    ))
    writeBin(block, to)
  }
  flush(to)
  if (!isTRUE(file.size(out) == size)) {
    abort_unwritten(out, "Not all of it could be written.", tmpdir_hint)
  }
  out
}
