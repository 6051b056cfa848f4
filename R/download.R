#' Download a public file
#'
#' Downloads a file once, checks it and keeps it: returns the path of a complete
#' file, or fails.
#'
#' The file is downloaded under a temporary name and renamed only if its size,
#' checksum and content are correct, so an incomplete download never looks like
#' a complete file.
#' An interrupted download resumes if the server supports partial requests and
#' still has the same file.
#' A web page instead of the file, such as a login page, is an error.
#'
#' @param x A `name` of [musl_resources()], or the address (http, https, file)
#'   of a file.
#' @param dir Folder for the file.
#'   `NULL` uses Bioconductor's `BiocFileCache` if it is installed, else MuSL's
#'   user cache folder.
#' @param ... Must be empty.
#' @param checksum `NULL`, or the expected checksum, `"md5:..."` or
#'   `"sha256:..."` (needs package `digest`).
#' @param overwrite Download again if the file exists?
#' @param quiet Suppress the progress bar?
#' @returns The path of the file, a string.
#'   In `dir`, its name is the last part of the address, without what follows
#'   `?`; a file of the same name from another address is an error.
#' @section Errors:
#'   `musl_error_input` for an unknown name, for resources that you must choose
#'   on a page and for a name in `dir` that a file from another address has.
#'   `musl_error_format`, with the address, if the server does not return the
#'   file, returns a page, a part or content that does not match `checksum`, or
#'   if there is no disk space.
#' @examples
#' source <- tempfile(fileext = ".tsv")
#' writeLines("ENSG00000141510\tENSG00000135679", source)
#' path <- musl_download(
#'   paste0("file://", source), dir = tempfile(),
#'   checksum = paste0("md5:", tools::md5sum(source))
#' )
#' read_edges(path)
#' @export
musl_download <- function(x, dir = NULL, ..., checksum = NULL,
                          overwrite = FALSE, quiet = TRUE) {
  check_dots_empty()
  call <- current_env()
  check_string(x)
  check_string(dir, allow_null = TRUE)
  check_flag(overwrite)
  check_flag(quiet)
  sum <- parse_checksum(checksum, call)
  url <- resource_url(x, call)
  place <- download_place(url, dir, call)
  there <- file.exists(place$path) && file.size(place$path) > 0
  if (there && !overwrite && is_address_known(place, url, call)) {
    check_download_sum(place$path, url, sum, call)
    return(place$path)
  }
  tryCatch(
    fetch_file(url, place, sum, quiet, call),
    error = function(cnd) {
      try(place$forget(), silent = TRUE)
      stop(cnd)
    }
  )
  place$path
}

resource_url <- function(x, call) {
  if (grepl("^(https?|file)://", x)) {
    return(x)
  }
  known <- musl_resources()
  row <- known[match(x, known$name), ]
  if (is.na(row$name)) {
    abort_musl(c(
      "{.arg x} must be an address or a resource of MuSL.",
      x = "Found {.val {x}}.",
      i = "The resources are {.val {known$name}}."
    ), argument = "x", call = call)
  }
  if (!row$direct) {
    abort_musl(c(
      "{.val {x}} can't be downloaded automatically.",
      i = "Choose the file at {.url {row$url}} and pass its path to
           {.code {row$reader}}."
    ), argument = "x", call = call)
  }
  row$url
}

parse_checksum <- function(checksum, call) {
  if (is.null(checksum)) {
    return(NULL)
  }
  pattern <- "^(md5|sha256):([0-9a-f]+)$"
  sum <- if (is_string(checksum)) tolower(trimws(checksum)) else ""
  if (!grepl(pattern, sum)) {
    abort_argument("checksum", "\"md5:...\" or \"sha256:...\"", checksum, call)
  }
  kind <- sub(pattern, "\\1", sum)
  if (kind == "sha256") {
    check_installed("digest", "to compare SHA-256 sums", call)
  }
  list(kind = kind, value = sub(pattern, "\\2", sum))
}

# Where a file is kept: its path, and what to do if the download fails.
download_place <- function(url, dir, call) {
  name <- basename(sub("[?#].*$", "", url))
  if (is.null(dir) && requireNamespace("BiocFileCache", quietly = TRUE)) {
    return(tryCatch(place_in_cache(url, name), error = function(cnd) {
      abort_download(url, "BiocFileCache fails: {conditionMessage(cnd)}",
        room_hint, call
      )
    }))
  }
  dir <- dir %||% tools::R_user_dir("MuSL", "cache")
  make_directory(dir, "dir", call)
  list(
    path = file.path(dir, name), forget = function() NULL,
    record = file.path(dir, paste0(".", name, ".url"))
  )
}

