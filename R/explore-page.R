# The pages of the explorer; htmltools escapes all text.

# The page that a request's query string asks for.
explorer_page <- function(explorer) {
  function(request) {
    if (!is_own_request(request)) {
      return(refusal())
    }
    view_page(view_of(request$QUERY_STRING, explorer), explorer)
  }
}

view_page <- function(view, explorer) {
  tags <- shiny::tags
  shiny::bootstrapPage(
    title = "MuSL explorer", lang = "en",
    tags$head(
      tags$meta(
        `http-equiv` = "Content-Security-Policy", content = page_policy
      ),
      tags$link(rel = "icon", href = "data:,"),
      tags$style(own_file("explore.css")),
      tags$script(own_file("explore.js"))
    ),
    tags$a(class = "musl-skip", href = "#musl-main", "Skip to the results"),
    tags$header(
      class = "musl-head",
      tags$h1("MuSL explorer"),
      tags$p(model_text(explorer)),
      tags$p(id = "musl-busy", role = "status")
    ),
    tags$div(
      class = "musl-columns",
      tags$section(
        class = "musl-question", `aria-label` = "Question",
        question_tags(view, explorer)
      ),
      tags$main(
        id = "musl-main", tabindex = "-1",
        tab_tags(view, explorer)
      )
    )
  )
}

# The unescaped content of a package file.
own_file <- function(name) {
  path <- system.file("explore", name, package = "MuSL", mustWork = TRUE)
  shiny::HTML(paste(readLines(path, encoding = "UTF-8"), collapse = "\n"))
}

model_text <- function(explorer) {
  fit <- explorer$fit
  n_labels <- sum(!is.na(explorer$labels$label))
  paste0(
    "A model of ", count_text(length(fit@genes)), " genes that learned from ",
    count_text(n_labels), " pairs with known labels.",
    if (!is.null(explorer$atlas)) " An atlas of its scores is available.",
    # Limits added by musl_describe(), which the card does not derive.
    paste0(" ", fit@inputs$card$limits, recycle0 = TRUE, collapse = "")
  )
}

question_tags <- function(view, explorer) {
  shiny::tagList(
    search_tags(view),
    shiny::selectInput(
      "n", "Partners to list", explorer_sizes, view$n,
      selectize = FALSE, width = "100%"
    ),
    if (length(explorer$orders) > 1) {
      shiny::selectInput(
        "by", "Order by", order_choices[order_choices %in% explorer$orders],
        view$by,
        selectize = FALSE, width = "100%"
      )
    },
    shiny::checkboxInput("new_only", "Hide known pairs", view$new_only)
  )
}

# R sends the names that match the typed text; Enter or a choice selects one.
search_tags <- function(view) {
  tags <- shiny::tags
  tags$form(
    id = "musl-search", role = "search",
    tags$div(
      class = "form-group shiny-input-container", style = "width: 100%",
      tags$label(`for` = "gene_name", "Gene"),
      tags$div(
        class = "musl-search",
        tags$input(
          id = "gene_name", type = "text", class = "form-control",
          list = "gene_names", autocomplete = "off", spellcheck = "false",
          placeholder = "Type a name", value = view$gene
        ),
        # A submit button would make Shiny delay all inputs.
        tags$button(
          type = "button", id = "musl-show", class = "btn btn-default", "Show"
        )
      ),
      shiny::uiOutput("gene_names", container = function(...) {
        tags$datalist(...)
      }),
      shiny::uiOutput("gene_told")
    )
  )
}

order_choices <- c(
  "Score and evidence" = "auto", "Score" = "score",
  "Pair evidence: what links the two" = "pair_evidence",
  "Specific: minus the genes' average scores" = "specific"
)

tab_tags <- function(view, explorer) {
  panel <- function(title, value, ...) {
    shiny::tabPanel(title, value = value, ...)
  }
  panels <- list(
    panel("Partners", "partners", partners_tags()),
    panel("Pair", "pair", pair_tags(explorer)),
    if (length(explorer$columns) > 0) {
      panel("Contexts", "contexts", contexts_tags(view, explorer))
    },
    panel("Gene list", "genes", genes_tags(view))
  )
  panels <- Filter(Negate(is.null), panels)
  do.call(shiny::tabsetPanel, c(
    panels,
    id = "tab", selected = view$tab
  ))
}

partners_tags <- function() {
  shiny::tagList(
    shiny::tags$h2(shiny::textOutput("partners_title", inline = TRUE)),
    shiny::uiOutput("partners_told"),
    shiny::conditionalPanel(
      "output.has_gene",
      shiny::tags$div(
        class = "musl-filters",
        shiny::textInput("text", "Partner's name contains"),
        shiny::numericInput("least", "Score at least", NA, step = 0.5)
      ),
      table_ui("partners"),
      shiny::tags$h3("Best partners"),
      figure_ui("partners_figure", "30em")
    )
  )
}

pair_tags <- function(explorer) {
  tags <- shiny::tags
  shiny::tagList(
    tags$h2(
      id = "pair-title", tabindex = "-1",
      shiny::textOutput("pair_title", inline = TRUE)
    ),
    shiny::uiOutput("pair_told"),
    shiny::conditionalPanel(
      "output.has_pair",
      shiny::uiOutput("pair_facts"),
      tags$h3("Contributions to the score"),
      tags$div(
        class = "musl-two", figure_ui("why"), table_ui("terms")
      ),
      tags$div(
        class = "musl-two",
        tags$div(
          tags$h3("Expression of both genes"), figure_ui("histogram")
        ),
        tags$div(
          tags$h3("Neighbourhood of the genes"), figure_ui("network")
        )
      ),
      tags$h3("Most similar training pairs"),
      table_ui("nearest"),
      if (!is.null(explorer$data)) {
        shiny::tagList(
          tags$h3("Evidence"),
          shiny::actionButton("ask_evidence", "Compute the columns"),
          shiny::uiOutput("evidence_told"),
          table_ui("evidence")
        )
      }
    )
  )
}

contexts_tags <- function(view, explorer) {
  shiny::tagList(
    shiny::tags$h2("Partners in other contexts"),
    shiny::tags$p(
      "The first 20 partners of the gene, rescored with only the samples of",
      "each context."
    ),
    shiny::tags$div(
      class = "musl-filters",
      shiny::selectInput(
        "column", "Contexts are values of", explorer$columns, view$column,
        selectize = FALSE
      ),
      shiny::actionButton("ask_contexts", "Compare")
    ),
    shiny::uiOutput("contexts_told"),
    shiny::conditionalPanel(
      "output.has_contexts",
      figure_ui("contexts_figure", "34em"),
      shiny::tags$h3("Ranks"),
      table_ui("contexts"),
      shiny::tags$h3("Agreement of contexts"),
      table_ui("agreement")
    )
  )
}

genes_tags <- function(view) {
  shiny::tagList(
    shiny::tags$h2("A list of genes"),
    shiny::textAreaInput(
      "genes", "Genes, separated by lines, blanks or commas",
      paste(view$genes, collapse = "\n"),
      rows = 6, width = "100%"
    ),
    shiny::radioButtons(
      "ask", "Show",
      c("All pairs among them" = "pairs", "Partners of each" = "partners"),
      view$ask,
      inline = TRUE
    ),
    shiny::actionButton("ask_genes", "Score"),
    shiny::uiOutput("genes_told"),
    shiny::conditionalPanel(
      "output.has_list",
      table_ui("list"),
      shiny::conditionalPanel(
        "output.has_list == 'partners'",
        shiny::tags$h3("Lists side by side"),
        figure_ui("list_figure", "34em")
      )
    )
  )
}
