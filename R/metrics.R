#' Evaluate scores of SL and non-SL pairs
#'
#' Evaluates a model on the test parts of its split, the folds of a
#' [musl_resample()], or any table of scored pairs.
#'
#' # Metrics
#'
#' Over the pairs of a part: `auroc` (ties count one half); `auprc`, average
#' precision, without interpolation; `auprc_trapezoid`, the area under straight
#' lines between the points of the precision-recall curve; `f1_max`, the best F1
#' over all thresholds; `f1` and `mcc`, F1 and Matthews' correlation coefficient
#' of the pairs called SL (`.score >= .threshold` or, without it, `.pred_SL >=
#' 0.5`); `brier`, the mean squared difference of `.pred_SL` from 1 (SL) or 0;
#' `ece`, the expected calibration error over 10 bins of equal mass.
#'
#' Means over anchors: each gene of a part is an anchor, and the other genes of
#' its pairs in that part are its candidates. `auroc_per_anchor`; `ndcg_k`,
#' `precision_k`, `recall_k` and `map_k` of the first k candidates
#' (`precision_k` divides by the number of candidates if it is below k, `map_k`
#' by min(k, number of SL partners)).
#'
#' Means over queries, if pairs have a `query` (see [musl_data()]):
#' `auroc_per_query`, `auprc_per_query`, and `recall_1pct_per_query`, the share
#' of hits in the first 1 % of the list.
#'
#' Anchors and queries without both labels are left out. With ties, metrics per
#' anchor and `recall_1pct_per_query` are means over all orders.
#'
#' With one label only, `auroc`, `auprc`, the F1 and the metrics per anchor are
#' `NA`. `brier`, `ece`, `f1` and `mcc` are `NA` for a scorer without
#' probabilities.
#'
#' @param object A [MuslModel][musl_fit()]; the result of [musl_resample()]; or
#'   a data frame, one row per scored pair, with the columns `gene_a`, `gene_b`,
#'   `label` (SL and non_SL, 1 and 0, or `TRUE` and `FALSE`) and `.score` (which
#'   may be infinite). Optional columns: `.pred_SL` (probability), `.threshold`
#'   (on the scale of `.score`), `part`, `scorer`, and `fold`, `repeat` and
#'   `seed`, which together identify a run. Without `part`, pairs that
#'   [predict()][predict.MuslModel] calls "known" in `.status` are a part of
#'   that name, all others the part "all". Measured pairs are distinguished by
#'   `study`, `line` and `query`. A pair without a score (`NA`) in one
#'   scorer is left out for all scorers of the same run and part.
#' @param split The [musl_split()] that the model was fitted with; or a data
#'   frame of labelled pairs `gene_a`, `gene_b`, `label`, or a list of these.
#'   Pairs of a table are divided by the number of genes that the model has not
#'   seen (C1, C2, C3); pairs whose label it knows are the part "known".
#' @param fold Whole number, the fold that the model was fitted on.
#' @param data A [MuslData][musl_data()] to predict from, or `NULL` for the
#'   inputs in the model.
#' @param baselines `TRUE` to add the baseline "SL degree": (1 + d_a) (1 + d_b),
#'   where d is the number of SL pairs of a gene in the fold's training part. It
#'   uses no biology, and is uninformative in C3.
#' @param metrics Character, names from _Metrics_ below; "ndcg", "precision",
#'   "recall" and "map" stand for one metric for each k. `NULL` for all, those
#'   per query if there is a column `query`.
#' @param k Whole numbers >= 1, the depths of ranking metrics.
#' @param summarise `TRUE` for mean and standard deviation over runs, `FALSE`
#'   for one row per run.
#' @param against `NULL`, or a scorer to compare all others with, on the same
#'   pairs of the same runs.
#' @param interval The coverage of intervals, such as 0.95 (`NULL` with
#'   `against`), or `FALSE`. The bootstrap samples genes, not pairs.
#' @param bootstrap Whole number >= 2 of bootstrap replicates.
#' @param seed Whole number >= 0 for the bootstrap, or `NULL` to draw one from
#'   R's generator.
#' @param ... `k`, `interval`, `bootstrap` and `seed` for a model; for a
#'   [musl_resample()] the arguments from `metrics` on; else must be empty.
#' @param threads Whole number >= 0 of threads; 0 for all, `NULL` for the number
#'   of the fit. Results do not depend on it.
#' @returns A tibble, one row for each part, scorer and metric: `part` (C1, C2,
#'   C3, test; "all" if the table has none), `scorer` ("MuSL", "SL degree", or
#'   as in the table), `.metric`, `.estimator` ("binary"), `.estimate` (0 to 1,
#'   `mcc` -1 to 1), `n_pairs` and `n_positive` (labelled pairs evaluated, SL
#'   among them), `n_anchors` and `n_left_out` (anchors evaluated and left out,
#'   `NA` for metrics over pairs).
#'
#'   For a model, or with `summarise = TRUE`, it is of class `musl_metrics`:
#'   `.estimate` is the mean over `n` runs, `sd` their standard deviation,
#'   `.lower` and `.upper` the interval of the mean (`NA` without `interval`);
#'   else the run's columns come first.
#'
#'   With `against`, rows are differences, without the counts: `.estimate` is
#'   the mean over runs of the scorer's metric minus that of `against`, a
#'   further column.
#'
#'   `autoplot()` of a `musl_metrics` returns a ggplot, one column of panels per
#'   part, the scorers by their mean of the first metric. Bars are the
#'   intervals, or one standard deviation over runs; dashed lines mark a random
#'   order.
#' @section Errors:
#'   `musl_error_input` for an invalid column or metric, a doubled pair, or a
#'   fold without a test part; `musl_error_leakage` if the model was fitted on
#'   another fold, or has seen genes or pairs of the test parts.
#'   `musl_warning_other` for parts with one label only and for pairs left out
#'   without a score; `musl_warning_unknown_gene`; `musl_warning_leakage` if a
#'   model of interactions or sites learned some of the pairs or proteins.
#' @section Source:
#'   Vertex bootstrap: Snijders and Borgatti (1999), Connections 22:61.
#' @seealso [musl_split()], [musl_fit()]
#' @examples
#' scores <- data.frame(
#'   gene_a = c("A", "A", "A", "B", "B", "C"),
#'   gene_b = c("B", "C", "D", "C", "D", "D"),
#'   label = c(1, 0, 1, 0, 0, 1),
#'   .score = c(2, 0.5, 1, 0.2, 1.5, 0.7)
#' )
#' musl_metrics(scores, c("auroc", "auprc", "ndcg"), k = 2)
#' @order 1
#' @export
musl_metrics <- function(object, ...) UseMethod("musl_metrics")

