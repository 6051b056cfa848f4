#' Explain the score of a pair
#'
#' Splits the score of one pair into the contributions of the model's inputs, in
#' log odds.
#'
#' # Networks
#' Contributions are integrated gradients from a reference pair: the pair's
#' marginal expression but independent genes, descriptors, topology and partner
#' features at the mean of the training pairs, and genes of average inputs. They
#' add up to the score minus that of the reference pair, within a relative error
#' of 0.5 %, reported by `glance()`; for an ensemble they are means over its
#' networks. Without network and embeddings in `data`, each gene is one term,
#' compared with the average vector.
#'
#' # Measured pairs
#' For scorers that learned from screens, terms are the columns of
#' [musl_pair_features()]: coefficients times values and, for trees, the changes
#' of the expected score along the pair's paths (Saabas). With the constant,
#' contributions add up to the score.
#'
#' @param object A [MuslModel][musl_fit()]; for `autoplot()` the result of
#'   `musl_explain()`.
#' @param gene_a,gene_b One gene each, in either order.
#' @param nearest Whole number from 0 to 100, number of training pairs to show
#'   that are closest in the network's pair embedding; 0 also omits novelty.
#' @param ranks `TRUE`, the default for scorers of features: rank either gene in
#'   the list of the other one, which scores both with all genes.
#' @param x The result of `musl_explain()`.
#' @param what "terms", "branches", "groups", "histogram", "known_partners",
#'   "neighbours", "nearest", "order", "screens" or "shared";
#'   for `autoplot()` "terms" (the largest
#'   of the score), "order" (of what ranks lists) or "histogram".
#' @param ... `data`, `context`, `scorers` and `threads`, as in
#'   [predict()][predict.MuslModel]; for methods, must be empty.
#' @returns A tibble of class `musl_explanation`, one row per term, the largest
#'   contributions first: `component` (the input: "histogram", "descriptors",
#'   "genes", "neighbours", "topology", "partners"; for measured pairs a group
#'   of [musl_pair_features()], or "genes"; "reference" holds the score of
#'   the reference pair or the constant), `term`, `value` (as the model reads
#'   it; `NA` for a sum of many), `contribution`, `order` (contribution to what
#'   ranks lists of partners, before what is known of cell lines and statuses;
#'   `NA` for networks) and `description` (the term in words). Contributions of
#'   all rows add up to `.score`, those of `order` to that of `glance()`.
#'
#'   `tidy()` returns the terms, or with `what` details:
#'   * "branches": `branch`, `logit`, `weight`, `contribution`, `gate` (`NA` if
#'     the branch has no gate); contributions add up to the score;
#'   * "groups": `group`, sums of `contribution` and `order`: "expression" has
#'     histograms, descriptors, co-expression and marginals; "network" has
#'     topology and the position and degree of each gene and of its neighbours;
#'     "embedding"; other terms are grouped by component;
#'   * "histogram": one row per cell: `cohort`, `channel`, `transform` as in
#'     [musl_architecture()], `bin_a`, `bin_b`, `low_a`, `high_a`, `low_b`,
#'     `high_b` in units of the expression on the scale of the bins (`NA` for
#'     `binning` "rank"), the `share` of samples, `expected` if the genes were
#'     independent, and `contribution`;
#'   * "known_partners", "neighbours": `gene`, `partner`, `record`,
#'     `contribution`, what likeness to this partner adds to "partners", and
#'     this neighbour to "neighbours";
#'   * "nearest": `gene_a`, `gene_b`, `label`, `distance`;
#'   * "order": two rows, either gene as the `partner` of the other one, the
#'     `anchor`: `order`, what ranks it among those of its status (log odds), is
#'     the sum of `terms`, `lines` (that lost the anchor) and `status_handicap`
#'     (of `often_lethal`); `status`; with `ranks` its `rank` of `n_candidates`
#'     and `times_average`, the `order` of [musl_partners()];
#'   * "screens": `study`, `hit`, `lines` (of a hit) and `share` of the study's
#'     pairs that are at least as strong (`NA` if not known);
#'   * "shared": the sets that hold both genes, at most three of a `kind`
#'     ("complex", "term", "module", "family"), the smallest first: `name` and
#'     `id` (of the Gene Ontology, for sets of the human model; else `NA`),
#'     `n_genes` and `genes`, three others of a set of at most 30.
#'
#'   Tables that do not apply have no rows.
#'
#'   `glance()` returns one row: `gene_a`, `gene_b`, `.score`, `.pred_SL`,
#'   `.pred_lower`, `.pred_upper`, `n_unseen`, `prior` (the share of SL that the
#'   probability is for), `reference_score`, `error`, and `novelty`, the share
#'   of training pairs that are closer to another training pair than this pair
#'   is; `NA` for a pair without a vector; and `direction`, in words, what cell
#'   lines in which either gene is altered need (see *Direction* in
#'   [musl_partners()]; `NA` if nothing is known), `identity` (share of equal
#'   residues of the aligned proteins, 0 to 1; `NA` without [musl_paralogs()])
#'   and `order` (log odds). `autoplot()` returns a ggplot.
#' @section Errors:
#'   `musl_error_gene` for a gene that neither model nor `data` has;
#'   `musl_error_input` for a pair of a gene with itself, or a pair without any
#'   input.
#' @section Source:
#'   Sundararajan, Taly and Yan (2017), Axiomatic attribution for deep networks,
#'   ICML; Saabas (2014), Interpreting random forests.
#' @seealso [musl_partners()], [musl_pair_features()]
#' @examples
#' why <- musl_explain(musl_human_model(), "STAG2", "STAG1")
#' why
#' autoplot(why)
#' @examplesIf musl_backend()$available
#' # The network, by integrated gradients:
#' fit <- musl_example_model()
#' tidy(musl_explain(fit, "SIM001", "SIM169", scorers = "musl"), "branches")
#' @export
musl_explain <- function(object, gene_a, gene_b, nearest = 5L, ...,
                         ranks = NULL) {
  how <- scoring_arguments(..., but = c("prior", "measured_in"))
  check_is(object, "MuslModel", arg = "object")
  check_intact(object)
  check_asked(object, how)
  how$nearest <- check_whole(nearest, 0, 100)
  if (is.null(ranks)) ranks <- has_archive(object, "features")
  check_flag(ranks)
  check_string(gene_a)
  check_string(gene_b)
  # predict() warns of data unlike the model's.
  bound <- bound_scorers(object, how)
  gene_a <- check_anchors(gene_a, bound$genes, arg = "gene_a")
  gene_b <- check_anchors(gene_b, bound$genes, arg = "gene_b")
  abort_if(gene_a == gene_b, c(
    "{.arg gene_a} and {.arg gene_b} must be two genes.",
    x = "Both are {.val {gene_a}}."
  ), argument = "gene_b")
  ends <- sort(c(gene_a, gene_b), method = "radix")
  pair <- tibble(gene_a = ends[[1]], gene_b = ends[[2]])
  explain_pair(object, pair, how, bound, ranks)
}

