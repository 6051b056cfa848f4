#' What to screen next
#'
#' Chooses the anchors (queries of a screen) or pairs with the most expected new
#' hits, and avoids redundant choices.
#'
#' Candidates are chosen one at a time, by the largest expected / (1 +
#' `diversity` x likeness), where likeness is the sum over earlier choices. The
#' likeness of two anchors is the share of their best partners that they have in
#' common; that of two pairs is 1 if they share a gene, else 0.
#'
#' Expected hits are sums of probabilities in a screen where the share `prior`
#' of all pairs are hits. A pair counts as new if no training screen measured it
#' and its label was not known; a pair of two anchors counts only for the first
#' of them. Trust the sum of expected hits more than the order of the anchors.
#' Genes that cells cannot lose or do not express are left out, with a message;
#' see *Status* in [musl_partners()]. Where `candidates` names no genes, so are
#' those that most lines need, or of which expression or dependency is unknown
#' while the model knows it of others, as it is of most non-coding genes.
#'
#' With more than half a million pairs, candidates are compared on 10 genes of
#' the library, the best fourth of them on 40, then 200; the best 1.5 `budget`
#' (at least 20) on the whole library, with a message.
#'
#' @param object A [MuslModel][musl_fit()].
#' @param budget Whole number >= 1, number of anchors or pairs to choose; fewer
#'   are returned if fewer are left.
#' @param candidates Character, the genes that may become anchors; or a data
#'   frame with the columns `gene_a` and `gene_b`, the pairs that may be tested;
#'   or `NULL` for anchors among all genes with inputs in the model (and
#'   `data`); or a data frame with the columns `gene` and `lost` (the share of
#'   tumours that lost the gene, 0 to 1, or a flag): of these genes those that
#'   at least 1 % of tumours lose.
#' @param ... Must be empty.
#' @param data,context,scorers,measured_in,threads As in
#'   [predict()][predict.MuslModel].
#' @param prior The share of hits among all pairs of the screen, 0.0135 by
#'   default, as in genome-scale screens.
#' @param library Character, the genes that each anchor is screened against, or
#'   `NULL` for every gene.
#' @param diversity Number >= 0: penalty of likeness; 0 chooses the most
#'   expected hits regardless of likeness.
#' @returns A tibble of class `musl_design`, one row per choice, in order of
#'   choice: `rank`; `anchor`, or `gene_a` and `gene_b`; `expected` (new hits,
#'   minus those that earlier anchors of the list also find), `cumulative`
#'   (their running sum); for anchors `n_pairs` (new pairs to be tested),
#'   `n_known` (pairs left out), `partners` (the three best, separated by ", "),
#'   for pairs `.score` and `n_unseen`; `status` (of a pair, the one that lists
#'   place later); `relation` and `single_gene` (logits from evidence on the
#'   pair and on the single genes; for an anchor, means over its new pairs
#'   weighted by their probability; `NA` for networks); `like` (the most similar
#'   earlier row, a gene or "A - B"; `NA` for none) and `likeness` (0 to 1, to
#'   that row). `attr(, "against")` describes random choices: the number `n` of
#'   candidates with new pairs, the `mean` of their expected hits, and the mean
#'   number of hits that two of them `shared`. `autoplot()` plots the expected
#'   hits of each choice, coloured if its likeness is at least one half, and
#'   their sum; the dashed line is the sum of as many random choices.
#' @section Errors:
#'   `musl_error_input` if no candidate is left or an argument is out of range;
#'   `musl_error_gene` if no candidate or no gene of `library` is known;
#'   `musl_warning_unknown_gene` if some are not.
#' @seealso [musl_partners()]
#' @examples
#' genes <- c("ARID1A", "BRCA2", "MTAP", "PBRM1", "SMARCA4", "VHL")
#' library <- c("ARID1B", "CDK4", "EZH2", "PARP1", "POLQ", "PRMT5", "SMARCA2")
#' chosen <- musl_design(musl_human_model(), 4, genes, library = library)
#' chosen
#' autoplot(chosen)
#' @export
musl_design <- function(object, budget, candidates = NULL, ..., library = NULL,
                        diversity = 1, data = NULL, context = NULL,
                        scorers = NULL, measured_in = NULL, prior = NULL,
                        threads = NULL) {
  how <- scoring_arguments(
    ...,
    data = data, context = context, scorers = scorers,
    measured_in = measured_in, prior = prior, threads = threads
  )
  check_is(object, "MuslModel")
  how$prior <- how$prior %||% screen_prior
  how$budget <- as.integer(check_whole(budget, 1))
  how$diversity <- check_number(diversity, 0)
  known <- scored_genes(object, how$data)
  check_asked(object, how)
  how["facts"] <- list(gene_facts(object, how))
  if (is.data.frame(candidates) && "lost" %in% names(candidates)) {
    candidates <- lost_genes(candidates)
  }
  if (is.data.frame(candidates)) {
    if (!is.null(library)) abort_without_effect("library", "anchors")
    return(design_pairs(object, candidates, known, how))
  }
  if (is.null(candidates)) candidates <- losable_genes(known, how$facts)
  candidates <- design_genes(candidates, "candidates", known)
  library <- design_genes(library, "library", known)
  candidates <- without_lethal(candidates, "candidates", how)
  library <- without_lethal(library, "library", how)
  design_anchors(object, candidates, library, how)
}

