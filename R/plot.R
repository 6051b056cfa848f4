#' Plot the training of a model
#'
#' Shows loss and validation metrics over the epochs; a ring marks the epoch
#' whose weights were kept.
#' For an ensemble, thin lines are its networks and thick ones their mean.
#'
#' @param object A [MuslModel][musl_fit()].
#' @param ... Must be empty.
#' @param what "history"; or "gates": the weight of each
#'   encoder in the network, by the number of unseen genes of a pair, over
#'   the pairs with known labels (at most 2,000 of each).
#' @param data A [MuslData][musl_data()] to compute gates from, or `NULL` for
#'   the inputs in the model.
#' @returns A ggplot.
#'   "history": one column of panels per phase, losses above and metrics below.
#'   "gates": one panel per number of unseen genes; points are medians, lines
#'   span 80 % of the pairs. Gates of a pair sum to 1.
#' @section Errors:
#'   `musl_error_input` if there is nothing to plot: no network, no encoder that
#'   it weighs, or no inputs to compute gates from.
#' @aliases autoplot
#' @seealso [musl_history()], [predict()][predict.MuslModel] for gates of pairs
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
    plot_gates(object, data)
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
  parts <- lapply(names(history_series)[known], function(name) {
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
  do.call(rbind, parts)
}

whole_breaks <- function(limits) {
  unique(floor(pretty(limits)))
}

#' Plot ranked partners
#'
#' Shows the score of each partner, best on top, with its probability.
#' Colours show how many genes of the pair were unseen in training; pairs known
#' to be SL are filled, pairs known to be non-SL are triangles.
#' Scores are logits: unlike probabilities they still differ among the best.
#' A list ordered by pair evidence as well has a second panel for it.
#'
#' For a model of measured pairs there are three panels: the score with
#' its probability, the part from the relation of both genes (pair evidence),
#' and the part from each gene (gene effect). Evidence and effect add up to the
#' score; colours show which pairs a screen measured, which of them were a hit
#' in any, and which have only a recorded label, such as a database's.
#'
#' After [augment()] with a screen of [musl_screen()], an asterisk marks the
#' partners whose knock-out harms lines that lost the anchor more than the rest
#' at an FDR of 0.05.
#'
#' @param object The result of [musl_partners()].
#' @param n Whole number >= 1: partners to show for each anchor, the first of
#'   those that are left if rows were filtered; or `NULL` for 20, fewer for more
#'   than two anchors, so that names do not overlap (at least 5).
#' @param ... Must be empty.
#' @param what "list", or "map": anchors side by side against their partners,
#'   those of many lists on top (at most 20).
#' @returns A ggplot: for "list" one panel per anchor, for "map" one cell per
#'   listed pair.
#' @section Errors:
#'   `musl_error_input` if no row is left, or a column that it shows.
#' @examples
#' fit <- musl_example_model()
#' autoplot(musl_partners(fit, "SIM001", n = 5))
#' @rawNamespace S3method(ggplot2::autoplot, musl_partners)
autoplot.musl_partners <- function(object, n = NULL, ...,
                                   what = c("list", "map")) {
  check_dots_empty()
  check_whole(n, 1, allow_null = TRUE)
  what <- check_choice(what, c("list", "map"))
  check_drawable(object, drawn_columns(object, what))
  n <- n %||% legible_partners(object, what)
  if (what == "map") {
    return(plot_partner_map(object, n))
  }
  if (all(names(partner_parts) %in% names(object))) {
    return(plot_partner_parts(object, n))
  }
  shown <- partner_points(object, n)
  with_evidence <- "part" %in% names(shown)
  rows <- nlevels(shown$row)
  ggplot2::ggplot(shown, ggplot2::aes(.data$value, .data$row)) +
    ggplot2::geom_point(
      ggplot2::aes(
        colour = .data$unseen, shape = .data$status
      ),
      size = 2.5, stroke = 1, fill = "white"
    ) +
    ggplot2::geom_text(
      ggplot2::aes(label = .data$probability),
      hjust = -0.4, size = 2.6, colour = "grey30", na.rm = TRUE
    ) +
    partner_facets(with_evidence) +
    ggplot2::scale_colour_manual(
      values = stats::setNames(musl_colours[c(1, 5, 2)], unseen_text(0:2)),
      limits = unseen_text(sort(unique(shown$n_unseen)))
    ) +
    ggplot2::scale_shape_manual(values = status_shapes) +
    ggplot2::scale_x_continuous(expand = ggplot2::expansion(c(0.05, 0.2))) +
    ggplot2::scale_y_discrete(labels = function(row) sub("^.*\t", "", row)) +
    ggplot2::labs(
      x = if (with_evidence) list_order_text(object) else "Score (logit)",
      y = NULL,
      caption = paste0(
        "Numbers: calibrated probability of synthetic lethality.",
        support_caption(shown$row)
      )
    ) +
    theme_musl() +
    ggplot2::theme(
      axis.text.y = row_text(rows), legend.box = "vertical",
      legend.margin = ggplot2::margin(0, 0, 0, 0),
      legend.spacing.y = ggplot2::unit(0, "pt")
    )
}

list_order_text <- function(object) {
  paste0(
    "Lists are ordered by pair evidence",
    if (!identical(attr(object, "by"), "pair_evidence")) {
      ", expression and score"
    }
  )
}

# What a picture of partners reads.
drawn_columns <- function(object, what) {
  has_parts <- all(names(partner_parts) %in% names(object))
  c(
    "anchor", "partner", "rank", ".score",
    if (what == "list") c(".pred_SL", "label"),
    if (what == "list") if (has_parts) "measured" else c("n_unseen", "known")
  )
}

# Rows for each anchor whose names do not overlap in one picture.
legible_partners <- function(object, what) {
  most <- 20
  if (what == "map") {
    return(most)
  }
  max(5, min(most, 40 %/% length(unique(object$anchor))))
}

# The first `n` rows of each anchor that are there, best first: rows may have
# been left out or sorted.
first_partners <- function(object, n) {
  anchor <- match(object$anchor, unique(object$anchor))
  rows <- order(anchor, object$rank)
  object[rows[sequence(tabulate(anchor)) <= n], ]
}

partner_points <- function(object, n) {
  object <- first_partners(object, n)
  row <- drawn_rows(object)
  shown <- as_tibble(unclass(object)[
    c("partner", ".score", ".pred_SL", "n_unseen")
  ])
  shown$anchor <- factor(object$anchor, unique(object$anchor))
  shown$row <- factor(row, rev(unique(row)))
  shown$status <- known_status(object)
  shown$unseen <- unseen_text(object$n_unseen)
  shown$probability <- probability_text(object$.pred_SL)
  shown$value <- shown$.score
  if (!"pair_evidence" %in% names(object)) {
    return(shown)
  }
  titles <- c("Score (logit)", "Pair evidence")
  shown$part <- factor(titles[[1]], titles)
  evidence <- shown
  evidence$value <- object$pair_evidence
  evidence$part[] <- titles[[2]]
  evidence$probability <- NA_character_
  rbind(shown, evidence)
}

partner_facets <- function(with_evidence) {
  if (with_evidence) {
    return(ggplot2::facet_grid(
      ggplot2::vars(.data$anchor), ggplot2::vars(.data$part),
      scales = "free"
    ))
  }
  ggplot2::facet_wrap(ggplot2::vars(.data$anchor), scales = "free")
}

# A partner may have different ranks for several anchors: one level per row.
drawn_rows <- function(object) {
  paste0(
    object$anchor, "\t", object$partner, ifelse(has_support(object), " *", "")
  )
}

# Whether a screen beside the partners found that loss of the anchor sensitises.
has_support <- function(object) {
  if (!all(c("screen_fdr", "screen_cliffs_delta") %in% names(object))) {
    return(logical(nrow(object)))
  }
  (object$screen_fdr <= 0.05 & object$screen_cliffs_delta < 0) %in% TRUE
}

support_caption <- function(rows) {
  if (any(grepl(" [*]$", rows))) {
    "\n*: more dependent where the anchor is lost (screen, FDR .05)."
  }
}

# ".99" is not 1, nor is ".005" 0: as many digits as distinguish them.
probability_text <- function(p) {
  out <- sprintf("%.2f", p)
  low <- !is.na(p) & p < 0.1
  out[low] <- vapply(signif(p[low], 2), format, "", scientific = FALSE)
  out[!is.na(p) & p < 1e-4] <- "<.0001"
  high <- !is.na(p) & p > 0.995
  out[high] <- sub("0+$", "", sprintf("%.4f", pmin(p[high], 0.9999)))
  out[is.na(p)] <- NA
  out
}

status_shapes <- c("known SL" = 16, "known non-SL" = 24, "new" = 21)

known_status <- function(partners) {
  status <- rep("new", nrow(partners))
  status[partners$known] <- ifelse(
    partners$label[partners$known] == "SL", "known SL", "known non-SL"
  )
  factor(status, names(status_shapes))
}
