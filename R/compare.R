#' Compare predictions with your screen
#'
#' Measures how well a model's ranking of partners agrees with a knock-out
#' screen.
#'
#' # Screens
#' The table of a screen is recognised by its columns; hits are genes whose
#' knock-out harms cells that lack the anchor (or are treated):
#' - MAGeCK RRA (`gene_summary.txt`): strength is minus `neg|score`, hits have
#'   `neg|fdr` up to `fdr`; MAGeCK MLE: minus the `z` of `condition`, hits have
#'   a negative beta and an `fdr` up to `fdr`.
#' - DrugZ: minus `normZ`, hits have `fdr_synth` up to `fdr`.
#' - BAGEL: strength is `BF`, hits have a `BF` of at least 6.
#' - The result of [musl_dependency()], or a table made from it: minus Cliff's
#'   delta, hits are depleted with an `fdr` up to `fdr`.
#'
#' Any other table needs `columns`. Genes without a strength, and genes that
#' only one of the two tables has, are left out.
#'
#' # Measures
#' `enrichment_k` is the share of hits among the first k predictions over their
#' share among all compared genes; `p_value`, `chance_lower` and `chance_upper`
#' are hypergeometric. If scores tie at rank k, `hits` is the mean over all
#' orders. Predictions are ordered by `.score`, partner lists in another order
#' of [musl_partners()] by their `rank`. `auroc` and `auprc` measure how well
#' this predicts the hits; `spearman` is its rank correlation with the strength.
#' `augment()` ranks the compared genes by `joint`: the sum of the standard
#' normal scores of a gene's ranks by prediction and by `strength`, divided by
#' the square root of 2.
#'
#' # Experiments
#' The result of [musl_experiment()] is compared with pairs that were tested: a
#' table of [read_gi_screen()], of gimap, or one with two genes and `hit` (or a
#' score below 0 and an `fdr` up to `fdr`). The returned tibble of class
#' `musl_verdict` has one row: `n_pairs`, `n_tested`, `n_hits`, `power` (for a
#' typical effect), `expected` hits that the screen finds with `.lower` and
#' `.upper` (95 %), `verdict` ("fewer", "as expected", "more") and `rate`, by
#' which the model's probabilities should be multiplied, with `rate_lower` and
#' `rate_upper`: the posterior of a gamma prior with the weight of one hit.
#' `augment()` returns the planned pairs with `hit`. Only
#' `fdr` and `columns` are read here; `rate` times 0.0135 is a `prior` for
#' further lists.
#'
#' @param predictions The result of [musl_partners()] or of
#'   [predict()][predict.MuslModel], or any data frame with the columns `.score`
#'   and `anchor` and `partner`, or `gene_a` and `gene_b`. Pass all partners,
#'   from [musl_partners()] with `n = Inf`. Or the result of
#'   [musl_experiment()]: see *Experiments*.
#' @param screen A data frame, one row per gene, in one of the formats of
#'   _Screens_ below, or in any other with `columns`; for an experiment one row
#'   per pair.
#' @param anchor String, the gene that the screened cells lack; it must be given
#'   if `predictions` hold several anchors.
#' @param fdr Number from 0 to 1, the highest false discovery rate of a hit. For
#'   an experiment give that of the plan (0.1 unless you chose another), for
#'   which its power holds; `direction` of [musl_dependency()] is called at 0.1.
#' @param condition String, the condition of a MAGeCK MLE table, if it has
#'   several.
#' @param columns `NULL`, or a named character vector that says which columns of
#'   `screen` hold `gene`, `strength` (the larger, the stronger the loss of
#'   fitness) and `hit` (`TRUE` or `FALSE`, or 1 and 0); for an experiment
#'   `gene_a`, `gene_b` and `hit`, or `score` and `fdr`.
#' @param k Whole numbers >= 1, the numbers of top ranks to evaluate.
#' @param bootstrap Whole number >= 2, number of bootstrap samples of the
#'   compared genes, from which intervals of 95 % are taken.
#' @inheritParams musl_metrics
#' @returns A tibble of class `musl_comparison`, one row per measure: `anchor`,
#'   `format` ("mageck_rra", "mageck_mle", "drugz", "bagel", "musl_dependency",
#'   "table"), `.metric` ("auroc", "auprc", "spearman", "enrichment_10", ...),
#'   `.estimate`, `.lower`, `.upper`, `k`, `n_genes` compared and `n_hits` of
#'   them, `hits` among the first k, `expected` by chance, `p_value`,
#'   `chance_lower` and `chance_upper` (on the scale of `.estimate`); from
#'   `hits` on, all are `NA` for measures without k. Depths beyond the compared
#'   genes are left out. `augment()` returns the compared genes, best prediction
#'   first: a tibble of `gene`, `rank`, `.score`, `strength`, `hit`, `joint`
#'   (the higher, the more both agree on the gene) and `joint_rank` (from 1).
#'   `autoplot()` returns a ggplot.
#' @section Errors:
#'   `musl_error_input` if a table is not recognised, a column is missing or of
#'   another type, or `anchor` or `condition` is needed; `musl_error_gene` if
#'   the screen has a gene twice, or the tables share no gene.
#'   `musl_warning_other` if no gene, or every gene, is a hit, if fewer than
#'   90 % of the screened genes have a prediction, and if your hits have a lower
#'   strength than other genes.
#' @section Source:
#'   MAGeCK: Li et al. (2014, 2015), Genome Biology 15:554 and 16:281; DrugZ:
#'   Colic et al. (2019), Genome Medicine 11:52; BAGEL: Hart and Moffat (2016),
#'   BMC Bioinformatics 17:164.
#' @seealso [musl_dependency()]
#' @examples
#' predictions <- data.frame(
#'   anchor = "A", partner = sprintf("G%02d", 1:40), .score = 40:1
#' )
#' drugz <- data.frame(
#'   GENE = sprintf("G%02d", 1:40), normZ = -4 + (1:40) / 5,
#'   fdr_synth = pnorm(-4 + (1:40) / 5)
#' )
#' compared <- musl_compare(
#'   predictions, drugz, k = c(5, 10), bootstrap = 50, seed = 1
#' )
#' compared
#' autoplot(compared)
#' @export
musl_compare <- function(predictions, screen, anchor = NULL, fdr = 0.05,
                         condition = NULL, columns = NULL,
                         k = c(10L, 20L, 50L, 100L), bootstrap = 1000L,
                         seed = NULL, threads = 0L) {
  check_number(fdr, 0, 1)
  if (inherits(predictions, "musl_experiment") && is.data.frame(screen)) {
    return(compare_experiment(predictions, screen, fdr, columns))
  }
  check_string(anchor, allow_null = TRUE)
  check_string(condition, allow_null = TRUE)
  k <- sort(unique(check_numbers(k, 1, .Machine$integer.max, once = FALSE)))
  if (!is.data.frame(screen)) {
    abort_argument("screen", "a data frame, one row per gene", screen)
  }
  plan <- bootstrap_plan(0.95, bootstrap, seed, threads)
  ranked <- ranked_partners(predictions, anchor)
  screened <- if (is.null(columns)) {
    limits <- list(fdr = fdr, condition = condition, anchor = ranked$anchor)
    recognised_columns(screen, limits)
  } else {
    own_columns(screen, columns)
  }
  screened$genes <- check_screened(screened$genes)
  if (!is.null(columns)) warn_weak_hits(screened$genes, columns)
  genes <- join_screen(ranked, screened)
  agreement <- agreement_rows(genes, k, plan)
  genes$by <- NULL
  genes$joint <- agreement$joint
  genes$joint_rank <- rank(-agreement$joint, ties.method = "first")
  tibble::new_tibble(
    tibble(
      anchor = ranked$anchor, format = screened$format, agreement$rows
    ),
    class = "musl_comparison", genes = genes
  )
}

