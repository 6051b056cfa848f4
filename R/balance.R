#' How much each branch counts
#'
#' Measures on labelled pairs how much a model's performance drops when the
#' vectors of one branch are permuted over the pairs, and how well each branch
#' predicts alone.
#'
#' A network that trains all branches jointly may ignore some of them: permuting
#' the vectors of an ignored branch hardly changes the score, although the
#' branch predicts well when trained alone.
#'
#' For each branch, the encoder's vectors are permuted over the pairs that have
#' the branch, and the score is evaluated again.
#' The loss is the *utilisation* of the branch given the others: near 0, the
#' network ignores the branch, or the others carry the same information.
#' Pairs without the branch are not permuted.
#'
#' @param object A [MuslModel][musl_fit()] with a network.
#' @param new_pairs Data frame with the columns `gene_a`, `gene_b` and `label`,
#'   pairs not used in training (a message, `musl_message_known`, counts those
#'   that were); each counts once, a measured pair once per study, context and
#'   query.
#' @param ... Must be empty.
#' @param data,context,threads As in [predict()][predict.MuslModel].
#' @param unimodal `NULL`, or a `MuslModel` with the same encoders whose
#'   branches were trained separately (`strategy` "branches", or "em" without
#'   iterations, in [musl_control()]), for `gap`.
#' @param repeats Whole number from 2 to 1000, number of permutations of each
#'   branch.
#' @param seed Whole number >= 0, or `NULL` to draw one from R's generator.
#' @returns A tibble of class `musl_balance`, one row per branch: `encoder`;
#'   `n_pairs` that have it, and `coverage`, their share of the pairs with a
#'   score; `use_auroc` and `use_auprc`, the mean loss of AUROC and AUPRC over
#'   the permutations, with standard deviations `use_auroc_sd` and
#'   `use_auprc_sd`; `own_auroc` and `own_auprc` of the branch's logit, over the
#'   pairs that have the branch (meaningless for untrained heads, as with
#'   `auxiliary = 0`); `probe_auroc` and `probe_auprc`, likewise, of a logistic
#'   regression on the branch's vectors, 5-fold cross-validated; `gap`,
#'   `own_auprc` of `unimodal` minus `probe_auprc`: what joint training did not
#'   learn from the branch (`NA` without `unimodal`); `gate_0`, `gate_1`,
#'   `gate_2`, the mean gate over the pairs with 0, 1 or 2 unseen genes (C1, C2,
#'   C3; `NA` without such pairs, or if the branch has no gate: "genes" with
#'   others, and all with `joined_by = "sum"`).
#'   `glance()` gives `n_pairs`, `auroc` and `auprc` of the score, `repeats` and
#'   `seed`.
#'   With several networks, all values are means over them.
#' @section Errors:
#'   `musl_error_input` if the label is missing, one class is absent, or the
#'   encoders of `unimodal` differ; `musl_warning_unknown_gene` if pairs have no
#'   score.
#' @section Source:
#'   Conditional utilisation: Wu et al. (2022), ICML, who replace a modality by
#'   its training mean; we permute, which keeps its distribution.
#'   Unimodal gap: Du et al. (2023), ICML, arXiv 2305.01233.
#' @seealso [musl_control()], *Balance*; [musl_simulate()], `"imbalance"`
#' @examplesIf musl_backend()$available
#' d <- musl_simulate("small", screens = TRUE, seed = 1)
#' fit <- musl_example_model()
#' # For brevity with pairs that it learned from: take others.
#' balance <- musl_balance(fit, musl_pairs(d), repeats = 5, seed = 1)
#' balance
#' autoplot(balance)
#' @export
musl_balance <- function(object, new_pairs, ..., data = NULL, context = NULL,
                         unimodal = NULL, repeats = 20L, seed = NULL,
                         threads = NULL) {
  check_dots_empty()
  check_balanced_model(object)
  check_whole(repeats, 2, 1000)
  check_whole(threads, 0, allow_null = TRUE)
  check_unimodal(unimodal, object)
  pairs <- balance_pairs(new_pairs)
  tell_learned_pairs(
    pairs, learned_pairs(object, measured = FALSE),
    "branches may count less on new pairs."
  )
  seed <- draw_seed(seed)
  found <- balance_of(object, pairs, data, context, threads, repeats, seed)
  alone <- if (!is.null(unimodal)) {
    balance_of(unimodal, pairs, data, context, threads, 0L, seed)
  }
  scored <- score_pairs(
    object, pairs, data, context,
    parts = TRUE, threads = threads, drift = FALSE
  )
  warn_unscored(pairs, scored, known_ids(object, data))
  gates <- mean_gates(object, scored)
  tibble::new_tibble(
    c(balance_columns(found, alone), gates),
    class = "musl_balance",
    overall = tibble(
      n_pairs = as.integer(found$n_pairs), auroc = found$score[["auroc"]],
      auprc = found$score[["auprc"]], repeats = as.integer(repeats), seed = seed
    )
  )
}

