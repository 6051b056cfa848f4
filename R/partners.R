#' Rank the partners of a gene
#'
#' Scores each anchor gene with all candidates and returns the best.
#'
#' @param object A [MuslModel][musl_fit()], or a [MuslAtlas][musl_atlas()], from
#'   which scores are read.
#' @param anchor Character, one or more genes to find partners for.
#' @param n Whole number >= 1, partners per anchor at most; `Inf` for all.
#' @param universe Character, the candidate genes, or `NULL` for every gene that
#'   the model (and `data`) has inputs for.
#' @param known "mark": pairs whose label was known when the model was fitted
#'   are marked; "drop": they are left out.
#' @param exclude Character, genes to leave out of the candidates, or `NULL`.
#' @param data A [MuslData][musl_data()] with new genes or samples, or `NULL`;
#'   see [predict()][predict.MuslModel].
#'   Not with an atlas.
#' @param prior Share of SL that the probabilities are for: of a network, among
#'   all genes as partners of each anchor. `NULL`: 0.0135, as genome-scale
#'   screens measure.
#' @param context `NULL`, or the samples of `data` to use, such as a cell
#'   type or a lineage; see *Contexts* in [musl_contexts()].
#' @param encoders,members,measured_in As in [predict()][predict.MuslModel]; not
#'   with an atlas.
#' @param by The order of lists. "auto", the default: "combined", except "score"
#'   if `encoders` or `members` are named or if a model learned recorded pairs
#'   alone and its own SL pairs do not support "combined" (see *Order*).
#'   "pair_evidence": the column of that name. "specific", only for models of
#'   measured pairs: the score minus the average scores of both genes. An atlas
#'   has the order that it was made with and that of the score.
#' @param threads Whole number >= 0 of threads, 0 for all that this process may
#'   use, or `NULL` for the number of the fit.
#' @returns A tibble of class `musl_partners`, grouped by anchor in the order
#'   given, each group sorted by `rank` (ties by name): `anchor`, `partner`,
#'   `rank` (1 is best), `.score` (logit), `.pred_SL`, `n_unseen`, `known`
#'   (`TRUE` if the pair's label was known) and `label` (that label, `NA` if
#'   unknown). `.score` is that of [predict()][predict.MuslModel]; `.pred_SL` of
#'   a network is shifted for each anchor so that `prior` is its mean over 500
#'   genes (in a shortlist approximately). Lists in the order "combined" or
#'   "pair_evidence" add `pair_evidence`, but not from an atlas. Candidates that
#'   cannot be scored are left out. Verbs of dplyr keep the class, except after
#'   `group_by()`. Last, if the data have other ids of the genes (`gene_ids` of
#'   [musl_data()]), `symbol` and `entrez` of the partner, except the type that
#'   names the genes; not from an atlas.
#'
#'   Models of measured pairs add: `measured` (`TRUE` if a screen of the
#'   training pairs measured the pair; `label` then tells whether it was a hit
#'   in any of them); `pair_evidence` and `gene_effect`, which add up to
#'   `.score`: the part from the relation of both genes and the part from each
#'   gene; `specific`, the score minus the means of the two genes' scores with
#'   200 genes; `rank_in_partner`, the anchor's rank in the partner's list,
#'   estimated on 1000 genes, on 200 if there are more than 200 rows. The last
#'   two are `NA` after the first 1000 partners of an anchor, except `specific`
#'   in lists that it orders.
#' @section Order:
#'   A model of measured pairs ranks partners of one gene by its members with
#'   other weights than in the score: "combined" has .2 of `linear`, .4 of
#'   `boosting`, .4 of `neural`, .1 of `recorded` and .6 of `evidence`.
#'
#'   For a model of recorded pairs alone "combined" adds up a quarter of the
#'   score, the pair evidence (shared neighbours beyond those expected from
#'   degrees, edges, correlation and, with [musl_annotations()], modules or
#'   paralogs in the data, a quarter of their evidence columns) and 3 times the
#'   lower of both genes' mean expression percentiles. Among the 300 best of a
#'   network, the score counts minus its mean with 8 other genes. The order is
#'   used if, over at least 100 of the model's own SL pairs, pair evidence is
#'   higher than for the same genes paired anew, by three standard errors of the
#'   AUROC, and neither its network part nor the correlation is lower.
#' @section Reliability of a list:
#'   A model of recorded pairs alone ranks genes that resemble recorded
#'   partners; an anchor's known partners need not come first. Check their
#'   ranks: `subset(musl_partners(fit, anchor, n = Inf), known)`.
#' @section Errors:
#'   `musl_error_gene` if an anchor is unknown; `musl_error_input` if no
#'   candidate is left; `musl_error_format` if the file of an atlas was removed,
#'   moved or replaced since it was opened. `musl_warning_unknown_gene` for
#'   unknown genes in `universe` or `exclude`; `musl_warning_other` for an
#'   anchor that has labelled pairs but was held out of training (see
#'   `keep_genes` of [musl_fit()]).
#' @seealso [autoplot()][autoplot.musl_partners]; [musl_contexts()] to compare
#'   partners between cell types or lineages.
#' @examples
#' fit <- musl_example_model()
#' musl_partners(fit, "SIM001", n = 5)
#' @export
musl_partners <- function(object, anchor, n = 20L, universe = NULL,
                          known = c("mark", "drop"), exclude = NULL,
                          data = NULL, prior = NULL, context = NULL,
                          encoders = NULL, members = NULL, measured_in = NULL,
                          by = c(
                            "auto", "score", "combined", "pair_evidence",
                            "specific"
                          ),
                          threads = NULL) {
  check_is(data, "MuslData", allow_null = TRUE)
  if (!identical(n, Inf)) check_whole(n, 1)
  check_whole(threads, 0, allow_null = TRUE)
  known <- check_choice(known, c("mark", "drop"))
  check_prior(prior)
  if (inherits(object, "MuslAtlas")) {
    check_no_data(data)
    check_no_context(context, current_env())
    check_no_voices(encoders, members, measured_in)
    return(
      atlas_partners(object, anchor, n, universe, known, exclude, prior, by)
    )
  }
  check_is(object, "MuslModel")
  check_hearing(object, encoders, members, measured_in)
  by <- check_order(by, object, members, encoders)
  all_genes <- unique_bytes(c(object@genes, if (!is.null(data)) data@genes))
  ids <- known_ids(object, data)
  anchor <- check_anchors(anchor, all_genes, ids = ids)
  warn_held_out(object, anchor, asks_network(object, members, encoders))
  candidates <- candidate_genes(universe, exclude, all_genes, ids)
  how <- list(
    data = data, context = context, prior = prior, encoders = encoders,
    members = members, measured_in = measured_in, threads = threads,
    n = n, by = by, known = known
  )
  model_partners(object, anchor, candidates, ids, how)
}

