# What every part of a split needs for training and evaluation.

check_both_labels <- function(pairs, call = caller_env()) {
  n_sl <- sum(pairs$label == "SL")
  n_non <- sum(pairs$label == "non_SL")
  if (n_sl > 0 && n_non > 0) {
    return(invisible())
  }
  abort_musl(c(
    "{.arg data} must hold pairs of both labels.",
    x = "It holds {n_sl} SL and {n_non} non-SL pair{?s}.",
    i = "Pass SL pairs to {.fn musl_data}."
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
      inductive = c("C2", "C3"),
      family = "C3",
      query = ,
      study = "test"
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
        x = "Fold {fold} has no pair in {.or {.val {test_parts}}}."
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
  } else if (split$setting == "query") {
    "Use fewer {.arg folds}, or give queries with more hits."
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
