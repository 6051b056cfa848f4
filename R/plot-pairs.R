# Scored pairs, best first: the plots of atlases and predictions.

#' @rdname autoplot_data
#' @rawNamespace S3method(ggplot2::autoplot, musl_top_pairs)
autoplot.musl_top_pairs <- function(object, n = 20L, ...) {
  check_dots_empty()
  check_drawable(object, c(pair_picture, "known", "label"))
  plot_pairs(object, label_kind(object), n)
}

#' @rdname autoplot_data
#' @rawNamespace S3method(ggplot2::autoplot, musl_predictions)
autoplot.musl_predictions <- function(object, n = 20L, ...) {
  check_dots_empty()
  check_drawable(object, c(pair_picture, ".status"))
  shown <- object[order(-object$.score, na.last = NA), ]
  check_drawable(shown, ".score")
  plot_pairs(shown, ifelse(shown$.status == "known", "known", "new"), n)
}

pair_picture <- c("gene_a", "gene_b", ".score", ".pred_SL", "n_unseen")

# `object` has the columns of `pair_picture`; `status` names shapes.
plot_pairs <- function(object, status, n) {
  check_whole(n, 1)
  best <- as_tibble(unclass(object)[names(object)])
  best$status <- status
  best <- utils::head(best, n)
  best$pair <- paste(best$gene_a, best$gene_b, sep = " - ")
  best$pair <- factor(best$pair, rev(unique(best$pair)))
  best$unseen <- unseen_text(best$n_unseen)
  best$probability <- percent_text(best$.pred_SL)
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
    ggplot2::scale_shape_manual(values = label_shapes) +
    ggplot2::scale_x_continuous(expand = ggplot2::expansion(c(0.05, 0.15))) +
    ggplot2::labs(
      x = partner_labels[[".score"]], y = NULL,
      caption = "Numbers: calibrated probability of synthetic lethality."
    ) +
    theme_musl(axis.text.y = row_text(nrow(best))) +
    theme_stacked()
}

#' @rdname musl_design
#' @param object The result of `musl_design()`.
#' @param n Whole number >= 1: choices to show, from the first on.
#' @rawNamespace S3method(ggplot2::autoplot, musl_design)
autoplot.musl_design <- function(object, n = 20L, ...) {
  check_dots_empty()
  check_whole(n, 1)
  unit <- if ("anchor" %in% names(object)) c("anchor", "partners")
  check_drawable(object, c(
    unit %||% c("gene_a", "gene_b"), "rank", "expected", "cumulative",
    "likeness"
  ))
  shown <- design_bars(object, n)
  bars <- shown[shown$panel == design_panels[[1]], ]
  points <- shown[shown$panel == design_panels[[2]], ]
  room <- bars
  if (!all(is.na(bars$text))) room$value <- 1.9 * bars$value
  ggplot2::ggplot(shown, ggplot2::aes(.data$value, .data$row)) +
    ggplot2::geom_col(ggplot2::aes(fill = .data$alike), bars, width = 0.7) +
    ggplot2::geom_text(
      ggplot2::aes(label = .data$text), bars,
      hjust = 0, nudge_x = max(bars$value) * 0.03, size = 2.5,
      colour = "grey30", na.rm = TRUE
    ) +
    ggplot2::geom_path(ggplot2::aes(group = 1), points) +
    ggplot2::geom_point(data = points, size = 1.5) +
    ggplot2::geom_path(
      ggplot2::aes(.data$random, group = 1), points,
      linetype = "dashed", colour = "grey50"
    ) +
    # Room for the names beside the bars.
    ggplot2::geom_blank(data = room) +
    ggplot2::facet_wrap(ggplot2::vars(.data$panel), scales = "free_x") +
    ggplot2::scale_fill_manual(
      values = stats::setNames(
        c(musl_colours[[1]], musl_colours[[5]]), levels(shown$alike)
      ),
      guide = if (any(object$likeness >= 0.5)) "legend" else "none"
    ) +
    ggplot2::scale_x_continuous(
      limits = c(0, NA), expand = ggplot2::expansion(c(0, 0.08)),
      n.breaks = 4, labels = count_text
    ) +
    ggplot2::labs(
      x = "New hits", y = NULL,
      caption = paste0(
        "Dashed: as many choices at random.",
        if ("anchor" %in% names(object)) " Names: best partners."
      )
    ) +
    theme_musl(axis.text.y = row_text(nlevels(shown$row)))
}

design_panels <- c("Expected from each", "Expected from all so far")

design_bars <- function(object, n) {
  against <- attr(object, "against") %||% list(mean = NA_real_)
  object <- utils::head(as_tibble(unclass(object)[names(object)]), n)
  ends <- intersect(c("anchor", "gene_a", "gene_b"), names(object))
  name <- do.call(paste, c(as.list(object[ends]), sep = " - "))
  alike <- factor(
    ifelse(object$likeness >= 0.5, "like an earlier choice", "new in kind"),
    c("new in kind", "like an earlier choice")
  )
  rows_of <- function(panel, value) {
    tibble(
      row = factor(name, rev(name)), panel = factor(panel, design_panels),
      value = value, alike = alike,
      text = object[["partners"]] %||% NA_character_,
      random = random_hits(against, object$rank)
    )
  }
  rbind(
    rows_of(design_panels[[1]], object$expected),
    rows_of(design_panels[[2]], object$cumulative)
  )
}
