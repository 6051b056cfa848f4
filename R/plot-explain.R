#' @rdname musl_explain
#' @param n Whole number of rows to plot, from 1.
#' @rawNamespace S3method(ggplot2::autoplot, musl_explanation)
autoplot.musl_explanation <- function(object,
                                      what = c(
                                        "terms", "groups", "histogram",
                                        "partners", "branches"
                                      ), n = 10L, ...) {
  check_dots_empty()
  what <- check_choice(
    what, c("terms", "groups", "histogram", "partners", "branches")
  )
  check_whole(n, 1)
  switch(what,
    terms = plot_terms(object, n),
    groups = plot_sums(
      object, drawn_share(tidy(object, what)), "group", share_title(object)
    ),
    histogram = plot_explained_cells(object),
    partners = plot_explained_partners(object, n),
    branches = plot_sums(object, tidy(object, what), "branch")
  )
}

explained_title <- function(object) {
  overall <- attr(object, "glance")
  sprintf(
    "%s and %s: score %.2f, probability %s", overall$gene_a, overall$gene_b,
    overall$.score, format(signif(overall$.pred_SL, 2))
  )
}

# Sums of contributions, named by a column of theirs. Bars to the right support
# SL, to the left non-SL.
plot_sums <- function(object, rows, name, title = "Contribution (log odds)") {
  rows$label <- factor(rows[[name]], rev(rows[[name]]))
  rows$side <- factor(
    ifelse(rows$contribution >= 0, "for SL", "against SL"),
    c("for SL", "against SL")
  )
  ggplot2::ggplot(rows, ggplot2::aes(
    .data$contribution, .data$label,
    fill = .data$side
  )) +
    ggplot2::geom_col(width = 0.7) +
    ggplot2::geom_vline(xintercept = 0, colour = "grey40", linewidth = 0.3) +
    ggplot2::scale_fill_manual(
      values = c(
        "for SL" = musl_colours[[2]], "against SL" = musl_colours[[1]]
      ),
      drop = FALSE
    ) +
    ggplot2::labs(x = title, y = NULL, title = explained_title(object)) +
    theme_musl() +
    ggplot2::theme(
      axis.text.y = ggplot2::element_text(size = 7.5, lineheight = 0.8),
      plot.title = ggplot2::element_text(size = 11),
      plot.title.position = "plot"
    )
}

# The value to plot: the pair-specific share, if known.
drawn_share <- function(rows) {
  rows$contribution <- rows[["specific"]] %||% rows$contribution
  rows
}

share_title <- function(object) {
  if ("specific" %in% names(object)) {
    "Specific to the pair (log odds)"
  } else {
    "Contribution (log odds)"
  }
}

plot_terms <- function(object, n) {
  check_drawable(object, c(
    "component", "term", "value", "contribution", "description"
  ))
  rows <- pool_scaled(drawn_share(described_terms(object)))
  reference <- rows$component == "reference"
  shown <- utils::head(rows[!reference, ], n)
  rest <- sum(rows$contribution[!reference]) - sum(shown$contribution)
  label <- in_lines(ifelse(
    shown$component == shown$term, shown$term, told_with_value(shown)
  ))
  n_rest <- sum(!reference) - nrow(shown)
  rows <- tibble(
    label = c(
      make.unique(label),
      if (n_rest > 0) sprintf("%d further terms", n_rest),
      rows$term[reference]
    ),
    contribution = c(
      shown$contribution, if (n_rest > 0) rest, rows$contribution[reference]
    )
  )
  plot_sums(object, rows, "label", share_title(object))
}

# One row per quantity: "evidence:x", the scaled x of a member, is added to x.
pool_scaled <- function(rows) {
  quantity <- sub("^evidence:", "", rows$term)
  pooled <- quantity != rows$term & quantity %in% rows$term
  to <- match(quantity[pooled], rows$term)
  rows$contribution[to] <- rows$contribution[to] + rows$contribution[pooled]
  rows <- rows[!pooled, ]
  rows[order(-abs(rows$contribution)), ]
}

# Terms with a description, with the value that it refers to.
told_with_value <- function(terms) {
  plain <- terms$description == terms$term | is.na(terms$value)
  paste0(
    terms$description,
    ifelse(plain, "", paste0(" = ", signif(terms$value, 3)))
  )
}

# Long names would leave no room for the bars, a third line little for the next
# name.
in_lines <- function(labels, width = 38, widest = 50) {
  vapply(labels, function(label) {
    lines <- strwrap(label, width)
    while (length(lines) > if (width < widest) 2 else 3) {
      width <- width + 2
      lines <- strwrap(label, width)
    }
    paste(lines, collapse = "\n")
  }, "", USE.NAMES = FALSE)
}

plot_explained_partners <- function(object, n) {
  rows <- utils::head(tidy(object, "known_partners"), n)
  if (nrow(rows) == 0) abort_no_picture("known partners")
  rows$label <- make.unique(paste0(
    rows$partner, ", ", ifelse(rows$record == "SL", "SL", "not SL"), " with ",
    rows$gene
  ))
  plot_sums(object, rows, "label", "Share in what partners add (log odds)")
}

abort_no_picture <- function(what) {
  abort_musl(c(
    "The explanation has no {what}.",
    i = "{.code tidy(x, what)} shows what it has."
  ), argument = "what")
}

plot_explained_cells <- function(object) {
  cells <- tidy(object, "histogram")
  # Encoders that read none leave every cell at 0.
  if (all(cells[["contribution"]] == 0)) abort_no_picture("histogram")
  overall <- attr(object, "glance")
  in_bins <- anyNA(cells$low_a) || anyNA(cells$low_b)
  cells$x <- if (in_bins) cells$bin_a else (cells$low_a + cells$high_a) / 2
  cells$y <- if (in_bins) cells$bin_b else (cells$low_b + cells$high_b) / 2
  cells$width <- if (in_bins) 1 else cells$high_a - cells$low_a
  cells$height <- if (in_bins) 1 else cells$high_b - cells$low_b
  of <- ifelse(cells$transform == "none", "", paste0(": ", cells$transform))
  panel <- paste0(cells$cohort, ", channel ", cells$channel, of)
  cells$panel <- if (all(cells$channel == 1)) cells$cohort else panel
  largest <- max(abs(cells$contribution))
  title <- if (in_bins) "Bin of" else "Expression of"
  ggplot2::ggplot(cells, ggplot2::aes(.data$x, .data$y)) +
    ggplot2::geom_tile(ggplot2::aes(
      fill = .data$contribution, width = .data$width, height = .data$height
    )) +
    ggplot2::scale_fill_gradient2(
      low = musl_colours[[1]], mid = "white", high = musl_colours[[2]],
      limits = c(-largest, largest)
    ) +
    ggplot2::facet_wrap(ggplot2::vars(.data$panel), scales = "free") +
    ggplot2::labs(
      x = paste(title, overall$gene_a), y = paste(title, overall$gene_b),
      fill = "Log odds", title = explained_title(object)
    ) +
    theme_musl() +
    ggplot2::theme(
      panel.grid = ggplot2::element_blank(), legend.position = "right",
      legend.title = ggplot2::element_text(),
      plot.title = ggplot2::element_text(size = 11),
      plot.title.position = "plot", aspect.ratio = 1
    )
}
