# A figure of the explorer, with alternative text and a download.

figure_ui <- function(id, height = "24em") {
  ns <- shiny::NS(id)
  shiny::tags$div(
    class = "musl-figure",
    shiny::plotOutput(ns("plot"), height = height),
    shiny::downloadLink(ns("png"), "Download figure as PNG")
  )
}

# `picture` is a reactive attempt() of a ggplot, `words` a reactive string.
figure_server <- function(id, picture, words, stem) {
  shiny::moduleServer(id, function(input, output, session) {
    output$plot <- shiny::renderPlot(
      suppressWarnings(print(value_or_stop(picture()))),
      res = 96, alt = words
    )
    output$png <- shiny::downloadHandler(
      function() file_name(stem(), "png"),
      function(file) write_figure(value_or_stop(picture()), file),
      contentType = "image/png"
    )
  })
}

write_figure <- function(plot, file) {
  check_draws_png()
  withr::with_png(
    file, suppressWarnings(print(plot)),
    width = 7, height = 5, units = "in", res = 200
  )
}
