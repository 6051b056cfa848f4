# Access control of the explorer: only this machine, under one of its names,
# from the explorer's page.

loopback_names <- c("127.0.0.1", "localhost", "[::1]")

# A page of another site may also connect to this machine: the browser then
# sends that site as the origin. A foreign host name that resolves to this
# machine appears in `Host`.
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
    "The MuSL explorer only answers on its own machine.\n"
  )
}

# The browser enforces this policy: no requests to other hosts. Shiny needs eval
# for its inputs.
page_policy <- paste(
  "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:;",
  "connect-src 'self' ws://127.0.0.1:* ws://localhost:*;",
  "object-src 'none'; base-uri 'none'; form-action 'none'"
)
