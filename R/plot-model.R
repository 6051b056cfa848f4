#' Plot the training of a model
#'
#' Shows loss and validation metrics over the epochs; a ring marks the epoch
#' whose weights were kept.
#' For an ensemble, thin lines are its networks and thick ones their mean.
#'
#' @param object A [MuslModel][musl_fit()].
#' @param ... Must be empty.
#' @param what "history"; or "gates": the weight of each encoder in the network,
#'   by the number of unseen genes, over at most 2,000 known pairs of each.
#' @param data A [MuslData][musl_data()] to compute gates from, or `NULL` for
#'   the inputs in the model.
#' @returns A ggplot. "history": one column of panels per phase, losses above
#'   and metrics below. "gates": one panel per number of unseen genes; points
#'   are medians, lines span 80 % of the pairs. Gates of a pair sum to 1.
#' @section Errors:
#'   `musl_error_input` if there is nothing to plot: no network, no encoder that
#'   it weighs, or no inputs to compute gates from.
#' @aliases autoplot
#' @seealso [tidy()][MuslModel-methods] for the history,
#'   [predict()][predict.MuslModel] for gates of pairs
#' @examples
#' fit <- musl_example_model()
#' autoplot(fit)
#' @rawNamespace S3method(ggplot2::autoplot, MuslModel)
autoplot.MuslModel <- function(object, ..., what = c("history", "gates"),
                               data = NULL) {
  check_dots_empty()
  what <- check_choice(what, c("history", "gates"))
  check_network(object)
  if (what == "gates") {
    check_is(data, "MuslData", allow_null = TRUE)
    shown <- gate_rows(object, data)
    ggplot2::ggplot(shown, ggplot2::aes(.data$middle, .data$encoder)) +
      ggplot2::geom_linerange(
        ggplot2::aes(xmin = .data$low, xmax = .data$high),
        colour = musl_colours[[1]], na.rm = TRUE
      ) +
      ggplot2::geom_point(colour = musl_colours[[1]], size = 2, na.rm = TRUE) +
      ggplot2::facet_wrap(ggplot2::vars(.data$panel)) +
      ggplot2::scale_x_continuous(
        limits = c(0, 1), breaks = c(0, 0.5, 1), labels = c("0", "0.5", "1")
      ) +
      ggplot2::labs(
        x = "Gate: weight of the encoder in the sum", y = NULL,
        caption = "Points: medians. Lines: 80 % of the pairs."
      ) +
      theme_musl()
  } else {
    plot_history(object@history)
  }
}

plot_history <- function(history) {
  long <- long_history(history)
  several <- length(unique(long$member)) > 1
  plot <- ggplot2::ggplot(
    long,
    ggplot2::aes(.data$epoch, .data$value, colour = .data$series)
  ) +
    ggplot2::geom_line(
      ggplot2::aes(group = interaction(.data$series, .data$member)),
      na.rm = TRUE, alpha = if (several) 0.25 else 1
    )
  plot <- if (several) {
    plot + ggplot2::geom_line(
      ggplot2::aes(group = .data$series), mean_history(long),
      linewidth = 1, na.rm = TRUE
    )
  } else {
    plot + ggplot2::geom_point(size = 1, na.rm = TRUE)
  }
  plot +
    ggplot2::geom_point(
      data = long[long$best, ], shape = 21, size = if (several) 1.5 else 3,
      na.rm = TRUE, show.legend = FALSE
    ) +
    ggplot2::facet_grid(
      rows = ggplot2::vars(.data$panel), cols = ggplot2::vars(.data$phase),
      scales = "free", switch = "y"
    ) +
    ggplot2::scale_colour_manual(values = musl_colours) +
    ggplot2::scale_x_continuous(breaks = whole_breaks) +
    ggplot2::labs(
      x = "Epoch", y = NULL, caption = history_caption(history, several)
    ) +
    theme_musl() +
    ggplot2::theme(strip.placement = "outside")
}

# The mean over the members that were trained for that many epochs.
mean_history <- function(long) {
  by <- long[c("phase", "epoch", "panel", "series")]
  out <- stats::aggregate(long["value"], by, mean)
  as_tibble(out[order(out$series, out$epoch), ])
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

whole_breaks <- function(limits) unique(floor(pretty(limits)))

# The weight of each encoder ---------------------------------------------------

# Most pairs of each panel, evenly from all known ones.
gate_pairs <- 2000L

# One row per encoder and number of unseen genes.
gate_rows <- function(object, data) {
  known <- object@known[c("gene_a", "gene_b")]
  unseen <- count_unseen(known, object@genes, object@n_seen)
  kept <- lapply(split(seq_along(unseen), unseen), function(rows) {
    step <- max(1, length(rows) / gate_pairs)
    rows[unique(floor(seq(1, length(rows), by = step)))]
  })
  parts <- predict(
    object, known[unlist(kept), ],
    data = data, type = "parts",
    scorers = "musl"
  )
  columns <- grep("^[.]gate_", names(parts), value = TRUE)
  columns <- columns[is_gated(object, sub("^[.]gate_", "", columns))]
  abort_if(length(columns) == 0, c(
    "{.arg object} must weigh encoders by gates.",
    x = "Its network adds them up unweighted."
  ), argument = "object")
  groups <- split(seq_len(nrow(parts)), factor(parts$n_unseen, 0:2))
  groups <- groups[lengths(groups) > 0]
  titles <- sprintf(
    "%s\n%s pairs", unseen_text(as.integer(names(groups))),
    count_text(lengths(groups))
  )
  bind_each(seq_along(groups), function(i) {
    at <- vapply(parts[groups[[i]], columns], function(gate) {
      stats::quantile(gate, c(0.1, 0.5, 0.9), na.rm = TRUE, names = FALSE)
    }, numeric(3))
    tibble(
      panel = factor(titles[[i]], titles),
      encoder = factor(
        sub("^[.]gate_", "", columns), rev(sub("^[.]gate_", "", columns))
      ),
      low = at[1, ], middle = at[2, ], high = at[3, ]
    )
  })
}

#' @rdname musl_interactions-methods
#' @rawNamespace S3method(ggplot2::autoplot, musl_interactions)
autoplot.musl_interactions <- function(object, ...) {
  check_dots_empty()
  plot_history(object$history)
}
