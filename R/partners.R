#' Rank the partners of a gene
#'
#' Scores each anchor gene with all candidates and returns the best.
#'
#' @param object A [MuslModel][musl_fit()], or a [MuslAtlas][musl_atlas()], from
#'   which scores are read.
#' @param anchor Character, one or more genes to find partners for. Other names
#'   of one gene (HER2, BRG1, 7157, another letter case) are understood, with a
#'   message, if \pkg{org.Hs.eg.db} is installed; of `candidates` and `exclude`,
#'   too.
#' @param n Whole number >= 1, partners per anchor at most; `Inf` for all.
#' @param candidates Character, genes that may be partners, or `NULL` for every
#'   gene that the model (and `data`) has inputs for.
#' @param known "mark": pairs whose label was known when the model was fitted
#'   are marked; "drop": they are left out.
#' @param exclude Character, genes to leave out of the candidates, or `NULL`.
#' @param lethal Candidates that cells cannot lose: "last", the default, lists
#'   them after all others (see *Status*); "drop" leaves those of status
#'   `lethal_alone` out; "rank" ranks them like others.
#' @param dependency `NULL` for what the model knows of cell lines that lost the
#'   anchors; `FALSE` for none; or the result of [musl_dependency()] for anchors
#'   or partners: see *Direction*.
#' @param state What happened to the anchors: "lost", or "activated" for what
#'   cells with the activated gene need.
#' @param by The order of lists. "auto", the default: "combined", except "score"
#'   if `scorers` are named or if a model learned only recorded pairs and its
#'   own SL pairs do not support "combined" (see *Order*). "relation": the
#'   column of that name. An atlas has the order that it was made with and that
#'   of the score.
#' @param ... Must be empty.
#' @param data,context,scorers,measured_in,prior,threads As in
#'   [predict()][predict.MuslModel]; with an atlas only `prior`. For a network,
#'   `prior` is the share of SL among all genes as partners of each anchor.
#' @returns A tibble of class `musl_partners`, grouped by anchor in the order
#'   given, each group sorted by `rank` (ties by name): `anchor`, `partner`,
#'   `order` (what ranks the list, see *Order*: odds over those of the average
#'   candidate, which has 1; candidates that are listed last are scaled below
#'   all others), `rank` (1 is best), `status` (see *Status*), `.score` (logit,
#'   that of [predict()][predict.MuslModel]), `.pred_SL`, `relation` and
#'   `single_gene` (the parts of the score from what relates both genes and from
#'   each gene, which add up to it), `known` (`TRUE` if a screen of the training
#'   pairs measured the pair or a database records it), `label` (factor: "SL", a
#'   hit in any screen or recorded as SL; "no_hit", measured and below the
#'   cut-off of every screen, which does not make it non-lethal; "non_SL",
#'   recorded as not SL; `NA` if not known), `measured` (`TRUE` if a screen
#'   measured it) and `why` (the strongest facts in words).
#'
#'   Networks have `n_unseen` in the place of `single_gene`, and `relation` only
#'   in the orders "combined" and "relation"; their `.pred_SL` is shifted for
#'   each anchor so that `prior` is its mean over 500 genes (those that an atlas
#'   has of them). An atlas has neither `relation`
#'   nor `single_gene`. Where cell lines with the loss were compared with
#'   others, there are `direction` ("needed_more", "needed_less", "not_needed";
#'   `NA` where no clear difference is known), `difference` (mean effect in
#'   lines with the loss less that in others; of a table without means, its
#'   column), `n_lines` (with the loss), `z` (below 0 if they need the partner
#'   more) and, of a table, `fdr` (of a partner that is needed less, that of
#'   both sides). Candidates that cannot be scored are left out. Verbs of dplyr
#'   keep the class as long as anchor, partner and rank stay. `print()` shows
#'   ten rows (`n`), or some of each anchor, and the columns that matter most;
#'   the table has all.
#' @section Status:
#'   The loss of a gene that cells need anyway kills with or without the anchor;
#'   it is a partner only if lines that lost the anchor need it more, as those
#'   without MTAP need PRMT5. The status follows from the evidence of the model
#'   and of `data`: columns of the roles dependent and essential of `genes`, and
#'   expression of cell lines ([musl_evidence()]). Where two columns contradict,
#'   the higher share counts.
#'
#'   * `selective`: at most half of the lines need it.
#'   * `often_lethal`: more than half do. The order "combined" takes half a unit
#'     off.
#'   * `NA`: it is not known whether cells need it; ranked like the selective.
#'   * `restricted`: like `not_expressed`, but there are fewer than 50 such
#'     lines, and at least 1 % of the samples of a cohort express it, as those
#'     of one tissue do. Ranked. (The human model knows the expression of nine
#'     lines and 989 samples of 20 tissues, the need of a thousand lines.)
#'   * `lethal_alone`: more than nine tenths do. Last, unless the lines that
#'     lost the anchor need it more (see *Direction*), a screen called the pair
#'     a hit or the two are close paralogs.
#'   * `not_expressed`: fewer than a tenth of the lines express it and fewer
#'     than .4 % of the lines need it, or the line of `context` does not. Last.
#'   * `rescued`: the lines that lost the anchor need it less; `not_needed`:
#'     they do not need it, and the others grow better without it (see
#'     *Direction*). Last.
#'   * `not_judged`: no evidence of any kind. Last.
#' @section Direction:
#'   Relation finds the pathway of a gene, not whether losing both kills: lines
#'   tell, for the genes that many of them lost. The human model knows these
#'   differences for 26 lost and 21 activated genes ([musl_direction()]); a
#'   table of [musl_dependency()] replaces them for its anchors, and for a pair
#'   the lines that lost the candidate count, too.
#'
#'   A difference that the model knows is called if |z| is at least 3 for the
#'   300 candidates of the highest relation and at least 4 for others; where
#'   fewer than 30 lines have the loss, at least 4 and 5. (The local false
#'   discovery rate is then at most .1.) One of a table is called at an FDR of
#'   at most .1. `needed_more`: the lines with the loss need the partner more
#'   and suffer from its knock-out, by a mean effect of at most -.2 (in a table,
#'   or at least a tenth of them need it). `needed_less`: they need it less than
#'   others, which suffer: the status is `rescued`, a wrong target.
#'   `not_needed`: they do not suffer, and the others grow better without it. In
#'   the order "combined" half of min(|z| - 2, 6) is added where |z| is above 2
#'   and the lines with the loss need the partner more and suffer, and taken off
#'   where they need it less.
#'   Partners that a table calls `needed_more` at an FDR of at most .01 come
#'   before all others.
#'
#'   What lines with an activated gene need says nothing of its loss. It stands
#'   in `why`, and `state = "activated"` ranks by it. A table made with `loss =
#'   "hotspot"` ranks by it whatever `state` is. No sign is predicted for
#'   other pairs: on anchors left out that was little better than chance.
#' @section Order:
#'   Candidates that stand last are ranked among themselves, whatever their
#'   status, and so are all others. `order` is the exponential of what ranks
#'   them over its mean: large values say how far a candidate stands out, not
#'   how likely it is a partner, as the weights below add up to 3.1, those of
#'   the score to 1. A model of measured pairs ranks
#'   partners of one gene by its scorers with other weights than in the score:
#'   "combined" has .1 of `linear`, .3 of `boosting`, .6 of `pair_net`, .1 of
#'   `recorded` and 2 of `relation`.
#'
#'   For a model of recorded pairs "combined" adds up a quarter of the
#'   score, the relation (shared neighbours beyond those expected from
#'   degrees, edges, correlation and, with [musl_annotations()], modules or
#'   paralogs in the data, a quarter of their evidence columns) and 3 times the
#'   lower of both genes' mean expression percentiles. Among the 300 best of a
#'   network, the score counts minus its mean with 8 other genes. The order is
#'   used if, over at least 100 of the model's own SL pairs, the relation is
#'   higher than for the same genes paired anew, by three standard errors of the
#'   AUROC, and neither its network part nor the correlation is lower.
#' @section Reliability of a list:
#'   A model of recorded pairs ranks genes that resemble recorded
#'   partners; an anchor's known partners need not come first. Check their
#'   ranks: `subset(musl_partners(fit, anchor, n = Inf), known)`.
#' @section Errors:
#'   `musl_error_gene` if an anchor is unknown; `musl_error_input` if no
#'   candidate is left; `musl_error_format` if the file of an atlas was removed,
#'   moved or replaced since it was opened. `musl_warning_unknown_gene` for
#'   unknown genes in `candidates` or `exclude`; `musl_warning_other` for an
#'   anchor that is lethal alone or hardly expressed, and for one that has
#'   labelled pairs but was held out of training (see `keep_genes` of
#'   [musl_fit()]).
#' @seealso [autoplot()][autoplot.musl_partners]
#' @examples
#' musl_partners(musl_human_model(), "STAG2", n = 5)
#' @export
musl_partners <- function(object, anchor, n = 20L, candidates = NULL,
                          known = c("mark", "drop"), exclude = NULL,
                          by = c("auto", "score", "combined", "relation"),
                          lethal = c("last", "drop", "rank"),
                          dependency = NULL,
                          state = c("lost", "activated"), ..., data = NULL,
                          context = NULL, scorers = NULL, measured_in = NULL,
                          prior = NULL, threads = NULL) {
  how <- scoring_arguments(
    ...,
    data = data, context = context, scorers = scorers,
    measured_in = measured_in, prior = prior, threads = threads
  )
  if (!identical(n, Inf)) check_whole(n, 1)
  known <- check_choice(known, c("mark", "drop"))
  placing <- list(
    lethal = check_choice(lethal, lethal_places),
    dependency = dependency,
    state = check_choice(state, c("lost", "activated"))
  )
  check_dependency(dependency, anchor)
  if (inherits(object, "MuslAtlas")) {
    check_of_model(how[setdiff(names(how), c("prior", "threads"))])
    return(
      atlas_partners(
        object, anchor, n, candidates, known, exclude, how$prior, by, placing
      )
    )
  }
  check_is(object, "MuslModel")
  how[c("n", "known", "placing")] <- list(n, known, placing)
  asked <- check_asked(object, how)
  how$by <- check_order(by, object, asked)
  all_genes <- scored_genes(object, how$data)
  anchor <- check_anchors(anchor, all_genes)
  warn_held_out(object, anchor, asked$holds_out)
  candidates <- candidate_genes(candidates, exclude, all_genes)
  model_partners(object, anchor, candidates, how)
}