# Files of several addresses may have one name, such as `download`. FALSE if it
# is not known whether the file is this address's: it was being replaced.
is_address_known <- function(place, url, call) {
  from <- recorded_addresses(place)
  if (length(from) > 0 && !url %in% from) {
    abort_musl(c(
      "{.file {place$path}} must be the file of this address.",
      x = "It was downloaded from {.url {from[nzchar(from)]}}.",
      i = "Pass another {.arg dir}, or {.code overwrite = TRUE} to replace it."
    ), argument = "dir", call = call)
  }
  length(from) < 2
}

recorded_addresses <- function(place) {
  record <- place$record
  if (is.null(record) || !file.exists(record) || dir.exists(record)) {
    return(character())
  }
  readLines(record, warn = FALSE)
}

# Renames the part. In between, the record has two addresses, that of the old
# file (empty if unknown) and the new, so that whatever ends the call, no file
# counts as another address's.
put_in_place <- function(part, place, url, call) {
  old <- recorded_addresses(place)
  replaces <- file.exists(place$path) && !identical(old, url)
  record_addresses(c(if (replaces) c(old, "")[[1]], url), place, call)
  if (!suppressWarnings(file.rename(part, place$path))) {
    try(record_addresses(old, place, call), silent = TRUE)
    abort_download(url, "it can't be moved to {.file {place$path}}", room_hint,
      call
    )
  }
  # If this fails, the next call downloads the file again.
  if (replaces) try(record_addresses(url, place, call), silent = TRUE)
}

record_addresses <- function(urls, place, call) {
  if (is.null(place$record)) {
    return(invisible())
  }
  if (length(urls) == 0) {
    unlink(place$record)
  } else if (!identical(urls, recorded_addresses(place))) {
    write_tag(paste(urls, collapse = "\n"), place$record, place$path, call)
  }
}

place_in_cache <- function(url, name) {
  cache <- BiocFileCache::BiocFileCache(ask = FALSE)
  found <- BiocFileCache::bfcquery(cache, url, "rname", exact = TRUE)
  if (nrow(found) > 0) {
    path <- unname(BiocFileCache::bfcrpath(cache, rids = found$rid[[1]]))
    return(list(path = path, forget = function() NULL))
  }
  path <- BiocFileCache::bfcnew(cache, url, ext = paste0("_", name))
  # The next call gets another name and can't resume this part.
  forget <- function() {
    unlink(paste0(path, c(".part", ".part.tag")))
    BiocFileCache::bfcremove(cache, names(path))
  }
  list(path = unname(path), forget = forget)
}

fetch_file <- function(url, place, sum, quiet, call) {
  path <- place$path
  part <- paste0(path, ".part")
  facts <- server_facts(url, call)
  start <- resume_point(part, facts)
  write_tag(facts$tag, paste0(part, ".tag"), path, call)
  reason <- download_part(url, part, start, facts$size, quiet, path, call)
  if (!is.null(reason)) {
    abort_broken_off(url, "the download was interrupted: {reason}", path, call)
  }
  check_download(part, path, url, facts$size, sum, call)
  put_in_place(part, place, url, call)
  unlink(paste0(part, ".tag"))
}

# NULL, or why the download is incomplete. Bytes are written as they arrive, so
# a part holds all bytes received before the connection broke.
download_part <- function(url, part, start, size, quiet, path, call) {
  state <- new.env(parent = emptyenv())
  state$done <- 0
  withr::defer(if (!is.null(state$target)) close(state$target))
  range <- if (start > 0) sprintf("%.0f-", start)
  client <- new_client(url = url, range = range)
  receive <- function(bytes, final) {
    if (is.null(state$target)) {
      # Some servers send the whole file despite a range request.
      go_on <- start > 0 && curl::handle_data(client)$status_code == 206
      state$done <- if (go_on) start else 0
    }
    keep_bytes(bytes, part, state)
    if (!quiet) cli::cli_progress_update(set = state$done, id = bar)
  }
  if (!quiet) bar <- cli::cli_progress_bar(total = size, type = "download")
  pool <- curl::new_pool()
  curl::multi_add(client,
    data = receive, pool = pool,
    fail = function(reason) state$reason <- reason
  )
  tryCatch(curl::multi_run(pool = pool), error = function(cnd) {
    if (is.null(state$unwritten)) stop(cnd)
  })
  end_part(part, state, path, call)
  state$reason
}

# The first failed write ends the download: a part with a gap can't be resumed.
keep_bytes <- function(bytes, part, state) {
  state$unwritten <- reason_of({
    if (is.null(state$target)) {
      state$target <- file(part, if (state$done > 0) "ab" else "wb")
    }
    writeBin(bytes, state$target)
    state$done <- state$done + length(bytes)
  })
  if (!is.null(state$unwritten)) stop(state$unwritten)
}

# Closing the part writes the last bytes.
end_part <- function(part, state, path, call) {
  status <- if (!is.null(state$target)) close(state$target)
  state$target <- NULL
  if (!identical(status %||% 0L, 0L) && is.null(state$unwritten)) {
    state$unwritten <- "The last bytes could not be written."
  }
  if (!is.null(state$unwritten)) {
    abort_unwritten(path, state$unwritten, call = call)
  }
}

