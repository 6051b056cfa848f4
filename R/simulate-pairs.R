# Pairs of simulated genes, and what an oracle would say of them.

# Logical matrix, pairs x mechanisms: the mechanisms of pairs of gene indices a,
# b.
pair_mechanisms <- function(genes, a, b) {
  twin <- (genes$pathway + 1L) %/% 2L
  cbind(
    co_loss = genes$complex[a] == genes$complex[b] &
      genes$side[a] != genes$side[b],
    band = genes$band[a] == genes$band[b],
    pathway = twin[a] == twin[b] & genes$pathway[a] != genes$pathway[b],
    paralog = genes$family[a] == genes$family[b]
  )
}

simulate_pairs <- function(genes, n_pairs, flip, call = rlang::caller_env()) {
  blocks <- pair_blocks(nrow(genes))
  kinds <- lapply(blocks, pair_kinds, genes)
  fame <- function(block, at) {
    pairs <- lapply(block_pairs(blocks[[block]]), `[`, at)
    genes$popularity[pairs$a] * genes$popularity[pairs$b]
  }

  n_false <- round(flip * n_pairs)
  per_mechanism <- diff(round(seq(0, n_pairs, length.out = 5)))
  missed <- diff(round(seq(0, n_false, length.out = 5)))
  chosen <- lapply(seq_along(mechanisms), function(m) {
    draw_pairs(
      kinds, m, fame, per_mechanism[m] - missed[m], missed[m],
      mechanisms[m], call
    )
  })
  none <- draw_pairs(
    kinds, 0L, fame, n_false, n_pairs - n_false, NA_character_, call
  )
  chosen <- do.call(rbind, c(chosen, list(none)))
  label <- ifelse(chosen$recorded, "SL", "non_SL")
  sl <- !is.na(chosen$mechanism)
  at <- genes_of_pairs(blocks, chosen)
  pairs <- tibble::tibble(
    gene_a = genes$gene[at$a],
    gene_b = genes$gene[at$b],
    label = factor(label, c("SL", "non_SL")),
    sl = sl,
    mechanism = chosen$mechanism,
    block = assign_block(chosen$mechanism, chosen$recorded),
    flipped = sl != chosen$recorded
  )
  pairs[sample.int(nrow(pairs)), ]
}

# Runs of genes a, each with all genes b that follow it: the genes of a genome
# have too many pairs to hold at once. `size` is about the pairs of a block.
pair_blocks <- function(n, size = 2e6) {
  partners <- rev(seq_len(n - 1L))
  block <- (cumsum(as.double(partners)) - 1) %/% size
  lapply(unname(split(seq_len(n - 1L), block)), function(a) {
    list(a = a, n_b = partners[a])
  })
}

block_pairs <- function(block) {
  list(
    a = rep(block$a, block$n_b), b = sequence(block$n_b, from = block$a + 1L)
  )
}

# Raw vector, one value a pair of the block: the number of its only mechanism,
# 0 without one, one more than there are mechanisms with several.
pair_kinds <- function(block, genes) {
  pairs <- block_pairs(block)
  holds <- pair_mechanisms(genes, pairs$a, pairs$b)
  kind <- integer(nrow(holds))
  several <- logical(nrow(holds))
  for (m in seq_along(mechanisms)) {
    several <- several | kind > 0L & holds[, m]
    kind[holds[, m]] <- m
  }
  kind[several] <- length(mechanisms) + 1L
  as.raw(kind)
}

# `n_popular` pairs by popularity, recorded as SL, and `n_uniform` others drawn
# uniformly, recorded as non-SL. Weighted draws without replacement by
# exponential keys (Efraimidis and Spirakis 2006). `kinds` has the pair_kinds()
# of each block, `fame(block, at)` gives the weights of pairs of a block.
draw_pairs <- function(kinds, kind, fame, n_popular, n_uniform, mechanism,
                       call) {
  of_kind <- function(block) which(kinds[[block]] == as.raw(kind))
  n <- vapply(seq_along(kinds), function(block) length(of_kind(block)), 0)
  if (sum(n) < n_popular + n_uniform) {
    abort_musl(c(
      "{.arg n_pairs} can't be drawn from so few genes.",
      x = "{n_popular + n_uniform} pairs requested of {sum(n)}.",
      i = "Use more genes or fewer pairs."
    ), call = call)
  }
  before <- cumsum(c(0, n))
  # Ranks among the pairs of this kind.
  popular <- data.frame(key = numeric(), rank = numeric())
  for (block in which(n > 0)) {
    key <- stats::rexp(n[[block]]) / fame(block, of_kind(block))
    rank <- before[[block]] + seq_len(n[[block]])
    key <- c(popular$key, key)
    best <- utils::head(order(key), n_popular)
    popular <- data.frame(key = key[best], rank = c(popular$rank, rank)[best])
  }
  uniform <- sample.int(sum(n) - n_popular, n_uniform)
  ranks <- c(popular$rank, skip_ranks(uniform, popular$rank))
  block <- findInterval(ranks - 1, before)
  at <- integer(length(ranks))
  for (b in unique(block)) {
    rows <- which(block == b)
    at[rows] <- of_kind(b)[ranks[rows] - before[[b]]]
  }
  data.frame(
    block = block,
    at = at,
    recorded = rep(c(TRUE, FALSE), c(n_popular, n_uniform)),
    mechanism = rep(mechanism, length(ranks))
  )
}

# Places among all of places among those that are not `taken`.
skip_ranks <- function(place, taken) {
  taken <- sort(taken)
  place + findInterval(place - 1, taken - seq_along(taken))
}

# Indices of both genes of the pairs drawn.
genes_of_pairs <- function(blocks, drawn) {
  a <- b <- integer(nrow(drawn))
  for (block in unique(drawn$block)) {
    rows <- which(drawn$block == block)
    pairs <- block_pairs(blocks[[block]])
    a[rows] <- pairs$a[drawn$at[rows]]
    b[rows] <- pairs$b[drawn$at[rows]]
  }
  list(a = a, b = b)
}

# Pairs without a mechanism are assigned evenly, within each label.
assign_block <- function(mechanism, recorded) {
  block <- mechanism
  for (label in c(TRUE, FALSE)) {
    none <- which(is.na(mechanism) & recorded == label)
    block[none] <- rep_len(mechanisms, length(none))
  }
  block
}

simulation_oracle <- function(pairs) {
  blocks <- c(mechanisms, "all")
  rows <- lapply(blocks, function(block) {
    if (block == "all") rep(TRUE, nrow(pairs)) else pairs$block == block
  })
  tibble::tibble(
    block = blocks,
    auroc = vapply(rows, function(i) {
      with_core(
        cpp_auroc(as.numeric(pairs$sl[i]), as.integer(pairs$label[i] == "SL"))
      )
    }, numeric(1)),
    n_pairs = vapply(rows, sum, integer(1))
  )
}