# The lists of a model; `how` holds arguments of musl_partners().
model_partners <- function(object, anchor, candidates, ids, how,
                           call = caller_env()) {
  how$n_candidates <- length(candidates)
  # Measured pairs are known also if a network scores, as in musl_design().
  labels <- model_labels(object, anchor)
  pairs <- mark_known(anchor_pairs(anchor, candidates), labels)
  measured <- !asks_network(object, how$members, how$encoders)
  if (measured) {
    how$evidence <- asked_evidence(object, how, call)
    if (nrow(pairs) > 0) pairs <- score_partners(object, pairs, how)
  }
  dropped <- if (how$known == "drop") pairs[pairs$known, c("gene_a", "gene_b")]
  if (how$known == "drop") pairs <- pairs[!pairs$known, ]
  check_left(pairs, anchor, how$known, call)
  ordered <- if (measured) {
    order_by_members(object, pairs, how$by, how)
  } else {
    score_by_network(object, pairs, how$by, how, call)
  }
  list <- rank_partners(ordered$pairs, anchor, how$n, ordered$order)
  if (measured) list <- compare_partners(object, list, how, ordered$by)
  list[names(id_columns(ids, ""))] <- id_columns(ids, list$partner)
  new_musl_partners(
    list, candidate_facts(candidates, labels), anchor_records(anchor, labels),
    how$prior %||% screen_prior, ordered$by, dropped
  )
}

