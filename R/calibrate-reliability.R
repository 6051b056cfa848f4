#' Evaluate probabilities and prediction sets
#'
#' Measures on labelled pairs how well probabilities are calibrated, and how
#' often conformal sets contain the label.
#'
#' The pairs must not have been used in training; a message
#' (`musl_message_known`) counts those that were. Pairs without a prediction or
#' a label are left out.
#'
#' The expected calibration error is the mean over pairs of the distance between
#' the mean probability and the share of SL in their bin; bins have numbers of
#' pairs as equal as ties allow. If the share of SL among `pairs` is another
#' than `prior`, a message gives both. Coverage is the share of pairs whose set
#' contains their label, for each label; its standard error comes from the node
#' bootstrap of [musl_metrics()].
#'
#' @param object A [MuslModel][musl_fit()], or a data frame of predictions as
#'   `predict(type = "set")` returns them with the column `label`: rows of
#'   several folds may be combined.
#' @param pairs Data frame `gene_a`, `gene_b`, `label` (as in [musl_data()]), or
#'   the [musl_split()] that the model was fitted with, to use its test pairs of
#'   `fold`.
#' @param fold Whole number, the fold that the model was fitted on.
#' @param data A [MuslData][musl_data()] to predict from, or `NULL` for the data
#'   stored in the model.
#' @param prior,threads As for [predict()][predict.MuslModel].
#' @param bins Whole number >= 1, number of bins.
#' @param replicates Whole number >= 2, number of bootstrap replicates.
#' @param seed Whole number; `NULL` draws one from R's generator.
#' @param ... Must be empty for a data frame.
#' @returns A tibble of class `musl_calibration`, one row for all pairs
#'   (`n_unseen` is `NA`) and one for each number of unseen genes that occurs:
#'   `n_unseen`, `n_pairs`, `n_positive`, `ece` (expected calibration error, 0
#'   to 1), `coverage_SL`, `std_error_SL`, `coverage_non_SL`, `std_error_non_SL`
#'   (0 to 1; `NA` without sets or pairs of the label), `set_size` (mean number
#'   of labels in a set, 0 to 2) and `bins`, a list of tibbles `bin`, `n_pairs`,
#'   `predicted` (mean probability), `observed` (share of SL), ascending.
#'   `autoplot()` plots observed over predicted shares for the bins, with the
#'   diagonal of perfect calibration and 95 % Jeffreys intervals of the shares.
#' @section Errors:
#'   `musl_error_input` if a column is missing or of another type, a probability
#'   is not from 0 to 1, or no pair has both a label and a prediction, and as in
#'   [predict()][predict.MuslModel]; `musl_error_leakage` for a split as in
#'   [musl_metrics()].
#' @section Source:
#'   Naeini, Cooper and Hauskrecht (2015), AAAI 29:2901, for the calibration
#'   error, in bins of equal mass instead of equal width.
#' @examples
#' # The model knows these pairs: of others, probabilities are less accurate.
#' pairs <- musl_pairs(musl_simulate("small", seed = 1))
#' found <- musl_calibration(
#'   musl_example_model(), pairs,
#'   prior = 0.5, seed = 1
#' )
#' found
#' autoplot(found)
#' @export
musl_calibration <- function(object, ...) UseMethod("musl_calibration")

#' @export
musl_calibration.default <- function(object, ...) {
  check_is(object, c("MuslModel", "data.frame"))
}

#' @rdname musl_calibration
#' @export
musl_calibration.MuslModel <- function(object, pairs, data = NULL, prior = NULL,
                                       fold = 1L, threads = NULL, ...) {
  if (inherits(pairs, "musl_split")) {
    test <- fold_to_judge(object, pairs, fold)$test
    pairs <- do.call(rbind, unname(test))[c("gene_a", "gene_b", "label")]
  }
  check_pair_table(pairs, "pairs")
  tell_learned_pairs(
    pairs, learned_pairs(object),
    "its probabilities of new pairs are less accurate than this."
  )
  # Scorers of features tell no sets.
  sets <- "set" %in% asked_scorers(object, list())$types
  predicted <- predict(
    object, pairs,
    data = data, type = if (sets) "set" else "prob", prior = prior,
    threads = threads
  )
  out <- musl_calibration(predicted, ...)
  attr(out, "prior") <- prior %||%
    if (sets) object@prior else screen_prior
  tell_other_prior(out)
  out
}

# Odds of SL that differ by more than this factor are told.
most_prior_odds <- 2

tell_other_prior <- function(judged) {
  prior <- attr(judged, "prior")
  found <- judged$n_positive[[1]] / judged$n_pairs[[1]]
  apart <- abs(stats::qlogis(found) - stats::qlogis(prior))
  inform_if(is.finite(apart) && apart > log(most_prior_odds), c(
    "{told_shares(judged)}: part of the error is this difference.",
    i = "{.code prior = {signif(found, 3)}} evaluates at their share."
  ), "prior", prior = prior, found = found)
}

