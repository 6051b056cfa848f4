test_that("resources are named once and read by functions of the package", {
  x <- musl_resources()
  expect_identical(anyDuplicated(x$name), 0L)
  expect_true(all(grepl("^https://", x$url)))
  readers <- unique(sub("\\(\\)$", "", x$reader))
  expect_true(all(readers %in% getNamespaceExports("MuSL")))
})

# A server of one file in a process of its own. It gives parts, tells how often
# it was asked and can break off, lie or show a page.
serve <- function(bytes, env = parent.frame()) {
  skip_if_not_installed("httpuv")
  skip_if_not_installed("callr")
  port <- tryCatch(httpuv::randomPort(), error = function(cnd) {
    skip("no port of this machine can be served from")
  })
  log <- withr::local_tempfile(.local_envir = env)
  server <- callr::r_bg(run_server, list(bytes, port, log))
  withr::defer(server$kill(), env)
  url <- sprintf("http://127.0.0.1:%d", port)
  for (i in seq_len(100)) {
    # Each refusal of curlGetHeaders() would leave two files open.
    up <- tryCatch(
      curl::curl_fetch_memory(paste0(url, "/a.csv"))$status_code == 200,
      error = function(cnd) FALSE
    )
    if (up) break
    Sys.sleep(0.05)
  }
  skip_if_not(up, "the server of the test did not start")
  list(url = url, log = function() readLines(log))
}

run_server <- function(bytes, port, log) {
  n <- length(bytes)
  answer <- function(req) {
    path <- req$PATH_INFO
    range <- req$HTTP_RANGE
    if (is.null(range)) range <- ""
    line <- paste(req$REQUEST_METHOD, path, range)
    write(line, log, append = TRUE)
    headers <- list(
      "Content-Type" = "text/csv", "Accept-Ranges" = "bytes", ETag = "\"1\""
    )
    if (path == "/gone.csv") {
      return(list(status = 404L, headers = headers, body = "no"))
    }
    if (path == "/page.csv") {
      return(list(status = 200L, headers = headers, body = "<html>Sign in"))
    }
    if (path == "/moved.csv") {
      headers$Location <- "/a.csv"
      return(list(status = 302L, headers = headers, body = ""))
    }
    if (path == "/none.csv") {
      return(list(status = 200L, headers = headers, body = ""))
    }
    if (nzchar(range) && path != "/whole.csv") {
      from <- as.numeric(sub("bytes=([0-9]+)-.*", "\\1", range))
      headers[["Content-Range"]] <- sprintf("bytes %d-%d/%d", from, n - 1, n)
      body <- bytes[(from + 1):n]
      return(list(status = 206L, headers = headers, body = body))
    }
    list(status = 200L, headers = headers, body = bytes)
  }
  httpuv::runServer("127.0.0.1", port, list(call = answer))
}

content <- charToRaw(paste(rep("gene_a,gene_b\nA,B\n", 2000), collapse = ""))

test_that("a file is fetched once, whole and under its name", {
  server <- serve(content)
  dir <- withr::local_tempdir()
  url <- paste0(server$url, "/a.csv")
  path <- musl_download(url, dir)
  expect_identical(path, file.path(dir, "a.csv"))
  expect_identical(readBin(path, "raw", 1e6), content)
  expect_identical(list.files(dir), "a.csv")
  n <- length(server$log())
  expect_identical(musl_download(url, dir), path)
  expect_length(server$log(), n)
})

test_that("a download that broke off goes on where it stopped", {
  server <- serve(content)
  url <- paste0(server$url, "/a.csv")
  for (n in c(1, 1000, length(content) - 1)) {
    dir <- withr::local_tempdir()
    part <- file.path(dir, "a.csv.part")
    writeBin(content[seq_len(n)], part)
    writeLines(paste("\"1\"", length(content)), paste0(part, ".tag"))
    path <- musl_download(url, dir)
    expect_identical(readBin(path, "raw", 1e6), content)
    asked <- sprintf("GET /a.csv bytes=%d-", n)
    expect_true(any(startsWith(server$log(), asked)))
  }
})

test_that("a whole file where a part was asked for takes the part's place", {
  server <- serve(content)
  dir <- withr::local_tempdir()
  part <- file.path(dir, "whole.csv.part")
  writeBin(content[1:1000], part)
  writeLines(paste("\"1\"", length(content)), paste0(part, ".tag"))
  path <- musl_download(paste0(server$url, "/whole.csv"), dir)
  expect_true(any(grepl("GET /whole.csv bytes=1000-", server$log())))
  expect_identical(readBin(path, "raw", 1e6), content)
})

