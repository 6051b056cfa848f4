#' Predict interactions
#'
#' Scores pairs of the nodes that a model of interactions was fitted with. New
#' nodes, without any known pair, must be among the `nodes` of the fit.
#'
#' A pair's own edge is hidden while it is scored, so that the graph does not
#' know a training pair; the model was still trained on its label (`known`).
#' With `known_edges = TRUE` only its label is hidden, and the pairs asked for
#' together are all edges while they are scored.
#'
#' @param object A [musl_interactions()].
#' @param pairs A data frame with `from` and `to`; further columns are kept.
#' @param type "prob", or "class": also which labels are called, from the
#'   `threshold` of `glance()` on; not for affinities.
#' @param threads Whole number >= 0; 0 for all, `NULL` for those of the fit.
#' @param progress As in [musl_fit()].
#' @param ... Must be empty.
#' @returns A tibble, one row per pair, in the order of `pairs`: its columns,
#'   then for each label `.pred_<label>`, `.pred_structure_<label>` and
#'   `.pred_network_<label>`, probabilities of both scales together and of each
#'   scale; for a task with one label `.pred_<class>` (the class of the label's
#'   1, `TRUE` or second level), for affinities `.pred`, and `.pred_structure`,
#'   `.pred_network`; with kernels also `.pred_kernels`; with `type = "class"`
#'   for each label `.class_<label>`, `TRUE` if it is called. Then `n_unseen`,
#'   the number of nodes that are in no training pair (for several labels: nor
#'   in a validation pair), `part` ("C1", "C2", "C3" for 0, 1, 2 of them) and
#'   `known` (`TRUE` for pairs of the training or validation part).
#' @section Errors:
#'   `musl_error_input` for nodes that the model does not know, for pairs of
#'   a node with itself, for classes of affinities, and for columns of `pairs`
#'   that are named as one of the result.
#' @inherit musl_interactions examples
#' @export
predict.musl_interactions <- function(object, pairs, type = c("prob", "class"),
                                      threads = NULL, progress = FALSE, ...) {
  check_dots_empty()
  check_flag(progress)
  type <- check_choice(type, c("prob", "class"))
  abort_if(type == "class" && object$task == "affinity", c(
    "{.arg type} must be {.val prob} for a model of affinities.",
    x = "Affinities are numbers and have no classes."
  ), argument = "type")
  check_pair_ends(pairs, "pairs")
  check_free_columns(object, pairs)
  scores <- score_interactions(object, pairs, threads, progress)
  out <- tibble::as_tibble(pairs)
  fused <- score_names(object, "fused")
  out[fused] <- as.data.frame(scores$fused)
  for (scale in c("structure", "network", if (has_kernels(scores)) "kernels")) {
    out[score_names(object, scale)] <- as.data.frame(scores[[scale]])
  }
  if (type == "class") {
    called <- scores$fused >= interaction_thresholds(object)[["fused"]]
    out[paste0(".class_", object$labels)] <- as.data.frame(called)
  }
  out$n_unseen <- scores$n_unseen
  out$part <- seen_part(scores$n_unseen)
  out$known <- scores$known
  out
}

seen_part <- function(n_unseen) paste0("C", n_unseen + 1L, recycle0 = TRUE)

# Columns that predict() would overwrite.
check_free_columns <- function(object, pairs) {
  scales <- c("fused", "structure", "network", "kernels")
  added <- c(
    unlist(lapply(scales, score_names, object = object)),
    paste0(".class_", object$labels), "n_unseen", "part", "known"
  )
  taken <- intersect(names(pairs), added)
  abort_if(length(taken) > 0, c(
    "{.arg pairs} must not have columns that the predictions add.",
    x = "Found {.field {taken}}.",
    i = "Rename them, or pass only {.field from} and {.field to}."
  ), argument = "pairs")
}

# The core's scores of pairs; with the indices `a` and `b` and `known`.
score_interactions <- function(object, pairs, threads, progress) {
  at <- node_indices(pairs, object$types, "pairs", once = FALSE)
  scores <- core_scores(
    object, c(at, list(label = NULL)), threads, progress, cpp_interactions_score
  )
  learned <- object$pairs[object$pairs$split != "test", ]
  scores$known <- paste(at$a, at$b) %in% paste(learned$a, learned$b)
  scores
}

# By `score`, the core's function for these models.
core_scores <- function(object, asked, threads, progress, score) {
  check_whole(threads, 0, allow_null = TRUE)
  threads <- as.integer(threads %||% object$control$threads)
  model <- live_interactions(object)
  with_progress(progress, function(callback) {
    with_backend(score(model, asked, threads, callback))
  })
}

has_kernels <- function(scores) ncol(scores$kernels) > 0

