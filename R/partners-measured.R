# Partner lists of members for measured pairs: parts of the score, and what
# orders a list.

partner_orders <- c("auto", "score", "combined", "relation")

# Seed of the genes that stand for the genome.
reference_seed <- 20L
fewest_seen <- 200L

# What the members read of all pairs of a call, made once.
asked_evidence <- function(object, how, call = caller_env()) {
  threads <- as.integer(how$threads %||% object@control$threads)
  scored_universe(object, how$data, how$context, threads, call)
}

# As score_pairs() and its columns, for the pairs of musl_partners().
score_partners <- function(object, pairs, how) {
  scored <- score_measured(
    object, pairs,
    members = how$members, measured_in = how$measured_in, prior = how$prior,
    threads = how$threads, evidence = how$evidence
  )
  pairs[c(".score", ".pred_SL")] <- scored[c("score", "probability")]
  pairs$list_order <- scored$list_order
  pairs$relation <- scored$relation
  pairs$gene_effect <- scored$gene_effect
  pairs$measured <- scored$measured %in% c(0, 1)
  # What screens found goes before what databases say.
  pairs$label[pairs$measured] <- ifelse(
    scored$measured[pairs$measured] == 1, "SL", "non_SL"
  )
  pairs$known <- pairs$known | pairs$measured
  pairs
}

# Of the genes seen in training, then others; of all genes if few are seen. The
# first do not depend on `n`.
reference_genes <- function(genes, seen, n) {
  shuffle <- function(pool) {
    pool[with_seed_kept(reference_seed, sample.int(length(pool)))]
  }
  first <- if (length(seen) < fewest_seen) genes else seen
  utils::head(c(shuffle(first), shuffle(setdiff(genes, first))), n)
}

# list(pairs, order: ranks each list, highest first; by: what that is).
order_by_members <- function(object, pairs, by, how) {
  if (by %in% c("auto", "combined") && !learned_screens(object)) {
    order <- recorded_order(object, pairs, by, how)
    by <- if (is.null(order)) "score" else "combined"
  } else {
    columns <- c(
      score = ".score", combined = "list_order", relation = "relation"
    )
    order <- pairs[[columns[[by]]]]
  }
  list(pairs = pairs, order = order %||% pairs$.score, by = by)
}

# The order "combined" of members that learned recorded pairs alone; for "auto"
# NULL if evidence does not tell the model's own SL pairs.
recorded_order <- function(object, pairs, by, how, call = caller_env()) {
  threads <- as.integer(how$threads %||% object@control$threads)
  evidence <- how$evidence
  scored <- which(!is.na(pairs$.score))
  asked <- pairs[scored, c("gene_a", "gene_b")]
  order <- with_core(
    cpp_order_by_evidence(
      live_members(object), evidence$store,
      pair_input(asked, evidence$genes),
      list(
        score = pairs$.score[scored], sl = known_sl(object, evidence$genes),
        auto = by == "auto", threads = threads
      )
    ),
    call = call
  )
  if (length(order) > 0) {
    replace(rep(NA_real_, nrow(pairs)), scored, order)
  }
}

# The order of lists, one of partner_orders; "auto" is left for models of
# recorded pairs alone, whose evidence is yet to be tested.
check_order <- function(by, object, members, encoders, call = caller_env()) {
  by <- check_choice(by, partner_orders, call = call)
  by_network <- asks_network(object, members, encoders)
  screens <- !by_network && learned_screens(object)
  # Whoever asks single members asks for their scores.
  single <- !by_network && !is.null(members)
  if (screens && single && by == "combined") {
    abort_musl(c(
      "{.code by = \"combined\"} weighs all members of a model of measured
       pairs.",
      x = "{.arg members} asks for {.val {members}}.",
      i = "Leave {.arg by} or {.arg members} out."
    ), argument = "by", call = call)
  }
  if (by != "auto") {
    return(by)
  }
  if (single) "score" else if (screens) "combined" else "auto"
}

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
