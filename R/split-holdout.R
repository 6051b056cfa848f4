# Holds out a part of a pool of training pairs, for the members of an ensemble
# and for splits without a validation part.

# list(training, validation) of `pairs` (as of labelled_pairs()).
#
# kind       "pairs": that share of the pairs, of each label; "genes": all
#            pairs with a gene of that share of the pool's genes; "queries": all
#            pairs of that share of the queries, and none of them in training
# policy     NULL or "given": the held negatives as they are; else the policy
#            (its name, or new_policy()) for drawing them again, separately
#            with one and with two held genes, at the pool's ratio. Seen ends
#            are drawn from seen ends, held ends from held ends. Only for kind
#            "genes". If there are too few, all are used.
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
    policy <- policy %||% "given"
    policy <- if (is_string(policy)) list(name = policy) else policy
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
  if (policy$name != "given" && any(pairs$label[recorded] == "SL")) {
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
