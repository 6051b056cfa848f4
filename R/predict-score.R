# Scores of pairs by the scorers of a model; see predict.MuslModel().

# Scores of pairs in their order, NA if a gene is unknown to both model and
# data, if the pair has no input or is a gene with itself.
#
# how    list of arguments of predict(): data, context, scorers, encoders,
#        measured_in, prior, threads
# bound  of bound_scorers() list(score, n_unseen, unknown, genes, is_unknown and
# what these scorers tell beside: probability, list_order, relation,
# single_gene, measured; matrices gate, branch, scorer, embedding)
score_pairs <- function(object, pairs, how, parts = FALSE, embedding = FALSE,
                        drift = TRUE,
                        bound = bound_scorers(object, how, drift)) {
  rows <- scorable_rows(pairs, bound$genes)
  options <- bound$options
  options[c("parts", "embedding")] <- list(parts, embedding)
  out <- with_progress(TRUE, function(callback) {
    with_core(
      cpp_score_pairs(
        bound$scorer, pair_input(pairs[rows, pair_ends_of], bound$genes),
        options, callback
      )
    )
  })
  unknown <- setdiff(c(pairs$gene_a, pairs$gene_b), bound$genes)
  c(spread_rows(out, rows, nrow(pairs)), list(
    n_unseen = count_unseen(pairs, object@genes, object@n_seen),
    unknown = unknown, genes = bound$genes,
    is_unknown = pairs$gene_a %in% unknown | pairs$gene_b %in% unknown
  ))
}

pair_ends_of <- c("gene_a", "gene_b")

# Rows of pairs of two genes of a universe.
scorable_rows <- function(pairs, genes) {
  which(
    pairs$gene_a %in% genes & pairs$gene_b %in% genes &
      pairs$gene_a != pairs$gene_b
  )
}

# Results of some of the rows, at their positions among `n`; NA elsewhere and
# without a score.
spread_rows <- function(out, rows, n) {
  out$score <- nan_to_na(out$score)
  lost <- setdiff(seq_len(n), rows[!is.na(out$score)])
  lapply(out[!vapply(out, is.null, NA)], function(x) {
    if (!is.matrix(x)) {
      return(replace(rep(NA_real_, n), rows, x))
    }
    full <- matrix(NA_real_, n, ncol(x), dimnames = list(NULL, colnames(x)))
    full[rows, ] <- x
    full[lost, ] <- NA_real_
    full
  })
}
