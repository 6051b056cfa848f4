# Parts of the explorer's pages: answers, cards, figures and tables.

# The value of `expr`. An error of the package is shown in its place, warnings
# and messages beside the page.
answer <- function(expr) {
  tryCatch(
    notified(expr),
    musl_error = function(cnd) shiny::validate(condition_text(cnd))
  )
}

condition_text <- function(cnd) {
  trimws(cli::ansi_strip(conditionMessage(cnd)))
}

# With warnings and messages beside the page.
notified <- function(expr) {
  session <- shiny::getDefaultReactiveDomain()
  notify <- function(cnd) {
    text <- condition_text(cnd)
    id <- shiny::showNotification(text, duration = NULL, id = text)
    if (!is.null(session)) {
      session$userData$toasts <- c(session$userData$toasts, id)
    }
    rlang::cnd_muffle(cnd)
  }
  withCallingHandlers(expr, musl_warning = notify, musl_message = notify)
}

# An error in the words of pages: sentences of files, without arguments.
page_words <- function(cnd) {
  text <- gsub("[[:space:]]+", " ", condition_text(cnd))
  text <- gsub(" (\u2716|\u2139|[xi]) (?=[^a-z])", " ", text, perl = TRUE)
  text <- gsub("\"[^\"]*/([^\"/]+)\"", "\"\\1\"", text)
  for (name in names(page_arguments)) {
    text <- gsub(paste0("`", name, "`"), page_arguments[[name]], text)
  }
  capital(text)
}

page_arguments <- c(
  dependency = "the table", path = "the files", lines = "the files",
  x = "the files", anchors = "the gene"
)

# What was said beside the answer before goes with the next one.
forget_notes <- function(session = shiny::getDefaultReactiveDomain()) {
  for (id in session$userData$toasts) shiny::removeNotification(id, session)
  session$userData$toasts <- NULL
}

titled_card <- function(title, ...) {
  bslib::card(
    bslib::card_header(title, container = shiny::tags$h3), ...,
    full_screen = TRUE
  )
}

side_by_side <- function(...) {
  bslib::layout_column_wrap(width = "440px", heights_equal = "row", ...)
}

# Boxes of c(title, value, text).
fact_boxes <- function(facts) {
  boxes <- lapply(facts, function(fact) {
    bslib::value_box(fact[[1]], fact[[2]], shiny::tags$p(fact[-(1:2)]))
  })
  bslib::layout_column_wrap(width = "160px", !!!boxes)
}

# `picture` returns a ggplot, `alt` says what it shows.
figure <- function(picture, alt) {
  shiny::renderPlot(
    suppressWarnings(print(answer(picture()))),
    res = 96, alt = shiny::reactive(alt())
  )
}

table_ui <- function(id) {
  table <- DT::DTOutput(shiny::NS(id, "table"))
  shiny::tagList(
    shiny::tags$div(class = "musl-table", table),
    shiny::downloadLink(shiny::NS(id, "csv"), "Rows as CSV")
  )
}

# `rows` is a reactive tibble, `stem` returns the name of its file, `open` is
# called with a row whose `link` was pressed.
table_server <- function(id, rows, stem, open = NULL, link = NULL) {
  shiny::moduleServer(id, function(input, output, session) {
    output$table <- DT::renderDT(explorer_table(rows(), link))
    output$csv <- shiny::downloadHandler(
      function() file_name(stem()),
      function(file) {
        # The rows that the search leaves, in the order shown.
        shown <- input$table_rows_all %||% seq_len(nrow(rows()))
        write_export(rows()[intersect(shown, seq_len(nrow(rows()))), ], file)
      },
      contentType = "text/csv"
    )
    # Rows are selected by the mouse alone; the keyboard clicks, too.
    shiny::observeEvent(input$table_cell_clicked, {
      row <- input$table_cell_clicked$row
      shiny::req(open, is_one_number(row), row %in% seq_len(nrow(rows())))
      open(rows()[row, ])
    })
  })
}

# Prevents gene names from acting as paths.
file_name <- function(stem) {
  stem <- gsub("[^A-Za-z0-9_-]+", "_", paste(stem, collapse = "-"))
  paste0("musl-", substr(stem, 1, 80), ".csv")
}

# Free text from databases may look like a formula, which spreadsheets run
# (CWE-1236).
write_export <- function(rows, file) {
  text <- vapply(rows, function(x) is.character(x) || is.factor(x), NA)
  rows[text] <- lapply(rows[text], function(x) {
    sub("^([=+@\t\r-])", "'\\1", as.character(x))
  })
  write_table(rows, file)
}

