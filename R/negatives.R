#' Draw non-SL pairs
#'
#' Adds sampled pairs, labelled `non_SL`, to data that have too few of them.
#'
#' The drawn pairs are unlabelled pairs that stand for non-SL ones: some may be
#' SL, and scores and probabilities are relative to them.
#' Both policies draw from the genes of SL pairs, no pair twice and no pair that
#' `data` holds already.
#' `"random"` draws every possible pair with equal chance, so that the number of
#' known partners of the two genes tells the labels apart very well (see
#' [musl_metrics()]).
#' `"degree_matched"` draws both genes in proportion to their number of SL
#' pairs, which leaves little of that.
#'
#' @param data A [MuslData][musl_data()] with SL pairs.
#' @param policy "random" or "degree_matched".
#' @param ratio Number from 0 to 1000, drawn pairs per SL pair.
#' @param seed Whole number from 0 to 2^31 - 1; `NULL` draws one.
#' @returns `data` with the drawn pairs after the others.
#'   The column `sampled` of its pairs is `TRUE` for drawn ones; further columns
#'   are `NA` there.
#' @section Errors:
#'   `musl_error_input` if there are no SL pairs, or fewer pairs left to draw
#'   than asked for; the message says how many.
#' @seealso [musl_split()], which keeps sampled pairs from making a gene seen.
#' @examples
#' genes <- sprintf("G%02d", 1:20)
#' x <- matrix(log2(1 + 1:100), 20, dimnames = list(genes, NULL))
#' sl <- data.frame(gene_a = genes[1:9], gene_b = genes[11:19], label = "SL")
#' d <- musl_negatives(musl_data(x, pairs = sl, scale = "log"), seed = 1)
#' musl_pairs(d)
#' @export
musl_negatives <- function(data, policy = c("random", "degree_matched"),
                           ratio = 1, seed = NULL) {
  check_split_data(data)
  policy <- check_choice(policy, c("random", "degree_matched"))
  check_number(ratio, 0, 1000)
  seed <- draw_seed(seed)
  pairs <- data@pairs
  sl <- pairs[which(pairs$label == "SL"), ]
  if (nrow(sl) == 0) {
    abort_musl(c(
      "{.arg data} must hold SL pairs to draw negatives for.",
      x = "It holds {nrow(pairs)} pair{?s}, none of them SL."
    ))
  }
  drawn <- draw_negatives(
    policy, sl, pairs, round(ratio * nrow(sl)), data@genes, seed
  )
  data@pairs <- append_negatives(pairs, drawn)
  data
}

draw_negatives <- function(policy, sl, taken, count, genes, seed,
                           call = caller_env()) {
  ends <- unlist(pair_index(sl, genes), use.names = FALSE)
  taken <- pair_index(taken, genes)
  drawn <- draw_between(
    policy, ends, ends, index_keys(taken$a, taken$b, length(genes)), count,
    length(genes), seed,
    call = call
  )
  tibble(gene_a = genes[drawn$a], gene_b = genes[drawn$b])
}

append_negatives <- function(pairs, drawn) {
  if (!"sampled" %in% names(pairs)) {
    pairs$sampled <- rep(FALSE, nrow(pairs))
  }
  added <- pairs[rep(NA_integer_, nrow(drawn)), ]
  added$gene_a <- drawn$gene_a
  added$gene_b <- drawn$gene_b
  added$label <- factor(rep("non_SL", nrow(drawn)), levels(pairs$label))
  added$sampled <- rep(TRUE, nrow(drawn))
  rbind(pairs, added)
}
