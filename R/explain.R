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
#' # What is specific to the pair
#' `against = 8` also explains sixteen unlabelled pairs, eight for each gene,
#' with the other gene replaced by a gene of the same seen status. `usual` is
#' their mean contribution; `specific`, the difference, adds up to the score
#' minus the mean score of those pairs.
#' @param object A [MuslModel][musl_fit()]; for `autoplot()` the result of
#'   `musl_explain()`.
#' @param gene_a,gene_b One gene each, in either order.
#' @param nearest Whole number from 0 to 100, number of training pairs to show
#'   that are closest in the network's pair embedding; 0 also omits novelty.
#' @param against Whole number from 0 to 100, number of other partners of each
#'   gene to compare the pair with; 0 for none.
#' @param x The result of `musl_explain()`.
#' @param what "terms", "branches", "groups", "histogram", "known_partners",
#'   "neighbours" or "nearest"; for `autoplot()` "terms" (the largest, or those
#'   specific to the pair) or "histogram".
#' @param ... `data`, `context`, `scorers` and `threads`, as in
#'   [predict()][predict.MuslModel]; for methods, must be empty.
#' @returns A tibble of class `musl_explanation`, one row per term, the largest
#'   contributions first: `component` (the input: "histogram", "descriptors",
#'   "genes", "neighbours", "topology", "partners"; for measured pairs a group
#'   of [musl_pair_features()], or "genes"; "reference" holds the score of
#'   the reference pair or the constant), `term`, `value` (as the model reads
#'   it; `NA` for a sum of many), `contribution` and `description` (the term in
#'   words); with `against` also `usual` and `specific`, which then orders the
#'   rows. Contributions of all rows add up to `.score`.
#'
#'   `tidy()` returns the terms, or with `what` details:
#'   * "branches": `branch`, `logit`, `weight`, `contribution`, `gate` (`NA` if
#'     the branch has no gate); contributions add up to the score;
#'   * "groups": `group`, with the sums of `contribution` and, with `against`,
#'     `usual` and `specific`: "expression" has histograms, descriptors,
#'     co-expression and marginals; "network" has topology and the position and
#'     degree of each gene and of its neighbours; "embedding"; other terms are
#'     grouped by component;
#'   * "histogram": one row per cell: `cohort`, `channel`, `transform` as in
#'     [musl_architecture()], `bin_a`, `bin_b`, `low_a`, `high_a`, `low_b`,
#'     `high_b` in units of the expression on the scale of the bins (`NA` for
#'     `binning` "rank"), the `share` of samples, `expected` if the genes were
#'     independent, and `contribution`;
#'   * "known_partners", "neighbours": `gene`, `partner`, `record`,
#'     `contribution`, what likeness to this partner adds to "partners", and
#'     this neighbour to "neighbours";
#'   * "nearest": `gene_a`, `gene_b`, `label`, `distance`.
#'
#'   Tables that do not apply have no rows.
#'
#'   `glance()` returns one row: `gene_a`, `gene_b`, `.score`, `.pred_SL`,
#'   `.pred_lower`, `.pred_upper`, `n_unseen`, `prior` (the share of SL that the
#'   probability is for), `reference_score`, `error`, and `novelty`, the share
#'   of training pairs that are closer to another training pair than this pair
#'   is; `NA` for a pair without a vector. `autoplot()` returns a ggplot.
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
musl_explain <- function(object, gene_a, gene_b, nearest = 5L, against = 0L,
                         ...) {
  how <- scoring_arguments(..., but = c("prior", "measured_in"))
  check_is(object, "MuslModel", arg = "object")
  check_intact(object)
  check_asked(object, how)
  how$nearest <- check_whole(nearest, 0, 100)
  how$against <- check_whole(against, 0, 100)
  how$asked <- list(gene_a = gene_a, gene_b = gene_b)
  check_string(gene_a)
  check_string(gene_b)
  abort_if(gene_a == gene_b, c(
    "{.arg gene_a} and {.arg gene_b} must be two genes.",
    x = "Both are {.val {gene_a}}."
  ), argument = "gene_b")
  ends <- sort(c(gene_a, gene_b), method = "radix")
  pair <- tibble(gene_a = ends[[1]], gene_b = ends[[2]])
  explain_pair(object, pair, how)
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
  columns <- intersect(c("contribution", "usual", "specific"), names(terms))
  sums <- rowsum(as.matrix(terms[columns]), group, reorder = FALSE)
  out <- tibble(group = rownames(sums), !!!as.list(as.data.frame(sums)))
  tables$groups <- out[explained_order(out, out$group == "reference"), ]
  order <- explained_order(terms, terms$component == "reference")
  tibble::new_tibble(
    terms[order, ],
    class = "musl_explanation", glance = glance, tables = tables
  )
}

