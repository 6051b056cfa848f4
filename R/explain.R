#' Explain the score of a pair
#'
#' Takes the score of one pair apart: what each thing that the model read of the
#' two genes added to it, in log odds.
#'
#' # Networks
#' Contributions are integrated gradients: gradients of the score, averaged
#' along the straight way from a reference pair to the pair, times their
#' distance. The reference pair has the pair's own marginal expression but
#' independent genes, descriptors, topology and partner features at the mean of
#' the training pairs, and the average gene's vectors; which genes are seen is
#' left as it is. They add up to the score less the score of the reference pair,
#' within a relative error of 0.5 % that `glance()` tells.
#' An ensemble gives the mean of its members.
#'
#' A model keeps vectors of genes, not what they were computed from, so genes
#' count as wholes; with `data` their embedding, place in the network,
#' co-expression and marginals count one by one, and the neighbours in the
#' network have shares.
#'
#' # Measured pairs
#' The members that learned from screens answer with the columns of
#' [musl_pair_evidence()]: coefficients times values, and for trees the changes
#' of the expected score along the pair's paths (Saabas).
#' What the member `neural` reads of either gene by itself is one term, "single
#' genes", which is not taken apart further.
#' With the constant they add up to the score.
#'
#' # What is special about the pair
#' Much of a score belongs to either gene by itself: how often it was recorded,
#' that it lacks what other genes have. `against = 8` explains sixteen further
#' pairs, eight of either gene with other genes of the model in place of the
#' other, as seen in training as that, none with a label, and sets their mean
#' beside each contribution as `usual`. `specific`, the difference, adds up to
#' the score less the mean score of those pairs. It takes the time of as many
#' explanations, without their nearest pairs.
#'
#' To ask what speaks for a pair, expression, network or embedding, take `data`,
#' `against` and the sums of `musl_explained(x, "groups")`: on simulated pairs
#' of unseen genes, what made the pair comes first in 95 % of them, without
#' `against` in 88 % (`bench/explain.R`). Of genes in many training pairs the
#' network knows much by heart, and no explanation says why.
#'
#' @param object A [MuslModel][musl_fit()].
#' @param gene_a,gene_b One gene each, in either order.
#' @param data,context,encoders,members,threads As in
#'   [predict()][predict.MuslModel].
#' @param nearest Whole number from 0 to 100 of training pairs to show that are
#'   closest in what the network makes of a pair; 0 leaves novelty out, too.
#' @param against Whole number from 0 to 100 of other partners of either gene
#'   to hold the pair against; 0 for none.
#' @param ... Must be empty.
#' @returns A tibble of class `musl_explanation`, one row a term, the largest
#'   contributions first: `component` (what was read: "histogram",
#'   "descriptors", "genes", "neighbours", "topology", "partners", a table's
#'   name; of measured pairs a group of [musl_evidence_columns()], or "genes";
#'   "reference" holds the score of the reference pair or the constant), `term`,
#'   `value` (as the model reads it: standardised for networks, `NA` for a sum
#'   of many) and `contribution`, with `against` also `usual` and `specific`
#'   (log odds), by which rows are then ordered. Contributions of all rows add
#'   up to `.score`.
#'
#'   `musl_explained()` gives what stands behind it as a tibble: "branches"
#'   (`branch`, `logit`, `weight`, `contribution`, `gate`, `NA` where no gate
#'   weighs the branch; contributions add up to the score), "groups" (`group`,
#'   with the sums of `contribution`, `usual` and `specific`: "expression" has
#'   histograms, descriptors and, with `data`, co-expression and marginals;
#'   "network" has topology and, with `data`, the place and degree of either
#'   gene and of its neighbours; "embedding", with `data`; all else goes by its
#'   component), "histogram" (a row a cell:
#'   `source`, `channel`, `transform` as in [musl_architecture()], `bin_a`,
#'   `bin_b`, `low_a`, `high_a`, `low_b`, `high_b` in units of the expression
#'   (of "z" as it was given, of "log" and "z_log" its logarithm, else as
#'   [musl_histogram()] logs it; a gene's outermost bins hold what lies beyond,
#'   too), `share` and `expected` of the samples, the latter if the genes were
#'   independent, `contribution`), "known_partners" and "neighbours" (`gene`,
#'   `partner`, `record`, `contribution`: its share in what "partners" and
#'   "neighbours" add), "nearest" (`gene_a`, `gene_b`, `label`, `distance`).
#'   Tables that do not apply have no row.
#'
#'   `glance()` gives one row: `gene_a`, `gene_b`, `.score`, `.pred_SL`,
#'   `.pred_lower`, `.pred_upper`, `n_unseen`, `reference_score`, `error`, and
#'   `novelty`, the share of training pairs that lie closer to another training
#'   pair than this pair does: near 1, the model has seen nothing like it.
#' @section Errors:
#'   `musl_error_gene` for a gene that neither model nor `data` have;
#'   `musl_error_input` for a pair of a gene with itself, or one without any
#'   input.
#' @section Source:
#'   Sundararajan, Taly and Yan (2017), Axiomatic attribution for deep networks,
#'   ICML; Saabas (2014), Interpreting random forests.
#' @seealso [musl_partners()], [musl_pair_evidence()]
#' @examples
#' fit <- musl_example_model()
#' # What the members that learned from screens read of the pair:
#' why <- musl_explain(fit, "SIM001", "SIM169")
#' why
#' autoplot(why)
#' @examplesIf musl_has_backend()
#' # The network, by integrated gradients:
#' fit <- musl_example_model()
#' why <- musl_explain(fit, "SIM001", "SIM169", members = "network")
#' why
#' glance(why)
#' musl_explained(why, "branches")
#' autoplot(why)
#' @export
musl_explain <- function(object, gene_a, gene_b, ..., data = NULL,
                         context = NULL, encoders = NULL, members = NULL,
                         nearest = 5L, against = 0L, threads = NULL) {
  check_dots_empty()
  check_is(object, "MuslModel", arg = "object")
  check_intact(object)
  check_heard(encoders, object)
  check_heard_members(members, object, encoders)
  check_whole(nearest, 0, 100)
  check_whole(against, 0, 100)
  check_whole(threads, 0, allow_null = TRUE)
  pair <- explained_pair(gene_a, gene_b)
  how <- list(
    data = data, context = context, encoders = encoders, members = members,
    nearest = nearest, against = against,
    asked = list(gene_a = gene_a, gene_b = gene_b),
    threads = threads %||% object@control$threads
  )
  if (asks_network(object, members, encoders)) {
    explain_network(object, pair, how)
  } else {
    explain_measured(object, pair, how)
  }
}