#' @rdname musl_compare
#' @param x The result of `musl_compare()`.
#' @param ... Must be empty.
#' @method augment musl_comparison
#' @export
augment.musl_comparison <- function(x, ...) {
  check_dots_empty()
  compared_genes(x, "x")
}

# The genes of one comparison. Of several, bound together, dplyr and rbind()
# keep those of the first.
compared_genes <- function(x, arg) {
  abort_if(repeats_keys(x, c(".metric", "k")), c(
    "{.arg {arg}} must be the result of one {.fn musl_compare}.",
    x = "It holds several, bound together, but the genes of the first only.",
    i = "Pass each by itself."
  ), argument = arg)
  attr(x, "genes")
}

# list(anchor, genes: tibble gene, .score, by: what orders them, the best first,
# dropped: known partners that the list leaves out on request, candidates: all
# that were ranked, NULL if unknown)
ranked_partners <- function(predictions, anchor) {
  pairs <- prediction_pairs(predictions, "predictions")
  abort_if(!is_plain_number(predictions[[".score"]]), c(
    "{.arg predictions} must have the numeric column {.field .score}.",
    x = "Its columns are {.field {names(predictions)}}."
  ), argument = "predictions")
  anchor <- anchor %||% only_anchor(pairs$gene_a, pairs$gene_b, pairs$directed)
  genes <- anchor_partners(pairs, anchor, predictions)
  check_once(genes$gene, "predictions", "partner", NULL)
  # Ties in byte order, as in musl_partners().
  byte <- match(genes$gene, unique_bytes(genes$gene))
  dropped <- attr(predictions, "dropped")
  list(
    anchor = anchor, genes = genes[order(-genes$by, byte), ],
    dropped = dropped$gene_b[dropped$gene_a == anchor],
    candidates = packed_genes(attr(predictions, "candidates"))
  )
}

