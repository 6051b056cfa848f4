# The columns of a table of predictions, and warnings about pairs without score.

# The input table with these columns, which replace those of the same names.
bind_predictions <- function(new_pairs, columns) {
  kept <- setdiff(names(new_pairs), names(columns))
  out <- as_tibble(c(as.list(new_pairs)[kept], columns))
  tibble::new_tibble(out, nrow = nrow(out), class = "musl_predictions")
}

warn_unscored <- function(pairs, scored) {
  self <- pairs$gene_a == pairs$gene_b
  warn_if(any(self), c(
    "{sum(self)} pair{?s} of a gene with itself {?has/have} no score.",
    x = "{.val {utils::head(unique(pairs$gene_a[self]), 3)}}."
  ), rows = which(self))
  unknown <- scored$unknown
  bare <- is.na(scored$score) & !self & !pairs$gene_a %in% unknown &
    !pairs$gene_b %in% unknown
  lost <- sum(is.na(scored$score) & !self)
  shown <- paste(pairs$gene_a[bare], "-", pairs$gene_b[bare])
  warn_if(length(unknown) > 0 || any(bare), c(
    "{lost} pair{?s} {?has/have} no score.",
    x = if (length(unknown) > 0) {
      "{length(unknown)} gene{?s} unknown: {.val {utils::head(unknown, 3)}}."
    },
    x = if (any(bare)) {
      "{sum(bare)} pair{?s} without a modality that has both genes:
       {utils::head(shown, 3)}."
    },
    i = unknown_gene_hint(unknown, scored$genes)
  ), "unknown_gene", genes = unknown, rows = which(bare))
}

prediction_columns <- function(object, scored, prior) {
  probability <- scored$probability %||% calibrate_scores(
    object@calibration, scored$score, scored$n_unseen, prior
  )
  list(
    .score = scored$score,
    .pred_SL = probability,
    .pred_non_SL = 1 - probability,
    # A gene without any data is not one that training left unseen.
    n_unseen = replace(scored$n_unseen, scored$is_unknown, NA_integer_)
  )
}

# The share of SL that probabilities are for.
used_prior <- function(object, scored, prior = NULL) {
  prior %||% if (is.null(scored$probability)) object@prior else screen_prior
}

# F1 over the partners of a gene is largest near three times a small prior.
class_column <- function(columns, prior) {
  threshold <- min(0.5, 3 * prior)
  called <- ifelse(columns$.pred_SL >= threshold, "SL", "non_SL")
  list(.pred_class = factor(called, pair_labels))
}

pair_status <- c("new", "known", "unknown_gene", "no_input", "self")

# Why a pair has no score, or whether its label was known to the model.
status_column <- function(object, pairs, scored) {
  known <- pair_keys(pairs) %in% pair_keys(object@known) |
    !is.na(found_in_screens(object, pairs))
  status <- ifelse(known, "known", "new")
  status[is.na(scored$score)] <- "no_input"
  status[scored$is_unknown] <- "unknown_gene"
  status[pairs$gene_a == pairs$gene_b] <- "self"
  list(.status = factor(status, pair_status))
}

# What the score is made of, as far as the scorers tell it.
part_columns <- function(object, scored) {
  gates <- scored$gate
  # NA if none weighs the encoder: 0 would mean that it is not used.
  if (!is.null(gates)) gates[, !is_gated(colnames(gates))] <- NA_real_
  sums <- list(
    .list_order = scored$list_order, relation = scored$relation,
    single_gene = scored$single_gene
  )
  c(
    sums[lengths(sums) > 0],
    matrix_columns(gates, ".gate_"),
    matrix_columns(scored$branch, ".branch_"),
    matrix_columns(scored$scorer, ".scorer_")
  )
}

# "genes" has a separate branch, unless it is alone.
is_gated <- function(encoders) encoders != "genes" | length(encoders) == 1

matrix_columns <- function(x, prefix) {
  names <- colnames(x) %||% seq_len(NCOL(x) * !is.null(x))
  columns <- lapply(seq_along(names), function(i) unname(x[, i]))
  rlang::set_names(columns, paste0(prefix, names, recycle0 = TRUE))
}
