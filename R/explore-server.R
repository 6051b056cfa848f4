# The explorer's session of one user; see musl_explore().

explorer_server <- function(explorer) {
  function(input, output, session) {
    if (is_own_request(session$request)) {
      explore_session(explorer, input, output, session)
    } else {
      session$close()
    }
  }
}

# Parts of a session share `seen`: reactives gene, partner and view, and a
# function that opens a pair or a gene.
explore_session <- function(explorer, input, output, session) {
  seen <- session_view(explorer, input, session)
  serve_search(explorer, seen, input, output)
  partners <- serve_partners(explorer, seen, input, output, session)
  serve_pair(explorer, seen, input, output)
  if (length(explorer$columns) > 0) {
    serve_contexts(explorer, seen, partners, input, output)
  }
  serve_genes(explorer, seen, input, output, session)
}

# The view defined by the inputs, stored in the address and restored from it.
session_view <- function(explorer, input, session) {
  start <- view_of(shiny::isolate(session$clientData$url_search), explorer)
  gene <- shiny::reactiveVal(start$gene)
  partner <- shiny::reactiveVal(start$partner)
  genes <- shiny::reactiveVal(start$genes)
  # The query that the inputs will reach: they change one by one.
  target <- shiny::reactiveVal(query_of(start, explorer))
  view <- shiny::reactive(list(
    tab = one_of(input$tab, explorer_tabs(explorer)), gene = gene(),
    partner = partner(),
    n = one_of(input$n, explorer_sizes),
    by = one_of(input$by, explorer$orders),
    new_only = isTRUE(input$new_only),
    column = one_of(input$column, explorer$columns), genes = genes(),
    ask = one_of(input$ask, explorer_questions)
  ))
  keep_address(explorer, view, target, session)
  restore <- function(wanted) {
    target(query_of(wanted, explorer))
    gene(wanted$gene)
    partner(wanted$partner)
    genes(wanted$genes)
    show_inputs(wanted, session)
  }
  shiny::observeEvent(session$clientData$url_search, ignoreInit = TRUE, {
    wanted <- view_of(session$clientData$url_search, explorer)
    if (query_of(wanted, explorer) != query_of(view(), explorer)) {
      restore(wanted)
    }
  })
  # Changes these fields of the view and drops the previous gene's partner.
  go <- function(...) {
    now <- shiny::isolate(view())
    now$partner <- NULL
    wanted <- utils::modifyList(now, list(...))
    if (wanted$tab == "pair" && is.null(wanted$partner)) {
      wanted$tab <- "partners"
    }
    restore(wanted)
  }
  list(
    start = start, gene = gene, partner = partner, view = view, genes = genes,
    go = go
  )
}

# Suggests names during typing, and selects a name that is entered.
serve_search <- function(explorer, seen, input, output) {
  output$gene_names <- shiny::renderUI({
    lapply(genes_like(input$gene_typed, explorer$genes), function(gene) {
      shiny::tags$option(value = gene)
    })
  })
  output$has_gene <- shiny::renderText(if (!is.null(seen$gene())) "yes")
  shiny::outputOptions(output, "has_gene", suspendWhenHidden = FALSE)
  shiny::outputOptions(output, "gene_names", suspendWhenHidden = FALSE)
  asked <- shiny::reactiveVal(NULL)
  output$gene_told <- shiny::renderUI(told_tags(list(problem = asked())))
  shiny::observeEvent(input$gene_pick, {
    gene <- typed_gene(input$gene_pick, explorer)
    asked(if (is.null(gene)) no_gene_text(input$gene_pick, explorer))
    if (!is.null(gene)) seen$go(gene = gene)
  })
}

no_gene_text <- function(text, explorer) {
  if (!is_string(text) || !nzchar(trimws(text))) {
    return(NULL)
  }
  shown <- substr(text, 1, 60)
  hint <- unknown_gene_hint(shown, explorer$genes)
  paste0(
    "The model does not have \"", shown, "\".",
    if (!is.null(hint)) {
      paste0(" ", cli::ansi_strip(cli::format_inline(hint)))
    }
  )
}