# The scored partners of one anchor, which may be either gene.
anchor_partners <- function(pairs, anchor, predictions) {
  forth <- pairs$gene_a == anchor
  back <- !pairs$directed & !forth & pairs$gene_b == anchor
  abort_if(!any(forth | back), c(
    "{.arg anchor} must be an anchor of {.arg predictions}.",
    x = "There is no {.val {anchor}}.",
    i = "Examples of anchors: {.val {utils::head(unique(pairs$gene_a), 3)}}."
  ), "gene", genes = anchor)
  genes <- tibble(
    gene = ifelse(forth, pairs$gene_b, pairs$gene_a),
    .score = as.double(predictions[[".score"]]),
    by = ranking_values(predictions)
  )
  genes[(forth | back) & !is.na(genes$.score), ]
}

# The only anchor of directed pairs, else the gene that all pairs share, in
# either column.
only_anchor <- function(a, b, directed) {
  shared <- unique(if (directed) a else c(utils::head(a, 1), utils::head(b, 1)))
  if (!directed) {
    shared <- shared[vapply(shared, function(x) all(a == x | b == x), NA)]
  }
  if (length(shared) == 1 || (!directed && length(shared) == 2)) {
    return(shared[[1]])
  }
  abort_musl(c(
    "{.arg anchor} must be given if {.arg predictions} hold several.",
    x = "Found {.val {utils::head(unique(a), 3)}}.",
    i = "Name the gene that the screened cells lack."
  ), argument = "anchor")
}

# The compared genes, best prediction first.
join_screen <- function(ranked, screened) {
  genes <- ranked$genes
  row <- match(genes$gene, screened$genes$gene)
  abort_if(all(is.na(row)), c(
    "{.arg predictions} and {.arg screen} must share genes.",
    x = "Examples of predicted partners: {.val {utils::head(genes$gene, 3)}};
         of screened genes: {.val {utils::head(screened$genes$gene, 3)}}.",
    i = "Map both to the same kind of identifier."
  ), "gene")
  joined <- genes[!is.na(row), ]
  joined$strength <- screened$genes$strength[row[!is.na(row)]]
  joined$hit <- screened$genes$hit[row[!is.na(row)]]
  joined$rank <- seq_len(nrow(joined))
  asked <- !screened$genes$gene %in% ranked$dropped
  warn_uncompared(joined, screened$genes[asked, ], ranked$candidates)
  n_hits <- sum(joined$hit)
  warn_if(n_hits == 0 || n_hits == nrow(joined), c(
    "Measures that need both hits and other genes are {.val {NA}}.",
    x = "{n_hits} of {nrow(joined)} compared genes {?is a hit/are hits}.",
    i = "Raise or lower {.arg fdr}, or name the {.arg columns} of your hits."
  ))
  joined[c("gene", "rank", ".score", "strength", "hit", "by")]
}