explained_pair <- function(gene_a, gene_b, call = caller_env()) {
  check_string(gene_a, call = call)
  check_string(gene_b, call = call)
  if (gene_a == gene_b) {
    abort_musl(c(
      "{.arg gene_a} and {.arg gene_b} must be two genes.",
      x = "Both are {.val {gene_a}}."
    ), argument = "gene_b", call = call)
  }
  ends <- sort(c(gene_a, gene_b), method = "radix")
  tibble(gene_a = ends[[1]], gene_b = ends[[2]])
}

# `asked`: list(gene_a, gene_b) in the caller's order.
check_explained_genes <- function(asked, genes, ids, call = caller_env()) {
  for (argument in c("gene_a", "gene_b")) {
    gene <- asked[[argument]]
    if (!gene %in% genes) {
      abort_musl(c(
        "The model must know both genes.",
        x = "It does not know {.val {gene}}.",
        i = unknown_gene_hint(gene, genes, ids) %||%
          "{.arg data} can bring further genes."
      ), "gene", argument = argument, call = call)
    }
  }
}

# Terms may describe themselves in words; others are called by their names.
new_explanation <- function(terms, glance, tables) {
  terms$description <- terms[["description"]] %||% terms$term
  tables$groups <- group_sums(terms)
  order <- explained_order(terms, terms$component == "reference")
  tibble::new_tibble(
    terms[order, ],
    class = "musl_explanation", glance = glance, tables = tables
  )
}

explained_tables <- c(
  "branches", "groups", "histogram", "known_partners", "neighbours", "nearest"
)

#' @rdname musl_explain
#' @param x What `musl_explain()` returned.
#' @param what "branches", "groups", "histogram", "known_partners", "neighbours"
#'   or "nearest".
#' @export
musl_explained <- function(x, what = c(
                             "branches", "groups", "histogram",
                             "known_partners", "neighbours", "nearest"
                           )) {
  check_is(x, "musl_explanation", arg = "x")
  what <- check_choice(what, explained_tables)
  attr(x, "tables")[[what]]
}

#' @export
glance.musl_explanation <- function(x, ...) {
  check_dots_empty()
  attr(x, "glance")
}

#' @export
tidy.musl_explanation <- function(x, ...) {
  check_dots_empty()
  columns <- c("component", "term", "value", "contribution")
  further <- intersect(c("usual", "specific"), names(x))
  as_tibble(as.list(x)[c(columns, further)])
}

# tidy() with what the terms say in words.
described_terms <- function(x) tibble(!!!as.list(x))

#' @export
print.musl_explanation <- function(x, ...) {
  overall <- attr(x, "glance")
  cat(sprintf(
    "<musl_explanation> %s and %s: score %.2f, probability %.3f\n",
    overall$gene_a, overall$gene_b, overall$.score, overall$.pred_SL
  ))
  print(tidy(x), ...)
  invisible(x)
}