# DT searches, sorts and pages in R, and escapes what it sends.
explorer_table <- function(rows, link) {
  # A button, so that a row opens by keyboard, too.
  button <- DT::JS(
    "function(text, type) { return type !== 'display' ? text :",
    "'<button type=\"button\" class=\"btn btn-link p-0\">' +",
    "text + '</button>'; }"
  )
  shown <- listed_numbers(rows)
  table <- DT::datatable(
    shown,
    rownames = FALSE, class = "table table-sm table-hover",
    # Its files come with every DT; those of Bootstrap do not.
    style = "default",
    colnames = ifelse(
      names(shown) %in% names(column_labels), column_labels[names(shown)],
      names(shown)
    ),
    selection = "none",
    options = list(
      pageLength = 15, lengthChange = FALSE, autoWidth = FALSE,
      dom = if (nrow(rows) > 10) "ftip" else "t",
      language = list(emptyTable = "No rows."),
      columnDefs = column_definitions(names(shown), link, button)
    )
  )
  numbers <- names(shown)[vapply(shown, is.double, NA)]
  DT::formatSignif(table, numbers, 3)
}

# Numbers of lists in the words of print(); each is sorted by the column of the
# same name with `sorts_` before it.
listed_numbers <- function(rows) {
  for (name in intersect(c("order", ".pred_SL"), names(rows))) {
    if (is.double(rows[[name]])) {
      rows[[paste0("sorts_", name)]] <- rows[[name]]
      rows[[name]] <- number_text(rows[[name]], name)
    }
  }
  rows
}

# Small screens show the rows as cards, by the classes.
column_definitions <- function(names, link, button) {
  lapply(seq_along(names), function(i) {
    name <- names[[i]]
    sorts <- match(paste0("sorts_", name), names)
    c(
      list(
        targets = i - 1L,
        className = paste0("musl-", gsub("[^A-Za-z_]", "", name)),
        visible = !name %in% unseen_columns && !startsWith(name, "sorts_"),
        searchable = !startsWith(name, "sorts_")
      ),
      if (!is.na(sorts)) list(orderData = sorts - 1L),
      if (name %in% link) list(render = button)
    )
  })
}

# Plots the neighbourhood of two genes; see musl_explore().

neighbours_drawn <- 18L

# Edges of the network of `data`, strongest first, and of known pairs, without
# the non-hits of screens, which are most of the genome: from, to, kind.
explorer_edges <- function(fit, data, labels) {
  recorded <- pair_keys(labels) %in% pair_keys(fit@known)
  known <- labels[labels$label %in% "SL" | recorded, ]
  known <- known[!is.na(known$label), ]
  known <- known[order(known$label != "SL"), ]
  known$label <- listed_label(known$label, known$measured)
  known$known <- rep(TRUE, nrow(known))
  network <- if (!is.null(data)) data@network
  strongest <- order(-as.numeric(network$weight))
  genes <- if (!is.null(data)) data@genes
  tibble(
    from = c(genes[network$from[strongest]], known$gene_a),
    to = c(genes[network$to[strongest]], known$gene_b),
    kind = c(
      rep("network", length(strongest)),
      as.character(label_kind(known))
    )
  )
}

# list(nodes: gene, role, x, y; edges: from, to, kind; words: of the complex):
# the two genes, their complex, common neighbours, and the nearest neighbours of
# each.
pair_neighbourhood <- function(explorer, pair) {
  edges <- explorer$edges
  beside <- lapply(pair, function(gene) {
    own <- edges[edges$from == gene | edges$to == gene, ]
    unique(ifelse(own$from == gene, own$to, own$from))
  })
  complex <- pair_complex(explorer, pair)
  members <- utils::head(complex$members, neighbours_drawn %/% 2)
  apart <- c(pair, members)
  genes <- c(apart, chosen_neighbours(
    lapply(beside, setdiff, apart), neighbours_drawn - length(members)
  ))
  within <- edges[edges$from %in% genes & edges$to %in% genes, ]
  abort_if(nrow(within) == 0 && length(members) == 0, c(
    "Nothing is known around these two genes.",
    x = "There is no edge of a network and no pair with a known label.",
    i = "{.code musl_explore(fit, data = )} adds a network."
  ))
  list(
    nodes = placed_genes(genes, beside, pair, members), edges = within,
    words = complex$words
  )
}

