# The pairs that musl_fit() trains on and the pairs that choose its epoch and
# its calibration.

validation_pairs <- 0.10
validation_genes <- 0.15

# A list with one list(training, validation, calibration) for each member of the
# ensemble: tibbles as of labelled_pairs().
training_sets <- function(data, split, fold, seed, ensemble = 1L, keep = NULL) {
  # The first member gets the seed itself, so that it equals a single network.
  seeds <- c(seed, with_seed_kept(
    seed, sample.int(.Machine$integer.max, ensemble - 1)
  ))
  parts <- if (is.null(split)) {
    pairs <- labelled_pairs(data@pairs)
    lapply(seeds, function(seed) {
      without_calibration(mixed_sets(pairs, seed, keep))
    })
  } else {
    sets <- split_sets(data, split, fold)
    members <- if (ensemble == 1) {
      list(sets)
    } else {
      member_sets(sets, split, seeds, data@genes)
    }
    unname(Map(hold_out_seen, members, seeds, ensemble))
  }
  for (sets in parts) {
    check_set(sets$training, "training", split)
    check_set(sets$validation, "validation", split)
  }
  parts
}

without_calibration <- function(sets) {
  c(sets, list(calibration = sets$training[0, ]))
}

# A split by genes leaves no validation pair of two seen genes: some training
# pairs are held out instead, for calibration and not for the choice of an
# epoch; none if they would be too large a share.
hold_out_seen <- function(sets, seed, members) {
  training <- sets$training
  keys <- pair_keys(training)
  distinct <- unique(keys)
  wanted <- min(
    max(calibration_share * length(distinct), min_calibration),
    most_calibration
  )
  wanted <- ceiling(wanted / members)
  seen <- unique_bytes(c(training$gene_a, training$gene_b))
  n_seen <- sum(
    sets$validation$gene_a %in% seen & sets$validation$gene_b %in% seen
  )
  too_few <- wanted * members > largest_share * length(distinct)
  if (n_seen >= wanted || too_few) {
    return(without_calibration(sets))
  }
  out <- keys %in% with_seed_kept(seed, sample(distinct, wanted))
  left <- list(
    training = training[!out, ],
    validation = sets$validation,
    calibration = training[out, ]
  )
  both <- all(vapply(left[c("training", "calibration")], has_both, TRUE))
  if (both) left else without_calibration(sets)
}

calibration_share <- 0.05
most_calibration <- 500
# The largest share of the training pairs.
largest_share <- 0.2

has_both <- function(pairs) all(pair_labels %in% pairs$label)

# Each member holds out other pairs, genes or queries of the fold's training and
# validation parts. Negatives drawn for the validation part go with its SL
# pairs: otherwise a gene held out by the split would have SL pairs alone,
# and a member would learn that.
member_sets <- function(sets, split, seeds, genes) {
  kind <- switch(split$setting,
    random = , study = "pairs",
    query = "queries",
    "genes"
  )
  pool <- rbind(sets$training, sets$validation)
  lapply(seeds, function(seed) {
    hold_out(
      pool, kind, member_share[[kind]], split$negatives, seed, genes,
      forbidden = split$pairs
    )
  })
}

member_share <- c(pairs = 0.1, genes = 0.08, queries = 0.1)

# The distinct training pairs of all members: those that the model knows.
pooled_training <- function(parts) pooled_part(parts, "training")

# Rows of a part in one or several members, each once.
pooled_part <- function(parts, name) {
  pool <- do.call(rbind, lapply(parts, `[[`, name))
  pool[!duplicated(row_keys(pool)), ]
}

