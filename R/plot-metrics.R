#' @rdname musl_metrics
#' @order 7
#' @param metric For `autoplot()`: character, the metrics to show, one row of
#'   panels each. By default AUROC and AUPRC, or the first of `object` if it has
#'   neither; only the first if there are many scorers.
#' @param highlight For `autoplot()`: character, the scorers to show in colour.
#' @rawNamespace S3method(ggplot2::autoplot, musl_metrics)
autoplot.musl_metrics <- function(object, metric = c("auroc", "auprc"),
                                  highlight = c("full", "biology", "MuSL"),
                                  ...) {
  check_dots_empty()
  check_drawable(object, c(
    "part", "scorer", ".metric", ".estimate", ".lower", ".upper", "sd",
    "n_pairs", "n_positive"
  ))
  if (missing(metric)) {
    # AUROC and AUPRC, those that are there, or the first metric.
    usual <- intersect(c("auroc", "auprc"), object$.metric)
    if (length(usual) == 0) usual <- object$.metric[[1]]
    n_rows <- length(unique(object$scorer))
    metric <- utils::head(usual, max(1, page_rows %/% n_rows))
  }
  check_some(metric, unique(object$.metric))
  if (!is.character(highlight)) {
    abort_argument("highlight", "names of scorers", highlight)
  }
  shown <- metric_points(object, metric, highlight)
  ggplot2::ggplot(shown, ggplot2::aes(.data$.estimate, .data$scorer)) +
    ggplot2::geom_vline(
      ggplot2::aes(xintercept = .data$chance),
      linetype = "dashed", colour = "grey60", na.rm = TRUE
    ) +
    ggplot2::geom_linerange(
      ggplot2::aes(xmin = .data$from, xmax = .data$to, colour = .data$shown_as),
      na.rm = TRUE
    ) +
    ggplot2::geom_point(
      ggplot2::aes(colour = .data$shown_as, shape = .data$shown_as),
      size = 2, na.rm = TRUE
    ) +
    ggplot2::facet_grid(
      rows = ggplot2::vars(.data$metric), cols = ggplot2::vars(.data$part),
      scales = "free_x", labeller = ggplot2::labeller(metric = metric_title)
    ) +
    ggplot2::scale_colour_manual(values = scorer_colours(shown$shown_as)) +
    ggplot2::labs(x = NULL, y = NULL, caption = bar_caption(shown)) +
    theme_musl(
      legend.position = if (nlevels(shown$shown_as) > 1) "bottom" else "none",
      axis.text.y = row_text(length(metric) * nlevels(shown$scorer))
    )
}

# Rows of names that fit on a page of usual height.
page_rows <- 16

# Metric names in their usual spelling.
metric_title <- function(metric) {
  metric <- sub("_([0-9]+)$", "@\\1", metric)
  sub("^(auroc|auprc|ndcg|mrr|mcc|ece)", "\\U\\1", metric, perl = TRUE)
}

# One row per point, with its bar and the value of a random order.
metric_points <- function(object, metric, highlight) {
  rows <- as_tibble(unclass(object))[object$.metric %in% metric, ]
  rows$metric <- factor(rows$.metric, metric)
  rows$part <- factor(rows$part, unique(rows$part))
  first <- rows[rows$.metric == metric[[1]], ]
  mean <- tapply(first$.estimate, first$scorer, mean, na.rm = TRUE)
  if (metric[[1]] %in% falling_metrics) mean <- -mean
  rows$scorer <- factor(rows$scorer, names(sort(mean, na.last = FALSE)))
  ours <- intersect(highlight, levels(rows$scorer))
  rows$shown_as <- factor(
    ifelse(rows$scorer %in% ours, as.character(rows$scorer), "others"),
    c(ours, "others")
  )
  has_interval <- has_intervals(object)
  rows$from <- if (has_interval) rows$.lower else rows$.estimate - rows$sd
  rows$to <- if (has_interval) rows$.upper else rows$.estimate + rows$sd
  # ggplot2 3.5 would treat a logical NA alone as a name.
  rows$chance <- ifelse(
    rows$.metric == "auroc", 0.5,
    ifelse(rows$.metric == "auprc", rows$n_positive / rows$n_pairs, NA_real_)
  )
  rows
}

