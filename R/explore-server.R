# The explorer's session of one user; see musl_explore().

explorer_server <- function(explorer) {
  function(input, output, session) {
    if (is_own_request(session$request)) {
      explore_session(explorer, input, output, session)
    } else {
      inform_musl("{refusal_of(session$request)}")
      session$close()
    }
  }
}

explore_session <- function(explorer, input, output, session) {
  own <- serve_own_lines(explorer, input, output, session)
  start <- query_fields(shiny::isolate(session$clientData$url_search))
  gene <- gene_server("gene", start, explorer, input, session)
  partner <- gene_server("partner", start, explorer, input, session)
  show_pair <- function(a, b) {
    gene(a)
    partner(b)
    bslib::nav_select("tab", "pair", session)
    session$sendCustomMessage("musl-focus", "pair")
  }
  serve_address(input, gene, partner, session)
  serve_partners(explorer, gene, own, input, output, show_pair)
  serve_pair(explorer, gene, partner, output)
  serve_genes(explorer, input, output, show_pair)
  serve_model(explorer, output)
}

# A reactive value that follows the input of a gene, in any letter case, and the
# input follows it. The input is empty while the browser fetches names.
gene_server <- function(id, start, explorer, input, session) {
  gene <- shiny::reactiveVal(start[[id]])
  shiny::observeEvent(gene(), ignoreNULL = FALSE, {
    if (is.null(gene()) || !identical(gene(), input[[id]])) {
      shiny::updateSelectizeInput(
        session, id,
        choices = unique(c(gene(), "", explorer$genes)),
        selected = gene() %||% "", server = TRUE
      )
    }
  })
  shiny::observeEvent(input[[id]], {
    typed <- input[[id]]
    shiny::req(is_string(typed), nzchar(typed))
    if (!identical(typed, shiny::isolate(gene()))) forget_notes(session)
    # A name of several genes stays: the page shows its choices.
    gene(answer(named_as(typed, explorer$genes, id, strict = FALSE)))
  })
  gene
}

# A reactive value: list(lines: as own_lines() has them, or NULL; key: of the
# choice among those of all sessions; loss: what counts as loss).
serve_own_lines <- function(explorer, input, output, session) {
  own <- shiny::reactiveValues(lines = explorer$lines, number = 0L)
  choose <- function(expr) {
    own$lines <- own$problem <- NULL
    own$number <- shiny::isolate(own$number) + 1L
    tryCatch(
      own$lines <- notified(expr),
      musl_error = function(cnd) own$problem <- page_words(cnd)
    )
  }
  shiny::observeEvent(input$own, choose(uploaded_lines(input$own)))
  shiny::observeEvent(input$too_large, choose(check_upload(
    input$too_large[[1]], as.numeric(input$too_large[[2]])
  )))
  shiny::observeEvent(input$without_own, choose(NULL))
  output$own_lines <- shiny::renderUI(own_tags(own$lines, own$problem))
  shiny::reactive({
    losses <- own$lines$losses
    loss <- intersect(input$loss, losses)
    list(
      lines = own$lines,
      key = if (!is.null(own$lines) && own$number > 0) {
        paste(session$token, own$number)
      },
      loss = c(loss, losses)[seq_len(min(1, length(losses)))]
    )
  })
}

