# The pages of the explorer, by bslib; htmltools escapes all text.

# The page that a request's query string asks for.
explorer_page <- function(explorer) {
  function(request) {
    if (!is_own_request(request)) {
      return(shiny::httpResponse(
        403L, "text/plain; charset=UTF-8", paste0(refusal_of(request), "\n")
      ))
    }
    view_page(query_fields(request$QUERY_STRING), explorer)
  }
}

view_page <- function(view, explorer) {
  titled <- function(id, title) {
    shiny::tabPanel(
      title, shiny::tags$h2(
        id = id, tabindex = "-1",
        shiny::textOutput(paste0(id, "_title"), inline = TRUE)
      ), shiny::uiOutput(paste0(id, "_page")),
      value = id
    )
  }
  shiny::navbarPage(
    titled("partners", "Partners"), titled("pair", "Pair"),
    shiny::tabPanel("Gene list", genes_page(view), value = "genes"),
    shiny::tabPanel("Model", model_page(explorer), value = "model"),
    bslib::nav_spacer(), bslib::nav_item(
      shiny::tags$span(class = "musl-busy", role = "status", "Computing ...")
    ),
    title = "MuSL explorer", id = "tab", lang = "en", inverse = TRUE,
    selected = intersect(view$tab, c("partners", "pair", "genes", "model")),
    header = page_header(view, explorer),
    # Without fonts of the web.
    theme = bslib::bs_theme(
      version = 5, primary = "#1b5e7d", `border-radius` = ".5rem"
    )
  )
}

page_header <- function(view, explorer) {
  tags <- shiny::tags
  shown_on <- function(tab, ...) {
    shiny::conditionalPanel(sprintf("input.tab === '%s'", tab), ...)
  }
  shiny::tagList(
    tags$head(
      tags$meta(
        `http-equiv` = "Content-Security-Policy", content = page_policy()
      ),
      tags$link(rel = "icon", href = "data:,"),
      shiny::includeCSS(
        system.file("explore", "explore.css", package = "MuSL")
      ),
      # Moves the focus to a heading once its page is shown.
      tags$script(shiny::HTML(
        "$(() => { if (innerWidth < 600) $('.musl-more').removeAttr('open');",
        "});",
        "$(() => Shiny.addCustomMessageHandler('musl-focus', id =>",
        "setTimeout(() => document.getElementById(id).focus(), 300)));",
        # Too large files are not sent.
        "document.addEventListener('change', e => {",
        "if (e.target.id !== 'own') return;",
        "const large = [...e.target.files].find(f => f.size >",
        format(upload_limit(), scientific = FALSE), ");",
        "if (large) { e.stopImmediatePropagation(); e.target.value = '';",
        "Shiny.setInputValue('too_large', [large.name, large.size + ''],",
        "{priority: 'event'}); } }, true);",
        # A refused page greys out: it says why.
        "$(document).on('shiny:disconnected', () => {",
        "const names = ",
        jsonlite::toJSON(c(local_names, explore_hosts())), ";",
        "if (!names.includes(location.hostname.toLowerCase())) $('body')",
        ".prepend($('<p role=\"alert\" class=\"musl-refused\">').text(",
        "'R closed the connection. Behind a proxy, it must know this host: ' +",
        "'options(MuSL.explore_hosts = \"' + location.hostname + '\")')); });"
      ))
    ),
    tags$div(
      tags$h1(class = "visually-hidden", "MuSL explorer"),
      shiny::conditionalPanel(
        "['partners', 'pair'].includes(input.tab)",
        class = "musl-question card",
        gene_input("gene", "Gene", view[["gene"]]),
        shown_on("pair", gene_input("partner", "Partner", view[["partner"]])),
        shown_on("partners", list_inputs(view, explorer))
      )
    )
  )
}

# R sends the names that match the typed text. Any name can be entered: R says
# if the model lacks it.
list_label <- function(option) plain_words(capital(list_options[[option]]))

