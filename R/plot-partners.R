#' Plot ranked partners
#'
#' Shows what ranks each partner, best on top, with its probability, and the
#' parts of the score in the list: the relation and the single genes.
#'
#' Names of partners that cells cannot lose or do not express have their status
#' in brackets, as those that lines with the loss need more. Where cell lines
#' were compared, a panel shows the difference of mean gene effects, below 0 if
#' lines that lost the anchor need it more. Colours show which pairs a screen
#' measured, which of them were a hit in any, and which have only a recorded
#' label.
#'
#' @param object The result of [musl_partners()].
#' @param n Whole number >= 1: partners to show for each anchor, the first of
#'   those that are left if rows were filtered; or `NULL` for 20, fewer for more
#'   than two anchors, so that names do not overlap (at least 5).
#' @param ... Must be empty.
#' @returns A ggplot, one row of panels per anchor.
#' @section Errors:
#'   `musl_error_input` if no row is left, or a column that it shows.
#' @examples
#' autoplot(musl_partners(musl_human_model(), "STAG2", n = 5))
#' @rawNamespace S3method(ggplot2::autoplot, musl_partners)
autoplot.musl_partners <- function(object, n = NULL, ...) {
  check_dots_empty()
  check_whole(n, 1, allow_null = TRUE)
  check_drawable(object, c(
    "anchor", "partner", "rank", ".score", ".pred_SL", "label"
  ))
  # Names of the rows of all anchors in one picture do not overlap.
  legible <- max(5, min(20, 40 %/% length(unique(object$anchor))))
  plot_partner_parts(object, n %||% legible)
}

# The first `n` rows of each anchor that are there, best first: rows may have
# been left out or sorted.
first_partners <- function(object, n) {
  anchor <- match(object$anchor, unique(object$anchor))
  rows <- order(anchor, object$rank)
  object[rows[sequence(tabulate(anchor)) <= n], ]
}

# The status of partners that are no selective ones, or that lines need them.
status_mark <- function(object) {
  status <- as.character(object[["status"]] %||% rep(NA, nrow(object)))
  more <- object[["direction"]] %in% "needed_more"
  status[more] <- direction_kinds[["needed_more"]]
  plain <- is.na(status) | status == "selective"
  ifelse(plain, "", paste0(" (", status_words(status), ")"))
}

label_shapes <- c(set_names(c(21, 16, 24, 17, 25), label_kinds), known = 16)

# Panels of a score and its parts ----------------------------------------------

plot_partner_parts <- function(object, n) {
  shown <- part_bars(object, n)
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
      # The title has the name of one anchor.
      if (nlevels(shown$anchor) > 1) ggplot2::vars(.data$anchor),
      ggplot2::vars(.data$part),
      scales = "free"
    ) +
    ggplot2::scale_fill_manual(values = partner_colours()) +
    ggplot2::guides(fill = ggplot2::guide_legend(nrow = legend_rows)) +
    ggplot2::scale_x_continuous(
      n.breaks = 4, guide = ggplot2::guide_axis(check.overlap = TRUE),
      expand = ggplot2::expansion(c(0.05, 0.55))
    ) +
    ggplot2::scale_y_discrete(labels = function(row) sub("^.*\t", "", row)) +
    ggplot2::labs(
      x = picture_axis(object), y = NULL, fill = NULL,
      title = paste0(
        if (shown_rows(object, n) < nrow(object)) {
          paste(count_text(shown_rows(object, n)), "of ")
        }, list_title(object)
      ),
      caption = picture_words(
        object, names(partner_parts)[partner_parts %in% shown$part]
      )
    ) +
    theme_musl(
      axis.text.y = row_text(nlevels(shown$row)),
      axis.title.x = ggplot2::element_text(size = 9),
      plot.title = ggplot2::element_text(size = 11),
      plot.title.position = "plot"
    )
}

shown_rows <- function(object, n) {
  sum(pmin(table(object$anchor), n))
}

partner_colours <- function() {
  set_names(
    c(musl_colours[1:2], "grey65", musl_colours[[5]], "grey85"), label_kinds
  )
}

# One row per partner and panel. What a screen found takes precedence over
# recorded labels.
part_bars <- function(object, n) {
  object <- first_partners(object, n)
  # A partner may have different ranks for several anchors: one level per row.
  row <- paste0(object$anchor, "\t", object$partner, status_mark(object))
  parts <- intersect(names(partner_parts), names(object))
  # What ranks the list falls with the rank; the score need not.
  if ("order" %in% parts) parts <- setdiff(parts, ".score")
  if (all(is.na(object[["difference"]]))) parts <- setdiff(parts, "difference")
  bars <- bind_each(parts, function(column) {
    tibble(
      anchor = factor(object$anchor, unique(object$anchor)),
      row = factor(row, rev(unique(row))),
      part = factor(partner_parts[[column]], partner_parts[parts]),
      status = label_kind(object),
      value = if (column == "order") log10(object$order) else object[[column]],
      text = if (column == parts[[1]]) percent_text(object$.pred_SL) else NA
    )
  })
  bars[!(is.na(bars$value) & bars$part == partner_parts[["difference"]]), ]
}
