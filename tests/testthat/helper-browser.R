# A headless Chromium that tests drive over a pair of pipes (Chrome DevTools
# Protocol), so that nothing but R is needed.

chromium_path <- function() {
  found <- Sys.which(c("chromium", "chromium-browser", "google-chrome"))
  unname(found[nzchar(found)])
}

skip_without_browser <- function() {
  testthat::skip_if_not_installed("shiny")
  testthat::skip_if_not_installed("bslib")
  testthat::skip_if_not_installed("DT")
  testthat::skip_if_not_installed("callr")
  testthat::skip_if(length(chromium_path()) == 0, "there is no Chromium")
  testthat::skip_if(!nzchar(Sys.which("stdbuf")), "there is no stdbuf")
}

# An environment: connections `to` and `from`, the page's `session`, `events`.
# It ends after `seconds`, whatever happens, and with the caller.
local_browser <- function(width = 1280, height = 800, seconds = 170,
                          env = parent.frame()) {
  directory <- withr::local_tempdir(.local_envir = env)
  pipes <- file.path(directory, c("to", "from"))
  system2("mkfifo", shQuote(pipes))
  # Messages end with NUL there, and lines here.
  flags <- paste(
    "--headless=new --no-sandbox --hide-scrollbars --disable-gpu",
    "--disable-dev-shm-usage --no-first-run --mute-audio",
    "--disable-background-networking --remote-debugging-pipe"
  )
  system(paste0(
    "(stdbuf -o0 tr '\\n' '\\0' <", shQuote(pipes[[1]]), " | timeout ", seconds,
    " ", shQuote(chromium_path()[[1]]), " ", flags, " --user-data-dir=",
    shQuote(file.path(directory, "profile")),
    " 3<&0 4>&1 >/dev/null 2>", shQuote(file.path(directory, "log")),
    " | stdbuf -o0 tr '\\0' '\\n' >", shQuote(pipes[[2]]), ") &"
  ))
  browser <- new.env(parent = emptyenv())
  browser$to <- fifo(pipes[[1]], "w", blocking = TRUE)
  browser$from <- fifo(pipes[[2]], "r", blocking = TRUE)
  browser$last <- 0L
  browser$events <- list()
  withr::defer(end_browser(browser), envir = env)
  target <- tell_browser(browser, "Target.createTarget", url = "about:blank")
  attached <- tell_browser(
    browser, "Target.attachToTarget",
    targetId = target$targetId, flatten = TRUE
  )
  browser$session <- attached$sessionId
  for (domain in c("Page", "Runtime", "Network", "Log")) {
    tell_browser(browser, paste0(domain, ".enable"))
  }
  size_browser(browser, width, height)
  browser
}

end_browser <- function(browser) {
  try(tell_browser(browser, "Browser.close"), silent = TRUE)
  close(browser$to)
  close(browser$from)
}

# The answer to a command; what happened meanwhile is kept in `events`.
tell_browser <- function(browser, method, ...) {
  browser$last <- browser$last + 1L
  message <- list(
    id = browser$last, method = method,
    params = rlang::set_names(list(...), ...names())
  )
  if (...length() == 0) message$params <- NULL
  message$sessionId <- browser$session
  writeLines(jsonlite::toJSON(message, auto_unbox = TRUE), browser$to)
  flush(browser$to)
  repeat {
    line <- readLines(browser$from, 1, warn = FALSE)
    if (length(line) == 0) stop("the browser has ended")
    answer <- jsonlite::fromJSON(line, simplifyVector = FALSE)
    if (identical(answer$id, browser$last)) break
    if (!is.null(answer$method)) {
      browser$events <- c(browser$events, list(answer))
    }
  }
  if (!is.null(answer$error)) stop(method, ": ", answer$error$message)
  answer$result
}

size_browser <- function(browser, width, height) {
  tell_browser(
    browser, "Emulation.setDeviceMetricsOverride",
    width = width, height = height, deviceScaleFactor = 1, mobile = FALSE
  )
}

# Chooses files in an input, as a user does.
choose_files <- function(browser, selector, files) {
  root <- tell_browser(browser, "DOM.getDocument")$root$nodeId
  node <- tell_browser(
    browser, "DOM.querySelector", nodeId = root, selector = selector
  )$nodeId
  tell_browser(
    browser, "DOM.setFileInputFiles", nodeId = node, files = as.list(files)
  )
}

# The value of a JavaScript expression.
ask_page <- function(browser, code) {
  answer <- tell_browser(
    browser, "Runtime.evaluate",
    expression = code, returnByValue = TRUE, awaitPromise = TRUE
  )
  if (!is.null(answer$exceptionDetails)) {
    stop(answer$exceptionDetails$exception$description)
  }
  answer$result$value
}

# Until `code` is true, and nothing is computed any more.
wait_for <- function(browser, code, seconds = 30) {
  idle <- "!document.documentElement.classList.contains('shiny-busy')"
  for (i in seq_len(seconds * 10)) {
    if (isTRUE(ask_page(browser, paste0("!!(", code, ") && ", idle)))) {
      return(invisible(TRUE))
    }
    Sys.sleep(0.1)
  }
  stop("the page never came to: ", code)
}

open_page <- function(browser, url, until) {
  tell_browser(browser, "Page.navigate", url = url)
  wait_for(browser, paste0(
    "document.readyState === 'complete' && window.Shiny && ",
    "Shiny.shinyapp && Shiny.shinyapp.isConnected() && (", until, ")"
  ))
}

# Text and keys as from a keyboard.
type_text <- function(browser, text) {
  tell_browser(browser, "Input.insertText", text = text)
}

press_key <- function(browser, key) {
  code <- c(Enter = 13, Tab = 9, ArrowDown = 40, ArrowRight = 39)[[key]]
  text <- if (key == "Enter") "\r" else ""
  for (type in c("keyDown", "keyUp")) {
    tell_browser(
      browser, "Input.dispatchKeyEvent",
      type = type, key = key, code = key, windowsVirtualKeyCode = code,
      text = if (type == "keyDown") text else ""
    )
  }
}

# Addresses that the browser asked for.
asked_urls <- function(browser) {
  sent <- Filter(function(event) {
    event$method %in% c("Network.requestWillBeSent", "Network.webSocketCreated")
  }, browser$events)
  vapply(sent, function(event) {
    event$params[["request"]][["url"]] %||% event$params[["url"]]
  }, "")
}

# Errors of scripts and of the page's policy.
page_errors <- function(browser) {
  bad <- Filter(function(event) {
    identical(event$method, "Runtime.exceptionThrown") ||
      identical(event$method, "Log.entryAdded") &&
        identical(event$params$entry$level, "error")
  }, browser$events)
  vapply(bad, function(event) {
    jsonlite::toJSON(event$params, auto_unbox = TRUE)
  }, "")
}