# The lists of a model; `how` holds arguments of musl_partners().
model_partners <- function(object, anchor, candidates, how) {
  # Measured pairs are known also if a network scores, as in musl_design().
  labels <- model_labels(object)
  pairs <- mark_known(anchor_pairs(anchor, candidates), labels)
  bound <- bound_scorers(object, how)
  dropped <- if (how$known == "drop") pairs[pairs$known, c("gene_a", "gene_b")]
  if (how$known == "drop") pairs <- pairs[!pairs$known, ]
  check_left(pairs, anchor, how$known)
  facts <- gene_facts(object, how, bound, pairs)
  warn_anchor_status(anchor, facts)
  placed <- placed_lists(object, pairs, how, bound, facts)
  first <- first_ranked(placed, how$n)
  rows <- rbind(first, first_essential(placed, how$n))
  list <- described_rows(object, rows, how, bound, facts, said_of(placed, rows))
  is_first <- seq_len(nrow(rows)) <= nrow(first)
  new_musl_partners(
    list$rows[is_first, ], pack_genes(candidates),
    anchor_records(anchor, labels, object@inputs$records$source),
    how$prior %||% screen_prior, placed$by, dropped,
    with_beyond(
      placed$about, list$rows$anchor[is_first], list$beyond[is_first]
    ),
    list$rows[!is_first, ]
  )
}