# list(words, members: the others) of the smallest complex that has both genes,
# NULL without any.
pair_complex <- function(explorer, pair) {
  source <- facts_source(explorer$fit, list(data = explorer$scored_by))
  if (is.null(source) || !all(pair %in% source$genes)) {
    return(NULL)
  }
  found <- shared_of_kind("terms", source, tibble(
    gene_a = pair[[1]], gene_b = pair[[2]]
  ), listed = largest_complex)
  found <- found[found$kind == "complex", ]
  if (NROW(found) > 0) {
    found <- found[which.min(found$n_genes), ]
    list(
      words = capital(shared_words(found)),
      members = setdiff(found$members[[1]], pair)
    )
  }
}

# Some neighbours of both genes, then equally many of each.
chosen_neighbours <- function(beside, most) {
  both <- intersect(beside[[1]], beside[[2]])
  rest <- lapply(beside, setdiff, both)
  both <- utils::head(both, most %/% 3)
  each <- (most - length(both)) %/% 2
  c(both, unlist(lapply(rest, utils::head, each)))
}

# The pair is left and right, common neighbours are between them, others
# outside.
placed_genes <- function(genes, beside, pair, members) {
  linked <- lapply(beside, function(names) genes %in% names)
  side <- linked[[2]] - linked[[1]]
  side[genes %in% pair] <- NA
  x <- y <- numeric(length(genes))
  x[1:2] <- c(-1, 1)
  for (one in -1:1) {
    at <- which(side %in% one)
    y[at] <- seq(1, -1, length.out = length(at) + 2)[seq_along(at) + 1]
    # Curved, so edges within a column are visible.
    x[at] <- if (one == 0) {
      0.25 * (-1)^seq_along(at)
    } else {
      one * (1.7 + 0.6 * (1 - y[at]^2))
    }
  }
  role <- ifelse(side == 0, "linked to both", "linked to one")
  role[genes %in% members] <- "in their complex"
  role[genes %in% pair] <- "the pair"
  tibble(gene = genes, role = factor(role, names(role_colours)), x = x, y = y)
}

role_colours <- c(
  "the pair" = "#D55E00", "in their complex" = "#009E73",
  "linked to both" = "#0072B2",
  "linked to one" = "grey75"
)
# Colours and lines of edges; a function, since files load in byte order.
edge_looks <- function() {
  kinds <- c("network", setdiff(label_kinds, "new"))
  list(
    colours = set_names(
      c("grey70", "#D55E00", "grey45", "#CC79A7", "grey45"), kinds
    ),
    lines = set_names(
      c("solid", "solid", "dotted", "solid", "dotdash"), kinds
    )
  )
}

plot_neighbourhood <- function(around) {
  nodes <- around$nodes
  edges <- around$edges
  edges[c("x", "y")] <- nodes[match(edges$from, nodes$gene), c("x", "y")]
  edges[c("xend", "yend")] <- nodes[match(edges$to, nodes$gene), c("x", "y")]
  edges$kind <- factor(edges$kind, names(edge_looks()$colours))
  ggplot2::ggplot(nodes, ggplot2::aes(.data$x, .data$y)) +
    ggplot2::geom_segment(ggplot2::aes(
      xend = .data$xend, yend = .data$yend, colour = .data$kind,
      linetype = .data$kind
    ), edges) +
    ggplot2::geom_point(
      ggplot2::aes(fill = .data$role),
      shape = 21, size = 4, colour = "white"
    ) +
    ggplot2::geom_text(ggplot2::aes(
      label = .data$gene,
      fontface = ifelse(.data$role == "the pair", "bold", "plain")
    ), vjust = -0.9, size = 3) +
    ggplot2::scale_fill_manual(values = role_colours) +
    ggplot2::scale_colour_manual(values = edge_looks()$colours) +
    ggplot2::scale_linetype_manual(values = edge_looks()$lines) +
    ggplot2::scale_x_continuous(expand = ggplot2::expansion(0.12)) +
    ggplot2::scale_y_continuous(expand = ggplot2::expansion(0.1)) +
    ggplot2::guides(fill = ggplot2::guide_legend(order = 1)) +
    ggplot2::labs(x = NULL, y = NULL, caption = around$words) +
    theme_musl(
      axis.text = ggplot2::element_blank(),
      panel.grid = ggplot2::element_blank()
    ) +
    theme_stacked()
}
