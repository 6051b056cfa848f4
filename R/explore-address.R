# Who may see the explorer, and what its address says; see musl_explore().

# Only this machine, under one of its names, from the explorer's page. A page of
# another site may also connect to this machine: the browser then sends that
# site as the origin. A foreign host name that resolves to this machine appears
# in `Host`.
is_own_request <- function(request) {
  host <- request$HTTP_HOST
  from <- sub("^::ffff:", "", request$REMOTE_ADDR %||% "")
  if (!grepl("^127[.]|^::1$", from) || !is_string(host)) {
    return(FALSE)
  }
  own_names <- c(
    "127.0.0.1", "localhost", "[::1]",
    fold_case(getOption("MuSL.explore_hosts"))
  )
  origin <- request$HTTP_ORIGIN
  own <- is.null(origin) || identical(sub("^https?://", "", origin), host)
  own && fold_case(sub(":[0-9]+$", "", host)) %in% own_names
}

# The browser enforces this policy: no requests to other hosts. Shiny and DT
# need eval.
page_policy <- paste(
  "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:;",
  "connect-src 'self' ws://127.0.0.1:* ws://localhost:*;",
  "object-src 'none'; base-uri 'none'; form-action 'none'"
)

# The inputs that an address has.
address_fields <- c(
  "tab", "gene", "partner", "n", "by", "known", "ask", "genes"
)

# Browsers can send more, but users don't.
longest_query <- 8000L

# Named list of strings, the first of each field of a query string.
query_fields <- function(query) {
  if (!is_string(query) || nchar(query, "bytes") > longest_query) {
    return(list())
  }
  fields <- tryCatch(shiny::parseQueryString(query), error = function(e) list())
  fields <- fields[!duplicated(names(fields))]
  fields <- fields[names(fields) %in% address_fields]
  Filter(function(x) is_string(x) && validUTF8(x), fields)
}

# `input` is a named list; a list of genes too long for an address is left out.
query_of <- function(input) {
  fields <- Filter(function(name) {
    is_string(input[[name]]) && nzchar(input[[name]])
  }, address_fields)
  values <- vapply(fields, function(name) {
    utils::URLencode(input[[name]], reserved = TRUE)
  }, "")
  query <- paste0("?", paste(fields, values, sep = "=", collapse = "&"))
  if (nchar(query) <= longest_query) {
    return(query)
  }
  input$genes <- NULL
  query_of(input)
}

# Writes what the inputs say into the address; Back and Forward load the page
# anew.
serve_address <- function(input, gene, partner, session) {
  query <- shiny::debounce(shiny::reactive({
    fields <- shiny::reactiveValuesToList(input)
    fields$gene <- gene()
    fields$partner <- if (identical(input$tab, "pair")) partner()
    query_of(fields)
  }), 300)
  place <- function(query) query_fields(query)[c("tab", "gene", "partner")]
  sent <- shiny::reactiveVal()
  shiny::observeEvent(query(), {
    old <- session$clientData$url_search
    moved <- !is.null(sent()) && !identical(place(old), place(query()))
    if (!identical(query(), old)) {
      mode <- if (moved) "push" else "replace"
      shiny::updateQueryString(query(), mode, session)
    }
    sent(query())
  })
  shiny::observeEvent(session$clientData$url_search, ignoreInit = TRUE, {
    if (!identical(session$clientData$url_search, sent())) session$reload()
  })
}
