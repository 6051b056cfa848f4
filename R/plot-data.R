# The theme of all plots of the package. Colours are those of Okabe and Ito
# (2008), which colour-blind readers can distinguish, in this order.
musl_colours <- c("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00")

# `...` are settings of ggplot2::theme().
theme_musl <- function(...) {
  white <- ggplot2::element_rect(fill = "white", colour = NA)
  ggplot2::theme_minimal(base_size = 11) +
    ggplot2::theme(
      # Without it a saved plot is transparent, and black on a dark page.
      plot.background = white,
      plot.caption = ggplot2::element_text(colour = "grey40", hjust = 0),
      plot.caption.position = "plot",
      panel.grid.minor = ggplot2::element_blank(),
      # Else the last number of an axis touches the first of the next panel.
      panel.spacing = ggplot2::unit(1, "lines"),
      strip.text = ggplot2::element_text(hjust = 0, face = "bold"),
      legend.position = "bottom",
      legend.title = ggplot2::element_blank()
    ) +
    ggplot2::theme(...)
}

# For the bins of two genes.
theme_cells <- function(...) {
  theme_musl(
    aspect.ratio = 1, panel.grid = ggplot2::element_blank(),
    legend.position = "right", legend.title = ggplot2::element_text(), ...
  )
}

# Two rows: side by side the legends are wider than most pages.
theme_stacked <- function() {
  ggplot2::theme(
    legend.box = "vertical", legend.margin = ggplot2::margin(0, 0, 0, 0),
    legend.spacing.y = ggplot2::unit(0, "pt")
  )
}

# Text size of a row that fits on a page of usual height.
row_text <- function(n_rows) {
  ggplot2::element_text(size = max(5, min(9, 170 / max(n_rows, 1))))
}

# Users select columns and filter rows before they draw a table.
check_drawable <- function(object, columns) {
  missing <- setdiff(columns, names(object))
  abort_if(length(missing) > 0, c(
    "{.arg object} must have the columns that the picture shows.",
    x = "Missing: {.field {missing}}."
  ), argument = "object")
  abort_if(nrow(object) == 0, c(
    "{.arg object} must have rows to draw.",
    x = "It has none."
  ), argument = "object")
}

#' Plot data and predictions
#'
#' Plots of inputs and results.
#'
#' @param object A [musl_data()], [musl_top_pairs()] or the table of
#'   [predict()][predict.MuslModel].
#' @param n Whole number >= 1: pairs to show.
#' @param ... Must be empty.
#' @returns A ggplot.
#'
#'   `MuslData`: the genes in each input, those with labelled pairs separately.
#'   `musl_top_pairs`, `musl_predictions`: the best pairs and their scores;
#'   circles are filled if a label was known in training.
#' @section Errors:
#'   `musl_error_input` for predictions without a score, and for a table without
#'   rows or a column that it shows.
#' @examples
#' d <- musl_simulate("small", seed = 1)
#' autoplot(d)
#' pairs <- data.frame(gene_a = "SIM001", gene_b = paste0("SIM0", 20:39))
#' autoplot(predict(musl_example_model(), pairs))
#' @name autoplot_data
NULL

#' @rdname autoplot_data
#' @rawNamespace S3method(ggplot2::autoplot, MuslData)
autoplot.MuslData <- function(object, ...) {
  check_dots_empty()
  shown <- input_coverage(object)
  most <- max(1, shown$total)
  ggplot2::ggplot(shown, ggplot2::aes(.data$n, .data$input)) +
    ggplot2::geom_col(ggplot2::aes(fill = .data$genes), width = 0.7) +
    ggplot2::scale_fill_manual(
      values = c("with labelled pairs" = musl_colours[[1]], others = "grey75"),
      guide = ggplot2::guide_legend(reverse = TRUE)
    ) +
    # Room beside the longest bar for its text.
    ggplot2::scale_x_continuous(
      breaks = Filter(function(x) x <= most, pretty(c(0, most))),
      labels = count_text, expand = ggplot2::expansion(c(0, 0.5))
    ) +
    ggplot2::geom_text(
      ggplot2::aes(.data$total, label = .data$text),
      unique(shown[c("input", "total", "text")]),
      hjust = 0, nudge_x = 0.015 * most, size = 3
    ) +
    ggplot2::labs(x = "Genes", y = NULL, caption = label_caption(object)) +
    theme_musl()
}

