#' Plot predictions against a screen
#'
#' Shows how hits of a screen are enriched among the best predictions, or the
#' strength of each gene along the ranking.
#'
#' @param object The result of [musl_compare()].
#' @param type "enrichment" or "ranking".
#' @param ... Must be empty.
#' @returns A ggplot.
#'   "enrichment": fold enrichment at each k with its bootstrap interval; the
#'   grey band is the range of random rankings. For several queries it shows the
#'   means, without the band.
#'   "ranking": strength in the screen against the predicted rank, hits in
#'   colour; one panel per query.
#' @section Errors:
#'   `musl_error_input` for "enrichment" without a measure at any k.
#' @seealso [musl_compare()]
#' @examples
#' predictions <- data.frame(
#'   anchor = "A", partner = sprintf("G%02d", 1:40), .score = 40:1
#' )
#' screen <- data.frame(GENE = sprintf("G%02d", 1:40), BF = 20 - 1:40)
#' compared <- musl_compare(predictions, screen, k = c(5, 10), bootstrap = 50)
#' autoplot(compared)
#' autoplot(compared, "ranking")
#' @rawNamespace S3method(ggplot2::autoplot, musl_comparison)
autoplot.musl_comparison <- function(object, type = c("enrichment", "ranking"),
                                     ...) {
  check_dots_empty()
  type <- check_choice(type, c("enrichment", "ranking"))
  genes <- compared_genes(object, "object", current_env())
  if (type == "ranking") {
    return(ranking_plot(genes))
  }
  shown <- as_tibble(unclass(object))[!is.na(object$k), ]
  if (has_queries(object)) shown <- shown[shown$anchor == "all", ]
  if (nrow(shown) == 0) {
    abort_musl(c(
      "{.arg object} must have an enrichment.",
      x = "It has {.val {object$.metric}}.",
      i = "Give a {.arg k} of at most the number of compared genes."
    ), argument = "object")
  }
  enrichment_plot(shown)
}

# Whether a comparison ends with rows of all queries.
has_queries <- function(object) {
  "anchor" %in% names(attr(object, "genes"))
}

enrichment_plot <- function(shown) {
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

ranking_plot <- function(genes) {
  genes$status <- factor(
    ifelse(genes$hit, "hit", "no hit"), c("hit", "no hit")
  )
  # Hits on top.
  genes <- genes[order(genes$hit), ]
  by_query <- if ("anchor" %in% names(genes)) {
    ggplot2::facet_wrap(ggplot2::vars(.data$anchor), scales = "free")
  }
  ggplot2::ggplot(genes, ggplot2::aes(.data$rank, .data$strength)) +
    by_query +
    ggplot2::geom_point(
      ggplot2::aes(colour = .data$status),
      size = 1.5, alpha = 0.7
    ) +
    ggplot2::scale_colour_manual(
      values = c("hit" = musl_colours[[2]], "no hit" = "grey70"), drop = FALSE
    ) +
    ggplot2::labs(x = "Predicted rank", y = "Strength in the screen") +
    theme_musl()
}