check_left <- function(pairs, anchor, known, call = caller_env(),
                       which = "candidate") {
  if (nrow(pairs) == 0) {
    abort_musl(c(
      "No {which} partner is left for {.val {anchor}}.",
      i = "Widen {.arg universe} or shorten {.arg exclude}.",
      i = if (known == "drop") {
        "{.code known = \"mark\"} keeps pairs whose label is known."
      }
    ), call = call)
  }
}

# The reference for summary(): the candidates and their known SL partners.
candidate_facts <- function(candidates, known) {
  tibble(
    gene = candidates,
    degree = count_ends(known, known$label %in% "SL", candidates)
  )
}

# How many labelled pairs each anchor has, as a base rate.
anchor_records <- function(anchor, known) {
  count <- function(label) count_ends(known, known$label %in% label, anchor)
  tibble(anchor = anchor, n_SL = count("SL"), n_non_SL = count("non_SL"))
}

# How many of these pairs each gene is in.
count_ends <- function(pairs, rows, genes) {
  ends <- c(pairs$gene_a[rows], pairs$gene_b[rows])
  tabulate(match(ends, genes), length(genes))
}

check_no_data <- function(data, call = caller_env()) {
  if (!is.null(data)) {
    abort_musl(c(
      "{.arg data} must be {.code NULL} with an atlas.",
      x = "An atlas already contains its scores.",
      i = "Make another atlas with {.arg data}."
    ), argument = "data", call = call)
  }
}

check_no_voices <- function(encoders, members, measured_in,
                            call = caller_env()) {
  asked <- list(
    encoders = encoders, members = members, measured_in = measured_in
  )
  asked <- names(asked)[lengths(asked) > 0]
  if (length(asked) > 0) {
    abort_musl(c(
      "{.arg {asked}} must be {.code NULL} with an atlas.",
      x = "An atlas already contains its scores.",
      i = "Pass {.arg {asked}} to {.fn musl_atlas}."
    ), argument = asked[[1]], call = call)
  }
}

check_anchors <- function(anchor, genes, call = caller_env(), ids = NULL,
                          of = "the model or {.arg data}", arg = "anchor") {
  anchor <- factor_names(anchor, arg, call)
  if (!is.character(anchor) || length(anchor) == 0) {
    abort_argument(arg, "one or more gene names", anchor, call)
  }
  anchor <- unique(anchor)
  bad <- setdiff(anchor, genes)
  if (length(bad) > 0) {
    abort_musl(c(
      paste0("{.arg {arg}} must hold genes that ", of, " has."),
      x = "{length(bad)} unknown: {.val {utils::head(bad, 3)}}.",
      i = unknown_gene_hint(bad, genes, ids) %||%
        "Its names look like {.val {utils::head(genes, 3)}}."
    ), "gene", genes = bad, argument = arg, call = call)
  }
  anchor
}

candidate_genes <- function(universe, exclude, genes, ids = NULL,
                            call = caller_env()) {
  universe <- gene_set(universe, "universe", call)
  exclude <- gene_set(exclude, "exclude", call)
  warn_unknown(universe, "universe", genes, ids, "left out")
  warn_unknown(exclude, "exclude", genes, ids, "no candidates anyway")
  candidates <- if (is.null(universe)) genes else intersect(genes, universe)
  setdiff(candidates, exclude)
}

gene_set <- function(x, arg, call) {
  x <- factor_names(x, arg, call)
  if (!is.null(x) && !is.character(x)) {
    abort_argument(arg, "gene names or NULL", x, call)
  }
  x
}

anchor_pairs <- function(anchor, candidates) {
  pairs <- tibble(
    gene_a = rep(anchor, each = length(candidates)),
    gene_b = rep(candidates, times = length(anchor))
  )
  pairs[pairs$gene_a != pairs$gene_b, ]
}

