#' Evaluate scores of SL and non-SL pairs
#'
#' Evaluates a model on the test parts of its split, the folds of a
#' [musl_resample()], or any table of scored pairs.
#'
#' # Metrics
#'
#' Over the pairs of a part:
#'
#' - `auroc`: area under the ROC curve; ties count one half.
#' - `auprc`: average precision, the sum of precision times the gain in recall,
#'   without interpolation; scikit-learn's `average_precision_score()`.
#' - `auprc_trapezoid`: area under straight lines between the points of the
#'   precision-recall curve, from recall 0 and precision 1 on; scikit-learn's
#'   `auc(recall, precision)`, and the value that SL_benchmark reports.
#' - `f1_max`: the best F1 over all thresholds, known only afterwards.
#' - `f1`: F1 of the pairs called SL, those with `.score >= .threshold` or,
#'   without a `.threshold`, `.pred_SL >= threshold`.
#' - `mcc`: Matthews' correlation coefficient of the same calls and the labels,
#'   -1 to 1; 0 if all pairs are called, or none; scikit-learn's
#'   `matthews_corrcoef()`.
#' - `brier`: mean squared difference of `.pred_SL` from 1 (SL) or 0.
#' - `ece`: expected calibration error, the mean over 10 bins of equal mass of
#'   |share of SL - mean `.pred_SL`|.
#'
#' Per anchor, then averaged over anchors; each gene of a part is an anchor, and
#' the other ends of its pairs in that part are its candidates:
#'
#' - `auroc_per_anchor`: AUROC among the anchor's pairs, independent of the
#'   popularity of the anchor.
#' - `ndcg_k`, for k = 10, 20 and 50 or those in `k`: discounted gain of the
#'   first k candidates over that of the true ideal, all SL partners first.
#' - `precision_k`: share of SL among the first k candidates, or among all if
#'   there are fewer.
#' - `recall_k`: share of the anchor's SL partners among the first k.
#' - `map_k`: the sum of the precision at each SL partner among the first k,
#'   divided by min(k, number of SL partners).
#'
#' Anchors without an SL pair or without a non-SL pair are left out, as all
#' their orders score the same; `n_left_out` counts them.
#' With ties these metrics are the mean over all orders.
#'
#' Per query, then averaged over queries, if pairs have a `query` (in
#' directed screens, the gene that all cells lacked; see [musl_data()]); the
#' candidates of a query are the library genes it was paired with:
#'
#' - `auroc_per_query`, `auprc_per_query`: of the query's list.
#' - `recall_1pct_per_query`: share of its hits in the first 1 % of its list
#'   (rounded, at least one place; with ties the mean over all orders).
#'
#' Queries without a hit or without a non-hit are left out.
#'
#' `ndcg_k_slbench`, `precision_k_slbench`, `recall_k_slbench` and
#' `map_k_slbench` are computed as in SL_benchmark: only the first 100
#' candidates count, the ideal of NDCG has only the SL partners among these, `map` divides
#' by the SL partners among the first k, and `precision` by min(k, number of SL
#' partners).
#' Anchors are all genes with an SL pair in the part; give the candidates that
#' are unlabelled as further rows with label `NA`, which only these metrics
#' count, as non-SL.
#'
#' `auroc`, `auprc`, the F1 and the metrics per anchor depend only on the order
#' of `.score`, which may be infinite.
#' With one label only they are `NA`, with one warning.
#' `brier`, `ece`, `f1` and `mcc` are `NA` for a scorer without probabilities.
#'
#' # Intervals
#'
#' The node bootstrap samples genes with replacement: a pair counts as often as
#' both its genes were sampled together, an anchor as often as it was.
#' Pairs that share a gene are not independent; resampling pairs would give
#' intervals that are too narrow.
#' All scorers, parts and runs share the sampled genes.
#' Limits are percentiles of the replicates' means over runs, shifted so that
#' the mean of all replicates is the estimate, and `NA` if fewer than half of
#' the replicates have a value.
#'
#' # Baseline
#'
#' Results include the baseline "SL degree", which scores a pair by
#' (1 + d_a) (1 + d_b), where d is the number of SL pairs of a gene in the
#' fold's training part.
#' It uses no biology.
#' With randomly drawn negatives it is hard to beat in C1, and it is
#' uninformative in C3, where every d is 0: always compare values with it.
#'
#' @param object A [MuslModel][musl_fit()]; the result of [musl_resample()]; or
#'   a data frame, one row per scored pair, with the columns `gene_a`, `gene_b`,
#'   `label` (SL and non_SL, 1 and 0, or `TRUE` and `FALSE`) and `.score`.
#'   Its columns `.pred_SL` (probability), `.threshold` (on the scale of
#'   `.score`), `part`, `scorer`, and `fold`, `repeat` and `seed`, which
#'   together identify a run, may be absent; others are not used.
#'   Without `part`, pairs that [predict()][predict.MuslModel] calls "known" in
#'   `.status` are a part of that name, all others the part "all".
#'   Measured pairs may have several rows in a run, distinguished by `source`,
#'   `context` and `query`, each with a separate label.
#'   A pair without a score (`NA`) in one scorer is left out for all scorers of
#'   the same run and part.
#' @param split The [musl_split()] that the model was fitted with; or a data
#'   frame of labelled pairs `gene_a`, `gene_b`, `label`, or a list of these,
#'   which are divided by the number of genes that the model has not seen (C1,
#'   C2, C3); pairs whose label it knows are separate ("known"): it may have
#'   been trained on them.
#' @param fold Whole number, the fold that the model was fitted on.
#' @param data A [MuslData][musl_data()] to predict from, or `NULL` for the
#'   inputs in the model.
#' @param baselines `TRUE` for the baseline's rows.
#' @param metrics Character, names from _Metrics_ below; "ndcg", "precision",
#'   "recall", "map" and these with "_slbench" stand for one metric for each k.
#'   `NULL` for all but the `_slbench` ones, and those per query if there is
#'   a column `query`.
#' @param threshold Number from 0 to 1: `f1` and `mcc` call a pair SL from this
#'   probability on, unless it has a `.threshold`.
#' @param k Whole numbers >= 1, the depths of ranking metrics.
#' @param summarise `TRUE` for mean and standard deviation over runs, `FALSE`
#'   for one row per run.
#' @param interval `FALSE`, or the coverage of node-bootstrap intervals, such as
#'   0.95.
#' @param bootstrap Whole number >= 2 of bootstrap replicates.
#' @param seed Whole number >= 0 for the bootstrap, or `NULL` to draw one from
#'   R's generator.
#' @param threads Whole number >= 0 of threads; 0 for all that this process may
#'   use, `NULL` for the number of the fit. Results do not depend on
#'   it.
#' @param against `NULL`, or a scorer to compare all others with, on the same
#'   pairs of the same runs.
#' @param ... Must be empty for a model and a data frame; for a
#'   [musl_resample()] the arguments from `metrics` on.
#' @returns A tibble, one row for each part, scorer and metric:
#'   `part` (C1, C2, C3, test; "all" if the table has none; of a model and a
#'   table those in which it scored a pair), `scorer`
#'   ("MuSL", "SL degree", or as in the table), `.metric`, `.estimator`
#'   ("binary"), `.estimate` (0 to 1, `mcc` -1 to 1; larger is better except for
#'   `brier` and `ece`), `n_pairs` and `n_positive` (labelled pairs evaluated,
#'   SL among them), `n_anchors` and `n_left_out` (anchors evaluated and left
#'   out, `NA` for metrics over pairs).
#'
#'   For a model, or with `summarise = TRUE`, it is of class `musl_metrics`;
#'   `.estimate` is the mean over the `n` runs that have a value, `sd` their
#'   standard deviation, `.lower` and `.upper` the interval of the mean (`NA`
#'   without `interval`), and the counts are means over runs.
#'   With `summarise = FALSE` the run's columns come first, and `.lower` and
#'   `.upper` are those of the run.
#'
#'   With `against`, rows are differences: `part`, `scorer`, `against`,
#'   `.metric`, `.estimator`, `.estimate` (the mean over runs of the scorer's
#'   metric minus that of `against`), `sd`, `n` runs that have both, `.lower`
#'   and `.upper`. Parts and folds differ more than scorers do, so the intervals
#'   of two means may overlap although one scorer is better in every fold.
#' @section Errors:
#'   `musl_error_input` if a column is missing or of another type, a score is
#'   `NaN`, a probability out of range, a pair doubled in one run, part and
#'   scorer, a metric unknown, `split` no split, `fold` none of its folds, or
#'   the fold has no test part; `musl_error_leakage` if the model was fitted on
#'   another fold, has seen genes that the test parts hold out, or was trained
#'   on their pairs.
#'   `musl_warning_other` once for parts with one label only, and once for pairs
#'   left out because they lack a score, for a model
#'   `musl_warning_unknown_gene`; `musl_warning_leakage` if a model of
#'   interactions or sites learned some of the pairs or proteins.
#' @section Source:
#'   SL_benchmark: Feng et al. (2024), Nat Commun 15:9058, as `cal_metrics()` of
#'   its code computes it.
#'   Vertex bootstrap: Snijders and Borgatti (1999), Connections 22:61.
#' @seealso [autoplot()][autoplot.musl_metrics], [musl_split()], [musl_fit()]
#' @examplesIf musl_backend()$available
#' scores <- data.frame(
#'   gene_a = c("A", "A", "A", "B", "B", "C"),
#'   gene_b = c("B", "C", "D", "C", "D", "D"),
#'   label = c(1, 0, 1, 0, 0, 1),
#'   .score = c(2, 0.5, 1, 0.2, 1.5, 0.7)
#' )
#' musl_metrics(scores, c("auroc", "auprc", "ndcg"), k = 2)
#'
#' d <- musl_simulate("small", seed = 1)
#' split <- musl_split(d, "transductive", folds = 3, seed = 1)
#' fit <- musl_fit(
#'   d, split,
#'   architecture = musl_architecture(encoders = "descriptors"),
#'   control = musl_control(members = 1, epochs = 2, seed = 1, threads = 1),
#'   progress = FALSE
#' )
#' musl_metrics(fit, split)
#' @order 1
#' @export
musl_metrics <- function(object, ...) {
  UseMethod("musl_metrics")
}