#' @export
musl_metrics.default <- function(object, ...) {
  check_is(object, c("MuslModel", "musl_resample", "data.frame"))
}

#' @rdname musl_metrics
#' @order 2
#' @export
musl_metrics.MuslModel <- function(object, split, fold = 1L, data = NULL,
                                   baselines = TRUE,
                                   metrics = c("auroc", "auprc"), ...,
                                   threads = NULL) {
  check_flag(baselines)
  how <- metric_options(
    metrics, ...,
    threads = threads %||% object@control$threads
  )
  of_split <- !is.data.frame(split) && !rlang::is_bare_list(split)
  parts <- if (of_split) {
    fold_to_judge(object, split, fold)
  } else {
    pairs_to_judge(object, split)
  }
  pairs <- test_pairs(parts$test, names(parts$test))
  values <- predict(
    object, pairs[c("gene_a", "gene_b")],
    data = data, threads = threads
  )
  pairs[c(".score", ".pred_SL")] <- values[c(".score", ".pred_SL")]
  # Genes without inputs are unseen, so that a table's pairs may form parts of
  # their own; those of a split are told as they are.
  scored <- intersect(names(parts$test), pairs$part[!is.na(pairs$.score)])
  judged <- if (of_split || length(scored) == 0) names(parts$test) else scored
  judge_parts(
    pairs[!is.na(pairs$.score), ], judged, if (baselines) parts$train, how
  )
}

# list(train, test): the test parts of a fold.
fold_to_judge <- function(object, split, fold) {
  check_fold(split, fold)
  # A model fitted on another fold has seen this fold's test pairs.
  fitted <- object@split$fold %||% NA_integer_
  same <- identical(object@split$setting, split$setting)
  abort_if(!is.na(fitted) && same && fitted != fold, c(
    "{.arg object} must have been fitted on fold {fold}.",
    x = "It was fitted on fold {fitted}, which trains on the test pairs of
         others."
  ), "leakage", fold = fitted)
  parts <- musl_parts(split, fold)
  test <- parts[intersect(test_parts, names(parts))]
  check_held_out(object, test)
  if (split$leakage != "report") check_not_learned(object, test)
  list(train = parts$train, test = test)
}

