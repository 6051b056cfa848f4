# What orders lists of partners, and probabilities within them.

partner_orders <- c("auto", "score", "combined", "relation")

# Seed of the genes that stand for the genome.
reference_seed <- 20L
fewest_seen <- 200L

# Genes that stand for the genome in probabilities, the same for all lists.
reference_list <- 500L

# As the core's SumEvidence.
sum_evidence <- c(score = 0L, auto = 1L, combined = 2L, relation = 3L)

# The order of lists, one of partner_orders; "auto" is left for models of
# recorded pairs alone, whose evidence is yet to be tested.
check_order <- function(by, object, asked) {
  by <- check_choice(by, partner_orders)
  weighed <- asked$rates && learned_screens(object)
  abort_if(weighed && asked$single && by == "combined", c(
    "{.code by = \"combined\"} weighs all scorers of a model of measured
     pairs.",
    x = "{.arg scorers} asks for {.val {asked$scorers}}.",
    i = "Leave {.arg by} or {.arg scorers} out."
  ), argument = "by")
  if (by != "auto") {
    return(by)
  }
  # Whoever asks single scorers or encoders asks for their scores.
  if (asked$single) "score" else if (weighed) "combined" else "auto"
}

# What orders a table of predictions, the highest first: its score, or the ranks
# of partner lists in another order, which a list read from a file has too.
ranking_values <- function(x) {
  score <- as.double(x[[".score"]])
  rank <- x[["rank"]]
  is_list <- all(c("anchor", "partner") %in% names(x))
  if (!is_list || !is.numeric(rank) || anyNA(rank)) {
    return(score)
  }
  row <- order(x$anchor, rank)
  rises <- diff(score[row]) > 0 & duplicated(x$anchor[row])[-1]
  if (any(rises, na.rm = TRUE)) -as.double(rank) else score
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

# Scores the pairs of musl_partners(), whose gene_a is the anchor: adds .score,
# .pred_SL and what the scorers tell of relation, single genes or unseen genes.
# list(pairs, order: ranks each list, highest first; by: what that is)
#
# `parts`: are the parts of the score needed of all pairs?
rank_lists <- function(object, pairs, how, bound, parts = FALSE) {
  lists <- score_lists(object, pairs, how, bound, parts)
  pairs$.score <- lists$score
  pairs$.pred_SL <- lists$probability %||%
    probabilities_within(object, pairs, lists$reference, how$prior)
  pairs$relation <- lists$relation
  pairs$single_gene <- lists$single_gene
  by <- how$by
  if (by == "auto") by <- if (lists$combined) "combined" else "score"
  list(
    pairs = pairs, by = by,
    order = if (by == "relation") lists$relation else lists$rank_by
  )
}

# Adds to rows of lists what scorers tell of relation and single genes, which
# takes them longer than the score, or of unseen genes.
with_parts <- function(object, pairs, how, bound) {
  if (bound$asked$annotation) {
    pairs$n_unseen <- count_unseen(pairs, object@genes, object@n_seen)
  } else if (is.null(pairs[["single_gene"]])) {
    parts <- score_pairs(object, pairs, how, parts = TRUE, bound = bound)
    pairs[c("relation", "single_gene")] <- parts[c("relation", "single_gene")]
  }
  pairs
}

# spread_rows() of what the core tells of lists; `reference`: scores of each
# anchor with the reference genes.
score_lists <- function(object, pairs, how, bound, parts) {
  genes <- bound$genes
  rows <- scorable_rows(pairs, genes)
  request <- list(
    pairs = pair_input(pairs[rows, pair_ends_of], genes),
    reference = match(list_reference(object), genes) - 1L,
    sl = known_sl(object, genes), sum = sum_evidence[[how$by]],
    annotation = if (how$by != "score" && bound$asked$annotation) {
      annotation_store(object, genes, how$data, bound$options$threads)
    }
  )
  options <- bound$options
  options$parts <- parts || how$by == "relation"
  out <- with_progress(TRUE, function(callback) {
    with_core(cpp_partner_lists(bound$scorer, request, options, callback))
  })
  apart <- c("reference", "combined")
  out$rank_by <- nan_to_na(out$rank_by)
  out$relation <- if (!is.null(out$relation)) nan_to_na(out$relation)
  c(spread_rows(out[setdiff(names(out), apart)], rows, nrow(pairs)), out[apart])
}

list_reference <- function(object) {
  reference_genes(object@genes, trained_genes(object), reference_list)
}

# Probabilities of a network, from scores of each anchor with the genes that
# stand for the genome.
probabilities_within <- function(object, pairs, scores, prior) {
  reference <- list_reference(object)
  anchors <- unique(pairs$gene_a)
  compared <- tibble(
    gene_a = rep(anchors, each = length(reference)),
    gene_b = rep(reference, length(anchors)),
    .score = nan_to_na(scores)
  )
  compared$n_unseen <- count_unseen(compared, object@genes, object@n_seen)
  pairs$n_unseen <- count_unseen(pairs, object@genes, object@n_seen)
  list_probabilities(object@calibration, pairs, compared, prior)
}

# Probabilities with which a share `prior` of the genome are partners of each
# anchor: those of `compared`, pairs of the anchors with genes that stand for
# it, have that mean.
list_probabilities <- function(calibration, pairs, compared, prior) {
  of_pairs <- function(x) {
    calibrate_scores(calibration, x$.score, x$n_unseen)
  }
  p <- of_pairs(pairs)
  reference <- split(
    of_pairs(compared), factor(compared$gene_a, unique(pairs$gene_a))
  )
  for (anchor in names(reference)) {
    rows <- which(pairs$gene_a == anchor & !is.na(p))
    known <- reference[[anchor]]
    p[rows] <- with_core(cpp_shift_to_mean(
      p[rows], known[!is.na(known)], prior %||% screen_prior
    ))
  }
  p
}
