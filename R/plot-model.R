#' @rdname MuslModel-methods
#' @aliases autoplot
#' @rawNamespace S3method(ggplot2::autoplot, MuslModel)
autoplot.MuslModel <- function(object, ...) {
  check_dots_empty()
  check_network(object)
  plot_history(object@history)
}

plot_history <- function(history) {
  long <- long_history(history)
  several <- length(unique(long$member)) > 1
  # Over the members that were trained for that many epochs.
  by <- long[c("phase", "epoch", "panel", "series")]
  means <- stats::aggregate(long["value"], by, mean)
  ggplot2::ggplot(
    long, ggplot2::aes(.data$epoch, .data$value, colour = .data$series)
  ) +
    ggplot2::geom_line(
      ggplot2::aes(group = interaction(.data$series, .data$member)),
      na.rm = TRUE, alpha = if (several) 0.25 else 1
    ) +
    (if (several) {
      ggplot2::geom_line(
        ggplot2::aes(group = .data$series), means,
        linewidth = 1, na.rm = TRUE
      )
    } else {
      ggplot2::geom_point(size = 1, na.rm = TRUE)
    }) +
    ggplot2::geom_point(
      data = long[long$best, ], shape = 21, size = if (several) 1.5 else 3,
      na.rm = TRUE, show.legend = FALSE
    ) +
    ggplot2::facet_grid(
      rows = ggplot2::vars(.data$panel), cols = ggplot2::vars(.data$phase),
      scales = "free", switch = "y"
    ) +
    ggplot2::scale_colour_manual(values = musl_colours) +
    ggplot2::scale_x_continuous(breaks = function(limits) {
      unique(floor(pretty(limits)))
    }) +
    ggplot2::labs(
      x = "Epoch", y = NULL, caption = history_caption(history, several)
    ) +
    theme_musl(strip.placement = "outside")
}

# The loss depends on how confident wrong scores are, the metrics only on order.
history_caption <- function(history, several) {
  best <- history[history$best, ]
  lowest <- vapply(split(history, history$phase), function(one) {
    min(c(Inf, one$valid_loss), na.rm = TRUE)
  }, 1)
  rose <- any(best$valid_loss > 1.05 * lowest[best$phase], na.rm = TRUE)
  lines <- c(
    if (several) "Thin: each network; thick: their mean. ",
    "Rings: the epoch kept.",
    if (rose) {
      paste0(
        "\nValidation loss may rise while the order still improves: scores",
        " grow too sure.\nProbabilities are calibrated after training."
      )
    }
  )
  paste(lines, collapse = "")
}

history_series <- c(
  loss = "training loss", valid_loss = "validation loss",
  valid_auroc = "AUROC", valid_auprc = "AUPRC"
)

long_history <- function(history) {
  known <- vapply(names(history_series), function(name) {
    name == "loss" || any(is.finite(history[[name]]))
  }, NA)
  # Affinities have no AUROC: without its panel there is room for the losses.
  bind_each(names(history_series)[known], function(name) {
    tibble(
      phase = factor(history$phase, unique(history$phase)),
      member = history$member,
      epoch = history$epoch,
      best = history$best,
      panel = if (grepl("loss", name)) "Loss" else "Validation",
      series = factor(history_series[[name]], history_series[known]),
      value = history[[name]]
    )
  })
}

#' @rdname musl_interactions-methods
#' @rawNamespace S3method(ggplot2::autoplot, musl_interactions)
autoplot.musl_interactions <- function(object, ...) {
  check_dots_empty()
  plot_history(object$history)
}
