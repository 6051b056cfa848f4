# The explorer behind nginx with the headers of its defaults, as a browser meets
# it: a handshake, and the first message of a page.

skip_if_not_installed("shiny")
skip_if_not_installed("bslib")
skip_if_not_installed("DT")
skip_if_not_installed("callr")
skip_if_not_installed("httpuv")
skip_if(!nzchar(Sys.which("nginx")), "there is no nginx")

wait_for_port <- function(port, process) {
  for (i in 1:300) {
    open <- tryCatch({
      close(socketConnection("127.0.0.1", port, open = "r+b", timeout = 2))
      TRUE
    }, condition = function(cnd) FALSE)
    if (open || !process$is_alive()) break
    Sys.sleep(0.2)
  }
  open
}

# A text of a browser is masked.
masked_frame <- function(text) {
  bytes <- charToRaw(text)
  mask <- as.raw(1:4)
  c(
    as.raw(c(0x81, 128 + length(bytes))), mask,
    xor(bytes, rep_len(mask, length(bytes)))
  )
}

# Whether a page of this origin gets a session: a refused one is closed.
gets_session <- function(port, host, origin) {
  socket <- socketConnection(
    "127.0.0.1", port, open = "r+b", timeout = 20, blocking = FALSE
  )
  on.exit(close(socket))
  send <- function(bytes) {
    writeBin(bytes, socket)
    flush(socket)
  }
  got <- raw()
  read_until <- function(done, seconds) {
    for (i in seq_len(10 * seconds)) {
      got <<- c(got, readBin(socket, "raw", 1e6))
      text <- rawToChar(got[got > as.raw(8) & got < as.raw(127)])
      if (grepl(done, text)) break
      Sys.sleep(0.1)
    }
    text
  }
  send(charToRaw(paste0(
    "GET /websocket/ HTTP/1.1\r\nHost: ", host, "\r\nOrigin: ", origin,
    "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n",
    "Sec-WebSocket-Version: 13\r\n\r\n"
  )))
  expect_match(read_until("\r\n\r\n", 20), "101 Switching")
  send(masked_frame(
    "{\"method\":\"init\",\"data\":{\".clientdata_url_search\":\"\"}}"
  ))
  grepl("busy", read_until("busy", 8))
}

test_that("nginx serves the explorer under a named host, and no other site", {
  port <- httpuv::randomPort(20000, 30000)
  served <- callr::r_bg(function(port) {
    options(MuSL.explore_hosts = "musl.example.org")
    shiny::runApp(MuSL::musl_explore(MuSL::musl_human_model(), port = port))
  }, list(port = port), libpath = .libPaths())
  withr::defer(served$kill())
  expect_true(wait_for_port(port, served))

  home <- withr::local_tempdir()
  public <- httpuv::randomPort(30001, 40000)
  conf <- file.path(home, "nginx.conf")
  writeLines(c(
    "daemon off;", paste0("pid ", home, "/pid;"), "error_log stderr;",
    "events {}", "http {", "access_log off;",
    paste0(c("client_body", "proxy", "fastcgi", "uwsgi", "scgi"), "_temp_path ",
      home, "/", 1:5, ";"),
    paste0("server { listen 127.0.0.1:", public, "; location / {"),
    paste0("proxy_pass http://127.0.0.1:", port, ";"),
    "proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade;",
    "proxy_set_header Connection \"upgrade\";", "} } }"
  ), conf)
  nginx <- callr::process$new(
    Sys.which("nginx")[[1]], c("-p", home, "-c", conf), stderr = "|"
  )
  withr::defer(nginx$kill())
  skip_if(!wait_for_port(public, nginx), "nginx does not start here")

  host <- paste0("musl.example.org:", public)
  page <- readLines(paste0("http://127.0.0.1:", public, "/"), warn = FALSE)
  expect_match(page, "wss://musl.example.org:", fixed = TRUE, all = FALSE)
  expect_true(gets_session(public, host, "https://musl.example.org"))
  expect_true(gets_session(public, host, paste0("http://", host)))
  expect_false(gets_session(public, host, "https://evil.example"))
})
