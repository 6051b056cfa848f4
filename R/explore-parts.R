# Parts of the explorer's pages: answers, cards, figures and tables.

# The value of `expr`. An error of the package is shown in its place, warnings
# and messages beside the page.
answer <- function(expr) {
  text <- function(cnd) trimws(cli::ansi_strip(conditionMessage(cnd)))
  notify <- function(cnd) {
    shiny::showNotification(text(cnd), duration = NULL, id = text(cnd))
    rlang::cnd_muffle(cnd)
  }
  tryCatch(
    withCallingHandlers(expr, musl_warning = notify, musl_message = notify),
    musl_error = function(cnd) shiny::validate(text(cnd))
  )
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
  ns <- shiny::NS(id)
  shiny::tagList(
    shiny::tags$div(class = "musl-table", DT::DTOutput(ns("table"))),
    shiny::downloadLink(ns("csv"), "Rows as CSV")
  )
}

# `rows` is a reactive tibble, `labels` name its columns, `stem` returns the
# name of its file, `open` is called with a row whose `link` was pressed.
table_server <- function(id, rows, labels, stem, open = NULL, link = NULL) {
  shiny::moduleServer(id, function(input, output, session) {
    output$table <- DT::renderDT(explorer_table(rows(), labels, link))
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
  rows[text] <- lapply(rows[text], function(x) escape_formula(as.character(x)))
  write_table(rows, file)
}

escape_formula <- function(text) {
  at <- !is.na(text) & grepl("^[=+@\t\r-]", text)
  text[at] <- paste0("'", text[at])
  text
}

# DT searches, sorts and pages in R, and escapes what it sends.
explorer_table <- function(rows, labels, link) {
  # A button, so that a row opens by keyboard, too.
  button <- DT::JS(
    "function(text, type) { return type !== 'display' ? text :",
    "'<button type=\"button\" class=\"btn btn-link p-0\">' +",
    "text + '</button>'; }"
  )
  named <- names(rows) %in% names(labels)
  table <- DT::datatable(
    rows,
    rownames = FALSE, class = "table table-sm table-hover",
    colnames = ifelse(named, labels[names(rows)], names(rows)),
    selection = "none",
    options = list(
      pageLength = 15, lengthChange = FALSE, autoWidth = FALSE,
      dom = if (nrow(rows) > 10) "ftip" else "t",
      language = list(emptyTable = "No rows."),
      columnDefs = lapply(which(names(rows) %in% link) - 1L, function(at) {
        list(targets = at, render = button)
      })
    )
  )
  numbers <- names(rows)[vapply(rows, is.double, NA)]
  chances <- intersect(numbers, ".pred_SL")
  table <- DT::formatSignif(table, setdiff(numbers, chances), 3)
  DT::formatPercentage(table, chances, 1)
}