#' @export
musl_metrics.default <- function(object, ...) {
  abort_musl(c(
    "{.arg object} must be a {.cls MuslModel}, a {.cls musl_resample} or a data
     frame of scored pairs.",
    x = "Found {.cls {class(object)}}."
  ), argument = "object")
}

#' @rdname musl_metrics
#' @order 2
#' @export
musl_metrics.MuslModel <- function(object, split, fold = 1L, data = NULL,
                                   baselines = TRUE,
                                   metrics = c("auroc", "auprc"),
                                   threshold = 0.5, k = c(10L, 20L, 50L),
                                   interval = FALSE, bootstrap = 200L,
                                   seed = NULL, threads = NULL, ...) {
  check_dots_empty()
  check_flag(baselines)
  metrics <- expand_metrics(metrics, k)
  check_number(threshold, 0, 1)
  plan <- bootstrap_plan(
    interval, bootstrap, seed, threads %||% object@control$threads
  )
  of_split <- !is.data.frame(split) && !rlang::is_bare_list(split)
  parts <- if (of_split) {
    fold_to_judge(object, split, fold)
  } else {
    pairs_to_judge(object, split)
  }
  judge_parts(parts$train, parts$test, baselines, function(pairs) {
    predict(object, pairs[c("gene_a", "gene_b")], data = data,
      threads = threads
    )
  }, metrics, threshold, plan, of_split)
}

