# Scored pairs, best first: the plots of atlases and predictions.

#' @rdname autoplot_data
#' @rawNamespace S3method(ggplot2::autoplot, MuslAtlas)
autoplot.MuslAtlas <- function(object, n = 20L, ...) {
  check_dots_empty()
  check_whole(n, 1)
  autoplot.musl_top_pairs(musl_top_pairs(object, n), n)
}

#' @rdname autoplot_data
#' @rawNamespace S3method(ggplot2::autoplot, musl_top_pairs)
autoplot.musl_top_pairs <- function(object, n = 20L, ...) {
  check_dots_empty()
  check_whole(n, 1)
  check_drawable(object, c(pair_picture, "known", "label"))
  best <- utils::head(as_tibble(unclass(object)), n)
  best$status <- known_status(best)
  plot_pairs(best, status_shapes)
}

#' @rdname autoplot_data
#' @rawNamespace S3method(ggplot2::autoplot, musl_predictions)
autoplot.musl_predictions <- function(object, n = 20L, ...) {
  check_dots_empty()
  check_whole(n, 1)
  check_drawable(object, c(pair_picture, ".status"))
  shown <- as_tibble(unclass(object))
  shown <- shown[order(-shown$.score, na.last = NA), ]
  if (nrow(shown) == 0) {
    abort_argument("object", "predictions of pairs with a score", object)
  }
  best <- utils::head(shown, n)
  best$status <- ifelse(best$.status == "known", "label known", "new")
  plot_pairs(best, c("label known" = 16, new = 21))
}

pair_picture <- c("gene_a", "gene_b", ".score", ".pred_SL", "n_unseen")

# `best` has the columns of `pair_picture` and status, the name of a shape.
plot_pairs <- function(best, shapes) {
  best$pair <- paste(best$gene_a, best$gene_b, sep = " - ")
  best$pair <- factor(best$pair, rev(unique(best$pair)))
  best$unseen <- unseen_text(best$n_unseen)
  best$probability <- probability_text(best$.pred_SL)
  ggplot2::ggplot(best, ggplot2::aes(.data$.score, .data$pair)) +
    ggplot2::geom_point(
      ggplot2::aes(colour = .data$unseen, shape = .data$status),
      size = 2.5, stroke = 1, fill = "white"
    ) +
    ggplot2::geom_text(
      ggplot2::aes(label = .data$probability),
      hjust = -0.4, size = 2.6, colour = "grey30", na.rm = TRUE
    ) +
    ggplot2::scale_colour_manual(
      values = stats::setNames(musl_colours[c(1, 5, 2)], unseen_text(0:2)),
      limits = unseen_text(sort(unique(best$n_unseen)))
    ) +
    ggplot2::scale_shape_manual(values = shapes) +
    ggplot2::scale_x_continuous(expand = ggplot2::expansion(c(0.05, 0.15))) +
    ggplot2::labs(
      x = "Score (logit)", y = NULL,
      caption = "Numbers: calibrated probability of synthetic lethality."
    ) +
    theme_musl() +
    ggplot2::theme(
      axis.text.y = row_text(nrow(best)), legend.box = "vertical",
      legend.margin = ggplot2::margin(0, 0, 0, 0),
      legend.spacing.y = ggplot2::unit(0, "pt")
    )
}