# Writes the address once the inputs have reached the target.
keep_address <- function(explorer, view, target, session) {
  shiny::observe({
    query <- query_of(view(), explorer)
    waiting <- shiny::isolate(target())
    if (!is.null(waiting) && waiting != query) {
      return()
    }
    target(NULL)
    if (!identical(query, shiny::isolate(session$clientData$url_search))) {
      shiny::updateQueryString(query, mode = "push", session = session)
    }
  })
}

show_inputs <- function(view, session) {
  shiny::updateTextInput(session, "gene_name", value = view$gene %||% "")
  shiny::updateSelectInput(session, "n", selected = view$n)
  shiny::updateSelectInput(session, "by", selected = view$by)
  shiny::updateCheckboxInput(session, "new_only", value = view$new_only)
  shiny::updateSelectInput(session, "column", selected = view$column)
  shiny::updateRadioButtons(session, "ask", selected = view$ask)
  shiny::updateTextAreaInput(
    session, "genes",
    value = paste(view$genes, collapse = "\n")
  )
  shiny::updateTabsetPanel(session, "tab", selected = view$tab)
}

# Caches lists in the session: a network takes seconds for 18,000 genes.
serve_partners <- function(explorer, seen, input, output, session) {
  store <- new.env(parent = emptyenv())
  answer <- shiny::reactive({
    asked <- seen$view()[c("gene", "n", "by", "new_only")]
    shiny::req(asked$gene)
    remember(store, asked, attempt(explorer_partners(
      explorer, asked$gene, as.integer(asked$n), asked$by, asked$new_only
    )))
  })
  rows <- shiny::reactive({
    partner_rows(filter_partners(
      value_or_stop(answer()), input$text, input$least
    ))
  })
  output$partners_title <- shiny::renderText({
    gene <- seen$gene()
    if (is.null(gene)) "Start with a gene" else paste("Partners of", gene)
  })
  output$partners_told <- shiny::renderUI({
    if (is.null(seen$gene())) {
      start_tags(explorer, seen$start)
    } else {
      told_tags(answer())
    }
  })
  opened <- table_server(
    "partners", rows, partner_labels,
    caption = function() {
      paste(nrow(rows()), "partners of", seen$gene())
    },
    stem = function() c(seen$gene(), "partners"), key = "partner"
  )
  shiny::observeEvent(opened(), {
    seen$go(partner = opened()$partner, tab = "pair")
    session$sendCustomMessage("musl-focus", "pair-title")
  })
  serve_list_figure(answer, seen)
  answer
}

serve_list_figure <- function(answer, seen) {
  figure_server(
    "partners_figure",
    shiny::reactive(attempt(autoplot(value_or_stop(answer()), n = 20L))),
    shiny::reactive(list_words(value_or_stop(answer()))),
    function() c(seen$gene(), "partners")
  )
}

list_words <- function(list) {
  first <- utils::head(list, 5)
  paste0(
    "Scores of the first ", min(20, nrow(list)), " partners of ",
    list$anchor[[1]], ". Best: ",
    paste0(first$partner, " ", format(first$.score, digits = 3),
      collapse = ", "
    ), ". The table above has all of them."
  )
}

# The value cached under `key`, else `value`, which is then cached unless it is
# a problem.
remember <- function(store, key, value) {
  name <- rlang::hash(key)
  if (is.null(store[[name]])) {
    if (!is.null(value$problem)) {
      return(value)
    }
    assign(name, value, envir = store)
  }
  store[[name]]
}

# The page before a gene is chosen.
start_tags <- function(explorer, view) {
  tags <- shiny::tags
  first <- explorer$fit@genes[utils::head(order(-explorer$fit@n_seen), 5)]
  card <- musl_report(explorer$fit)
  shiny::tagList(
    if (length(view$unknown) > 0) {
      tags$p(
        class = "musl-problem", role = "alert",
        paste0(
          "The address has names that are not in the model: ",
          paste(view$unknown, collapse = ", "), "."
        )
      )
    },
    tags$p(
      "Type its name above, or choose one of the most frequent in training:"
    ),
    tags$p(class = "musl-start", lapply(first, function(gene) {
      send_button(gene, "gene_pick", gene, paste0("start-", gene))
    })),
    tags$h3("What the model is for"),
    tags$ul(lapply(card$intended_use, tags$li)),
    tags$h3("Limits"),
    tags$ul(lapply(card$limits, tags$li))
  )
}