# A client that waits up to a minute for an answer and for each next byte,
# however long the download takes, and that requests the bytes unencoded.
new_client <- function(...) {
  client <- curl::new_handle()
  options <- list(
    connecttimeout = 60, low_speed_limit = 1, low_speed_time = 60,
    accept_encoding = "identity", followlocation = TRUE,
    # Some servers add a body to a HEAD response, which would precede the next
    # response.
    forbid_reuse = TRUE, ...
  )
  options <- options[!vapply(options, is.null, TRUE)]
  curl::handle_setopt(client, .list = options)
}

write_tag <- function(tag, file, path, call) {
  tryCatch(cpp_write_file(file, charToRaw(tag)), error = function(cnd) {
    abort_unwritten(path, conditionMessage(cnd), call = call)
  })
}

# Size (NA if unknown), whether partial requests work, and a tag of this
# content.
server_facts <- function(url, call) {
  if (startsWith(url, "file://")) {
    path <- utils::URLdecode(sub("^file://", "", url))
    path <- sub("^/([A-Za-z]:)", "\\1", path)
    # Another host, such as localhost, is the download's own affair.
    if (startsWith(url, "file:///") && !file.exists(path)) {
      abort_download(url, "there is no such file", "Is the path right?", call)
    }
    return(list(size = file.size(path), parts = FALSE, tag = ""))
  }
  client <- new_client(nobody = TRUE)
  answer <- tryCatch(curl::curl_fetch_memory(url, client),
    error = function(cnd) {
      reason <- conditionMessage(cnd)
      abort_download(url, "the server does not answer: {reason}",
        "Is the address right, and are you connected?", call
      )
    }
  )
  if (answer$status_code != 200) {
    abort_download(url, "the server answers {answer$status_code}",
      "The file may have moved: check the site.", call
    )
  }
  # The last response, in case of a redirect.
  headers <- curl::parse_headers_list(answer$headers)
  size <- headers[["content-length"]]
  list(
    size = if (is.null(size)) NA_real_ else as.numeric(size),
    parts = identical(tolower(headers[["accept-ranges"]]), "bytes"),
    tag = paste(
      c(headers[["etag"]], headers[["last-modified"]], size),
      collapse = " "
    )
  )
}

# Bytes of an earlier download to resume after; 0 to start again.
resume_point <- function(part, facts) {
  tag <- paste0(part, ".tag")
  same <- file.exists(part) && file.exists(tag) &&
    identical(readLines(tag, warn = FALSE), facts$tag) && nzchar(facts$tag)
  have <- if (same) file.size(part) else 0
  if (!facts$parts || is.na(facts$size) || have >= facts$size) {
    return(0)
  }
  have
}

check_download <- function(part, path, url, size, sum, call) {
  got <- file.size(part)
  if (is.na(size)) {
    check_room(path, call)
  } else if (got != size) {
    if (got > size) unlink(part)
    abort_broken_off(
      url, "{got} byte{?s} arrived instead of {size}", path, call
    )
  }
  head <- readBin(part, "raw", 512)
  text <- tolower(rawToChar(head[head > as.raw(31) & head < as.raw(127)]))
  if (length(head) == 0 || grepl("^ *<(!doctype|html|head|body)", text)) {
    unlink(part)
    what <- if (length(head) == 0) "the file is empty" else "it is a web page"
    abort_download(url, what,
      "Open the address in a browser: it may need a login or a licence.", call
    )
  }
  check_download_sum(part, url, sum, call)
}

check_download_sum <- function(path, url, sum, call) {
  if (is.null(sum)) {
    return(invisible())
  }
  got <- if (sum$kind == "md5") {
    unname(tools::md5sum(path))
  } else {
    digest::digest(path, "sha256", file = TRUE)
  }
  if (got != sum$value) {
    if (endsWith(path, ".part")) unlink(path)
    abort_download(url, "its {sum$kind} is {got}, not {sum$value}",
      "It is damaged or another version: pass {.code overwrite = TRUE}, or check
       the site's checksum.", call
    )
  }
}

# `path` is the intended path.
abort_broken_off <- function(url, what, path, call, .envir = parent.frame()) {
  hint <- "Is there room for {.file {path}}, and are you connected? Repeat the
           call to resume."
  abort_download(url, what, hint, call, .envir = .envir)
}

abort_download <- function(url, what, remedy, call, .envir = parent.frame()) {
  shown <- gsub("([{}])", "\\1\\1", url)
  abort_musl(
    c(paste0("Can't download {.url ", shown, "}."),
      x = paste0(what, "."), i = remedy
    ),
    "format",
    url = url, call = call, .envir = .envir
  )
}
