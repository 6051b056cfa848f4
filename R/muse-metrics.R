# Metrics of models of interactions, of each scale and of the mean of the nodes'
# labels.

#' @rdname musl_metrics
#' @param pairs For a [musl_interactions()]: a data frame with `from`, `to` and
#'   labels, named as in the fit; classes of a factor and several labels are
#'   matched by name, and further columns are ignored.
#' @param threshold For a [musl_interactions()]: number from 0 to 1, from which
#'   on a label is positive; `NULL` for the scorer's own.
#' @section Models of interactions:
#'   For a [musl_interactions()] the result is a tibble with `part` ("C1", "C2",
#'   "C3", and "all"), `scorer` ("MuSL", each scale: "structure", "network" and,
#'   if there are any, "kernels"; for labels "label profile"; with
#'   `known_edges` and several labels "known edges"; and "node mean",
#'   the mean label of the two nodes' other training pairs, for affinities the
#'   sum of both nodes' differences from the mean), `.metric`, `.estimate` and
#'   `n_pairs`. Metrics for labels are `micro_f1` (over all labels),
#'   `macro_auprc`, `macro_auroc` (means over the labels with both classes) and
#'   `micro_auprc`;
#'   for affinities `concordance` (the share of pairs of unequal affinity in the
#'   right order, ties counting one half), `mse`, `pearson` and `rm2`, r^2 (1 -
#'   sqrt(|r^2 - r0^2|)) by Roy et al. (2013), J Comput Chem 34:1071.
#' @order 5
#' @export
musl_metrics.musl_interactions <- function(object, pairs, threshold = NULL,
                                           threads = NULL, ...) {
  check_dots_empty()
  check_number(threshold, 0, 1, allow_null = TRUE)
  check_pair_ends(pairs, "pairs")
  pairs$label <- labels_by_name(pairs[["label"]], object, "pairs")
  pairs <- own_labels(pairs, object)
  label <- label_matrix(pairs, object$task)
  check_all_known(label, "to evaluate")
  scores <- score_interactions(object, pairs, threads, progress = FALSE)
  warn_learned(sum(scores$known), nrow(label), "pair", "pairs")
  own <- interaction_thresholds(object)
  scorers <- c(
    MuSL = "fused", structure = "structure", network = "network",
    if (has_kernels(scores)) c(kernels = "kernels"),
    if (ncol(scores$profile) > 0) c("label profile" = "profile"),
    if (ncol(scores$links) > 0) c("known edges" = "links"),
    "node mean" = "node_mean"
  )
  part <- seen_part(scores$n_unseen)
  parts <- c(sort_bytes(unique(part)), "all")
  bind_each(parts, function(one) {
    use <- one == "all" | part == one
    bind_each(names(scorers), function(scorer) {
      score <- scores[[scorers[[scorer]]]][use, , drop = FALSE]
      truth <- label[use, , drop = FALSE]
      at <- threshold %||% own[[scorers[[scorer]]]]
      measured <- with_core(if (object$task == "affinity") {
        cpp_affinity_metrics(score[, 1], truth[, 1])
      } else {
        cpp_label_metrics(score, truth, at)
      })
      tibble(
        part = one, scorer = scorer, .metric = names(measured),
        .estimate = nan_to_na(unname(measured)), n_pairs = sum(use)
      )
    })
  })
}

# `arg` holds labels of n pairs or proteins, of which the model learned some.
warn_learned <- function(n_learned, n, what, arg) {
  warn_if(n_learned > 0, c(
    "Metrics are optimistic: the model learned {n_learned} of {n} {what}s of
     {.arg {arg}}.",
    x = "{n_learned} {?is/are} of its training or validation part:
         {.field known} of {.fn predict} tells which.",
    i = "Evaluate a model on the test part that it was fitted without."
  ), "leakage")
}

# By scorer, named as scores; 0.5 for tasks of one label.
interaction_thresholds <- function(object) {
  with_core(cpp_interactions_thresholds(live_interactions(object)))
}

# Of several labels those of the model, in its order, whatever else there is.
own_labels <- function(pairs, object) {
  if (object$task != "multilabel") {
    return(pairs)
  }
  missing <- setdiff(object$labels, names(pairs))
  abort_if(length(missing) > 0, c(
    "{.arg pairs} must have the labels of the model.",
    x = "{length(missing)} {?is/are} missing: {.field {few(missing)}}.",
    i = "The model's labels are {.field {object$labels}}."
  ), argument = "pairs")
  tibble::as_tibble(pairs)[c("from", "to", object$labels)]
}

# Models of interactions in files: the core's archive and a record of R.

saved_fields <- c(
  "task", "labels", "types", "config", "control", "pairs", "history", "em",
  "cancelled", "elapsed", "versions", "classes", "columns"
)

save_interactions <- function(object, path) {
  fields <- unclass(object)[intersect(saved_fields, names(object))]
  write_model_file(path, list(object$bytes), list(interactions = fields))
}

load_interactions <- function(fields, parts, path) {
  as_record(path, stopifnot(names(fields) %in% saved_fields))
  object <- structure(
    c(list(bytes = parts$musl), fields, cache = new.env(parent = emptyenv())),
    class = interaction_class(fields$task)
  )
  if (has_backend()) as_model_file(path, live_interactions(object))
  object
}
