#' Plot the training of a model
#'
#' Draws loss and validation metrics over the epochs; a ring marks the epoch
#' whose weights were kept.
#'
#' @param object A [MuslModel][musl_fit()].
#' @param ... Must be empty.
#' @returns A ggplot: one column of panels a phase, losses above and metrics
#'   below.
#' @aliases autoplot
#' @seealso [musl_history()]
#' @examplesIf musl_has_backend()
#' d <- musl_simulate("small", seed = 1)
#' fit <- musl_fit(
#'   d,
#'   architecture = musl_architecture(encoders = "descriptors"),
#'   control = musl_control(epochs = 2, seed = 1, threads = 1),
#'   progress = FALSE
#' )
#' autoplot(fit)
#' @rawNamespace S3method(ggplot2::autoplot, MuslModel)
autoplot.MuslModel <- function(object, ...) {
  check_dots_empty()
  long <- long_history(object@history)
  ggplot2::ggplot(
    long,
    ggplot2::aes(.data$epoch, .data$value, colour = .data$series)
  ) +
    ggplot2::geom_line(
      ggplot2::aes(group = interaction(.data$series, .data$member)),
      na.rm = TRUE
    ) +
    ggplot2::geom_point(size = 1, na.rm = TRUE) +
    ggplot2::geom_point(
      data = long[long$best, ], shape = 21, size = 3, na.rm = TRUE,
      show.legend = FALSE
    ) +
    ggplot2::facet_grid(
      rows = ggplot2::vars(.data$panel), cols = ggplot2::vars(.data$phase),
      scales = "free", switch = "y"
    ) +
    ggplot2::scale_colour_manual(values = musl_colours) +
    ggplot2::scale_x_continuous(breaks = whole_breaks) +
    ggplot2::labs(x = "Epoch", y = NULL) +
    theme_musl() +
    ggplot2::theme(strip.placement = "outside")
}

history_series <- c(
  loss = "training loss", valid_loss = "validation loss",
  valid_auroc = "AUROC", valid_auprc = "AUPRC"
)

long_history <- function(history) {
  parts <- lapply(names(history_series), function(name) {
    tibble(
      phase = factor(history$phase, unique(history$phase)),
      member = history$member,
      epoch = history$epoch,
      best = history$best,
      panel = if (grepl("loss", name)) "Loss" else "Validation",
      series = factor(history_series[[name]], history_series),
      value = history[[name]]
    )
  })
  do.call(rbind, parts)
}

whole_breaks <- function(limits) {
  unique(floor(pretty(limits)))
}

#' Plot ranked partners
#'
#' Draws the probability of each partner, best on top; known pairs are filled.
#'
#' @param object The result of [musl_partners()].
#' @param ... Must be empty.
#' @returns A ggplot, one panel an anchor.
#' @examplesIf musl_has_backend()
#' d <- musl_simulate("small", seed = 1)
#' fit <- musl_fit(
#'   d,
#'   architecture = musl_architecture(encoders = "descriptors"),
#'   control = musl_control(epochs = 2, seed = 1, threads = 1),
#'   progress = FALSE
#' )
#' autoplot(musl_partners(fit, musl_genes(d)[1], n = 5))
#' @rawNamespace S3method(ggplot2::autoplot, musl_partners)
autoplot.musl_partners <- function(object, ...) {
  check_dots_empty()
  # A partner may stand at different ranks of several anchors: one level a row.
  row <- paste(object$anchor, object$partner, sep = "\t")
  shown <- as_tibble(unclass(object)[c("partner", ".pred_SL")])
  shown$anchor <- factor(object$anchor, unique(object$anchor))
  shown$row <- factor(row, rev(row))
  shown$status <- known_status(object)
  ggplot2::ggplot(shown, ggplot2::aes(.data$.pred_SL, .data$row)) +
    ggplot2::geom_segment(
      ggplot2::aes(x = 0, xend = .data$.pred_SL, yend = .data$row),
      colour = "grey75"
    ) +
    ggplot2::geom_point(
      ggplot2::aes(fill = .data$status, shape = .data$status),
      size = 3, colour = musl_colours[[1]]
    ) +
    ggplot2::facet_wrap(ggplot2::vars(.data$anchor), scales = "free_y") +
    ggplot2::scale_fill_manual(values = status_fills) +
    ggplot2::scale_shape_manual(values = status_shapes) +
    ggplot2::scale_x_continuous(
      limits = c(0, NA), expand = ggplot2::expansion(c(0, 0.05))
    ) +
    ggplot2::scale_y_discrete(labels = function(row) sub("^.*\t", "", row)) +
    ggplot2::labs(x = "Probability of synthetic lethality", y = NULL) +
    theme_musl() +
    ggplot2::theme(panel.grid.major.y = ggplot2::element_blank())
}

status_fills <- c(
  "known SL" = musl_colours[[1]], "known non-SL" = musl_colours[[2]],
  "new" = "white"
)
status_shapes <- c("known SL" = 21, "known non-SL" = 24, "new" = 21)

known_status <- function(partners) {
  status <- rep("new", nrow(partners))
  status[partners$known] <- ifelse(
    partners$label[partners$known] == "SL", "known SL", "known non-SL"
  )
  factor(status, names(status_fills))
}