# Genes of each input, with and without labelled pairs.
input_coverage <- function(x) {
  inside <- c(input_genes(x), lapply(
    if (!is.null(x@evidence)) evidence_genes(x@evidence),
    function(genes) x@genes %in% genes
  ))
  labelled <- x@pairs[!is.na(x@pairs$label), ]
  paired <- x@genes %in% c(labelled$gene_a, labelled$gene_b)
  inputs <- names(inside)
  titles <- make.unique(ifelse(
    inputs %in% names(input_titles), input_titles[inputs], inputs
  ))
  with <- vapply(inside, function(one) sum(one & paired), 1)
  total <- vapply(inside, sum, 1)
  samples <- count_samples(x)[inputs]
  text <- paste0(count_text(total), ifelse(
    is.na(samples), "", paste0(", ", count_text(samples), " samples")
  ))
  tibble(
    input = factor(rep(titles, 2), rev(titles)),
    genes = factor(
      rep(c("with labelled pairs", "others"), each = length(inputs)),
      c("others", "with labelled pairs")
    ),
    n = unname(c(with, total - with)), total = rep(unname(total), 2),
    text = rep(text, 2)
  )
}

# Parts of musl_evidence(); cohorts, network and embeddings keep their names.
input_titles <- c(
  terms = "annotation terms", families = "protein families",
  genes = "table of genes", layout = "module layout", proteins = "sequences",
  paralogs = "aligned proteins", lines = "cell lines"
)

label_caption <- function(x) {
  n <- table(factor(x@pairs$label, pair_labels))
  paste0(
    count_text(n[["SL"]]), " SL and ", count_text(n[["non_SL"]]),
    " non-SL pairs, ", count_text(sum(is.na(x@pairs$label))), " unlabelled"
  )
}

#' @rdname musl_histogram
#' @param object A `musl_histogram()`.
#' @rawNamespace S3method(ggplot2::autoplot, musl_histogram)
autoplot.musl_histogram <- function(object, ...) {
  check_dots_empty()
  genes <- attr(object, "genes")
  scaled <- attr(object, "scaled")
  limits <- attr(object, "limits")
  cells <- long_histogram(object, limits)
  title <- if (is.null(limits)) "Bin of" else "Expression of"
  ggplot2::ggplot(
    cells, ggplot2::aes(.data$x, .data$y, fill = .data$value)
  ) +
    ggplot2::geom_tile() +
    ggplot2::scale_fill_viridis_c(
      trans = if (scaled) "identity" else "log1p",
      breaks = if (scaled) ggplot2::waiver() else count_breaks
    ) +
    ggplot2::labs(
      x = paste(title, genes[[1]]), y = paste(title, genes[[2]]),
      fill = if (scaled) "Scaled share" else "Samples"
    ) +
    ggplot2::coord_cartesian(expand = FALSE) +
    theme_cells() +
    if (length(dim(object)) > 2) {
      ggplot2::facet_wrap(ggplot2::vars(.data$channel))
    }
}

# One row per cell and channel, at the middle of its bin in the values' units if
# these are known.
long_histogram <- function(object, limits) {
  at <- arrayInd(seq_along(object), c(dim(object), 1L)[1:3])
  middle <- function(i) {
    if (is.null(limits)) {
      return(at[, i])
    }
    limits[i, 1] + (at[, i] - 0.5) / dim(object)[[i]] * diff(limits[i, ])
  }
  channels <- dimnames(object)[[3]] %||% "expression"
  tibble(
    bin_a = at[, 1], bin_b = at[, 2], x = middle(1), y = middle(2),
    channel = factor(channels[at[, 3]], channels), value = as.vector(object)
  )
}

count_breaks <- function(limits) {
  breaks <- c(0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 1e4, 1e5)
  breaks <- breaks[breaks <= limits[[2]]]
  if (length(breaks) > 6) breaks[seq(1, length(breaks), 2)] else breaks
}