# place_candidates() of the pairs of lists, and what orders them: `by`.
placed_lists <- function(object, pairs, how, bound, facts) {
  differences <- list_differences(pairs, facts, how$placing)
  parts <- any(as.logical(differences$found$asks_relation))
  ordered <- rank_lists(object, pairs, how, bound, parts)
  placed <- place_candidates(
    ordered$pairs, ordered$order, ordered$by, facts, differences, how$placing
  )
  c(placed, list(by = ordered$by))
}

# list(rows: as lists show them, beyond: how many features of each lie beyond
# what screens measured)
described_rows <- function(object, rows, how, bound, facts, said) {
  list <- as_partner_rows(with_parts(object, rows, how, bound))
  x <- if (nrow(list) > 0) {
    scorer_features(object, list_pairs(list), how$data, bound)
  }
  list$why <- reasons_of(object, list, facts, said, x)
  list(rows = list, beyond = count_beyond(object, x, nrow(list)))
}

check_left <- function(pairs, anchor, known, which = "candidate") {
  abort_if(nrow(pairs) == 0, c(
    "No {which} partner is left for {.val {anchor}}.",
    i = "Widen {.arg candidates} or shorten {.arg exclude}.",
    i = if (known == "drop") {
      "{.code known = \"mark\"} keeps pairs whose label is known."
    }
  ))
}

