#' Plot data, splits, atlases and predictions
#'
#' Plots of inputs and results.
#'
#' @param object A [musl_data()], [musl_split()], [musl_leaks()],
#'   [musl_drift()], [musl_atlas()], [musl_top_pairs()] or the table of
#'   [predict()][predict.MuslModel].
#' @param fold Whole number, the fold of a split to show.
#' @param n Whole number >= 1: pairs to show.
#' @param ... Must be empty.
#' @returns A ggplot.
#'
#'   `MuslData`: the genes in each input, those with labelled pairs separately.
#'   `musl_split`: the pairs of each part of a fold by label. `musl_drift`: the
#'   shift of each statistic by source, as a share of its limit; flagged ones in
#'   colour. `musl_leaks`: the findings of each kind; leaks in colour.
#'   `MuslAtlas`, `musl_top_pairs`, `musl_predictions`: the best pairs and their
#'   scores; circles are filled if a label was known in training.
#' @section Errors:
#'   `musl_error_input` for predictions without a score, for drift without a
#'   shift, and for a table without rows or a column that it shows.
#' @examples
#' d <- musl_simulate("small", seed = 1)
#' autoplot(d)
#' autoplot(musl_split(d, "inductive", folds = 3, seed = 1))
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
    counted_bars(
      "genes",
      c("with labelled pairs" = musl_colours[[1]], "others" = "grey75"),
      most, 0.5
    ) +
    ggplot2::geom_text(
      ggplot2::aes(.data$total, label = .data$text),
      unique(shown[c("input", "total", "text")]),
      hjust = 0, nudge_x = 0.015 * most, size = 3
    ) +
    ggplot2::labs(x = "Genes", y = NULL, caption = label_caption(object)) +
    theme_musl()
}

# Bars of numbers in two parts, with `room` beside the longest for its text.
counted_bars <- function(part, colours, most, room) {
  list(
    ggplot2::geom_col(ggplot2::aes(fill = .data[[part]]), width = 0.7),
    ggplot2::scale_fill_manual(
      values = colours, guide = ggplot2::guide_legend(reverse = TRUE)
    ),
    ggplot2::scale_x_continuous(
      breaks = Filter(function(x) x <= most, pretty(c(0, most))),
      labels = count_text, expand = ggplot2::expansion(c(0, room))
    )
  )
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
  text <- count_text(total)
  has <- !is.na(samples)
  text[has] <- paste0(text[has], ", ", count_text(samples[has]), " samples")
  tibble(
    input = factor(rep(titles, 2), rev(titles)),
    genes = factor(
      rep(c("with labelled pairs", "others"), each = length(inputs)),
      c("others", "with labelled pairs")
    ),
    n = unname(c(with, total - with)), total = rep(unname(total), 2),
    text = rep(unname(text), 2)
  )
}

# Parts of musl_evidence(); sources, network and embeddings keep their names.
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

#' @rdname autoplot_data
#' @rawNamespace S3method(ggplot2::autoplot, musl_split)
autoplot.musl_split <- function(object, fold = 1L, ...) {
  check_dots_empty()
  check_whole(fold, 1, object$folds)
  counts <- summary(object)
  counts <- counts[counts$fold == fold & counts$part %in% names(part_titles), ]
  parts <- factor(part_titles[counts$part], rev(part_titles))
  shown <- tibble(
    part = rep(parts, 2),
    label = factor(
      rep(c("SL", "non-SL"), each = nrow(counts)), c("non-SL", "SL")
    ),
    n = c(counts$n_positive, counts$n_pairs - counts$n_positive)
  )
  ggplot2::ggplot(shown, ggplot2::aes(.data$n, .data$part)) +
    counted_bars(
      "label", c("SL" = musl_colours[[1]], "non-SL" = "grey75"),
      max(1, counts$n_pairs), 0.15
    ) +
    ggplot2::geom_text(
      ggplot2::aes(counts$n_pairs, parts, label = count_text(counts$n_genes)),
      tibble(counts, parts = parts), hjust = -0.2, size = 3
    ) +
    ggplot2::labs(
      x = "Pairs", y = NULL,
      caption = paste0(
        object$setting, ", fold ", fold, " of ", object$folds,
        if (!is.null(object$held)) paste0(" (", object$held[[fold]], ")"),
        ". Numbers at bars: genes of the part."
      )
    ) +
    theme_musl()
}

