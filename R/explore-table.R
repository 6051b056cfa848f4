# A table of the explorer: R sorts it and splits it into pages; the browser gets
# only the page shown.

rows_of_page <- 25L

table_ui <- function(id) {
  ns <- shiny::NS(id)
  shiny::tags$div(
    class = "musl-block",
    shiny::uiOutput(ns("table")),
    shiny::uiOutput(ns("export"))
  )
}

# `rows` is a reactive tibble, `labels` name its columns, `stem` is a reactive
# name of its file. If rows can be opened, `key` names the columns with buttons.
# `none` replaces a table without rows. Returns a reactive: the row opened last.
table_server <- function(id, rows, labels = NULL, caption, stem, key = NULL,
                         size = rows_of_page, none = "No rows.") {
  shiny::moduleServer(id, function(input, output, session) {
    at <- shiny::reactiveVal(list(page = 1L, sort = NULL))
    shiny::observeEvent(rows(), at(list(page = 1L, sort = NULL)))
    shiny::observeEvent(input$page, {
      page <- valid_page(input$page, rows(), size)
      at(utils::modifyList(at(), list(page = page)))
    })
    shiny::observeEvent(input$sort, {
      at(list(page = 1L, sort = next_sort(at()$sort, input$sort, rows())))
    })
    shown <- shiny::reactive(sorted_rows(rows(), at()$sort))
    look <- list(labels = labels, key = key, size = size)
    output$table <- shiny::renderUI(if (nrow(rows()) > 0) {
      table_tags(shown(), at(), look, caption(), session$ns)
    } else {
      shiny::tags$p(class = "musl-note", none)
    })
    output$export <- shiny::renderUI(if (nrow(rows()) > 0) {
      shiny::downloadLink(session$ns("csv"), "Download as CSV")
    })
    output$csv <- shiny::downloadHandler(
      function() file_name(stem(), "csv"),
      function(file) write_export(shown(), file),
      contentType = "text/csv"
    )
    shiny::eventReactive(input$open, opened_row(shown(), input$open))
  })
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

# Prevents gene names from acting as paths.
file_name <- function(stem, extension) {
  stem <- gsub("[^A-Za-z0-9_-]+", "_", paste(stem, collapse = "-"))
  paste0("musl-", substr(stem, 1, 80), ".", extension)
}

n_pages <- function(rows, size) max(1L, ceiling(nrow(rows) / size))

# Validates the browser's input: an invalid page, column or row becomes the
# nearest one, or none.
valid_page <- function(page, rows, size) {
  page <- suppressWarnings(as.integer(page))
  if (length(page) != 1 || is.na(page)) {
    return(1L)
  }
  as.integer(min(max(page, 1L), n_pages(rows, size)))
}

opened_row <- function(shown, row) {
  row <- suppressWarnings(as.integer(row))
  shiny::req(length(row) == 1, row %in% seq_len(nrow(shown)))
  shown[row, ]
}

# First ascending for text, descending for numbers, then reversed.
next_sort <- function(sort, column, rows) {
  if (!is_string(column) || !column %in% names(rows)) {
    return(sort)
  }
  falls <- is.numeric(rows[[column]])
  if (identical(sort$column, column)) falls <- !sort$falls
  list(column = column, falls = falls)
}

sorted_rows <- function(rows, sort) {
  if (is.null(sort) || !sort$column %in% names(rows)) {
    return(rows)
  }
  values <- rows[[sort$column]]
  if (!is.numeric(values)) values <- enc2utf8(as.character(values))
  rows[order(values, decreasing = sort$falls, method = "radix"), ]
}

# `look` is list(labels, key, size).
table_tags <- function(rows, at, look, caption, ns) {
  tags <- shiny::tags
  first <- (at$page - 1L) * look$size
  numbers <- first + seq_len(min(look$size, nrow(rows) - first))
  page <- rows[numbers, ]
  shiny::tagList(
    tags$div(
      class = "musl-wide", tabindex = "0", role = "region",
      `aria-label` = caption,
      tags$table(
        class = "musl-table",
        tags$caption(caption),
        tags$thead(tags$tr(lapply(names(page), function(name) {
          head_tags(name, page[[name]], look$labels, at$sort, ns)
        }))),
        tags$tbody(body_tags(page, numbers, ns, look$key))
      )
    ),
    if (nrow(rows) > look$size) pager_tags(rows, at$page, numbers, ns, look)
  )
}

head_tags <- function(name, column, labels, sort, ns) {
  order <- if (identical(sort$column, name)) {
    if (sort$falls) "descending" else "ascending"
  }
  label <- if (name %in% names(labels)) labels[[name]] else name
  shiny::tags$th(
    scope = "col", `aria-sort` = order,
    class = if (is.numeric(column)) "musl-number",
    send_button(label, ns("sort"), name, paste0("sort-", name))
  )
}

# A button that sends `value` to R as input `id`; `key` identifies it after the
# table is redrawn, to keep the focus.
send_button <- function(label, id, value, key, disabled = FALSE, ...) {
  shiny::tags$button(
    type = "button", class = "musl-plain", `data-musl-input` = id,
    `data-musl-value` = value, `data-musl-key` = paste(id, key),
    disabled = if (disabled) NA, label, ...
  )
}

body_tags <- function(page, numbers, ns, key) {
  tags <- shiny::tags
  cells <- lapply(page, cell_text)
  kinds <- vapply(names(page), function(name) {
    if (is.numeric(page[[name]])) {
      return("musl-number")
    }
    if (max(nchar(cells[[name]])) <= 20) "musl-short" else "musl-text"
  }, "")
  lapply(seq_along(numbers), function(i) {
    row <- lapply(names(page), function(name) {
      text <- cells[[name]][[i]]
      if (name %in% key) {
        text <- send_button(
          text, ns("open"), numbers[[i]], paste0("open-", text),
          title = "Open this pair"
        )
        return(tags$th(scope = "row", text))
      }
      tags$td(class = kinds[[name]], text)
    })
    tags$tr(class = if (!is.null(key)) "musl-opens", row)
  })
}

pager_tags <- function(rows, page, numbers, ns, look) {
  last <- n_pages(rows, look$size)
  shiny::tags$nav(
    class = "musl-pager", `aria-label` = "Pages of the table",
    send_button("Previous", ns("page"), page - 1L, "previous", page == 1),
    shiny::tags$span(sprintf(
      "Rows %d to %d of %d", numbers[[1]], numbers[[length(numbers)]],
      nrow(rows)
    )),
    send_button("Next", ns("page"), page + 1L, "next", page == last)
  )
}
