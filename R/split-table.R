# The user's splits, read from a table with one row per pair and fold, or with
# one column per fold.

part_names <- c(
  train = "train", validation = "validation", dev = "validation",
  C1 = "C1", C2 = "C2", C3 = "C3", test = "test"
)

split_from_table <- function(table, data, validation, policy, leakage, seed) {
  read <- read_split_table(table, data@genes)
  pairs <- read$pairs
  folds <- split(read$rows, read$rows$fold)
  assigned <- lapply(seq_along(folds), function(fold) {
    assign_fold(folds[[fold]], pairs, fold, leakage)
  })
  others <- rbind(pairs[1:2], data@pairs[c("gene_a", "gene_b")])
  drawn <- with_seed_kept(seed, lapply(assigned, function(fold) {
    add_validation(
      fold$part, pairs, validation, policy$name, data@genes, others
    )
  }))
  made <- list(pairs = pairs, assignment = lapply(drawn, `[[`, "part"))
  any_drawn <- any(vapply(drawn, function(x) length(x$drawn$a) > 0, NA))
  if (!is.null(policy)) {
    made <- append_drawn(made, lapply(drawn, `[[`, "drawn"), data@genes)
  }
  split <- new_musl_split(
    pairs = made$pairs, assignment = made$assignment,
    setting = setting_of(made$assignment), source = "table",
    negatives = if (any_drawn) policy$name, seed = seed, leakage = leakage,
    shared = do.call(rbind, lapply(assigned, `[[`, "shared"))
  )
  check_parts(split)
  check_leakage(split)
  split
}

# list(pairs = the distinct pairs of `genes`, rows = data frame pair (row of
# pairs), part, fold).
read_split_table <- function(table, genes) {
  check_pair_table(table, "table")
  check_part_column(table)
  columns <- c("gene_a", "gene_b", "label", "sampled", label_columns)
  if (!any(is_measured(table))) columns <- setdiff(columns, "study")
  columns <- intersect(columns, names(table))
  read <- canonical_pairs(table[columns], "table", need_label = TRUE)$pairs
  bare <- read[is.na(read$label), ]
  abort_if(nrow(bare) > 0, c(
    "Column {.field label} of {.arg table} must label every pair.",
    x = "{nrow(bare)} pair{?s} without a label: {show_pairs(bare)}."
  ))
  read <- read[are_known_pairs(read, genes, "{.arg table}"), ]
  pair <- match(row_keys(table), row_keys(read))
  rows <- data.frame(
    pair = pair,
    part = unname(part_names[as.character(table$part)]),
    fold = read_fold(table)
  )
  list(pairs = read, rows = rows[!is.na(pair), ])
}

check_part_column <- function(table) {
  check_columns(table, "part", "table")
  part <- as.character(table$part)
  bad <- unique(part[!part %in% names(part_names)])
  abort_if(length(bad) > 0, c(
    "Column {.field part} of {.arg table} must hold
     {.or {.val {names(part_names)}}}.",
    x = "Found {.val {utils::head(bad, 3)}}.",
    i = if ("unused" %in% bad) {
      "Leave out rows of {.val unused}: a pair without a row in a fold is
       unused there."
    }
  ))
  abort_if(nrow(table) == 0, c(
    "{.arg table} must hold pairs.", x = "It has no rows."
  ))
}

# Folds as 1, 2, ... in ascending order; without the column there is one.
read_fold <- function(table) {
  fold <- table[["fold"]] %||% rep(1L, nrow(table))
  abort_if(anyNA(fold), c(
    "Column {.field fold} of {.arg table} must be known for every row.",
    x = "{sum(is.na(fold))} row{?s} without one."
  ))
  known <- unique(fold)
  match(fold, if (is.character(fold)) sort_bytes(known) else sort(known))
}

# list(part = that of every pair, shared = the pairs in two parts): a pair
# that the fold does not name is unused, one in two parts counts for the last.
assign_fold <- function(rows, pairs, fold, leakage) {
  rows <- rows[!duplicated(rows[c("pair", "part")]), ]
  twice <- unique(rows$pair[duplicated(rows$pair)])
  abort_if(length(twice) > 0 && leakage == "error", c(
    "A pair must be in one part of a fold, in either order of its genes.",
    x = "Fold {fold}: {length(twice)} pair{?s} in two parts:
         {show_pairs(pairs[twice, ])}.",
    i = "Does {.arg table} hold several splits? Pass the rows of one."
  ), "leakage", pairs = pairs[twice, ], fold = fold)
  rows <- rows[order(match(rows$part, unique(part_names))), ]
  part <- rep("unused", nrow(pairs))
  part[rows$pair] <- rows$part
  # "test" pairs go to C1, C2 or C3 by the number of genes that training lacks.
  test <- which(part == "test")
  train <- pairs[part == "train", ]
  seen <- c(train$gene_a, train$gene_b)
  unseen <- !pairs$gene_a[test] %in% seen
  unseen <- unseen + !pairs$gene_b[test] %in% seen
  part[test] <- test_parts[unseen + 1L]
  part <- factor(part, split_parts)
  list(part = part, shared = tibble(
    fold = fold, part = as.character(part[twice]),
    other = rows$part[match(twice, rows$pair)],
    gene_a = pairs$gene_a[twice], gene_b = pairs$gene_b[twice]
  ))
}

# Pairs are held out for C1, genes for C2 and C3. list(part, drawn =
# list(a, b, part) of drawn negatives).
add_validation <- function(part, pairs, share, policy, genes, others) {
  train <- which(part == "train")
  none <- list(a = integer(), b = integer(), part = character())
  if (any(part == "validation")) {
    return(list(part = part, drawn = none))
  }
  kind <- if (any(part %in% c("C2", "C3"))) "genes" else "pairs"
  pool <- labelled_pairs(pairs[train, ])
  sets <- hold_out(pool, kind, share, policy, draw_seed(NULL), genes, others)
  keys <- row_keys(pool)
  held <- match(row_keys(sets$validation), keys)
  # Held negatives that were redrawn are in neither part.
  part[train] <- "unused"
  part[train[match(row_keys(sets$training), keys)]] <- "train"
  part[train[held[!is.na(held)]]] <- "validation"
  new <- pair_index(sets$validation[is.na(held), ], genes)
  none$part <- rep("validation", length(new$a))
  list(part = part, drawn = c(new, none["part"]))
}

# The setting of the most demanding test part.
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