# The candidates of a list, in little memory: a vector of all human genes takes
# sixty times as much as twenty rows.
pack_genes <- function(genes) {
  if (!is.null(genes)) {
    text <- paste(sort_bytes(genes), collapse = "\n")
    structure(
      list(n = length(genes), genes = memCompress(text, "gzip")),
      class = "musl_packed_genes"
    )
  }
}

packed_genes <- function(x) {
  if (!is.null(x)) {
    text <- memDecompress(x$genes, "gzip", asChar = TRUE)
    Encoding(text) <- "UTF-8"
    strsplit(text, "\n", fixed = TRUE)[[1]]
  }
}

# How many labelled pairs each anchor has, as a base rate; `source` of the
# recorded ones, if all have the same.
anchor_records <- function(anchor, known, source = NULL) {
  known <- known[known$gene_a %in% anchor | known$gene_b %in% anchor, ]
  count <- function(rows) count_ends(known, rows, anchor)
  measured <- known$measured %in% TRUE
  sl <- known$label %in% "SL"
  tibble(
    anchor = anchor, n_SL = count(sl),
    n_non_SL = count(known$label %in% "non_SL"),
    n_recorded = count(sl & !measured),
    n_not = count(known$label %in% "non_SL" & !measured),
    n_measured = count(measured), n_hits = count(sl & measured),
    source = if (is_string(source)) source else NA_character_
  )
}

# An atlas has its scores: what made them cannot be asked anew.
check_of_model <- function(given) {
  asked <- names(given)[lengths(given) > 0]
  abort_if(length(asked) > 0, c(
    "{.arg {asked}} must be {.code NULL} with an atlas.",
    x = "An atlas already contains its scores.",
    i = "Pass {.arg {asked}} to {.fn musl_atlas}."
  ), argument = asked[[1]])
}

candidate_genes <- function(asked, exclude, genes) {
  asked <- gene_set(asked, "candidates", genes)
  exclude <- gene_set(exclude, "exclude", genes)
  warn_unknown(asked, "candidates", genes, "left out")
  warn_unknown(exclude, "exclude", genes, "no candidates anyway")
  candidates <- if (is.null(asked)) genes else intersect(genes, asked)
  setdiff(candidates, exclude)
}

gene_set <- function(x, arg, genes) {
  x <- factor_names(x, arg)
  if (!is.null(x) && !is.character(x)) {
    abort_argument(arg, "gene names or NULL", x)
  }
  named_as(x, genes, arg, strict = FALSE)
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
  pairs$measured <- known$measured[row] %in% TRUE
  pairs$label <- listed_label(known$label[row], pairs$measured)
  pairs[c(setdiff(names(pairs), "measured"), "measured")]
}

# These rows of place_candidates(), by anchor and rank, with `place`, their rows
# in it.
placed_rows <- function(placed, rows) {
  pairs <- placed$pairs[rows, ]
  pairs$place <- rows
  list <- match(pairs$gene_a, unique(placed$pairs$gene_a))
  pairs[order(list, pairs$rank), ]
}

first_ranked <- function(placed, n) {
  rank <- placed$pairs$rank
  placed_rows(placed, which(rank > 0L & rank <= n))
}

# The best of those that are listed last since cells need them anyway, unless
# they are among the first `n`.
first_essential <- function(placed, n) {
  pairs <- placed$pairs
  rows <- placed_rows(placed, which(
    pairs$tier == 1L & pairs$status %in% "lethal_alone" & pairs$rank > n
  ))
  nth <- stats::ave(rows$rank, rows$gene_a, FUN = seq_along)
  rows[nth <= essential_shown, ]
}

as_partner_rows <- function(pairs) {
  names(pairs)[match(c("gene_a", "gene_b"), names(pairs))] <-
    c("anchor", "partner")
  pairs[intersect(partner_columns, names(pairs))]
}

partner_columns <- c(
  "anchor", "partner", "order", "rank", "status", ".score", ".pred_SL",
  "relation", "single_gene", "n_unseen", "known", "label", "measured",
  "direction", "difference", "n_lines", "z", "fdr"
)

# `dropped`: the known pairs that `known = "drop"` left out, gene_a an anchor.
new_musl_partners <- function(x, candidates = NULL, anchors = NULL,
                              prior = NULL, by = "score", dropped = NULL,
                              about = NULL, essential = NULL) {
  tibble::new_tibble(
    x,
    candidates = candidates, anchors = anchors, prior = prior, by = by,
    dropped = dropped, about = about, essential = essential,
    class = "musl_partners"
  )
}
