#' Plot how well studies replicate
#'
#' Shows the AUROC of each study's scores for the hits of each other study, with
#' its interval.
#'
#' @param object The result of [musl_replication()].
#' @param ... Must be empty.
#' @returns A ggplot, one panel per study whose hits are ranked; hollow points
#'   do not count for a weight.
#'   The dashed line is a random order.
#' @section Errors:
#'   `musl_error_input` if no row is left, or a column that it shows.
#' @seealso [musl_replication()]
#' @examples
#' genes <- sprintf("G%02d", 1:30)
#' studies <- data.frame(
#'   gene_a = genes[1:15], gene_b = genes[16:30],
#'   label = rep(c(1, 0, 0), 5), source = rep(c("one", "two"), each = 15),
#'   measured = TRUE, effect = rep(c(-2, 0, 1), 10) + sin(1:30)
#' )
#' autoplot(musl_replication(studies, min_hits = 3))
#' @rawNamespace S3method(ggplot2::autoplot, musl_replication)
autoplot.musl_replication <- function(object, ...) {
  check_dots_empty()
  check_drawable(object, c(
    "source", "on", ".estimate", ".lower", ".upper", "counts"
  ))
  shown <- as_tibble(object)
  shown$on <- paste0("hits of ", shown$on)
  ggplot2::ggplot(shown, ggplot2::aes(.data$.estimate, .data$source)) +
    ggplot2::geom_vline(
      xintercept = 0.5, linetype = "dashed", colour = "grey60"
    ) +
    ggplot2::geom_linerange(
      ggplot2::aes(xmin = .data$.lower, xmax = .data$.upper),
      colour = musl_colours[[1]], na.rm = TRUE
    ) +
    ggplot2::geom_point(
      ggplot2::aes(shape = .data$counts),
      colour = musl_colours[[1]], size = 2, na.rm = TRUE
    ) +
    ggplot2::scale_shape_manual(
      values = c("TRUE" = 16, "FALSE" = 1), guide = "none"
    ) +
    ggplot2::facet_wrap(ggplot2::vars(.data$on)) +
    ggplot2::coord_cartesian(xlim = c(0, 1)) +
    ggplot2::scale_x_continuous(breaks = c(0, 0.5, 1)) +
    ggplot2::labs(
      x = "AUROC of the other study's scores", y = NULL,
      caption = replication_caption(shown)
    ) +
    theme_musl() +
    ggplot2::theme(axis.text.y = row_text(replication_rows(shown)))
}

replication_caption <- function(shown) {
  paste0(
    "Lines: 95 % intervals.",
    if (!all(shown$counts)) {
      " Hollow: too few shared hits to count for a weight."
    }
  )
}

# Names of studies that are stacked in the panels of one column.
replication_rows <- function(shown) {
  n_panels <- length(unique(shown$on))
  n_down <- ceiling(n_panels / ceiling(sqrt(n_panels)))
  n_down * length(unique(shown$source)) * 1.1
}