gene_input <- function(id, label, gene) {
  shiny::selectizeInput(
    id, label, c("", gene), gene,
    options = list(
      placeholder = "Type a name", create = TRUE, maxOptions = 40,
      render = I("{option_create: (data, escape) =>
        '<div class=\"create\">Look up ' + escape(data.input) + '</div>'}")
    )
  )
}

plain_select <- function(id, label, choices, view) {
  shiny::selectInput(id, label, choices, view[[id]], selectize = FALSE)
}

list_inputs <- function(view, explorer) {
  orders <- set_names(
    c("auto", "score", "relation"),
    capital(order_labels[c("combined", "score", "relation")])
  )
  if (asked_scorers(explorer$fit, list())$annotation) orders <- orders[1:2]
  # Folded on small screens.
  shiny::tags$details(
    class = "musl-more", open = NA,
    shiny::tags$summary("How to list them"),
    shiny::tags$div(
      class = "musl-question",
      plain_select(
        "n", list_label("n"), c("20", "50", "100", "250", "1000"), view
      ),
      plain_select("by", list_label("by"), orders, view),
      plain_select(
        "known", list_label("known"), c(Mark = "mark", "Leave out" = "drop"),
        view
      ),
      shiny::fileInput(
        "own", lines_title,
        multiple = TRUE, accept = c(".csv", ".tsv", ".gz"),
        placeholder = "A table, or DepMap's files"
      ),
      shiny::uiOutput("own_lines")
    )
  )
}

warning_tag <- function(text, role = "note") {
  shiny::tags$p(class = "musl-warning", role = role, text)
}

# What was read of a user's cell lines, or why they can't be.
own_tags <- function(own, problem) {
  tags <- shiny::tags
  if (!is.null(problem)) {
    return(warning_tag(problem, "alert"))
  }
  if (is.null(own)) {
    return(tags$p(class = "musl-hint", lines_hint))
  }
  shiny::tagList(
    tags$p(read_words(own)),
    if (!is.null(own$losses)) {
      shiny::selectInput(
        "loss", "What counts as loss",
        set_names(own$losses, loss_labels[own$losses]),
        selectize = FALSE
      )
    },
    shiny::actionButton("without_own", "Without them")
  )
}

# What holds for all rows, and warnings, as print() says it; `note`: of the
# user's cell lines.
head_tags <- function(list, gene, note = NULL) {
  tags <- shiny::tags
  shiny::tagList(
    lapply(c(note, head_warnings(list, gene)), warning_tag),
    tags$ul(
      class = "musl-head",
      lapply(plain_words(unname(head_lines(list, gene))), tags$li)
    )
  )
}

# The best candidates that cells need anyway.
essential_tags <- function(list, gene) {
  rows <- essential_rows(list, gene)
  if (is.null(rows)) {
    return(NULL)
  }
  tags <- shiny::tags
  items <- Map(function(partner, why) {
    address <- query_of(list(tab = "pair", gene = gene, partner = partner))
    tags$li(tags$a(href = address, partner), paste0(": ", why))
  }, rows$partner, rows$why)
  titled_card(essential_title, tags$p(essential_sentence),
    tags$ul(unname(items))
  )
}

# The genes that a name may mean, as links.
choice_page <- function(name, choices) {
  shiny::tags$div(
    class = "musl-start",
    shiny::tags$p(paste0("\u201c", name, "\u201d is a name of several genes:")),
    gene_buttons(choices)
  )
}

gene_buttons <- function(genes) {
  lapply(genes, function(gene) {
    shiny::tags$a(
      class = "btn btn-outline-primary", href = query_of(list(gene = gene)),
      gene
    )
  })
}