# Below this share of the screened genes, a list counts as truncated.
compared_share <- 0.9

# A list may be cut, or know the others by other names.
warn_uncompared <- function(joined, screened, candidates) {
  n_screened <- nrow(screened)
  others <- setdiff(screened$gene, joined$gene)
  foreign <- setdiff(others, candidates)
  is_cut <- is.null(candidates) || length(foreign) < length(others)
  known <- candidates %||% joined$gene
  lost <- sum(screened$hit) - sum(joined$hit)
  warn_if(nrow(joined) < compared_share * n_screened, c(
    "Only {nrow(joined)} of {n_screened} screened genes are compared.",
    x = "The others have no prediction, and {lost} of them {?is a hit/are hits}:
         measures among some genes differ from those among all.",
    i = if (is_cut) {
      "Ask for all partners: {.code musl_partners(fit, anchor, n = Inf)}."
    },
    i = if (length(foreign) > 0) unknown_gene_hint(foreign, known),
    i = if (length(foreign) > 0) {
      "Are {.val {few(foreign)}} names of another time, letter case or species?
       {.fn musl_map_genes} gives current symbols."
    }
  ), n_compared = nrow(joined), n_screened = n_screened)
}

# list(rows, joint: for each gene)
agreement_rows <- function(genes, k, plan) {
  k <- k[k <= nrow(genes)]
  out <- with_core(cpp_screen_agreement(
    genes$by, genes$strength, as.double(genes$hit), k, plan$replicates,
    plan$seed, plan$threads
  ))
  metrics <- c(
    "auroc", "auprc", "spearman", paste0("enrichment_", k, recycle0 = TRUE)
  )
  estimate <- nan_to_na(out$estimate)
  replicates <- nan_to_na(out$replicates)
  limits <- vapply(seq_along(metrics), function(m) {
    mean_interval(
      list(replicates[m, ]), estimate[[m]], plan$level,
      metric_range(metrics[[m]])
    )
  }, numeric(2))
  rows <- tibble(
    .metric = metrics, .estimate = estimate,
    .lower = limits[1, ], .upper = limits[2, ],
    k = c(rep(NA_integer_, 3), k),
    n_genes = nrow(genes), n_hits = sum(genes$hit)
  )
  list(rows = add_chance(rows, out$hits, plan$level), joint = out$joint)
}

metric_range <- function(metric) {
  switch(metric, auroc = , auprc = c(0, 1), spearman = c(-1, 1), c(0, Inf))
}

# What random draws of k genes give; NA for measures without k.
add_chance <- function(rows, hits, level) {
  others <- rows$n_genes - rows$n_hits
  rows$hits <- c(rep(NA_real_, nrow(rows) - length(hits)), hits)
  rows$expected <- rows$k * rows$n_hits / rows$n_genes
  rows$p_value <- stats::phyper(
    floor(rows$hits + 1e-9) - 1, rows$n_hits, others, rows$k,
    lower.tail = FALSE
  )
  quantile <- function(p) stats::qhyper(p, rows$n_hits, others, rows$k)
  rows$chance_lower <- nan_to_na(quantile((1 - level) / 2) / rows$expected)
  rows$chance_upper <- nan_to_na(quantile((1 + level) / 2) / rows$expected)
  rows
}

#' @rdname musl_compare
#' @method augment musl_verdict
#' @export
augment.musl_verdict <- function(x, ...) {
  check_dots_empty()
  attr(x, "pairs")
}
