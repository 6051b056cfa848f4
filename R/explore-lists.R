# Contexts, and pasted lists of genes; see musl_explore().

serve_contexts <- function(explorer, seen, partners, input, output) {
  # A page opened by its address restores its results.
  asked <- shiny::reactiveVal(seen$start$tab == "contexts")
  shiny::observeEvent(input$ask_contexts, asked(TRUE))
  shiny::observeEvent(
    list(seen$gene(), input$column), asked(FALSE),
    ignoreInit = TRUE
  )
  answer <- shiny::reactive({
    shiny::req(asked(), seen$gene())
    column <- seen$view()$column
    attempt(explorer_contexts(explorer, value_or_stop(partners()), column))
  })
  output$has_contexts <- shiny::renderText({
    if (asked() && !is.null(seen$gene()) && is.null(answer()$problem)) "yes"
  })
  shiny::outputOptions(output, "has_contexts", suspendWhenHidden = FALSE)
  output$contexts_told <- shiny::renderUI(if (is.null(seen$gene())) {
    shiny::tags$p("Choose a gene first.")
  } else {
    told_tags(answer())
  })
  contexts <- shiny::reactive(value_or_stop(answer()))
  stem <- function(what) function() c(seen$gene(), what)
  figure_server(
    "contexts_figure", shiny::reactive(attempt(autoplot(contexts()))),
    shiny::reactive(paste(
      "Ranks of the partners of", seen$gene(), "in the contexts",
      paste(levels(contexts()$context), collapse = ", "),
      "as a heat map. The table below has them."
    )), stem("contexts")
  )
  table_server(
    "contexts", shiny::reactive(context_rows(contexts())),
    c(partner = "Partner"),
    caption = function() paste("Rank among the partners of", seen$gene()),
    stem = stem("contexts")
  )
  table_server(
    "agreement", shiny::reactive(summary(contexts())), agreement_labels,
    caption = function() "Rank correlation of scores, and shared best partners",
    stem = stem("agreement")
  )
}

agreement_labels <- c(
  context_a = "Context", context_b = "Context", n_pairs = "Pairs",
  spearman = "Spearman", top = "Best compared", overlap = "Shared",
  chance = "Shared by chance"
)

serve_genes <- function(explorer, seen, input, output, session) {
  asked <- shiny::reactiveVal(if (length(seen$start$genes) > 0) {
    list(genes = seen$start$genes, unknown = character(), ask = seen$start$ask)
  })
  shiny::observeEvent(input$ask_genes, {
    found <- listed_genes(input$genes, explorer$genes)
    seen$genes(found$genes)
    asked(c(found, ask = one_of(input$ask, explorer_questions)))
  })
  answer <- shiny::reactive({
    shiny::req(asked())
    attempt({
      tell_list(asked(), explorer)
      explorer_list(
        explorer, asked()$genes, asked()$ask, as.integer(seen$view()$n)
      )
    })
  })
  output$has_list <- shiny::renderText({
    if (!is.null(asked()) && is.null(answer()$problem)) asked()$ask
  })
  shiny::outputOptions(output, "has_list", suspendWhenHidden = FALSE)
  output$genes_told <- shiny::renderUI(told_tags(answer()))
  rows <- shiny::reactive({
    list <- value_or_stop(answer())
    if (inherits(list, "musl_partners")) {
      return(as_tibble(c(list(anchor = list$anchor), partner_rows(list))))
    }
    as_tibble(list)
  })
  serve_list_table(rows, seen, session)
  figure_server(
    "list_figure",
    shiny::reactive(attempt(autoplot(value_or_stop(answer()), what = "map"))),
    shiny::reactive(paste(
      "Partners of", paste(asked()$genes, collapse = ", "),
      "side by side, as a heat map of scores. The table above has them."
    )),
    function() "gene-list"
  )
}

list_labels <- c(
  anchor = "Gene", gene_a = "Gene", gene_b = "Other gene", .status = "Status",
  partner_labels
)

serve_list_table <- function(rows, seen, session) {
  opened <- table_server(
    "list", rows, list_labels,
    caption = function() paste(nrow(rows()), "pairs"),
    stem = function() "gene-list", key = c("gene_b", "partner")
  )
  shiny::observeEvent(opened(), {
    row <- opened()
    ends <- intersect(c("anchor", "gene_a", "partner", "gene_b"), names(row))
    seen$go(gene = row[[ends[[1]]]], partner = row[[ends[[2]]]], tab = "pair")
    session$sendCustomMessage("musl-focus", "pair-title")
  })
}

# Warns of problems in a pasted list.
tell_list <- function(asked, explorer, call = caller_env()) {
  n <- length(asked$genes)
  most <- most_listed[[asked$ask]]
  if (length(asked$unknown) > 0) {
    warn_musl(c(
      "{length(asked$unknown)} unknown name{?s}:
       {.val {utils::head(asked$unknown, 20)}}.",
      i = unknown_gene_hint(asked$unknown, explorer$genes)
    ), "unknown_gene", genes = asked$unknown)
  }
  if (n > most) {
    warn_musl("Only the first {most} of {n} genes are scored.")
  }
  if (n == 0) {
    abort_musl("The list must hold genes of the model.", call = call)
  }
}