# list(train, test): the test parts of a fold.
fold_to_judge <- function(object, split, fold, call = caller_env()) {
  check_fold(split, fold, call = call)
  check_same_fold(object, split, fold, call)
  parts <- musl_parts(split, fold)
  test <- parts[intersect(test_parts, names(parts))]
  check_held_out(object, test, call)
  if (split$leakage != "report") check_not_learned(object, test, call)
  list(train = parts$train, test = test)
}

# list(train, test): labelled pairs that the model knows or not. The baseline's
# degrees are those among the known pairs.
pairs_to_judge <- function(object, pairs, call = caller_env()) {
  pairs <- canonical_pairs(pairs, "split", call, need_label = TRUE)$pairs
  pairs <- pairs[!is.na(pairs$label), ]
  if (nrow(pairs) == 0) {
    abort_musl(c(
      "{.arg split} as a table must hold labelled pairs.",
      x = "No row has a label."
    ), argument = "split", call = call)
  }
  labelled <- model_labels(object)
  known <- pair_keys(pairs) %in% pair_keys(labelled)
  n_unseen <- count_unseen(pairs, object@genes, object@n_seen)
  part <- ifelse(known, "known", test_parts[n_unseen + 1])
  if (any(known)) {
    inform_musl(c(
      "{sum(known)} of {nrow(pairs)} pair{?s} {?is/are} known to the model and
       evaluated separately, as part {.val known}.",
      i = "It may have been trained on them: their metrics say nothing about
           new pairs."
    ), "known", n_known = sum(known))
  }
  list(
    train = labelled,
    test = split(pairs, factor(part, intersect(c(test_parts, "known"), part)))
  )
}