# The page before a gene is chosen.
start_page <- function(explorer) {
  tumour <- intersect(tumour_genes, explorer$fit@genes)
  first <- explorer$fit@genes[utils::head(order(-explorer$fit@n_seen), 6)]
  shiny::tags$div(
    class = "musl-start",
    shiny::tags$p(if (length(tumour) > 0) {
      "Type its name above, or choose a gene that tumours lose:"
    } else {
      "Type its name above, or choose one of the most frequent in training:"
    }),
    gene_buttons(if (length(tumour) > 0) tumour else first)
  )
}

tumour_genes <- c("ARID1A", "SMARCA4", "STAG2", "BRCA1", "MTAP", "RB1", "PTEN")

# The reasons in words come first.
pair_page <- function(reasons, facts, with_data) {
  network <- titled_card(
    "Neighbourhood of the genes", shiny::plotOutput("network")
  )
  shiny::tagList(
    titled_card("Why this score", reason_tags(reasons)), fact_boxes(facts),
    bslib::card(shiny::tabsetPanel(
      id = "pair_tab",
      shiny::tabPanel("Contributions", side_by_side(
        shiny::plotOutput("why"), shiny::tags$div(table_ui("terms"))
      )),
      shiny::tabPanel("Similar training pairs", table_ui("nearest")),
      # Computed when it is shown: 18,000 genes take seconds.
      if (with_data) shiny::tabPanel("Evidence", table_ui("evidence"))
    )),
    if (with_data) {
      expression <- shiny::plotOutput("histogram")
      side_by_side(network, titled_card("Expression of both genes", expression))
    } else {
      network
    }
  )
}

reason_tags <- function(reasons) {
  tags <- shiny::tags
  side <- function(title, items, class) {
    if (length(items) > 0) {
      tags$div(
        class = class, tags$strong(title), tags$ul(lapply(items, tags$li))
      )
    }
  }
  shiny::tagList(lapply(reasons$lead, tags$p), side_by_side(
    side("Speaks for synthetic lethality", reasons$raises, "musl-for"),
    side("Speaks against it", reasons$lowers, "musl-against")
  ))
}

genes_page <- function(view) {
  choices <- c(
    "All pairs (of 150 genes at most)" = "pairs",
    "Partners of each (25 genes at most)" = "partners"
  )
  shiny::tagList(
    shiny::tags$h2("A list of genes"),
    bslib::card(
      shiny::textAreaInput(
        "genes", "Genes, separated by lines, blanks or commas", view$genes,
        rows = 5, width = "100%"
      ),
      shiny::radioButtons(
        "ask", "Show", choices, intersect(view$ask, choices),
        inline = TRUE
      ),
      shiny::actionButton("ask_genes", "Score", class = "btn-primary")
    ),
    shiny::uiOutput("list_page")
  )
}

# The table and the picture of a list.
list_page <- function(id, title, picture) {
  figure <- shiny::plotOutput(paste0(id, "_figure"), height = "540px")
  shiny::tagList(
    titled_card(title, table_ui(id)),
    if (!is.null(picture)) titled_card(picture, figure)
  )
}

either_words <- function(words) paste(words, collapse = " or ")

model_page <- function(explorer) {
  card <- musl_report(explorer$fit)
  count <- function(label) count_text(sum(explorer$labels$label %in% label))
  items <- function(lines) shiny::tags$ul(lapply(lines, shiny::tags$li))
  shiny::tagList(
    shiny::tags$h2("The model"),
    fact_boxes(list(
      c("Genes", count_text(length(explorer$genes)), "to choose from"),
      c("SL pairs", count("SL"), either_words(label_kinds[c(2, 4)])),
      c("Other pairs", count("non_SL"), either_words(label_kinds[c(3, 5)]))
    )),
    if (!is.null(card$metrics)) {
      titled_card(
        "How it ranks pairs that it did not learn from",
        shiny::plotOutput("model_figure", height = "480px")
      )
    },
    side_by_side(
      titled_card("What it is for", items(card$intended_use)),
      titled_card("Limits", items(card$limits))
    )
  )
}