new_explanation <- function(terms, glance, tables) {
  words <- term_words(terms$component, terms$term, terms$value, terms$words)
  words[terms$beyond] <- paste(
    words[terms$beyond], "(beyond what screens measured)"
  )
  terms$beyond <- terms$words <- NULL
  terms$description <- words
  # Sums by origin of the terms. Whole gene vectors mix all origins.
  group <- term_group(terms$component, terms$term)
  sums <- rowsum(terms$contribution, group, reorder = FALSE)
  groups <- tibble(group = rownames(sums), contribution = as.vector(sums))
  groups$order <- as.vector(rowsum(terms$order, group, reorder = FALSE))
  tables$groups <- groups[explained_order(groups$group, groups), ]
  tibble::new_tibble(
    terms[explained_order(terms$component, terms), ],
    class = "musl_explanation", glance = glance, tables = tables
  )
}

# The reference last.
explained_order <- function(name, rows) {
  order(name == "reference", -abs(rows$contribution))
}

explained_tables <- c(
  "branches", "groups", "histogram", "known_partners", "neighbours", "nearest",
  "order", "screens", "shared"
)

#' @export
glance.musl_explanation <- function(x, ...) {
  check_dots_empty()
  attr(x, "glance")
}

#' @rdname musl_explain
#' @export
tidy.musl_explanation <- function(x, what = c("terms", explained_tables), ...) {
  check_dots_empty()
  what <- check_choice(what, c("terms", explained_tables))
  if (what != "terms") {
    return(attr(x, "tables")[[what]])
  }
  columns <- c(
    "component", "term", "value", "contribution", "order", "description"
  )
  as_tibble(as.list(x)[intersect(columns, names(x))])
}

# tidy() with descriptions of the terms.
described_terms <- function(x) tibble(!!!as.list(x))

#' @export
print.musl_explanation <- function(x, ...) {
  # Columns may have been left out since.
  if (!"description" %in% names(x)) {
    return(NextMethod())
  }
  # Explanations that were bound together repeat their terms.
  if (!repeats_keys(x, c("component", "term"))) {
    overall <- attr(x, "glance")
    cat(sprintf("<musl_explanation> score %.2f\n", overall$.score))
    writeLines(strwrap(chance_sentence(overall), exdent = 2))
    for (text in explained_sentences(x)) writeLines(strwrap(text, exdent = 2))
  }
  shown <- c("component", "value", "contribution", "order", "description")
  if (all(is.na(x[["order"]]))) shown <- setdiff(shown, "order")
  print_list(x, shown, words = "description", ...)
  invisible(x)
}

# What is said of a pair above its terms, and on pages: what lines need, what
# the genes share, what ranks the pair in lists.
explained_sentences <- function(x) {
  overall <- attr(x, "glance")
  tables <- attr(x, "tables")
  c(
    rank_sentence(tables$order), direction_sentence(overall),
    screens_sentence(tables$screens),
    shared_sentences(
      tables$shared %||% no_shared_sets, overall[["identity"]] %||% NA
    ),
    order_sentence(x)
  )
}

term_group <- function(component, term) {
  of_gene <- component %in% c("genes", "neighbours")
  made_of <- function(pattern) of_gene & grepl(paste0(", ", pattern), term)
  group <- component
  group[component %in% c("histogram", "descriptors") |
    made_of("(coexpression|marginals):")] <- "expression"
  group[component == "topology" | made_of("(spectral|degree)\\b")] <- "network"
  group[made_of("embedding\\b")] <- "embedding"
  group
}
