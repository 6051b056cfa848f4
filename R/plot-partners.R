# Partner lists of members for measured pairs: the score and its parts.

partner_parts <- c(
  .score = "Score", pair_evidence = "Pair evidence", gene_effect = "Gene effect"
)

plot_partner_parts <- function(object, n) {
  shown <- part_bars(object, n)
  rows <- nlevels(shown$row)
  # Five words are wider than a page of usual width.
  legend_rows <- if (length(unique(shown$status)) > 4) 2
  ggplot2::ggplot(
    shown, ggplot2::aes(.data$value, .data$row, fill = .data$status)
  ) +
    ggplot2::geom_col(width = 0.7) +
    ggplot2::geom_vline(xintercept = 0, colour = "grey50", linewidth = 0.3) +
    ggplot2::geom_text(
      ggplot2::aes(label = .data$text, x = pmax(.data$value, 0)),
      hjust = -0.15, size = 2.6, colour = "grey30", na.rm = TRUE
    ) +
    ggplot2::facet_grid(
      ggplot2::vars(.data$anchor), ggplot2::vars(.data$part),
      scales = "free"
    ) +
    ggplot2::scale_fill_manual(values = partner_colours()) +
    ggplot2::guides(fill = ggplot2::guide_legend(nrow = legend_rows)) +
    ggplot2::scale_x_continuous(expand = ggplot2::expansion(c(0.05, 0.45))) +
    ggplot2::scale_y_discrete(labels = function(row) sub("^.*\t", "", row)) +
    ggplot2::labs(
      x = "Logit; pair evidence and gene effect add up to the score", y = NULL,
      fill = NULL,
      caption = paste0(
        "Numbers: probability of SL", prior_text(object), ".",
        support_caption(shown$row)
      )
    ) +
    theme_musl() +
    ggplot2::theme(
      axis.text.y = row_text(rows),
      axis.title.x = ggplot2::element_text(size = 9)
    )
}

# The share of SL that the probabilities of a list are for.
prior_text <- function(object) {
  prior <- attr(object, "prior")
  if (!is.null(prior)) {
    paste0(", if ", format(100 * prior, digits = 3), " % of all pairs are SL")
  }
}

partner_colours <- function() {
  stats::setNames(
    c(musl_colours[1:2], "grey65", musl_colours[[5]], "grey85"),
    c(
      "not measured", "measured: hit", "measured: no hit",
      "only recorded: SL", "only recorded: not SL"
    )
  )
}

# One row per partner and panel. What a screen found takes precedence over
# recorded labels.
part_bars <- function(object, n) {
  object <- first_partners(object, n)
  row <- drawn_rows(object)
  status <- rep("not measured", nrow(object))
  status[object$label %in% "SL"] <- "only recorded: SL"
  status[object$label %in% "non_SL"] <- "only recorded: not SL"
  status[object$measured] <- "measured: no hit"
  status[object$measured & object$label %in% "SL"] <- "measured: hit"
  parts <- lapply(names(partner_parts), function(column) {
    tibble(
      anchor = factor(object$anchor, unique(object$anchor)),
      row = factor(row, rev(unique(row))),
      part = factor(partner_parts[[column]], partner_parts),
      status = factor(status, names(partner_colours())),
      value = object[[column]],
      text = if (column == ".score") {
        percent_text(object$.pred_SL)
      } else {
        NA_character_
      }
    )
  })
  do.call(rbind, parts)
}

# Two digits, or more where they would make a share near 1 certain.
percent_text <- function(p) {
  text <- vapply(signif(100 * p, 2), format, "", scientific = FALSE)
  low <- p > 0 & p < 1e-4
  text[which(low)] <- "<0.01"
  high <- which(p > 0.99 & p < 1)
  text[high] <- sub("[.]?0+$", "", sprintf("%.2f", pmin(100 * p[high], 99.99)))
  ifelse(is.na(p), NA_character_, paste0(text, " %"))
}
