#' @rdname musl_dependency
#' @param object The result of `musl_dependency()`.
#' @param type "volcano": difference of medians and p-value of each partner;
#'   common essential genes are triangles, and a dashed line marks the largest
#'   p-value up to `fdr`. "groups": the effect of one `partner`, a gene of `x`,
#'   in lines with loss and the rest.
#' @param fdr Number from 0 to 1: partners up to this false discovery rate are
#'   coloured.
#' @param n_labels Whole number >= 0, partners to name in each panel of the
#'   volcano: those depleted by the rank test with the smallest p-values up to
#'   `fdr`.
#' @param partner One gene of `x`.
#' @param ... Must be empty.
#' @rawNamespace S3method(ggplot2::autoplot, musl_dependency)
autoplot.musl_dependency <- function(object, type = c("volcano", "groups"),
                                 fdr = 0.05, n_labels = 10L, x = NULL,
                                 partner = NULL, ...) {
  check_dots_empty()
  type <- check_choice(type, c("volcano", "groups"))
  check_number(fdr, 0, 1)
  check_whole(n_labels, 0)
  if (type == "volcano") {
    check_drawable(object, volcano_columns)
    return(volcano_plot(object, fdr, n_labels))
  }
  shown <- group_values(object, x, partner)
  shown$panel <- factor(shown$anchor, labels = panel_words(object, partner))
  ggplot2::ggplot(shown, ggplot2::aes(.data$lines, .data$effect)) +
    ggplot2::geom_boxplot(
      ggplot2::aes(fill = .data$group),
      outlier.shape = NA, width = 0.6, alpha = 0.4, show.legend = FALSE
    ) +
    ggplot2::geom_point(
      ggplot2::aes(colour = .data$group),
      position = ggplot2::position_jitter(width = 0.15, height = 0, seed = 1),
      size = 1, show.legend = FALSE
    ) +
    ggplot2::facet_wrap(ggplot2::vars(.data$panel), scales = "free_x") +
    ggplot2::scale_fill_manual(values = group_colours) +
    ggplot2::scale_colour_manual(values = group_colours) +
    ggplot2::labs(x = NULL, y = paste("Effect of knocking out", partner)) +
    theme_musl()
}

volcano_plot <- function(object, fdr, n_labels) {
  shown <- volcano_points(object, fdr, n_labels)
  n <- sum(shown$status == "sensitised by loss")
  # The largest p-value up to `fdr` of each anchor.
  limits <- shown[shown$fdr <= fdr, ]
  limits <- limits[order(limits$height), ]
  limits <- limits[!duplicated(limits$anchor), ]
  ggplot2::ggplot(shown, ggplot2::aes(.data$difference, .data$height)) +
    ggplot2::geom_vline(xintercept = 0, colour = "grey80") +
    ggplot2::geom_hline(
      ggplot2::aes(yintercept = .data$height), limits,
      linetype = "dashed", colour = "grey60"
    ) +
    ggplot2::geom_point(
      ggplot2::aes(colour = .data$status, shape = .data$essential),
      size = 1.5, alpha = 0.7
    ) +
    ggplot2::geom_text(
      ggplot2::aes(label = .data$label),
      size = 3, vjust = -0.7, na.rm = TRUE, check_overlap = TRUE
    ) +
    ggplot2::facet_wrap(ggplot2::vars(.data$anchor)) +
    ggplot2::scale_colour_manual(values = volcano_colours, drop = FALSE) +
    ggplot2::scale_shape_manual(
      values = c("selective" = 16, "common essential" = 17)
    ) +
    # Room for the names of partners at the edges.
    ggplot2::scale_x_continuous(expand = ggplot2::expansion(0.1)) +
    ggplot2::scale_y_continuous(expand = ggplot2::expansion(c(0.02, 0.1))) +
    ggplot2::labs(
      x = "Difference of median effect (loss less rest)",
      y = "-log10 p-value",
      caption = paste0(
        "FDR up to ", format(fdr), if (n > 0) " above the dashed line", ": ", n,
        " sensitised."
      )
    ) +
    theme_musl() +
    theme_stacked()
}

volcano_colours <- c(
  "sensitised by loss" = musl_colours[[2]],
  "less dependent" = musl_colours[[1]],
  "no difference" = "grey70"
)

volcano_columns <- c(
  "anchor", "partner", "difference", "cliffs_delta", "p_value", "fdr",
  "common_essential"
)