# Up to this many pairs of candidates and library, all are scored; beyond it, a
# short list is made on ever more genes.
scored_at_most <- 5e5
shortlist_libraries <- c(10L, 40L, 200L)

# Genes of a table that tumours lose.
lost_genes <- function(table, least = 0.01) {
  check_columns(table, c("gene", "lost"), "candidates")
  share <- table$lost
  abort_if(
    !(is.numeric(share) || is.logical(share)) ||
      any(share < 0 | share > 1, na.rm = TRUE),
    c(
      "{.field lost} of {.arg candidates} must be flags or shares from 0 to 1.",
      x = "Found {describe_value(share)}."
    ), argument = "candidates"
  )
  out <- unique(as.character(table$gene)[(share >= least) %in% TRUE])
  if (length(out) == 0) abort_no_candidate(0)
  out
}

# The genes that a laboratory would knock out: most lines live without them, and
# they are known to be expressed, as far as the model knows that of any.
losable_genes <- function(known, facts) {
  if (is.null(facts)) {
    return(known)
  }
  row <- match(known, facts$genes)
  told <- function(x) !is.na(x[row]) | all(is.na(x))
  often <- gene_status(known, facts) %in% "often_lethal"
  known[told(facts$dependent) & told(facts$expressed) & !often]
}

# The known genes of an argument; NULL means all.
design_genes <- function(genes, arg, known) {
  if (is.null(genes)) {
    return(known)
  }
  genes <- factor_names(genes, arg)
  if (!is.character(genes) || length(genes) == 0 || anyNA(genes)) {
    abort_argument(arg, "gene names or NULL", genes)
  }
  told_genes(unique(genes), arg, known)
}

# The known ones of `genes`; others give a warning, or an error if none is
# known.
told_genes <- function(genes, arg, known) {
  unknown <- setdiff(genes, known)
  abort_if(length(unknown) == length(genes), c(
    "{.arg {arg}} must hold genes of the model or of {.arg data}.",
    x = "None of {length(unknown)} gene{?s} is known:
         {.val {utils::head(unknown, 3)}}.",
    i = unknown_gene_hint(unknown, known)
  ), "gene", genes = unknown)
  warn_unknown(genes, arg, known, "left out")
  intersect(genes, known)
}

# The genes that cells can lose and do express.
without_lethal <- function(genes, arg, how) {
  last <- candidate_places(genes, how$facts)$tier
  if (!any(last)) {
    return(genes)
  }
  inform_musl(c(
    "{sum(last)} of {length(genes)} gene{?s} of {.arg {arg}}
     {cli::qty(sum(last))}{?is/are} left out:
     cells cannot lose them or do not express them, such as
     {.val {utils::head(genes[last], 3)}}."
  ))
  if (all(last)) abort_no_candidate(0)
  genes[!last]
}

# Pairs with .score, probability `p`, relation, single_gene, and `known`:
# measured by a screen of the training pairs, or labelled.
design_scores <- function(object, pairs, how, parts = TRUE) {
  # Screens count also if a network scores, which did not learn from them.
  pairs$known <- are_pairs_of(pairs, model_labels(object))
  scored <- score_pairs(object, pairs, how, parts = parts)
  pairs$relation <- scored$relation %||% NA_real_
  pairs$single_gene <- scored$single_gene %||% NA_real_
  columns <- prediction_columns(object, scored, how$prior)
  pairs$.score <- columns$.score
  pairs$n_unseen <- columns$n_unseen
  pairs$p <- if (is.null(scored$probability)) {
    at_genome_level(columns$.pred_SL, genome_probabilities(object, how), how)
  } else {
    columns$.pred_SL
  }
  pairs
}

