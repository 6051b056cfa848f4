# Splits of the user's own, read from a table with one row a pair and fold.

part_names <- c(
  train = "train", validation = "validation", dev = "validation",
  C1 = "C1", C2 = "C2", C3 = "C3", test = "test"
)

split_from_table <- function(table, data, validation, seed,
                             call = caller_env()) {
  rows <- read_split_table(table, call)
  pairs <- rows$pairs
  rows <- rows$rows
  known <- pairs$gene_a %in% data@genes & pairs$gene_b %in% data@genes
  warn_foreign_pairs(pairs[!known, ], data@genes)
  rows <- rows[known[rows$pair], ]
  rows$pair <- cumsum(known)[rows$pair]
  pairs <- pairs[known, ]

  folds <- split(rows, rows$fold)
  assignment <- with_seed_kept(seed, lapply(seq_along(folds), function(fold) {
    part <- assign_fold(folds[[fold]], nrow(pairs), pairs, fold, call)
    part <- sort_test_pairs(part, pairs)
    add_validation(part, pairs, validation)
  }))
  split <- new_musl_split(
    pairs, assignment, NULL, setting_of(assignment), seed, "table"
  )
  check_parts(split, call)
  check_leakage(split, call)
  split
}

# list(pairs = the distinct pairs, rows = data frame pair (row of pairs, NA for
# pairs that were dropped), part, fold).
read_split_table <- function(table, call) {
  check_pair_table(table, "table", call)
  check_part_column(table, call)
  columns <- intersect(c("gene_a", "gene_b", "label", "sampled"), names(table))
  read <- canonical_pairs(
    table[columns], "table", call,
    need_label = TRUE
  )$pairs
  check_all_labelled(read, call)
  pair <- match(
    pair_key(table$gene_a, table$gene_b), pair_key(read$gene_a, read$gene_b)
  )
  rows <- data.frame(
    pair = pair,
    part = unname(part_names[as.character(table$part)]),
    fold = read_fold(table, call)
  )
  list(pairs = read, rows = rows[!is.na(pair), ])
}

check_part_column <- function(table, call) {
  if (!"part" %in% names(table)) {
    abort_musl(c(
      "{.arg table} must have the column {.field part}.",
      x = "Its columns are {.field {names(table)}}."
    ), call = call)
  }
  part <- as.character(table$part)
  bad <- unique(part[!part %in% names(part_names)])
  if (length(bad) > 0) {
    abort_musl(c(
      "Column {.field part} of {.arg table} must hold
       {.or {.val {names(part_names)}}}.",
      x = "Found {.val {utils::head(bad, 3)}}."
    ), call = call)
  }
  if (nrow(table) == 0) {
    abort_musl(c(
      "{.arg table} must hold pairs.", x = "It has no rows."
    ), call = call)
  }
}

check_all_labelled <- function(pairs, call) {
  bare <- pairs[is.na(pairs$label), ]
  if (nrow(bare) > 0) {
    shown <- show_pairs(bare)
    abort_musl(c(
      "Column {.field label} of {.arg table} must label every pair.",
      x = "{nrow(bare)} pair{?s} without a label: {shown}."
    ), call = call)
  }
}

# Folds as 1, 2, ... in ascending order; without the column there is one.
read_fold <- function(table, call) {
  fold <- table[["fold"]] %||% rep(1L, nrow(table))
  if (anyNA(fold)) {
    abort_musl(c(
      "Column {.field fold} of {.arg table} must be known for every row.",
      x = "{sum(is.na(fold))} row{?s} without one."
    ), call = call)
  }
  match(fold, sort(unique(fold)))
}

warn_foreign_pairs <- function(pairs, genes) {
  if (nrow(pairs) == 0) {
    return(invisible())
  }
  lost <- setdiff(c(pairs$gene_a, pairs$gene_b), genes)
  warn_musl(c(
    "{nrow(pairs)} pair{?s} of {.arg table} {?has/have} genes that {.arg data}
     lacks and {?is/are} left out.",
    x = "{length(lost)} gene{?s}: {.val {utils::head(lost, 3)}}."
  ), "dropped_genes", genes = lost)
}

# The part of every pair in one fold; pairs the fold does not name are unused.
assign_fold <- function(rows, n_pairs, pairs, fold, call) {
  rows <- rows[!duplicated(rows[c("pair", "part")]), ]
  twice <- unique(rows$pair[duplicated(rows$pair)])
  if (length(twice) > 0) {
    shown <- show_pairs(pairs[twice, ])
    abort_musl(c(
      "A pair must stand in one part of a fold, in either order of its genes.",
      x = "Fold {fold}: {length(twice)} pair{?s} in two parts: {shown}."
    ), "leakage", pairs = pairs[twice, ], fold = fold, call = call)
  }
  part <- rep("unused", n_pairs)
  part[rows$pair] <- rows$part
  part
}

# "test" pairs go to C1, C2 or C3 by their genes that training lacks.
sort_test_pairs <- function(part, pairs) {
  test <- which(part == "test")
  train <- pairs[part == "train", ]
  seen <- c(train$gene_a, train$gene_b)
  unseen <- !pairs$gene_a[test] %in% seen
  unseen <- unseen + !pairs$gene_b[test] %in% seen
  part[test] <- test_parts[unseen + 1L]
  factor(part, split_parts)
}

# Held-out pairs stand for C1, held-out genes for C2 and C3.
add_validation <- function(part, pairs, share) {
  train <- which(part == "train")
  if (any(part == "validation") || length(train) == 0) {
    return(part)
  }
  if (any(part %in% c("C2", "C3"))) {
    genes <- unique_bytes(c(pairs$gene_a[train], pairs$gene_b[train]))
    held <- sample_share(genes, share)
    out <- pairs$gene_a[train] %in% held | pairs$gene_b[train] %in% held
    part[train[out]] <- "validation"
  } else {
    part[held_pairs(pairs$label, train, share)] <- "validation"
  }
  part
}

# What the most demanding test part stands for.
setting_of <- function(assignment) {
  there <- unique(unlist(lapply(assignment, as.character)))
  if ("C3" %in% there) {
    "inductive"
  } else if ("C2" %in% there) {
    "transductive"
  } else {
    "random"
  }
}