# The pairs whose recorded or measured label the model knows; with `genes`,
# measured pairs that are neither SL nor recorded nor of these genes may lack.
model_labels <- function(object, genes = NULL) {
  if (!has_measured_members(object)) {
    return(object@known)
  }
  known <- as_tibble(as.list(object@known)[c("gene_a", "gene_b", "label")])
  measured <- measured_record(object, object@genes)
  if (!is.null(genes)) {
    at <- match(genes, object@genes)
    kept <- measured$hit | measured$a %in% at | measured$b %in% at |
      pair_numbers(measured$a, measured$b, object) %in%
        known_numbers(object, known)
    measured <- lapply(measured, `[`, kept)
  }
  with_measured(known, measured, object@genes)
}

# `score` gives one number per pair, or a table of .score and .pred_SL; NA if
# there is none.
judge_parts <- function(train, test, baselines, score, metrics, threshold,
                        plan, of_split = TRUE) {
  scorers <- c("MuSL", if (baselines) "SL degree")
  values <- part_values(test, score)
  # Genes without inputs are unseen, so that a table's pairs may form parts of
  # their own; those of a split are told as they are.
  scored <- vapply(values, function(x) any(!is.na(x$.score)), NA)
  if (!of_split && any(scored)) test <- test[scored]
  tables <- lapply(names(test), function(part) {
    part_scores(part, test[[part]], train, scorers, values[[part]])
  })
  groups <- tibble(
    part = rep(names(test), each = length(scorers)),
    scorer = rep(scorers, times = length(test))
  )
  table <- as_scored(do.call(rbind, tables), groups)
  runs <- measure_runs(table, metrics, threshold, plan)
  warn_undefined(runs)
  rows <- summary_rows(runs)
  # Means over the one run.
  counts <- c("n_pairs", "n_positive")
  rows[counts] <- lapply(rows[counts], as.integer)
  rows
}

# The scores of each part, asked for at once: its warnings come once.
part_values <- function(test, score) {
  pairs <- do.call(rbind, lapply(unname(test), function(part) {
    as_tibble(part[c("gene_a", "gene_b")])
  }))
  value <- score(pairs)
  if (is.numeric(value)) {
    value <- tibble(.score = value, .pred_SL = NA_real_)
  }
  part <- factor(rep(names(test), vapply(test, nrow, 1L)), names(test))
  split(as_tibble(value)[c(".score", ".pred_SL")], part)
}

# The scored pairs of one part, one block per scorer.
part_scores <- function(part, pairs, train, scorers, value) {
  scored <- !is.na(value$.score)
  blocks <- lapply(scorers, function(scorer) {
    block <- pairs[scored, judged_columns(pairs)]
    block$part <- rep(part, nrow(block))
    block$scorer <- rep(scorer, nrow(block))
    is_model <- scorer == "MuSL"
    block$.score <- as.double(
      if (is_model) value$.score[scored] else degree_score(train, block)
    )
    block$.pred_SL <-
      if (is_model) value$.pred_SL[scored] else rep(NA_real_, nrow(block))
    block
  })
  do.call(rbind, blocks)
}

# Columns of a test pair that its scores keep.
judged_columns <- function(pairs) {
  further <- intersect(c(origin_columns, "clean"), names(pairs))
  c("gene_a", "gene_b", "label", further)
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
  seen <- trained_genes(object)
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

# Pairs of the other parts, whose genes may be in training.
check_not_learned <- function(object, test, call = caller_env()) {
  keys <- pair_keys(learned_pairs(object))
  ends <- c("gene_a", "gene_b")
  pairs <- rbind(test$C1[ends], test$test[ends])
  leaked <- pairs[pair_keys(pairs) %in% keys, ]
  n_leaked <- nrow(leaked) %||% 0L
  if (n_leaked > 0) {
    shown <- show_pairs(leaked)
    abort_musl(c(
      "{.arg object} must not have been trained on test pairs of {.arg split}.",
      x = "{n_leaked} pair{?s} it was trained on: {shown}.",
      i = "Was it fitted with another split, such as one of another seed? Fit it
           with {.code musl_fit(data, split, fold)}."
    ), "leakage", pairs = leaked, call = call)
  }
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
