# Lists of several anchors side by side; see autoplot.musl_partners().

# Rows that fit on a page.
map_rows <- 20L

plot_partner_map <- function(object, n) {
  shown <- partner_cells(object, n)
  ggplot2::ggplot(
    shown, ggplot2::aes(.data$anchor, .data$partner, fill = .data$score)
  ) +
    ggplot2::geom_tile(colour = "white") +
    ggplot2::geom_text(
      ggplot2::aes(
        label = .data$rank, colour = .data$score > .data$middle
      ),
      size = max(1.8, min(2.8, 60 / nlevels(shown$partner))),
      show.legend = FALSE
    ) +
    ggplot2::scale_fill_gradient(low = "#DCE9F2", high = musl_colours[[1]]) +
    ggplot2::scale_colour_manual(
      values = c("FALSE" = "grey20", "TRUE" = "white")
    ) +
    ggplot2::labs(
      x = NULL, y = NULL, fill = "Score (logit)",
      caption = paste0(
        "Numbers: rank in the anchor's list. Empty: not among ",
        attr(shown, "listed"), ".",
        if (attr(shown, "cut")) "\nPartners of fewer lists are left out."
      )
    ) +
    theme_heat_map(nlevels(shown$partner))
}

# One row per listed pair. Partners of many lists are above those of few, and
# then sorted by their best rank.
partner_cells <- function(object, n) {
  object <- first_partners(object, n)
  most <- max(table(object$anchor))
  lists <- table(object$partner)
  best <- tapply(object$rank, object$partner, min)
  names <- names(lists)
  order <- names[order(-lists, best[names], names)]
  order <- utils::head(order, map_rows)
  # After a filter the ranks have gaps.
  listed <- if (max(object$rank) <= most) {
    paste("its first", most)
  } else {
    paste("the first", most, "that are left")
  }
  object <- object[object$partner %in% order, ]
  cells <- list(
    anchor = factor(object$anchor, unique(object$anchor)),
    partner = factor(object$partner, rev(order)),
    rank = object$rank, score = object$.score,
    # White is only legible on dark cells.
    middle = rep(
      min(object$.score) + 0.65 * diff(range(object$.score)), nrow(object)
    )
  )
  tibble::new_tibble(
    cells,
    nrow = nrow(object), cut = length(names) > map_rows, listed = listed
  )
}