# A mixed validation part: some pairs of all, and every pair of some genes, so
# that pairs with 0, 1 and 2 unseen genes can be calibrated. The genes in `keep`
# are not held out.
mixed_sets <- function(pairs, seed, keep = NULL) {
  genes <- unique_bytes(c(pairs$gene_a, pairs$gene_b))
  free <- setdiff(genes, keep)
  keys <- pair_keys(pairs)
  distinct <- unique(keys)
  n_pairs <- length(distinct)
  held <- with_seed_kept(seed, list(
    genes = sample(
      free, min(round(validation_genes * length(genes)), length(free))
    ),
    pairs = sample.int(n_pairs, round(validation_pairs * n_pairs))
  ))
  out <- pairs$gene_a %in% held$genes | pairs$gene_b %in% held$genes
  # All studies of a pair are held out together.
  out <- out | keys %in% distinct[held$pairs]
  list(training = pairs[!out, ], validation = pairs[out, ])
}

split_sets <- function(data, split, fold) {
  parts <- musl_parts(split, fold)
  sampled <- pair_keys(data@pairs)[is_sampled(data@pairs)]
  lapply(
    list(training = parts$train, validation = parts$validation),
    function(part) {
      part <- labelled_pairs(part)
      drawn <- pair_keys(part) %in% sampled & !part$measured
      part$sampled <- part$sampled | drawn
      part[are_known_pairs(part, data@genes, "the split"), ]
    }
  )
}

# The columns that training reads.
labelled_pairs <- function(pairs) {
  tibble(
    gene_a = pairs$gene_a, gene_b = pairs$gene_b, label = pairs$label,
    sampled = is_sampled(pairs), measured = is_measured(pairs),
    weight = pair_weight(pairs),
    effect = as.double(pairs[["effect"]] %||% NA),
    study = as.character(pairs[["study"]] %||% NA),
    line = as.character(pairs[["line"]] %||% NA),
    query = as.character(pairs[["query"]] %||% NA)
  )[!is.na(pairs$label), ]
}

# Whether the data have both genes of each pair, with a warning of the others: a
# split read from a table may hold other genes.
are_known_pairs <- function(pairs, genes, of) {
  known <- pairs$gene_a %in% genes & pairs$gene_b %in% genes
  lost <- setdiff(c(pairs$gene_a, pairs$gene_b), genes)
  warn_if(!all(known), c(
    paste(
      "{sum(!known)} pair{?s} of", of, "{?has/have} genes that the data lack
       and {?is/are} left out."
    ),
    x = "{length(lost)} gene{?s}: {.val {utils::head(lost, 3)}}."
  ), "dropped_genes", genes = lost)
  known
}