check_balanced_model <- function(object, arg = "object", call = caller_env()) {
  check_is(object, "MuslModel", arg = arg, call = call)
  check_intact(object)
  if (!has_network(object)) {
    abort_musl(c(
      "{.arg {arg}} must have a network.",
      x = "It is a model of members for {members_learned(object)} pairs."
    ), argument = arg, call = call)
  }
}

check_unimodal <- function(unimodal, object, call = caller_env()) {
  if (is.null(unimodal)) {
    return(invisible())
  }
  check_balanced_model(unimodal, "unimodal", call)
  own <- object@architecture$encoders
  other <- unimodal@architecture$encoders
  if (!identical(own, other)) {
    abort_musl(c(
      "{.arg unimodal} must have the encoders of {.arg object}.",
      x = "Found {.val {other}}, not {.val {own}}."
    ), argument = "unimodal", call = call)
  }
}

balance_pairs <- function(new_pairs, call = caller_env()) {
  pairs <- canonical_pairs(
    pair_frame(new_pairs), "new_pairs", call,
    need_label = TRUE
  )$pairs
  pairs <- pairs[!is.na(pairs$label), ]
  if (length(unique(pairs$label)) < 2) {
    abort_musl(c(
      "{.arg new_pairs} must hold SL and non-SL pairs.",
      x = if (nrow(pairs) == 0) {
        "Found none with a label that its rows agree on."
      } else {
        "Found {nrow(pairs)} pair{?s} of {.val {as.character(pairs$label[1])}}."
      }
    ), argument = "new_pairs", call = call)
  }
  pairs
}

balance_of <- function(object, pairs, data, context, threads, repeats, seed,
                       call = caller_env()) {
  universe <- prediction_universe(object, data, context, call)
  known <- pairs$gene_a %in% universe$genes & pairs$gene_b %in% universe$genes
  shown <- c("gene_a", "gene_b", "label")
  index <- pair_input(pairs[known, shown], universe$genes)
  options <- list(
    device = prediction_device(object),
    threads = as.integer(threads %||% object@control$threads),
    parts = FALSE, embedding = FALSE, encoders = character()
  )
  with_core(
    cpp_model_balance(
      live_model(object), universe$input, universe$gene_of, index, options,
      as.integer(repeats), seed
    ),
    call = call
  )
}

balance_columns <- function(found, alone) {
  of <- function(branches, what, which) {
    vapply(branches, function(branch) branch[[what]][[which]], numeric(1))
  }
  use <- function(metric, summary) {
    vapply(found$branches, function(branch) {
      lost <- found$score[[metric]] - branch[[paste0("permuted_", metric)]]
      nan_to_na(summary(lost))
    }, numeric(1))
  }
  n_pairs <- vapply(found$branches, `[[`, numeric(1), "n_pairs")
  probe_auprc <- nan_to_na(of(found$branches, "probe", "auprc"))
  list(
    encoder = vapply(found$branches, `[[`, "", "encoder"),
    n_pairs = as.integer(n_pairs),
    coverage = n_pairs / found$n_pairs,
    use_auroc = use("auroc", mean),
    use_auroc_sd = use("auroc", stats::sd),
    use_auprc = use("auprc", mean),
    use_auprc_sd = use("auprc", stats::sd),
    own_auroc = nan_to_na(of(found$branches, "own", "auroc")),
    own_auprc = nan_to_na(of(found$branches, "own", "auprc")),
    probe_auroc = nan_to_na(of(found$branches, "probe", "auroc")),
    probe_auprc = probe_auprc,
    gap = if (is.null(alone)) {
      rep(NA_real_, length(probe_auprc))
    } else {
      nan_to_na(of(alone$branches, "own", "auprc")) - probe_auprc
    }
  )
}

# Columns gate_0, gate_1 and gate_2, one row per encoder.
mean_gates <- function(object, scored) {
  n <- length(scored$encoders)
  of_pairs <- gates_of(object, scored)
  gates <- lapply(0:2, function(unseen) {
    rows <- which(scored$n_unseen == unseen & !is.na(scored$score))
    if (length(rows) == 0) {
      return(rep(NA_real_, n))
    }
    colMeans(of_pairs[rows, , drop = FALSE])
  })
  rlang::set_names(gates, paste0("gate_", 0:2))
}

#' @export
glance.musl_balance <- function(x, ...) {
  check_dots_empty()
  attr(x, "overall")
}

#' @export
print.musl_balance <- function(x, ...) {
  overall <- attr(x, "overall")
  cat(sprintf(
    "<musl_balance> %s pairs: AUROC %.3f, AUPRC %.3f\n",
    count_text(overall$n_pairs), overall$auroc, overall$auprc
  ))
  shown <- c(
    "encoder", "coverage", "use_auroc", "use_auroc_sd", "own_auroc",
    "probe_auroc", "gap", "gate_0", "gate_1", "gate_2"
  )
  table <- as_tibble(as.list(x)[intersect(shown, names(x))])
  empty <- vapply(table, function(column) all(is.na(column)), TRUE)
  print(table[!empty], ...)
  invisible(x)
}