# Whether each pair is one of the others, in either order.
are_pairs_of <- function(pairs, others) {
  genes <- unique(c(others$gene_a, others$gene_b))
  number <- function(x) {
    pair_numbers(match(x$gene_a, genes), match(x$gene_b, genes), genes)
  }
  out <- number(pairs)
  !is.na(out) & out %in% number(others)
}

# Of a network, whose training pairs are no sample of the genome's, `prior` is
# the mean probability of pairs that are.
at_genome_level <- function(p, genome, how) {
  known <- !is.na(p)
  p[known] <- with_core(cpp_shift_to_mean(p[known], genome, how$prior))
  p
}

genome_pairs <- 2000L

# Probabilities by a network of pairs of genes that stand for the genome.
genome_probabilities <- function(object, how) {
  genes <- list_reference(object)
  all <- utils::combn(length(genes), 2)
  drawn <- with_seed_kept(reference_seed, sample.int(
    ncol(all), min(ncol(all), genome_pairs)
  ))
  pairs <- tibble(gene_a = genes[all[1, drawn]], gene_b = genes[all[2, drawn]])
  scored <- score_pairs(object, pairs, how, drift = FALSE)
  p <- prediction_columns(object, scored, how$prior)$.pred_SL
  p[!is.na(p)]
}

abort_no_candidate <- function(n_known) {
  abort_musl(c(
    "No candidate is left.",
    x = if (n_known > 0) {
      "{n_known} pair{?s} {?was/were} already measured or known."
    } else {
      "No pair of candidates can be scored."
    },
    i = "Widen {.arg candidates} or {.arg library}."
  ), argument = "candidates")
}

# Choice among pairs, and print ------------------------------------------------

design_pairs <- function(object, candidates, known, how) {
  check_pair_table(candidates, "candidates")
  pairs <- pair_ends(candidates, "candidates")
  if (nrow(pairs) == 0) abort_no_candidate(0)
  genes <- told_genes(part_ends(pairs), "candidates", known)
  genes <- without_lethal(genes, "candidates", how)
  pairs <- pairs[pairs$gene_a %in% genes & pairs$gene_b %in% genes, ]
  pairs <- pairs[pairs$gene_a != pairs$gene_b, ]
  pairs <- pairs[!duplicated(pair_keys(pairs)), ]
  if (nrow(pairs) == 0) abort_no_candidate(0)
  pairs <- without_rescued(design_scores(object, pairs, how), how$facts)
  left <- pairs[!pairs$known & !is.na(pairs$p), ]
  if (nrow(left) == 0) abort_no_candidate(sum(pairs$known))
  left$expected <- left$p
  chosen <- choose_in_turn(left$expected, how,
    likeness = function(i) {
      ends <- c(left$gene_a[[i]], left$gene_b[[i]])
      as.numeric(left$gene_a %in% ends | left$gene_b %in% ends)
    },
    repeated = function(i) 0
  )
  rows <- left[chosen$row, ]
  rows$status <- status_of_pair(rows, how$facts)
  rows$like <- paste(rows$gene_a, rows$gene_b, sep = " - ")[chosen$like]
  new_design(rows, chosen, left, how)
}

# Pairs in which lines that lost one gene need the other less are not lethal.
without_rescued <- function(pairs, facts) {
  found <- called_differences(pairs, facts, "lost")
  rescued <- found$row[found$direction %in% "needed_less"]
  inform_if(length(rescued) > 0, c(
    "{length(rescued)} pair{?s} left out: lines that lost one gene need the
     other less.",
    i = "{show_pairs(as.data.frame(pairs[rescued, c('gene_a', 'gene_b')]))}"
  ), "report")
  if (length(rescued) > 0) pairs[-rescued, ] else pairs
}

#' @export
print.musl_design <- function(x, ...) {
  # Columns may have been left out since.
  if (nrow(x) == 0 || !"expected" %in% names(x)) {
    return(NextMethod())
  }
  cat(design_head(x), sep = "")
  print_list(x, c(
    "rank", "anchor", "gene_a", "gene_b", "expected", "cumulative", "status",
    "partners"
  ), words = "partners", ...)
  invisible(x)
}

design_head <- function(x) {
  against <- attr(x, "against")
  what <- if ("anchor" %in% names(x)) "anchor" else "pair"
  n <- nrow(x)
  c(
    "<musl_design> ", count_text(n), " ", what, if (n != 1) "s", ": ",
    format(sum(x$expected), digits = 3), " new hits expected\n",
    if (!is.null(against)) {
      c(
        "  ", count_text(n), " at random of ", count_text(against$n), ": ",
        format(random_hits(against, n), digits = 3), ", if ",
        format(100 * attr(x, "prior"), digits = 3), " % of all pairs are hits\n"
      )
    }
  )
}