explained_tables <- c(
  "branches", "groups", "histogram", "known_partners", "neighbours", "nearest"
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
  columns <- c("component", "term", "value", "contribution")
  further <- intersect(c("usual", "specific"), names(x))
  as_tibble(as.list(x)[c(columns, further)])
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
  }
  print_list(x, c(
    "component", "value", "contribution", "specific", "description"
  ), words = "description", ...)
  invisible(x)
}

# What is specific to a pair: compares its explanation with explanations of the
# same two genes with other genes; see musl_explain().

against_seed <- 22L

# `n` unlabelled pairs of each gene with other genes: `gene_a`, `gene_b`, and
# `instead`, the gene names that make their terms match those of the pair.
other_pairs <- function(object, pair, n) {
  known <- labels_around(model_labels(object), unlist(pair))
  known <- known[!is.na(known$label), ]
  rows <- lapply(c("gene_a", "gene_b"), function(kept) {
    gene <- pair[[kept]]
    other <- setdiff(c("gene_a", "gene_b"), kept)
    labelled <- c(
      known$gene_b[known$gene_a == gene], known$gene_a[known$gene_b == gene]
    )
    # In an order common to all pairs; genes as seen or unseen as the one they
    # replace come first, since networks read this status.
    genes <- with_seed_kept(against_seed, sample(object@genes))
    seen <- genes %in% trained_genes(object)
    pool <- genes[order(seen != (pair[[other]] %in% genes[seen]))]
    pool <- setdiff(pool, c(labelled, unlist(pair)))
    with <- utils::head(pool, n)
    ends <- order_pair(rep(gene, length(with)), with)
    tibble(
      gene_a = ends$a, gene_b = ends$b,
      instead = lapply(seq_along(with), function(i) {
        names <- list(gene_a = ends$a[[i]], gene_b = ends$b[[i]])
        names[names == with[[i]]] <- pair[[other]]
        names
      })
    )
  })
  rbind(rows[[1]], rows[[2]])
}

# Adds `usual`, the mean contribution in the other pairs, and `specific`, the
# difference from it. Missing terms contribute 0.
held_against <- function(terms, others, n) {
  if (n == 0) {
    return(terms)
  }
  all <- do.call(rbind, c(list(terms), others))
  all <- all[!duplicated(term_keys(all)), ]
  all$contribution <- terms$contribution[match_terms(all, terms)]
  all$contribution[is.na(all$contribution)] <- 0
  all$value[is.na(match_terms(all, terms))] <- NA_real_
  usual <- lapply(others, function(other) {
    of_other <- other$contribution[match_terms(all, other)]
    ifelse(is.na(of_other), 0, of_other)
  })
  n_others <- length(others)
  all$usual <- if (n_others > 0) Reduce(`+`, usual) / n_others else NA_real_
  all$specific <- all$contribution - all$usual
  all
}

term_keys <- function(terms) paste(terms$component, terms$term, sep = "\t")

match_terms <- function(x, table) match(term_keys(x), term_keys(table))

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

# The reference last; otherwise by `specific`, if known.
explained_order <- function(rows, last) {
  order(last, -abs(rows[["specific"]] %||% rows$contribution))
}