# list(train, test): labelled pairs that the model knows or not. The baseline's
# degrees are those among the known pairs.
pairs_to_judge <- function(object, pairs) {
  pairs <- canonical_pairs(pairs, "split", need_label = TRUE)$pairs
  pairs <- pairs[!is.na(pairs$label), ]
  abort_if(nrow(pairs) == 0, c(
    "{.arg split} as a table must hold labelled pairs.",
    x = "No row has a label."
  ), argument = "split")
  labelled <- model_labels(object)
  known <- pair_keys(pairs) %in% pair_keys(labelled)
  n_unseen <- count_unseen(pairs, object@genes, object@n_seen)
  part <- ifelse(known, "known", test_parts[n_unseen + 1])
  tell_known(known, nrow(pairs))
  list(
    train = labelled,
    test = split(pairs, factor(part, intersect(c(test_parts, "known"), part)))
  )
}

tell_known <- function(known, n, hint = NULL) {
  inform_if(any(known), c(
    "{sum(known)} of {n} pair{?s} {?is/are} known to the model and evaluated
     separately, as part {.val known}.",
    i = "It may have been trained on them: their metrics say nothing about new
         pairs.",
    i = hint
  ), "known", n_known = sum(known))
}

# The metrics of a model's scored pairs in these parts and, with training pairs,
# of the baseline.
judge_parts <- function(pairs, parts, train, how) {
  table <- tibble(pairs, scorer = "MuSL")
  if (!is.null(train)) {
    pairs$.score <- degree_score(train, pairs)
    pairs$.pred_SL <- rep(NA_real_, nrow(pairs))
    table <- rbind(table, tibble(pairs, scorer = "SL degree"))
  }
  scorers <- c("MuSL", if (!is.null(train)) "SL degree")
  groups <- tibble(
    part = rep(parts, each = length(scorers)),
    scorer = rep(scorers, times = length(parts))
  )
  runs <- measure_runs(as_scored(table, groups), how)
  warn_undefined(runs)
  rows <- summary_rows(runs)
  # Means over the one run.
  counts <- c("n_pairs", "n_positive")
  rows[counts] <- lapply(rows[counts], as.integer)
  rows
}

# Columns of a test pair that its scores keep.
judged_columns <- function(pairs) {
  further <- intersect(c(origin_columns, "clean"), names(pairs))
  c("gene_a", "gene_b", "label", further)
}

# Genes that must be new to the model: both of a C3 pair, one of a C2 pair.
check_held_out <- function(object, test) {
  seen <- trained_genes(object)
  n_seen <- function(pairs) (pairs$gene_a %in% seen) + (pairs$gene_b %in% seen)
  leaked <- rbind(
    test$C2[n_seen(test$C2) > 1, ], test$C3[n_seen(test$C3) > 0, ]
  )
  abort_if(NROW(leaked) > 0, c(
    "{.arg object} must not have been trained on held-out genes of
     {.arg split}.",
    x = "{nrow(leaked)} test pair{?s} with genes it has seen:
         {show_pairs(leaked)}.",
    i = "Fit it with {.code musl_fit(data, split, fold)}."
  ), "leakage", pairs = leaked)
}

# Pairs of the other parts, whose genes may be in training.
check_not_learned <- function(object, test) {
  keys <- pair_keys(learned_pairs(object))
  ends <- c("gene_a", "gene_b")
  pairs <- rbind(test$C1[ends], test$test[ends])
  leaked <- pairs[pair_keys(pairs) %in% keys, ]
  abort_if(NROW(leaked) > 0, c(
    "{.arg object} must not have been trained on test pairs of {.arg split}.",
    x = "{nrow(leaked)} pair{?s} it was trained on: {show_pairs(leaked)}.",
    i = "Was it fitted with another split, such as one of another seed? Fit it
         with {.code musl_fit(data, split, fold)}."
  ), "leakage", pairs = leaked)
}

# The "SL degree" baseline of `pairs` from training pairs.
degree_score <- function(train, pairs) {
  genes <- union(part_ends(train), part_ends(pairs))
  known <- pair_input(train, genes)
  asked <- pair_input(pairs, genes)
  with_core(cpp_degree_score(
    known$a, known$b, known$label, asked$a, asked$b, length(genes)
  ))
}
