#' Judge a model on the test parts of a split
#'
#' Measures how well a model ranks SL before non-SL pairs, beside the degree
#' baseline.
#'
#' The baseline, "SL degree", scores a pair by (1 + d_a) (1 + d_b), where d is
#' the number of SL pairs of a gene in the fold's training part.
#' It knows no biology.
#' On randomly drawn negatives it is hard to beat in C1, and it says nothing in
#' C3, where every d is 0: a value means little without it.
#'
#' Pairs the model can't score (see [predict()][predict.MuslModel]) are left out
#' for both scorers.
#'
#' @param object A [MuslModel][musl_fit()].
#' @param split The [musl_split()] that the model was fitted with.
#' @param fold Whole number, the fold that the model was fitted on.
#' @param data A [MuslData][musl_data()] to predict from, or `NULL` for what the
#'   model keeps.
#' @param baselines `TRUE` for the baseline's rows.
#' @param ... Must be empty.
#' @returns A tibble, one row for each test part, scorer and metric:
#'   `part` (C1, C2, C3), `scorer` ("MuSL", "SL degree"), `.metric` ("auroc",
#'   area under the ROC curve, ties count one half; "auprc", average precision),
#'   `.estimator` ("binary"), `.estimate` (0 to 1, larger is better; `NA` where
#'   a label is missing), `n_pairs` and `n_positive` (what it was measured on).
#' @section Errors:
#'   `musl_error_input` if `split` is no split, `fold` none of its folds, or the
#'   fold has no test part; `musl_error_leakage` if the model was fitted on
#'   another fold or has seen genes that the test parts hold out.
#' @section Source:
#'   Average precision as in scikit-learn: the sum of precision times the gain
#'   in recall, without interpolation.
#' @seealso [musl_split()], [musl_fit()]
#' @examples
#' d <- musl_simulate("small", seed = 1)
#' split <- musl_split(d, "transductive", folds = 3, seed = 1)
#' fit <- musl_fit(
#'   d, split,
#'   architecture = musl_architecture(encoders = "descriptors"),
#'   control = musl_control(epochs = 2, seed = 1, threads = 1),
#'   progress = FALSE
#' )
#' musl_metrics(fit, split)
#' @export
musl_metrics <- function(object, ...) {
  UseMethod("musl_metrics")
}

#' @export
musl_metrics.default <- function(object, ...) {
  abort_musl(c(
    "{.arg object} must be a {.cls MuslModel}.",
    x = "Found {.cls {class(object)}}."
  ))
}

#' @rdname musl_metrics
#' @export
musl_metrics.MuslModel <- function(object, split, fold = 1L, data = NULL,
                                   baselines = TRUE, ...) {
  check_dots_empty()
  check_fold(split, fold)
  check_flag(baselines)
  check_same_fold(object, split, fold)
  parts <- musl_parts(split, fold)
  test <- parts[intersect(test_parts, names(parts))]
  check_held_out(object, test)

  judge_parts(parts$train, test, baselines, function(pairs) {
    predict(object, pairs[c("gene_a", "gene_b")], data = data)$.score
  })
}

# `score` gives one number a pair, NA where there is none.
judge_parts <- function(train, test, baselines, score) {
  rows <- lapply(names(test), function(part) {
    pairs <- test[[part]]
    value <- score(pairs)
    scored <- !is.na(value)
    pairs <- pairs[scored, ]
    scores <- list(MuSL = value[scored])
    if (baselines) {
      scores[["SL degree"]] <- degree_score(train, pairs)
    }
    score_part(part, scores, pairs$label == "SL")
  })
  do.call(rbind, rows)
}

# A model fitted on another fold has seen this fold's test pairs.
check_same_fold <- function(object, split, fold, call = caller_env()) {
  fitted <- object@split$fold %||% NA_integer_
  same <- identical(object@split$setting, split$setting)
  if (!is.na(fitted) && same && fitted != fold) {
    abort_musl(c(
      "{.arg object} must have been fitted on fold {fold}.",
      x = "It was fitted on fold {fitted}, which trains on the test pairs of
           others."
    ), "leakage", fold = fitted, call = call)
  }
}

# Genes that must be new to the model: both of a C3 pair, one of a C2 pair.
check_held_out <- function(object, test, call = caller_env()) {
  seen <- object@genes[object@n_seen > 0]
  n_seen <- function(pairs) {
    (pairs$gene_a %in% seen) + (pairs$gene_b %in% seen)
  }
  leaked <- rbind(
    test$C2[n_seen(test$C2) > 1, ], test$C3[n_seen(test$C3) > 0, ]
  )
  n_leaked <- nrow(leaked) %||% 0L
  if (n_leaked > 0) {
    shown <- show_pairs(leaked)
    abort_musl(c(
      "{.arg object} must not have been trained on held-out genes of
       {.arg split}.",
      x = "{n_leaked} test pair{?s} with genes it has seen: {shown}.",
      i = "Fit it with {.code musl_fit(data, split, fold)}."
    ), "leakage", pairs = leaked, call = call)
  }
}

score_part <- function(part, scores, is_sl) {
  rows <- lapply(names(scores), function(name) {
    estimate <- c(
      measure(cpp_auroc, scores[[name]], is_sl),
      measure(cpp_auprc, scores[[name]], is_sl)
    )
    tibble(
      part = part,
      scorer = name,
      .metric = c("auroc", "auprc"),
      .estimator = "binary",
      .estimate = estimate,
      n_pairs = length(is_sl),
      n_positive = sum(is_sl)
    )
  })
  do.call(rbind, rows)
}

# NA where only one label is there.
measure <- function(metric, score, is_sl) {
  if (!any(is_sl) || all(is_sl)) {
    return(NA_real_)
  }
  with_core(metric(score, as.double(is_sl)))
}

# The "SL degree" baseline of `pairs` from training pairs.
degree_score <- function(train, pairs) {
  genes <- unique(c(train$gene_a, train$gene_b, pairs$gene_a, pairs$gene_b))
  index <- function(x) match(x, genes) - 1L
  with_core(cpp_degree_score(
    index(train$gene_a), index(train$gene_b), as.double(train$label == "SL"),
    index(pairs$gene_a), index(pairs$gene_b), length(genes)
  ))
}
