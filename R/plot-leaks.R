# Counts of leaks between test parts and training; see musl_leaks().

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
    ggplot2::labs(
      x = "Findings", y = NULL, caption = leak_caption(object)
    ) +
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