# Closes the line after half the bytes, whatever part it is asked for.
cut_off <- function(bytes, port) {
  listening <- serverSocket(port)
  head <- paste0(
    "HTTP/1.1 200 OK\r\nContent-Length: ", length(bytes),
    "\r\nAccept-Ranges: bytes\r\nETag: \"1\"\r\nConnection: close\r\n\r\n"
  )
  repeat {
    line <- socketAccept(listening, open = "r+b", blocking = TRUE)
    asked <- readLines(line, 1)
    while (nzchar(readLines(line, 1))) NULL
    writeBin(charToRaw(head), line)
    if (startsWith(asked, "GET")) writeBin(bytes[1:5000], line)
    close(line)
  }
}

test_that("a download that is cut off is told, and leaves its part", {
  skip_on_os("windows")
  port <- 20000L + Sys.getpid() %% 20000L
  job <- callr::r_bg(cut_off, list(content, port))
  withr::defer(job$kill())
  dir <- withr::local_tempdir()
  url <- sprintf("http://127.0.0.1:%d/a.csv", port)
  error <- NULL
  for (i in seq_len(100)) {
    error <- tryCatch(musl_download(url, dir), error = identity)
    if (!grepl("does not answer", conditionMessage(error))) break
    Sys.sleep(0.05)
  }
  expect_s3_class(error, "musl_error_format")
  expect_match(conditionMessage(error), "Repeat the\\s+call to resume")
  expect_identical(
    readBin(file.path(dir, "a.csv.part"), "raw", 1e6), content[1:5000]
  )
  expect_false(file.exists(file.path(dir, "a.csv")))
})

test_that("a file that has moved is fetched from its new address", {
  server <- serve(content)
  path <- musl_download(
    paste0(server$url, "/moved.csv"), withr::local_tempdir()
  )
  expect_identical(basename(path), "moved.csv")
  expect_identical(readBin(path, "raw", 1e6), content)
})

test_that("progress is shown where it is asked for", {
  server <- serve(content)
  withr::local_options(cli.progress_show_after = 0)
  path <- suppressMessages(musl_download(
    paste0(server$url, "/a.csv"), withr::local_tempdir(),
    quiet = FALSE
  ))
  expect_identical(readBin(path, "raw", 1e6), content)
})

test_that("a part of another version is not gone on with", {
  server <- serve(content)
  dir <- withr::local_tempdir()
  part <- file.path(dir, "a.csv.part")
  writeBin(as.raw(rep(1, 1000)), part)
  writeLines("\"0\" 5", paste0(part, ".tag"))
  path <- musl_download(paste0(server$url, "/a.csv"), dir)
  expect_identical(readBin(path, "raw", 1e6), content)
  expect_false(any(grepl("bytes=", server$log())))
})

test_that("checksums are compared", {
  server <- serve(content)
  dir <- withr::local_tempdir()
  url <- paste0(server$url, "/a.csv")
  file <- withr::local_tempfile()
  writeBin(content, file)
  right <- paste0("md5:", tools::md5sum(file))
  wrong <- paste0("md5:", strrep("0", 32))
  expect_error(
    musl_download(url, dir, checksum = wrong), class = "musl_error_format"
  )
  expect_false(file.exists(file.path(dir, "a.csv")))
  path <- musl_download(url, dir, checksum = right)
  expect_error(
    musl_download(url, dir, checksum = wrong), class = "musl_error_format"
  )
  skip_if_not_installed("digest")
  sha <- paste0("sha256:", digest::digest(content, "sha256", serialize = FALSE))
  expect_identical(musl_download(url, dir, checksum = sha), path)
  expect_identical(musl_download(url, dir, checksum = toupper(sha)), path)
})

test_that("pages, empty answers and missing files leave nothing behind", {
  server <- serve(content)
  dir <- withr::local_tempdir()
  for (name in c("/page.csv", "/none.csv", "/gone.csv")) {
    expect_error(
      musl_download(paste0(server$url, name), dir), class = "musl_error_format"
    )
  }
  expect_identical(list.files(dir, pattern = "csv$"), character())
  expect_error(
    musl_download("http://127.0.0.1:1/a.csv", dir), class = "musl_error_format"
  )
})

test_that("a file of the same name from another address is refused", {
  folders <- c(withr::local_tempdir(), withr::local_tempdir())
  files <- file.path(folders, "download")
  writeLines("one", files[[1]])
  writeLines("two", files[[2]])
  urls <- paste0("file://", files)
  dir <- withr::local_tempdir()
  path <- musl_download(urls[[1]], dir)
  expect_error(musl_download(urls[[2]], dir), "download.*from",
    class = "musl_error_input"
  )
  expect_identical(readLines(path), "one")
  expect_identical(musl_download(urls[[1]], dir), path)
  expect_identical(
    readLines(musl_download(urls[[2]], dir, overwrite = TRUE)), "two"
  )
  expect_identical(musl_download(urls[[2]], dir), path)
})