score_names <- function(object, what) {
  if (object$task == "affinity") {
    return(if (what == "fused") ".pred" else paste0(".pred_", what))
  }
  if (what == "fused") {
    return(paste0(".pred_", object$labels))
  }
  if (object$task == "binary") {
    return(paste0(".pred_", what))
  }
  paste0(".pred_", what, "_", object$labels)
}

#' Look into a model of interactions
#'
#' Methods that summarise a [musl_interactions()].
#'
#' @param x,object A [musl_interactions()].
#' @param ... Must be empty.
#' @returns `print()` prints a short description, and returns `x` invisibly.
#'   `summary()` returns a list of `glance`, `phases` (the result of `tidy()`),
#'   `em` (`NULL` for sites, else a tibble, one row per iteration of a network:
#'   `member`, `iteration`, `valid_fused`, the monitored value on the validation
#'   part (the larger the better), `n_unlabelled`, `share_positive` of their
#'   weight (`NA` for affinities), and `best`) and `control`. `tidy()` returns
#'   one row per training phase: `member`, `phase`, `n_epochs`, `best_epoch`,
#'   and at the best epoch `loss`, `valid_loss`, `valid_auroc`, `valid_auprc`
#'   (means over labels; `NA` for affinities). `autoplot()` returns a ggplot of
#'   losses and validation metrics over the epochs. `glance()` returns one row:
#'   `task`, `strategy`, `known_edges`, `n_nodes`, `n_labels`, `n_training`,
#'   `n_validation`, `n_test`, `ensemble`, `n_parameters`, `threshold` (the
#'   probability from which on a label is called; see [musl_interactions()];
#'   `NA` for affinities and sites), `seed`, `elapsed` (seconds).
#' @inherit musl_interactions examples
#' @name musl_interactions-methods
NULL

#' @rdname musl_interactions-methods
#' @export
print.musl_interactions <- function(x, ...) {
  facts <- glance(x)
  of_sites <- is_of_sites(x)
  cat(
    "<musl_interactions> ", facts$task, ", ",
    if (!of_sites) paste0(facts$strategy, ", "),
    count_text(facts$n_parameters), " parameters\n",
    if (of_sites) site_lines(x) else node_lines(x, facts),
    if (of_sites) "  proteins:   " else "  pairs:      ",
    count_text(facts$n_training), " training, ",
    count_text(facts$n_validation), " validation, ",
    count_text(facts$n_test), " test\n",
    "  made by:    MuSL ", x$versions$MuSL, ", seed ", facts$seed, ", ",
    format(facts$elapsed, digits = 2), " s\n",
    sep = ""
  )
  invisible(x)
}

node_lines <- function(x, facts) {
  c(
    "  nodes:      ", paste(count_text(lengths(x$types)), collapse = " + "),
    "\n  labels:     ", paste(x$labels, collapse = ", "),
    if (x$task == "multilabel") {
      paste(", called from a probability of", signif(facts$threshold, 2), "on")
    },
    "\n",
    if (facts$known_edges) "  edges:      all pairs, without their labels\n"
  )
}

site_lines <- function(x) {
  c(
    "  residues:   ", count_text(sum(x$pairs$n_residues)), " labelled, ",
    count_text(sum(x$pairs$n_positive)), " sites\n"
  )
}

#' @rdname musl_interactions-methods
#' @method summary musl_interactions
#' @export
summary.musl_interactions <- function(object, ...) {
  check_dots_empty()
  list(
    glance = glance(object), phases = tidy(object), em = object$em,
    control = object$control
  )
}

#' @rdname musl_interactions-methods
#' @export
tidy.musl_interactions <- function(x, ...) {
  check_dots_empty()
  phase_rows(fit_history(x$history))
}

#' @rdname musl_interactions-methods
#' @export
glance.musl_interactions <- function(x, ...) {
  check_dots_empty()
  split <- x$pairs$split
  of_sites <- is_of_sites(x)
  size <- if (of_sites) cpp_sites_size else cpp_interactions_size
  tibble(
    task = x$task,
    strategy = if (of_sites) NA_character_ else x$config$strategy,
    known_edges = x$config$known_edges,
    n_nodes = sum(lengths(x$types)), n_labels = length(x$labels),
    n_training = sum(split == "train"),
    n_validation = sum(split == "validation"), n_test = sum(split == "test"),
    ensemble = max(x$history$member, 1L),
    n_parameters = with_core(size(live_interactions(x))),
    threshold = if (of_sites || x$task == "affinity") {
      NA_real_
    } else {
      interaction_thresholds(x)[["fused"]]
    },
    seed = x$control$seed, elapsed = x$elapsed
  )
}
