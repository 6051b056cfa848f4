#' Explore a model in the browser
#'
#' Opens pages to look up a gene, rank and filter its partners, explain the
#' score of a pair in words and pictures, and score a list of genes.
#'
#' Scores use the inputs stored in `object`, or those of `data` if it stores
#' none. `data` also adds expression, network and evidence of a pair. The
#' address of a page contains what it shows, so you can bookmark or send it.
#'
#' @section Privacy:
#'   The app listens at 127.0.0.1 and refuses requests from other machines,
#'   under other host names, and from pages of other sites, with a message.
#'   Pages load nothing from other hosts.
#'   `options(MuSL.explore_hosts = "musl.example.org")` names the hosts under
#'   which a proxy on this machine (nginx, Apache, RStudio Server) may serve it,
#'   after authenticating users. The proxy must pass WebSockets; it may keep the
#'   browser's `Host` or pass its own.
#'
#' @param object A [MuslModel][musl_fit()], or `NULL` for [musl_human_model()].
#' @param data A [MuslData][musl_data()], such as the training data of `object`,
#'   or `NULL`.
#' @param lines Your cell lines, which say of each gene what lines that lost it
#'   need, in place of what the model knows: a
#'   [SummarizedExperiment][SummarizedExperiment::SummarizedExperiment] as
#'   [read_depmap()] returns it, the paths of DepMap's files, the result of
#'   [musl_dependency()], or `NULL`. The page takes DepMap's files and tables of
#'   [musl_dependency()], too; `options(MuSL.explore_upload = )` is the most
#'   megabytes of a file, by default 1000, and 20 under names of
#'   `MuSL.explore_hosts`.
#' @param port Whole number from 1024 to 65535, port to listen at, or `NULL` for
#'   a free one.
#' @returns A `shiny.appobj`, which opens the browser and serves until
#'   interrupted when it is printed or passed to [shiny::runApp()].
#' @section Errors:
#'   `musl_error_input` if one of the packages shiny, bslib and DT is missing,
#'   `object` can't score pairs and `data` is not given, or `lines` does not
#'   tell which lines lost a gene; errors of [read_depmap()] for files.
#' @seealso [musl_partners()] and [musl_explain()], whose results it shows;
#'   [musl_report()] for a page to share.
#' @examplesIf rlang::is_installed(c("shiny", "bslib", "DT"))
#' app <- musl_explore()
#' if (interactive()) app
#' @export
musl_explore <- function(object = NULL, data = NULL, port = NULL,
                         lines = NULL) {
  check_is(object, "MuslModel", allow_null = TRUE)
  check_is(data, "MuslData", allow_null = TRUE)
  check_whole(port, 1024, 65535, allow_null = TRUE)
  for (package in c("shiny", "bslib", "DT")) {
    check_installed(package, "to explore a model")
  }
  explorer <- new_explorer(object %||% musl_human_model(), data)
  explorer$lines <- own_lines(lines)
  shiny::shinyApp(
    explorer_page(explorer), explorer_server(explorer),
    onStart = prepare_app,
    options = list(host = "127.0.0.1", port = port)
  )
}

# While the app runs, files of cell lines may be sent, and cairo draws: Xlib,
# the default of some servers, needs a display.
prepare_app <- function() {
  old <- options(shiny.maxRequestSize = upload_limit())
  if (capabilities("cairo")) old <- c(old, options(bitmapType = "cairo"))
  shiny::onStop(function() options(old))
}

# list(fit, data; labels: of pairs that the model knows, as in lists of
# partners; edges: of pictures; genes: that can be chosen;
# scored_by: data to score with, NULL for the inputs stored in the model).
new_explorer <- function(object, data) {
  kept <- scores_partners(object, NULL)
  abort_if(!kept && is.null(data), c(
    "{.arg object} must be able to score pairs.",
    x = if (has_backend()) {
      "It stores no inputs."
    } else {
      "There is no backend with LibTorch."
    },
    i = "Pass {.arg data}."
  ), argument = "object")
  if (!is.null(data)) check_same_ids(object, data)
  # Without profiles a model scores, but not as it was trained.
  scored_by <- if (!kept || lacks_feature_profiles(object)) data
  labels <- model_labels(object)
  list(
    fit = object, data = data, scored_by = scored_by,
    labels = labels, edges = explorer_edges(object, data, labels),
    genes = unique_bytes(c(
      object@genes, if (!is.null(scored_by)) scored_by@genes
    ))
  )
}

# Who may see it, and what its address says ------------------------------------

# Only this machine, under one of its names, from the explorer's page. A page of
# another site may also connect to this machine: the browser then sends that
# site as the origin. A foreign host name that resolves to this machine appears
# in `Host`. A proxy passes its own name of this machine as `Host`, and the one
# that the user sees in the origin.
is_own_request <- function(request) {
  host <- request$HTTP_HOST
  from <- sub("^::ffff:", "", request$REMOTE_ADDR %||% "")
  if (!grepl("^127[.]|^::1$", from) || !is_string(host)) {
    return(FALSE)
  }
  named <- explore_hosts()
  bare <- function(x) fold_case(sub(":[0-9]+$", "", x))
  origin <- request$HTTP_ORIGIN
  page <- sub("^https?://", "", origin)
  own <- is.null(origin) || identical(page, host) || bare(page) %in% named
  own && bare(host) %in% c(local_names, named)
}

local_names <- c("127.0.0.1", "localhost", "[::1]")

explore_hosts <- function() fold_case(getOption("MuSL.explore_hosts"))

# Why a request is refused, for who serves the explorer.
refusal_of <- function(request) {
  given <- c(request$HTTP_HOST %||% "none", request$HTTP_ORIGIN %||% "none")
  shown <- few(given)
  paste0(
    "The MuSL explorer answers only on its own machine and under names of it, ",
    "not Host ", shown[[1]], " from a page of ", shown[[2]], ". Behind a ",
    "proxy of this machine, options(MuSL.explore_hosts = ) names the public ",
    "host."
  )
}

# The browser enforces this policy: no requests to other hosts. Shiny and DT
# need eval; to some browsers 'self' is no WebSocket.
page_policy <- function() {
  named <- paste0(explore_hosts(), ":*", recycle0 = TRUE)
  sockets <- c(
    paste0("ws://", c("127.0.0.1:*", "localhost:*", named)),
    paste0("wss://", named, recycle0 = TRUE)
  )
  paste0(
    "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; ",
    "connect-src 'self' ", paste(sockets, collapse = " "), "; ",
    "object-src 'none'; base-uri 'none'; form-action 'none'"
  )
}

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
  sent <- shiny::reactiveVal()
  shiny::observeEvent(query(), {
    if (!identical(query(), session$clientData$url_search)) {
      mode <- if (is.null(sent())) "replace" else "push"
      shiny::updateQueryString(query(), mode, session)
    }
    sent(query())
  })
  shiny::observeEvent(session$clientData$url_search, ignoreInit = TRUE, {
    if (!identical(session$clientData$url_search, sent())) session$reload()
  })
}
