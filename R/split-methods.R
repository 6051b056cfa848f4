# What a split must have, how it is printed, and as rsample's folds.

# `what` and `remedy` may hold markup.
check_both_labels <- function(label, what, remedy, ...) {
  n_sl <- sum(label == "SL")
  n_non <- length(label) - n_sl
  abort_if(n_sl == 0 || n_non == 0, c(
    paste(what, "must hold pairs of both labels."),
    x = "It holds {n_sl} SL and {n_non} non-SL pair{?s}.",
    i = remedy
  ), ...)
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

check_parts <- function(split) {
  for (fold in seq_len(split$folds)) {
    part <- split$assignment[[fold]]
    required <- required_parts(split, fold)
    abort_if(!any(required %in% test_parts), c(
      "Each fold of {.arg table} must have a test part.",
      x = "Fold {fold} has no pair in {.or {.val {test_parts}}}."
    ), fold = fold)
    for (name in required) {
      check_both_labels(
        split$pairs$label[which(part == name)],
        paste0("Part {.field ", name, "} of fold ", fold),
        part_remedy(split, fold, name),
        part = name, fold = fold
      )
    }
  }
}

# What to do if a part lacks a label.
part_remedy <- function(split, fold, part) {
  if (split$source == "table") {
    paste("Give {.arg table} such pairs, or leave fold", fold, "out.")
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
}

# Methods ----------------------------------------------------------------------

#' @method summary musl_split
#' @export
summary.musl_split <- function(object, ...) {
  bind_each(seq_len(object$folds), function(fold) {
    part <- object$assignment[[fold]]
    bind_each(split_parts[split_parts %in% part], function(name) {
      pairs <- object$pairs[which(part == name), ]
      tibble(
        fold = fold, part = name, n_pairs = nrow(pairs),
        n_positive = sum(pairs$label == "SL"),
        n_genes = length(part_ends(pairs)), study = object$held[fold]
      )
    })
  })
}

#' @export
tidy.musl_split <- function(x, ...) {
  bind_each(seq_len(x$folds), function(fold) {
    part <- x$assignment[[fold]]
    tibble(fold = fold, x$pairs, part = part)
  })
}

#' @export
print.musl_split <- function(x, ...) {
  what <- paste(describe_folds(x), collapse = ", ")
  cat("<musl_split> ", what, "\n", sep = "")
  cat(nrow(x$pairs), " pairs of ", length(split_genes(x)), " genes\n", sep = "")
  counts <- do.call(rbind, lapply(x$assignment, table))
  held <- if (!is.null(x$held)) paste0(" (", x$held, ")")
  rownames(counts) <- paste0("fold ", seq_len(x$folds), held)
  # Pairs of other folds only are not shown.
  hidden <- if (x$source == "table" || !is.null(x$negatives)) "unused"
  shown <- setdiff(colnames(counts)[colSums(counts) > 0], hidden)
  print(counts[, shown, drop = FALSE])
  invisible(x)
}

describe_folds <- function(split) {
  drawn <- split$negatives
  c(
    split$setting, cli::pluralize("{split$folds} fold{?s}"),
    if (split$source == "table") "from a table" else paste("seed", split$seed),
    if (!is.null(drawn) && is.null(split$ratio)) {
      paste(drawn, "validation negatives")
    } else if (!is.null(drawn)) {
      paste0(drawn, " negatives ", format(split$ratio), ":1")
    }
  )
}

part_ends <- function(pairs) unique(c(pairs$gene_a, pairs$gene_b))

split_genes <- function(split) part_ends(split$pairs)

# Only musl_negatives() sets the column; rows it did not draw may hold NA.
is_sampled <- function(pairs) {
  (pairs[["sampled"]] %||% rep(FALSE, nrow(pairs))) %in% TRUE
}

test_parts <- c("C1", "C2", "C3", "test")

split_parts <- c("train", "validation", "C1", "C2", "C3", "test", "unused")

split_fields <- c(
  "pairs", "assignment", "gene_fold", "setting", "folds", "negatives", "ratio",
  "seed", "source", "leakage", "shared", "held", "families"
)

# Fields that are not given are NULL.
new_musl_split <- function(...) {
  given <- list(...)
  given$folds <- length(given$assignment)
  structure(set_names(given[split_fields], split_fields), class = "musl_split")
}

check_fold <- function(split, fold) {
  check_is(split, "musl_split")
  check_whole(fold, 1, split$folds, arg = "fold")
}