part_titles <- c(
  train = "training", validation = "validation", C1 = "C1: no unseen gene",
  C2 = "C2: one unseen gene", C3 = "C3: two unseen genes", test = "test"
)

#' @rdname autoplot_data
#' @rawNamespace S3method(ggplot2::autoplot, musl_drift)
autoplot.musl_drift <- function(object, ...) {
  check_dots_empty()
  columns <- c("source", "statistic", "shift", "limit", "flag")
  check_drawable(object, columns)
  shown <- as_tibble(unclass(object))[!is.na(object$shift), ]
  check_drawable(shown, columns)
  shown$moved <- factor(
    ifelse(shown$flag, "flagged", "as in training"),
    c("as in training", "flagged")
  )
  statistics <- c("mean", "sd", "correlation", "location")
  shown$statistic <- factor(shown$statistic, rev(statistics))
  # Statistics have different units; limits make them comparable.
  shown$ratio <- shown$shift / shown$limit
  ggplot2::ggplot(shown, ggplot2::aes(.data$ratio, .data$statistic)) +
    ggplot2::geom_vline(
      xintercept = 1, linetype = "dashed", colour = "grey40"
    ) +
    ggplot2::geom_col(
      ggplot2::aes(fill = .data$moved),
      width = 0.6, na.rm = TRUE
    ) +
    ggplot2::geom_text(
      ggplot2::aes(label = signif(.data$shift, 2)),
      hjust = -0.2, size = 3, colour = "grey30", na.rm = TRUE
    ) +
    ggplot2::facet_wrap(ggplot2::vars(.data$source)) +
    ggplot2::scale_x_continuous(expand = ggplot2::expansion(c(0, 0.15))) +
    ggplot2::scale_fill_manual(
      values = c("as in training" = "grey75", "flagged" = musl_colours[[2]]),
      drop = FALSE
    ) +
    ggplot2::labs(
      x = "Shift from training, as a share of its limit", y = NULL,
      caption = "Numbers: the shift. Above the dashed line it is flagged."
    ) +
    theme_musl()
}

# Leaks ------------------------------------------------------------------------

leak_titles <- c(
  pair = "pair in two parts", swapped = "pair, genes swapped",
  gene = "C3 gene shown", seen = "C2 pair without new gene",
  family = "relative in training", query = "query shown",
  study = "study shown", genetic = "edge of genetic interactions",
  channel = "edge whose weight holds labels", edge = "network edge",
  annotation = "genetic annotation"
)

#' @rdname autoplot_data
#' @rawNamespace S3method(ggplot2::autoplot, musl_leaks)
autoplot.musl_leaks <- function(object, ...) {
  check_dots_empty()
  shown <- leak_counts(object)
  ggplot2::ggplot(shown, ggplot2::aes(.data$n, .data$kind)) +
    ggplot2::geom_col(ggplot2::aes(fill = .data$status), width = 0.7) +
    ggplot2::geom_text(
      ggplot2::aes(label = count_text(.data$n)),
      hjust = -0.3, size = 3, colour = "grey30"
    ) +
    ggplot2::scale_fill_manual(
      values = c("leak" = musl_colours[[2]], "no leak by itself" = "grey65"),
      drop = FALSE
    ) +
    ggplot2::scale_x_continuous(
      limits = c(0, NA), breaks = whole_breaks,
      expand = ggplot2::expansion(c(0, 0.12))
    ) +
    ggplot2::labs(x = "Findings", y = NULL, caption = leak_caption(object)) +
    theme_musl()
}

# Every kind, with 0 if nothing was found.
leak_counts <- function(object) {
  kinds <- names(leak_titles)
  tibble(
    kind = factor(leak_titles, rev(leak_titles)),
    status = factor(
      ifelse(kinds == "edge", "no leak by itself", "leak"),
      c("leak", "no leak by itself")
    ),
    n = tabulate(match(object$kind, kinds), length(kinds))
  )
}

leak_caption <- function(object) {
  folds <- length(unique(object$fold))
  if (nrow(object) == 0) {
    "Nothing found."
  } else {
    paste0(
      count_text(sum(object$leak)), " leak", if (sum(object$leak) != 1) "s",
      " in ", folds, " fold", if (folds != 1) "s", "."
    )
  }
}
