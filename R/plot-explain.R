#' @rdname musl_explain
#' @param n Whole number of terms to plot, from 1; the sum of all others is in
#'   the caption.
#' @rawNamespace S3method(ggplot2::autoplot, musl_explanation)
autoplot.musl_explanation <- function(object,
                                      what = c("terms", "order", "histogram"),
                                      n = 10L, ...) {
  check_dots_empty()
  what <- check_choice(what, c("terms", "order", "histogram"))
  check_whole(n, 1)
  if (what == "histogram") {
    plot_explained_cells(object)
  } else {
    plot_terms(object, n, what)
  }
}

explained_title <- function(object, what = "terms") {
  overall <- attr(object, "glance")
  pair <- paste(overall$gene_a, "and", overall$gene_b)
  if (what == "order") {
    return(paste0(pair, ": what ranks them in lists"))
  }
  sprintf(
    "%s: score %.2f, probability %s", pair, overall$.score,
    format(signif(overall$.pred_SL, 2))
  )
}

# Bars to the right support SL, to the left speak against it.
plot_terms <- function(object, n, what) {
  check_drawable(object, c(
    "component", "term", "value", "contribution", "description"
  ))
  if (what == "order") {
    abort_if(all(is.na(object[["order"]])), c(
      "The explanation must tell what ranks lists.",
      i = "Scorers of measured pairs do, if none is named."
    ), argument = "what")
    object$contribution <- object$order
  }
  bars <- term_bars(object, n)
  ggplot2::ggplot(bars$rows, ggplot2::aes(
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
    ggplot2::labs(
      x = "Contribution (log odds)", y = NULL,
      title = explained_title(object, what), caption = bars$rest
    ) +
    theme_musl(
      axis.text.y = ggplot2::element_text(size = 7, lineheight = 0.8),
      plot.title = ggplot2::element_text(size = 11),
      plot.title.position = "plot", plot.caption.position = "plot"
    )
}

# list(rows: label, contribution, side of the `n` largest terms; rest: what all
# others and the reference add up to, in words).
term_bars <- function(object, n) {
  rows <- pool_scaled(described_terms(object))
  reference <- rows$component == "reference"
  shown <- utils::head(rows[!reference, ], n)
  rest <- rows[!reference, ][-seq_len(nrow(shown)), ]
  label <- make.unique(in_lines(ifelse(
    shown$component == shown$term, shown$term, told_with_value(shown)
  )))
  side <- ifelse(shown$contribution >= 0, "for SL", "against SL")
  list(
    rows = tibble(
      label = factor(label, rev(label)), contribution = shown$contribution,
      side = factor(side, c("for SL", "against SL"))
    ),
    rest = paste(c(
      if (nrow(rest) > 0) {
        sprintf(
          "%s: %+.2f", count_of(nrow(rest), "further term"),
          sum(rest$contribution)
        )
      },
      sprintf("%s: %+.2f", rows$term[reference], rows$contribution[reference])
    ), collapse = "; ")
  )
}

# One row per quantity: "evidence:x", the scaled x of a member, is added to x.
pool_scaled <- function(rows) {
  quantity <- sub("^evidence:", "", rows$term)
  pooled <- quantity != rows$term & quantity %in% rows$term
  to <- match(quantity[pooled], rows$term)
  for (column in c("contribution", "order")) {
    rows[[column]][to] <- rows[[column]][to] + rows[[column]][pooled]
  }
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

# Long names would leave no room for the bars, a third line none for the next
# name.
in_lines <- function(labels, width = 38) {
  vapply(labels, function(label) {
    lines <- strwrap(label, width)
    while (length(lines) > 2) {
      width <- width + 2
      lines <- strwrap(label, width)
    }
    paste(lines, collapse = "\n")
  }, "", USE.NAMES = FALSE)
}

plot_explained_cells <- function(object) {
  cells <- tidy(object, "histogram")
  # Encoders that read none leave every cell at 0.
  abort_if(all(cells[["contribution"]] == 0), c(
    "The explanation has no histogram.",
    i = "{.code tidy(x, what)} shows what it has."
  ), argument = "what")
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
    theme_cells(
      plot.title = ggplot2::element_text(size = 11),
      plot.title.position = "plot"
    )
}
