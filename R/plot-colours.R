# The look of all plots of the package. Colours are those of Okabe and Ito
# (2008), told apart by colour-blind readers and in this order.
musl_colours <- c("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00")

theme_musl <- function() {
  ggplot2::theme_minimal(base_size = 11) +
    ggplot2::theme(
      panel.grid.minor = ggplot2::element_blank(),
      # Else the last number of an axis meets the first of the next panel's.
      panel.spacing = ggplot2::unit(1, "lines"),
      strip.text = ggplot2::element_text(hjust = 0, face = "bold"),
      legend.position = "bottom",
      legend.title = ggplot2::element_blank()
    )
}