volcano_points <- function(object, fdr, n_labels) {
  shown <- as_tibble(unclass(object)[volcano_columns])
  shown$depleted <- is_depleted(object)
  shown <- shown[!is.na(shown$p_value), ]
  # A p-value may be too small for a double.
  shown$height <- -log10(pmax(shown$p_value, .Machine$double.xmin))
  found <- shown$fdr <= fdr
  status <- rep("no difference", nrow(shown))
  status[found & shown$depleted %in% TRUE] <- "sensitised by loss"
  status[found & shown$depleted %in% FALSE] <- "less dependent"
  shown$status <- factor(status, names(volcano_colours))
  shown$essential <- ifelse(
    shown$common_essential %in% TRUE, "common essential", "selective"
  )
  shown$anchor <- factor(shown$anchor, unique(object$anchor))
  shown$label <- NA_character_
  # ave() ranks within the anchor.
  lower <- which(shown$status == "sensitised by loss")
  rank <- stats::ave(
    shown$p_value[lower], shown$anchor[lower],
    FUN = function(p) rank(p, ties.method = "first")
  )
  named <- lower[rank <= n_labels]
  shown$label[named] <- shown$partner[named]
  shown
}

# One row per line and anchor: anchor, group, effect.
group_values <- function(object, x, partner) {
  check_is(x, "SummarizedExperiment", arg = "x")
  check_string(partner, arg = "partner")
  lost <- attr(object, "design")$lost
  known <- is.matrix(lost) && identical(rownames(lost), colnames(x)) &&
    all(object$anchor %in% colnames(lost)) &&
    "effect" %in% SummarizedExperiment::assayNames(x)
  abort_if(!known, c(
    "{.arg x} must be the experiment that {.arg object} was computed from, by
     one call.",
    i = "Its cell lines, their order and its assays must be the same."
  ), argument = "x")
  row <- match(partner, rownames(x))
  abort_if(is.na(row), c(
    "{.arg partner} must be a gene of {.arg x}.",
    x = "There is no {.val {partner}}."
  ), "gene", genes = partner)
  anchors <- unique(object$anchor)
  lost <- lost[, anchors, drop = FALSE]
  values <- tibble(
    anchor = factor(rep(anchors, each = nrow(lost)), anchors),
    group = factor(ifelse(lost, "loss", "rest"), c("loss", "rest")),
    effect = rep(
      unname(dependency_assay(x, "effect", row)[1, ]), length(anchors)
    )
  )
  values <- values[!is.na(values$group) & !is.na(values$effect), ]
  values$lines <- group_words(values, attr(object, "design")$event)
  values
}

# "MTAP lost (n = 114)", "others (n = 900)", a factor in this order.
group_words <- function(values, event) {
  anchor <- as.character(values$anchor)
  altered <- if (event %||% "that lost" == "that lost") {
    paste(anchor, "lost")
  } else {
    paste(sub("^with ", "", event), anchor)
  }
  words <- ifelse(values$group == "loss", altered, "others")
  n <- stats::ave(seq_along(words), anchor, words, FUN = length)
  words <- paste0(words, " (n = ", n, ")")
  factor(words, unique(words[order(values$group)]))
}

# "MTAP (FDR 0.001)", of each anchor in order.
panel_words <- function(object, partner) {
  anchors <- unique(object$anchor)
  row <- match(paste(anchors, partner), paste(object$anchor, object$partner))
  fdr <- object[["fdr"]][row]
  make.unique(paste0(
    anchors, ifelse(is.na(fdr), "", sprintf(" (FDR %.2g)", fdr))
  ))
}

group_colours <- c(loss = musl_colours[[2]], rest = musl_colours[[1]])

#' @rdname musl_compare
#' @param object The result of `musl_compare()`.
#' @returns `autoplot()`: the fold enrichment at each k with its bootstrap
#'   interval, over a grey band of random rankings.
#' @rawNamespace S3method(ggplot2::autoplot, musl_comparison)
autoplot.musl_comparison <- function(object, ...) {
  check_dots_empty()
  shown <- as_tibble(unclass(object))[!is.na(object$k), ]
  abort_if(nrow(shown) == 0, c(
    "{.arg object} must have an enrichment.",
    x = "It has {.val {object$.metric}}.",
    i = "Give a {.arg k} of at most the number of compared genes."
  ), argument = "object")
  shown$depth <- factor(shown$k)
  ggplot2::ggplot(shown, ggplot2::aes(.data$depth, .data$.estimate)) +
    ggplot2::geom_linerange(
      ggplot2::aes(ymin = .data$chance_lower, ymax = .data$chance_upper),
      linewidth = 8, colour = "grey88", na.rm = TRUE
    ) +
    ggplot2::geom_hline(
      yintercept = 1, linetype = "dashed", colour = "grey60"
    ) +
    ggplot2::geom_linerange(
      ggplot2::aes(ymin = .data$.lower, ymax = .data$.upper),
      colour = musl_colours[[1]], na.rm = TRUE
    ) +
    ggplot2::geom_point(colour = musl_colours[[1]], size = 2.5, na.rm = TRUE) +
    ggplot2::labs(
      x = "First k predictions", y = "Fold enrichment of hits",
      caption = if (!all(is.na(shown$chance_lower))) "Grey: random rankings"
    ) +
    theme_musl()
}