serve_partners <- function(explorer, gene, own, input, output, show_pair) {
  # Lists are kept: they take seconds for 18,000 genes.
  ranked <- shiny::bindCache(
    shiny::reactive(answer({
      said <- own_dependency(own()$lines, gene(), own()$loss)
      list <- musl_partners(
        explorer$fit, gene(),
        n = as.integer(input$n), known = input$known, by = input$by,
        dependency = said$dependency, data = explorer$scored_by
      )
      attr(list, "note") <- said$note
      list
    })),
    gene(), input$n, input$by, input$known, own()$key, own()$loss
  )
  output$partners_title <- shiny::renderText({
    if (is.null(gene())) {
      "Start with a gene"
    } else {
      capital(partners_of(gene()))
    }
  })
  output$partners_page <- shiny::renderUI({
    if (is.null(gene())) {
      return(start_page(explorer))
    }
    choices <- gene_choices(gene(), explorer$genes)
    if (length(choices) > 0) {
      return(choice_page(gene(), choices))
    }
    shiny::tagList(
      head_tags(ranked(), gene(), attr(ranked(), "note")),
      list_page("partners", table_title(partners_of(gene())), picture_title),
      essential_tags(ranked(), gene())
    )
  })
  table_server(
    "partners", shiny::reactive(partner_rows(ranked())[-1]),
    function() c(gene(), "partners"),
    function(row) show_pair(gene(), row$partner), "partner"
  )
  output$partners_figure <- figure(
    function() autoplot(ranked(), n = 20L),
    function() picture_alt(partners_of(gene()))
  )
}

serve_model <- function(explorer, output) {
  metrics <- model_card(explorer$fit)$metrics
  output$model_figure <- figure(
    function() autoplot(tibble::new_tibble(metrics, class = "musl_metrics")),
    function() "Held-out metrics of the model and of simpler scorers"
  )
}

serve_pair <- function(explorer, gene, partner, output) {
  pair <- shiny::reactive(c(gene(), partner()))
  names <- function() paste(pair(), collapse = " and ")
  shown <- shiny::reactive({
    shiny::validate(shiny::need(
      length(pair()) == 2,
      "Type both names above, or open a row of a list of partners."
    ))
    answer(explorer_pair(explorer, pair()[[1]], pair()[[2]]))
  })
  why <- function() shown()$explanation
  output$pair_title <- shiny::renderText({
    if (length(pair()) == 2) names() else "No pair selected"
  })
  output$pair_page <- shiny::renderUI(pair_page(
    pair_reasons(shown()), pair_facts(shown()),
    !is.null(explorer$data)
  ))
  output$why <- figure(function() autoplot(why()), function() {
    paste("Contributions to the score of", names())
  })
  output$network <- figure(
    function() plot_neighbourhood(pair_neighbourhood(explorer, pair())),
    function() paste("Network around", names())
  )
  output$histogram <- figure(
    function() explorer_histogram(explorer$data, pair()),
    function() paste("Joint expression of", names(), "over the samples")
  )
  serve_pair_tables(explorer, why, pair)
}

serve_pair_tables <- function(explorer, why, pair) {
  serve <- function(id, rows) {
    table_server(id, shiny::reactive(answer(rows())), function() c(pair(), id))
  }
  terms <- c("component", "description", "value", "contribution", "order")
  serve("terms", function() described_terms(why())[terms])
  serve("nearest", function() tidy(why(), "nearest"))
  serve("evidence", function() explorer_evidence(explorer, pair()))
}

serve_genes <- function(explorer, input, output, show_pair) {
  # An address that has genes shows their list.
  scored <- shiny::eventReactive(input$ask_genes, ignoreNULL = FALSE, {
    genes <- listed_genes(input$genes, explorer$genes)
    shiny::req(input$ask_genes > 0 || length(genes) > 0)
    answer(explorer_list(explorer, genes, input$ask, as.integer(input$n)))
  })
  of_partners <- function() inherits(scored(), "musl_partners")
  output$list_page <- shiny::renderUI(list_page(
    "list", "Scored pairs", if (of_partners()) picture_title
  ))
  table_server(
    "list", shiny::reactive({
      if (of_partners()) partner_rows(scored()) else scored()
    }), function() "gene-list", function(row) {
      ends <- intersect(c("anchor", "gene_a", "partner", "gene_b"), names(row))
      show_pair(row[[ends[[1]]]], row[[ends[[2]]]])
    }, c("partner", "gene_b")
  )
  output$list_figure <- figure(
    function() autoplot(scored()), function() picture_alt("partners")
  )
}
