# The theme of all plots of the package. Colours are those of Okabe and Ito
# (2008), which colour-blind readers can distinguish, in this order.
musl_colours <- c("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00")

theme_musl <- function() {
  white <- ggplot2::element_rect(fill = "white", colour = NA)
  ggplot2::theme_minimal(base_size = 11) +
    ggplot2::theme(
      # Without it a saved plot is transparent, and black on a dark page.
      plot.background = white,
      plot.caption = ggplot2::element_text(colour = "grey40", hjust = 0),
      plot.caption.position = "plot",
      panel.grid.minor = ggplot2::element_blank(),
      # Else the last number of an axis touches the first of the next panel.
      panel.spacing = ggplot2::unit(1, "lines"),
      strip.text = ggplot2::element_text(hjust = 0, face = "bold"),
      legend.position = "bottom",
      legend.title = ggplot2::element_blank()
    )
}

# Two rows: side by side the legends are wider than most pages.
theme_stacked <- function() {
  ggplot2::theme(
    legend.box = "vertical", legend.margin = ggplot2::margin(0, 0, 0, 0),
    legend.spacing.y = ggplot2::unit(0, "pt")
  )
}

# Text size of a row that fits on a page of usual height.
row_text <- function(n_rows) {
  ggplot2::element_text(size = max(5, min(9, 170 / max(n_rows, 1))))
}

# Rows by name, slanted column names and a wide colour bar.
theme_heat_map <- function(n_rows) {
  list(
    ggplot2::guides(
      fill = ggplot2::guide_colourbar(barwidth = ggplot2::unit(5, "cm"))
    ),
    theme_musl(),
    ggplot2::theme(
      legend.title = ggplot2::element_text(),
      axis.text.y = row_text(n_rows),
      axis.text.x = ggplot2::element_text(angle = 30, hjust = 1)
    )
  )
}

# Users select columns and filter rows before they draw a table.
check_drawable <- function(object, columns) {
  missing <- setdiff(columns, names(object))
  abort_if(length(missing) > 0, c(
    "{.arg object} must have the columns that the picture shows.",
    x = "Missing: {.field {missing}}."
  ), argument = "object")
  abort_if(nrow(object) == 0, c(
    "{.arg object} must have rows to draw.",
    x = "It has none."
  ), argument = "object")
}
