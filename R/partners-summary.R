#' Overlap of partner lists
#'
#' Shows whether the lists of several anchors are one list of popular genes.
#'
#' @param object The result of [musl_partners()], with one or more anchors.
#' @param ... Must be empty.
#' @returns A list of class `musl_partners_summary`: `n_anchors`, `n_listed`
#'   (distinct partners), `overlap` (partners that two lists share, mean over
#'   pairs of anchors; `NA` for one), `median_degree` (the median number of
#'   known SL partners of the listed partners), `median_degree_candidates`,
#'   `lethal` (share of the listed partners that are lethal alone or often
#'   lethal; `NA` if nothing tells),
#'   `gini` (of how often each candidate is listed: 0 if equally often, near 1
#'   if few genes fill the lists or the lists are short), and `expected` and
#'   `gini_expected` (`overlap` and `gini` of lists drawn at random from the
#'   candidates).
#' @seealso [musl_partners()]
#' @examples
#' summary(musl_partners(musl_human_model(), c("STAG2", "ARID1A"), n = 20))
#' @method summary musl_partners
#' @export
summary.musl_partners <- function(object, ...) {
  check_dots_empty()
  facts <- attr(object, "candidates")
  lists <- split(object$partner, factor(object$anchor, unique(object$anchor)))
  counts <- tabulate(match(object$partner, facts$gene), length(facts$gene))
  structure(
    list(
      n_anchors = length(lists),
      n_listed = length(unique(object$partner)),
      overlap = mean_overlap(lists),
      expected = mean(lengths(lists))^2 / max(1, length(facts$gene)),
      median_degree = stats::median(
        facts$degree[match(object$partner, facts$gene)]
      ),
      median_degree_candidates = stats::median(facts$degree),
      lethal = lethal_share(object),
      gini = gini(counts),
      gini_expected = chance_gini(lengths(lists), length(facts$gene))
    ),
    class = "musl_partners_summary"
  )
}

lethal_share <- function(list) {
  known <- list[["status"]]
  known <- known[!is.na(known)]
  if (length(known) == 0) NA_real_ else mean(grepl("lethal", known))
}

mean_overlap <- function(lists) {
  if (length(lists) < 2) {
    return(NA_real_)
  }
  shared <- utils::combn(length(lists), 2, function(i) {
    length(intersect(lists[[i[[1]]]], lists[[i[[2]]]]))
  })
  mean(shared)
}

# Gini coefficient of counts.
gini <- function(x) {
  n <- length(x)
  if (sum(x) == 0) {
    return(NA_real_)
  }
  x <- sort(as.double(x))
  2 * sum(seq_len(n) * x) / (n * sum(x)) - (n + 1) / n
}

# That of lists of these lengths, drawn at random: a candidate is in each with
# the same probability.
chance_gini <- function(lengths, n_candidates) {
  if (sum(lengths) == 0) {
    return(NA_real_)
  }
  below <- stats::pbinom(
    seq(0, length(lengths)), length(lengths),
    min(1, mean(lengths) / n_candidates)
  )
  sum(below * (1 - below)) * n_candidates / sum(lengths)
}

#' @export
print.musl_partners_summary <- function(x, ...) {
  cat(
    "Partners of ", x$n_anchors, " anchor", if (x$n_anchors != 1) "s", ": ",
    count_text(x$n_listed), " distinct\n",
    if (!is.na(x$overlap)) {
      c("  shared by two lists: ", format(x$overlap, digits = 3), " (",
        format(x$expected, digits = 2), " by chance)\n")
    },
    "  known SL partners, median: ", format(x$median_degree), " (",
    format(x$median_degree_candidates), " of all candidates)\n",
    if (!is.na(x$lethal)) {
      c("  lethal alone or often lethal: ", format(100 * x$lethal, digits = 2),
        " %\n")
    },
    "  Gini of how often genes are listed: ", format(x$gini, digits = 3),
    if (!is.null(x$gini_expected)) {
      c(" (", format(x$gini_expected, digits = 3), " by chance)")
    }, "\n",
    sep = ""
  )
  invisible(x)
}