test_that("a file whose replacement was broken off is downloaded again", {
  old <- file.path(withr::local_tempdir(), "download")
  new <- file.path(withr::local_tempdir(), "download")
  writeLines("old", old)
  writeLines("new", new)
  urls <- paste0("file://", c(old, new))
  dir <- withr::local_tempdir()
  path <- musl_download(urls[[1]], dir)
  record <- file.path(dir, ".download.url")
  for (i in 1:2) {
    writeLines(urls, record)
    writeLines("either", path)
    expect_identical(
      readLines(musl_download(urls[[i]], dir)), c("old", "new")[[i]]
    )
    expect_identical(readLines(record, warn = FALSE), urls[[i]])
  }
  writeLines(urls, record)
  expect_error(
    musl_download(paste0("file://", withr::local_tempdir(), "/download"), dir),
    class = "musl_error_input"
  )
})

test_that("a download that can't be moved leaves the file's address", {
  source <- file.path(withr::local_tempdir(), "download")
  writeLines("new", source)
  dir <- withr::local_tempdir()
  record <- file.path(dir, ".download.url")
  # No file can replace a folder with files.
  dir.create(file.path(dir, "download"))
  file.create(file.path(dir, "download", "file"))
  download <- function() {
    musl_download(paste0("file://", source), dir, overwrite = TRUE)
  }
  expect_no_warning(
    expect_error(download(), "moved", class = "musl_error_format")
  )
  expect_false(file.exists(record))
  writeLines("file:///of/the/old", record)
  expect_error(download(), "moved", class = "musl_error_format")
  expect_identical(readLines(record, warn = FALSE), "file:///of/the/old")
})

test_that("a folder in place of a file's address is told", {
  source <- file.path(withr::local_tempdir(), "download")
  writeLines("new", source)
  dir <- withr::local_tempdir()
  dir.create(file.path(dir, ".download.url"))
  expect_error(
    musl_download(paste0("file://", source), dir), "download",
    class = "musl_error_format"
  )
  expect_false(file.exists(file.path(dir, "download")))
})

test_that("a missing file leaves nothing behind", {
  dir <- withr::local_tempdir()
  expect_error(musl_download("file:///none/x.tsv", dir), "no such file",
    class = "musl_error_format"
  )
  expect_identical(list.files(dir, all.files = TRUE, no.. = TRUE), character())
})

test_that("a download without a byte is told as broken off, not as unwritten", {
  dir <- withr::local_tempdir()
  cnd <- expect_error(
    musl_download("file://localhost/none/x.tsv", dir),
    class = "musl_error_format"
  )
  expect_match(conditionMessage(cnd), "was interrupted: .*/none/x.tsv")
  expect_no_match(conditionMessage(cnd), "written")
  expect_false(file.exists(file.path(dir, "x.tsv")))
  # A part that was never opened has no last bytes to lose.
  expect_null(end_part("x.part", new.env(), "x", current_env()))
})

test_that("BiocFileCache keeps the file where it is installed", {
  skip_if_not_installed("BiocFileCache")
  server <- serve(content)
  before <- BiocFileCache::getBFCOption("CACHE")
  withr::defer(BiocFileCache::setBFCOption("CACHE", before))
  folder <- withr::local_tempdir()
  BiocFileCache::setBFCOption("CACHE", folder)
  url <- paste0(server$url, "/a.csv")
  path <- suppressMessages(musl_download(url))
  expect_identical(normalizePath(dirname(path)), normalizePath(folder))
  expect_identical(readBin(path, "raw", 1e6), content)
  expect_identical(suppressMessages(musl_download(url)), path)
  gone <- paste0(server$url, "/gone.csv")
  expect_error(
    suppressMessages(musl_download(gone)), class = "musl_error_format"
  )
  left <- BiocFileCache::bfcquery(
    BiocFileCache::BiocFileCache(ask = FALSE), gone, "rname"
  )
  expect_identical(nrow(left), 0L)
})

test_that("names that are none and pages for persons are refused", {
  expect_error(musl_download("nothing"), class = "musl_error_input")
  expect_error(musl_download("depmap"), "depmap.org",
    class = "musl_error_input"
  )
  expect_error(
    musl_download("huri", checksum = "crc:1"), class = "musl_error_input"
  )
})