has_intervals <- function(object) !all(is.na(object$.lower))

bar_caption <- function(shown) {
  parts <- c(
    if (has_intervals(shown)) {
      "Bars: node-bootstrap intervals."
    } else if (any(is.finite(shown$sd))) {
      "Bars: one standard deviation over runs."
    },
    if (!all(is.na(shown$chance))) "Dashed: a random order."
  )
  if (length(parts) > 0) paste(parts, collapse = " ")
}

scorer_colours <- function(shown_as) {
  ours <- setdiff(levels(shown_as), "others")
  colours <- rep_len(musl_colours, length(ours))
  c(stats::setNames(colours, ours), others = "grey45")
}

#' @rdname musl_calibration
#' @rawNamespace S3method(ggplot2::autoplot, musl_calibration)
autoplot.musl_calibration <- function(object, ...) {
  check_dots_empty()
  check_drawable(object, c("n_unseen", "n_pairs", "bins"))
  told <- told_shares(object)
  # With only one group, the row of all pairs repeats it.
  object <- if (nrow(object) == 2) object[2, ] else object
  bins <- reliability_points(object)
  # Where few pairs are SL, an axis up to 1 would have all points in a corner.
  ends <- c(0.02, 0.05, 0.1, 0.2, 0.5, 1)
  most <- ends[ends >= max(bins$predicted, bins$observed)][[1]]
  ticks <- c(0, most / 2, most)
  ggplot2::ggplot(bins, ggplot2::aes(.data$predicted, .data$observed)) +
    ggplot2::geom_abline(
      slope = 1, intercept = 0, linetype = "dashed", colour = "grey60"
    ) +
    ggplot2::geom_linerange(
      ggplot2::aes(ymin = .data$lower, ymax = .data$upper),
      colour = musl_colours[[1]], alpha = 0.5
    ) +
    ggplot2::geom_line(colour = musl_colours[[1]]) +
    ggplot2::geom_point(
      ggplot2::aes(size = .data$n_pairs),
      colour = musl_colours[[1]]
    ) +
    ggplot2::facet_wrap(ggplot2::vars(.data$group), nrow = 1) +
    ggplot2::scale_size_area(max_size = 3) +
    ggplot2::scale_x_continuous(breaks = ticks) +
    ggplot2::scale_y_continuous(breaks = ticks) +
    ggplot2::coord_equal(xlim = c(0, most), ylim = c(0, most)) +
    ggplot2::labs(
      x = "Predicted probability of SL", y = "Share of SL",
      size = "Pairs in a bin",
      caption = paste0(
        "Bars: 95 % intervals of the share, assuming independent pairs.",
        if (nzchar(told)) paste0("\n", told, ".")
      )
    ) +
    theme_musl(
      legend.title = ggplot2::element_text(),
      strip.text = ggplot2::element_text(size = 9),
      panel.spacing = ggplot2::unit(20, "pt")
    )
}

reliability_points <- function(object) {
  titles <- sprintf(
    "%s\n%s pairs", unseen_text(object$n_unseen), count_text(object$n_pairs)
  )
  bind_each(seq_len(nrow(object)), function(i) {
    one <- object$bins[[i]]
    n_sl <- one$observed * one$n_pairs
    tibble(
      group = factor(titles[[i]], titles), one,
      lower = stats::qbeta(0.025, n_sl + 0.5, one$n_pairs - n_sl + 0.5),
      upper = stats::qbeta(0.975, n_sl + 0.5, one$n_pairs - n_sl + 0.5)
    )
  })
}
