# What every split must keep: parts that can be learned from and judged on, and
# nothing of the test part in training.

check_both_labels <- function(pairs, call = caller_env()) {
  n_sl <- sum(pairs$label == "SL")
  n_non <- sum(pairs$label == "non_SL")
  if (n_sl > 0 && n_non > 0) {
    return(invisible())
  }
  remedy <- if (n_sl > 0) {
    "Draw non-SL pairs with {.fn musl_negatives}."
  } else {
    "Pass labelled pairs to {.fn musl_data}."
  }
  abort_musl(c(
    "{.arg data} must hold pairs of both labels.",
    x = "It holds {n_sl} SL and {n_non} non-SL pair{?s}.",
    i = remedy
  ), call = call)
}

# The parts of a fold that must hold both labels.
required_parts <- function(split, fold) {
  part <- split$assignment[[fold]]
  test <- if (split$source == "table") {
    test_parts[test_parts %in% part]
  } else {
    switch(split$setting,
      random = "C1",
      transductive = "C2",
      inductive = c("C2", "C3")
    )
  }
  c("train", "validation", test)
}

check_parts <- function(split, call = caller_env()) {
  for (fold in seq_len(split$folds)) {
    part <- split$assignment[[fold]]
    required <- required_parts(split, fold)
    if (!any(required %in% test_parts)) {
      abort_musl(c(
        "Each fold of {.arg table} must have a test part.",
        x = "Fold {fold} has no pair in {.or {.val {c(test_parts, 'test')}}}."
      ), fold = fold, call = call)
    }
    for (name in required) {
      label <- split$pairs$label[which(part == name)]
      n_sl <- sum(label == "SL")
      if (n_sl == 0 || n_sl == length(label)) {
        abort_part(split, fold, name, n_sl, length(label) - n_sl, call)
      }
    }
  }
}

abort_part <- function(split, fold, part, n_sl, n_non, call) {
  remedy <- if (split$source == "table") {
    "Give {.arg table} such pairs, or leave fold {fold} out."
  } else if (part == "validation") {
    "Raise {.arg validation}, or give more labelled pairs."
  } else if (part == "C3") {
    "Use fewer {.arg folds}, {.code setting = \"transductive\"} or more labelled
     pairs."
  } else if (part == "train") {
    "Use more {.arg folds}, {.code setting = \"random\"} or more labelled
     pairs."
  } else {
    "Use fewer {.arg folds} or more labelled pairs."
  }
  abort_musl(c(
    "Part {.field {part}} of fold {fold} must hold pairs of both labels.",
    x = "It holds {n_sl} SL and {n_non} non-SL pair{?s}.",
    i = remedy
  ), part = part, fold = fold, call = call)
}

# A test gene is one that no training pair may show: both ends of a C3 pair, one
# end at least of a C2 pair. No validation pair may show a gene of C3 either,
# because it chooses the epoch.
check_leakage <- function(split, call = caller_env()) {
  for (fold in seq_len(split$folds)) {
    parts <- musl_parts(split, fold)
    seen <- unlist(parts$train[c("gene_a", "gene_b")], use.names = FALSE)
    check_unseen_genes(parts$C3, seen, "training", fold, call)
    held <- unlist(parts$validation[c("gene_a", "gene_b")], use.names = FALSE)
    check_unseen_genes(parts$C3, held, "validation", fold, call)
    check_unseen_end(parts$C2, seen, fold, call)
  }
}

check_unseen_genes <- function(pairs, seen, part, fold, call) {
  leaked <- intersect(c(pairs$gene_a, pairs$gene_b), seen)
  if (length(leaked) > 0) {
    abort_musl(c(
      "No gene of a C3 pair may stand in a {part} pair.",
      x = "Fold {fold}: {length(leaked)} gene{?s} of C3 {?does/do}:
           {.val {utils::head(leaked, 3)}}."
    ), "leakage", genes = leaked, fold = fold, call = call)
  }
}

check_unseen_end <- function(pairs, seen, fold, call) {
  leaked <- pairs[pairs$gene_a %in% seen & pairs$gene_b %in% seen, ]
  n_leaked <- nrow(leaked) %||% 0L
  if (n_leaked > 0) {
    shown <- show_pairs(leaked)
    abort_musl(c(
      "A C2 pair must have a gene that no training pair shows.",
      x = "Fold {fold}: {n_leaked} C2 pair{?s} without one: {shown}.",
      i = "Such pairs belong to C1; call them {.val test} to have them sorted."
    ), "leakage", pairs = leaked, fold = fold, call = call)
  }
}
