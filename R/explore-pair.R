# The page of a pair; see musl_explore().

serve_pair <- function(explorer, seen, input, output) {
  pair <- shiny::reactive(c(seen$gene(), seen$partner()))
  answer <- shiny::reactive({
    shiny::req(length(pair()) == 2)
    attempt(explorer_pair(explorer, pair()[[1]], pair()[[2]]))
  })
  output$pair_title <- shiny::renderText(if (length(pair()) == 2) {
    paste(pair(), collapse = " and ")
  } else {
    "No pair selected"
  })
  output$has_pair <- shiny::renderText({
    if (length(pair()) == 2 && is.null(answer()$problem)) "yes"
  })
  shiny::outputOptions(output, "has_pair", suspendWhenHidden = FALSE)
  output$pair_told <- shiny::renderUI(if (length(pair()) == 2) {
    told_tags(answer())
  } else {
    shiny::tags$p("Select a partner's name in the list.")
  })
  output$pair_facts <- shiny::renderUI(
    fact_tags(value_or_stop(answer())$facts)
  )
  why <- shiny::reactive(value_or_stop(answer())$explanation)
  serve_why(why, pair)
  serve_surroundings(explorer, why, pair)
  if (!is.null(explorer$data)) serve_evidence(explorer, pair, input, output)
}

fact_tags <- function(facts) {
  shiny::tags$dl(
    class = "musl-facts",
    lapply(names(facts), function(name) {
      shiny::tagList(
        shiny::tags$dt(name), shiny::tags$dd(facts[[name]])
      )
    })
  )
}

serve_why <- function(why, pair) {
  stem <- function(what) function() c(pair(), what)
  figure_server(
    "why", shiny::reactive(attempt(autoplot(why()))),
    shiny::reactive(why_words(why())), stem("why")
  )
  table_server(
    "terms", shiny::reactive(described_terms(why())[names(term_labels)]),
    term_labels,
    caption = function() "Contributions in log odds; they add up to the score",
    stem = stem("why"), size = 10L
  )
  table_server(
    "nearest", shiny::reactive(tidy(why(), "nearest")),
    c(gene_a = "Gene", gene_b = "Gene", label = "Label", distance = "Distance"),
    caption = function() "Nearest in the network's pair embedding",
    stem = stem("nearest"),
    none = "The members used do not compare pairs."
  )
}

term_labels <- c(
  component = "Input", description = "Term", value = "Value",
  contribution = "Contribution"
)

why_words <- function(why) {
  terms <- described_terms(why)
  terms <- utils::head(terms[terms$component != "reference", ], 5)
  overall <- glance(why)
  paste0(
    "Bars of the largest contributions to the score of ", overall$gene_a,
    " and ", overall$gene_b, ", in log odds: ",
    paste0(
      terms$description, " ", sprintf("%+.2f", terms$contribution),
      collapse = "; "
    ), ". The adjacent table has all of them."
  )
}

serve_surroundings <- function(explorer, why, pair) {
  figure_server(
    "histogram",
    shiny::reactive(attempt(explorer_histogram(explorer, pair(), why()))),
    shiny::reactive(paste(
      "Joint histogram of the expression of", paste(pair(), collapse = " and "),
      "over the samples."
    )),
    function() c(pair(), "expression")
  )
  around <- shiny::reactive({
    shiny::req(length(pair()) == 2)
    attempt(pair_neighbourhood(explorer, pair()))
  })
  figure_server(
    "network",
    shiny::reactive(attempt(plot_neighbourhood(value_or_stop(around())))),
    shiny::reactive(neighbourhood_text(value_or_stop(around()))),
    function() c(pair(), "network")
  )
}

# Columns of 18,000 genes take seconds: computed on request.
serve_evidence <- function(explorer, pair, input, output) {
  asked <- shiny::eventReactive(input$ask_evidence, {
    shiny::req(length(pair()) == 2)
    c(list(pair = pair()), attempt(explorer_evidence(explorer, pair())))
  })
  answer <- shiny::reactive({
    shiny::req(identical(asked()$pair, pair()))
    asked()
  })
  output$evidence_told <- shiny::renderUI(told_tags(answer()))
  table_server(
    "evidence", shiny::reactive(value_or_stop(answer())),
    c(group = "Group", column = "Column", value = "Value"),
    caption = function() "Evidence on the pair and on the single genes",
    stem = function() c(pair(), "evidence")
  )
}