mark_known <- function(pairs, known) {
  # Of a genome few pairs are known: only theirs get keys.
  first <- unique(pairs$gene_a)
  known <- known[known$gene_a %in% first | known$gene_b %in% first, ]
  ends <- unique(c(known$gene_a, known$gene_b))
  asked <- which(pairs$gene_a %in% ends & pairs$gene_b %in% ends)
  row <- rep(NA_integer_, nrow(pairs))
  row[asked] <- match(pair_keys(pairs[asked, ]), pair_keys(known))
  pairs$known <- !is.na(row)
  pairs$label <- known$label[row]
  pairs
}

# The n best of each anchor. Candidates come in byte order, and order() keeps it
# among ties.
rank_partners <- function(pairs, anchor, n, by = pairs$.score) {
  scored <- !is.na(pairs$.score)
  by <- by[scored]
  pairs <- pairs[scored, ]
  pairs <- pairs[order(match(pairs$gene_a, anchor), -by), ]
  counts <- tabulate(match(pairs$gene_a, anchor), length(anchor))
  rank <- sequence(counts)
  out <- tibble(
    anchor = pairs$gene_a,
    partner = pairs$gene_b,
    rank = rank,
    .score = pairs$.score,
    .pred_SL = pairs$.pred_SL,
    n_unseen = pairs$n_unseen,
    known = pairs$known,
    label = pairs$label
  )
  further <- intersect(
    c("measured", "list_order", "pair_evidence", "gene_effect", ".specific"),
    names(pairs)
  )
  out[further] <- as.list(pairs)[further]
  out[rank <= n, ]
}

# `dropped`: the known pairs that `known = "drop"` left out, gene_a an anchor.
new_musl_partners <- function(x, candidates = NULL, anchors = NULL,
                              prior = NULL, by = "score", dropped = NULL) {
  tibble::new_tibble(
    x,
    candidates = candidates, anchors = anchors, prior = prior, by = by,
    dropped = dropped, class = "musl_partners"
  )
}

order_labels <- c(
  score = "score", combined = "score and pair evidence",
  pair_evidence = "pair evidence", specific = "specific"
)

# Lines above the table: what orders it, how often the anchor was SL in
# training, the prior of the probabilities, and whether the list is one of
# well-known genes.
#' @rawNamespace S3method(tibble::tbl_sum, musl_partners)
#' @noRd
tbl_sum.musl_partners <- function(x, ...) {
  c(NextMethod(), partner_lines(x))
}

# Whether each anchor's rows still stand by rank: not once they were sorted.
is_ranked <- function(x) {
  is.numeric(x[["rank"]]) && !anyNA(x$rank) &&
    !any(vapply(split(x$rank, x$anchor), is.unsorted, TRUE))
}

partner_lines <- function(x) {
  # Selecting columns may have dropped them.
  if (!all(c("anchor", "partner") %in% names(x))) {
    return(NULL)
  }
  anchors <- attr(x, "anchors")
  anchors <- anchors[anchors$anchor %in% x$anchor, ]
  if (is.null(anchors) || nrow(anchors) == 0) {
    return(NULL)
  }
  rates <- sprintf(
    "%s %s SL, %s not", anchors$anchor, count_text(anchors$n_SL),
    count_text(anchors$n_non_SL)
  )
  other <- setdiff(x$anchor, anchors$anchor)
  if (length(other) > 0) {
    return(c(
      "Labelled pairs" = paste0(
        first_three(rates), "; of ", first_three(other, ", "),
        " unknown (rbind() of lists keeps them)"
      )
    ))
  }
  facts <- attr(x, "candidates")
  degree <- facts$degree[match(x$partner, facts$gene)]
  c(
    "Ordered by" = if (is_ranked(x)) {
      paste(order_labels[attr(x, "by") %||% "score"], collapse = "; ")
    },
    "Labelled pairs" = first_three(rates),
    "Probabilities at" = if (!is.null(attr(x, "prior"))) {
      paste(format(100 * attr(x, "prior"), digits = 3), "% SL")
    },
    "Known SL partners" = sprintf(
      "median %s of those listed, %s of all candidates",
      format(stats::median(degree)), format(stats::median(facts$degree))
    )
  )
}

first_three <- function(x, separator = "; ") {
  paste(
    c(utils::head(x, 3), if (length(x) > 3) "..."),
    collapse = separator
  )
}