check_set <- function(pairs, part, split) {
  remedy <- if ("SL" %in% pairs$label) {
    "Draw non-SL pairs with {.fn musl_negatives}, or give some with
     {.code label = \"non_SL\"}."
  } else if (is.null(split)) {
    "Give more labelled pairs, or hold pairs out with {.fn musl_split}."
  } else {
    "Use fewer folds, another setting or more labelled pairs in
     {.fn musl_split}."
  }
  check_both_labels(
    pairs$label, paste("The", part, "part"), remedy,
    part = part
  )
}

# Holds out a part of a pool of training pairs, for the members of an ensemble
# and for splits without a validation part.

# list(training, validation) of `pairs` (as of labelled_pairs()).
#
# kind       "pairs": that share of the pairs, of each label; "genes": all
#            pairs with a gene of that share of the pool's genes; "queries": all
#            pairs of that share of the queries, and none of them in training
# policy     NULL: the held negatives as they are; else the name of the policy
#            for drawing them again, separately with one and with two held
#            genes, at the pool's ratio. Seen ends are drawn from seen ends,
#            held ends from held ends. Only for kind "genes". If there are too
#            few, all are used.
# genes      the universe, in byte order
# forbidden  NULL or pairs never to be drawn, in addition to those of the pool
hold_out <- function(pairs, kind, share, policy, seed, genes,
                     forbidden = NULL) {
  if (nrow(pairs) == 0 || share == 0) {
    return(list(training = pairs, validation = pairs[0, ]))
  }
  with_seed_kept(seed, if (kind == "pairs") {
    keys <- pair_keys(pairs)
    first <- which(!duplicated(keys))
    held <- held_pairs(pairs$label, first, share)
    # All studies of a pair are held out together.
    out <- keys %in% keys[held]
    list(training = pairs[!out, ], validation = pairs[out, ])
  } else if (kind == "queries") {
    hold_queries(pairs, share)
  } else {
    hold_genes(pairs, share, policy, genes, forbidden)
  })
}

hold_queries <- function(pairs, share) {
  names <- unique_bytes(pairs$query[!is.na(pairs$query)])
  n_held <- min(max(round(share * length(names)), 1), length(names))
  out <- pairs$query %in% names[sample.int(length(names), n_held)]
  keys <- pair_keys(pairs)
  list(training = pairs[!keys %in% keys[out], ], validation = pairs[out, ])
}

hold_genes <- function(pairs, share, policy, genes, forbidden) {
  index <- pair_index(pairs, genes)
  held <- draw_held_genes(index, pairs$label == "SL", share, length(genes))
  n_held <- held[index$a] + held[index$b]
  validation <- pairs[n_held > 0, ]
  recorded <- !is_measured(pairs)
  if (!is.null(policy) && any(pairs$label[recorded] == "SL")) {
    drawn <- redraw_held(policy, pairs, index, held, genes, forbidden)
    own <- validation$label == "SL" | is_measured(validation)
    validation <- bind_pairs(validation[own, ], drawn)
  }
  list(training = pairs[n_held == 0, ], validation = validation)
}

# How often genes are drawn until the held part has the size of `share`, and the
# tolerance for it, in units of 2 * share of the pairs: a single hub has a tenth
# of them.
held_draws <- 200L
held_range <- c(0.8, 1.6)

# A flag for each of `n_genes`. If no draw fits, the one with the nearest size
# is used.
draw_held_genes <- function(index, is_sl, share, n_genes) {
  pool <- unique(c(index$a, index$b))
  n_held <- min(max(round(share * length(pool)), 1), length(pool))
  best <- NULL
  best_miss <- Inf
  for (i in seq_len(held_draws)) {
    held <- logical(n_genes)
    held[pool[sample.int(length(pool), n_held)]] <- TRUE
    out <- held[index$a] | held[index$b]
    miss <- held_miss(mean(out) / (2 * share), is_sl, out)
    # All are drawn, so that what is drawn next depends on the seed alone.
    if (miss < best_miss) {
      best <- held
      best_miss <- miss
    }
  }
  best
}

# 0 for a part that fits; a part with one label, held or left, is the worst.
held_miss <- function(size, is_sl, out) {
  n_sl <- sum(is_sl)
  sl_out <- sum(is_sl & out)
  non_out <- sum(out) - sl_out
  n_non <- length(is_sl) - n_sl
  one_label <- sl_out %in% c(0, n_sl) || (n_non > 0 && non_out %in% c(0, n_non))
  max(held_range[[1]] - size, size - held_range[[2]], 0) + 1e6 * one_label
}

# Negatives for the held SL pairs, as a tibble.
redraw_held <- function(policy, pairs, index, held, genes, forbidden) {
  recorded <- !is_measured(pairs)
  is_sl <- pairs$label == "SL" & recorded
  ratio <- sum(pairs$label != "SL" & recorded) / sum(is_sl)
  taken <- index_keys(index$a, index$b, length(genes))
  if (!is.null(forbidden)) taken <- c(taken, known_keys(forbidden, genes))
  kind <- ifelse(held, "held", "train")
  kind[setdiff(seq_along(genes), c(index$a, index$b))] <- NA
  sl <- list(a = index$a[is_sl], b = index$b[is_sl])
  drawn <- draw_by_kind(
    policy, sl, kind, list(c("train", "held"), c("held", "held")), ratio,
    taken, length(genes),
    allow_fewer = TRUE
  )
  sampled_pairs(drawn, genes)
}