# "" for a table of predictions, whose prior is not known.
told_shares <- function(judged) {
  prior <- attr(judged, "prior")
  if (is.null(prior)) {
    return("")
  }
  found <- judged$n_positive[is.na(judged$n_unseen)] /
    judged$n_pairs[is.na(judged$n_unseen)]
  paste0(
    "Probabilities are for ", format(100 * prior, digits = 3), " % SL",
    if (length(found) == 1) {
      paste0(", ", format(100 * found, digits = 3), " % of these pairs are")
    }
  )
}

#' @rdname musl_calibration
#' @export
musl_calibration.data.frame <- function(object, bins = 10, replicates = 200,
                                        seed = NULL, ...) {
  check_dots_empty()
  check_whole(bins, 1)
  check_whole(replicates, 2)
  seed <- draw_seed(seed)
  pairs <- judged_pairs(object)
  groups <- c(NA, sort(unique(pairs$n_unseen)))
  out <- bind_each(groups, function(n_unseen) {
    chosen <- is.na(n_unseen) | pairs$n_unseen %in% n_unseen
    tibble(
      n_unseen = as.integer(n_unseen),
      judge_calibration(pairs[chosen, ], bins, replicates, seed)
    )
  })
  class(out) <- c("musl_calibration", class(out))
  out
}

# Pairs that the model was fitted to are judged with the others, unlike in
# musl_metrics(): say so.
tell_learned_pairs <- function(pairs, learned, so) {
  learned <- pair_keys(pairs) %in% pair_keys(learned)
  inform_if(any(learned), c(
    paste(
      "{sum(learned)} of {nrow(pairs)} pair{?s} {?was/were} used to fit the
       model:", so
    ),
    i = "Pass pairs that were not, such as the test pairs of a split."
  ), "known", n_known = sum(learned))
}

# Predicted and labelled rows; sets are NA if there are none.
judged_pairs <- function(x) {
  check_columns(
    x, c(".pred_SL", "n_unseen"), "object", "Pass what {.fn predict} returns."
  )
  check_pair_table(x, "object")
  pairs <- tibble(
    pair_ends(x, "object"),
    label = pair_label(x, "object", need_label = TRUE),
    probability = check_probabilities(score_column(x, ".pred_SL")),
    n_unseen = unseen_numbers(x$n_unseen),
    SL = x[[".set_SL"]] %||% NA,
    non_SL = x[[".set_non_SL"]] %||% NA
  )
  pairs <- pairs[!is.na(pairs$label) & !is.na(pairs$probability), ]
  abort_if(nrow(pairs) == 0, c(
    "{.arg object} must hold pairs with a label and a prediction.",
    x = "None of {nrow(x)} row{?s} has both."
  ))
  pairs
}

# A factor is read by its labels.
unseen_numbers <- function(x) {
  number <- suppressWarnings(as.integer(as.character(x)))
  bad <- unique(x[is.na(number) & !is.na(x)])
  abort_if(length(bad) > 0, c(
    "Column {.field n_unseen} of {.arg object} must hold whole numbers.",
    x = "Found {.val {utils::head(bad, 3)}}."
  ), argument = "object")
  number
}

judge_calibration <- function(pairs, bins, replicates, seed) {
  is_sl <- pairs$label == "SL"
  found <- with_core(cpp_reliability(pairs$probability, as.double(is_sl), bins))
  sl <- label_coverage(pairs[is_sl, ], "SL", replicates, seed)
  non_sl <- label_coverage(pairs[!is_sl, ], "non_SL", replicates, seed)
  tibble(
    n_pairs = nrow(pairs),
    n_positive = sum(is_sl),
    ece = found$error,
    coverage_SL = sl[[1]],
    std_error_SL = sl[[2]],
    coverage_non_SL = non_sl[[1]],
    std_error_non_SL = non_sl[[2]],
    set_size = nan_to_na(mean(pairs$SL + pairs$non_SL, na.rm = TRUE)),
    bins = list(tibble(
      bin = seq_along(found$n_pairs),
      n_pairs = found$n_pairs,
      predicted = found$predicted,
      observed = found$observed
    ))
  )
}

# Share of the pairs whose set holds `label`, and its standard error.
label_coverage <- function(pairs, label, replicates, seed) {
  pairs <- pairs[!is.na(pairs[[label]]), ]
  # Draws must not depend on the order of rows or ends.
  genes <- sort_bytes(unique(c(pairs$gene_a, pairs$gene_b)))
  covered <- as.double(pairs[[label]])
  error <- with_core(cpp_node_bootstrap_error(
    covered, match(pairs$gene_a, genes) - 1L, match(pairs$gene_b, genes) - 1L,
    length(genes), replicates, seed
  ))
  nan_to_na(c(mean(covered), error))
}

unseen_text <- function(n_unseen) {
  text <- paste(n_unseen, ifelse(n_unseen == 1, "unseen gene", "unseen genes"))
  ifelse(is.na(n_unseen), "all pairs", text)
}
