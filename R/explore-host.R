# Who may read the explorer: this machine, by one of its names, from the
# explorer's own page.

loopback_names <- c("127.0.0.1", "localhost", "[::1]")

# A page of another site may open a connection to this machine, too: its browser
# names that site as the origin. A name that was made to point at this machine
# stands in `Host`.
is_own_request <- function(request) {
  host <- request$HTTP_HOST
  from <- sub("^::ffff:", "", request$REMOTE_ADDR %||% "")
  if (!grepl("^127[.]|^::1$", from) || !is_string(host)) {
    return(FALSE)
  }
  origin <- request$HTTP_ORIGIN
  own <- is.null(origin) || identical(sub("^https?://", "", origin), host)
  own && tolower(sub(":[0-9]+$", "", host)) %in% explorer_hosts()
}

explorer_hosts <- function() {
  c(loopback_names, tolower(getOption("MuSL.explore_hosts")))
}

refusal <- function() {
  shiny::httpResponse(
    403L, "text/plain; charset=UTF-8",
    "The MuSL explorer answers on its own machine alone.\n"
  )
}

# The browser holds the page to what it says: nothing from elsewhere, nothing to
# elsewhere. Shiny needs eval for its inputs.
page_policy <- paste(
  "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:;",
  "connect-src 'self' ws://127.0.0.1:* ws://localhost:*;",
  "object-src 'none'; base-uri 'none'; form-action 'none'"
)
