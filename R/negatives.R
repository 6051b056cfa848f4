#' Draw non-SL pairs
#'
#' Adds sampled pairs, labelled `non_SL`, to data that have too few of them.
#'
#' The drawn pairs are unlabelled pairs: some may be SL, and scores and
#' probabilities are relative to them. Every policy draws from the genes of SL
#' pairs, no pair twice and no pair that is already in `data`. None is drawn for
#' [measured pairs][musl_data()].
#'
#' * `"random"` draws all possible pairs with equal probability: the number of
#'   known partners of the two genes then separates the labels.
#' * `"degree_matched"` draws both genes in proportion to their number of SL
#'   pairs, which removes most of this difference.
#'
#' To evaluate a model, draw within the parts of a split instead, with
#' `negatives` of [musl_split()].
#'
#' @param data A [MuslData][musl_data()] with SL pairs.
#' @param policy "random" or "degree_matched".
#' @param ratio Number from 0 to 1000, drawn pairs per SL pair.
#' @param seed Whole number from 0 to 2^31 - 1; `NULL` draws one.
#' @param ... Must be empty.
#' @returns `data` with the drawn pairs after the others. In its pairs the
#'   column `sampled` is `TRUE` for drawn ones, and `policy` names their policy
#'   (`NA` for the others); further columns are `NA` there.
#' @section Errors:
#'   `musl_error_input` if there are no SL pairs or too few pairs are left.
#' @examples
#' d <- musl_negatives(musl_simulate("small", seed = 1), ratio = 0.5, seed = 1)
#' tail(musl_pairs(d))
#' @export
musl_negatives <- function(data, policy = c("random", "degree_matched"),
                           ratio = 1, seed = NULL, ...) {
  check_dots_empty()
  check_musl_data(data)
  policy <- check_choice(policy, split_policies)
  check_number(ratio, 0, 1000)
  seed <- draw_seed(seed)
  recorded <- data@pairs[!is_measured(data@pairs), ]
  check_has_sl(recorded)
  genes <- data@genes
  sl <- pair_index(recorded[which(recorded$label == "SL"), ], genes)
  kind <- rep(NA_character_, length(genes))
  kind[unlist(sl)] <- "seen"
  drawn <- with_seed_kept(seed, draw_by_kind(
    policy, sl, kind, list(c("seen", "seen")), ratio,
    known_keys(data@pairs, genes), length(genes)
  ))
  data@pairs$sampled <- is_sampled(data@pairs)
  data@pairs <- bind_pairs(
    data@pairs, tibble(sampled_pairs(drawn, genes), policy = policy)
  )
  data
}

check_has_sl <- function(pairs) {
  abort_if(!any(pairs$label %in% "SL"), c(
    "{.arg data} must hold SL pairs to draw negatives for.",
    x = "It holds {nrow(pairs)} recorded pair{?s}, none of them SL.",
    i = "Measured pairs need none."
  ))
}

# The default if the user only gives SL pairs: it leaves less difference in
# degree.
default_negatives <- "degree_matched"

has_sl_alone <- function(pairs) {
  pairs <- pairs[!is_measured(pairs), ]
  any(pairs$label %in% "SL") && !any(pairs$label %in% "non_SL")
}

tell_default_negatives <- function(pairs) {
  measured <- is_measured(pairs)
  n_sl <- sum(pairs$label[!measured] %in% "SL")
  recorded <- if (any(measured)) "recorded " else ""
  inform_musl(c(
    "{.arg data} has no {recorded}non-SL pairs: as many are drawn as the
     {count_text(n_sl)} {recorded}SL pair{cli::qty(n_sl)}{?s},
     {.val {default_negatives}}.",
    i = "{.fn musl_negatives} and {.arg negatives} of {.fn musl_split} offer
         other policies."
  ))
}

split_policies <- c("random", "degree_matched")

# The policy of a split, with its `ratio`; `...` must be empty.
split_policy <- function(negatives, ..., ratio = 1) {
  check_dots_empty()
  check_number(ratio, 1, 50)
  negatives <- check_choice(negatives, split_policies, allow_null = TRUE)
  if (!is.null(negatives)) {
    list(name = negatives, ratio = ratio)
  } else if (!missing(ratio)) {
    abort_without_effect("ratio", "negatives")
  }
}
