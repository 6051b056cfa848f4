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
  n <- nrow(genes)
  a <- rep(seq_len(n - 1L), rev(seq_len(n - 1L)))
  b <- sequence(rev(seq_len(n - 1L)), from = seq_len(n - 1L) + 1L)
  holds <- pair_mechanisms(genes, a, b)
  n_holds <- rowSums(holds)
  fame <- genes$popularity[a] * genes$popularity[b]

  n_false <- round(flip * n_pairs)
  per_mechanism <- diff(round(seq(0, n_pairs, length.out = 5)))
  missed <- diff(round(seq(0, n_false, length.out = 5)))
  chosen <- lapply(seq_along(mechanisms), function(m) {
    draw_pairs(
      which(n_holds == 1 & holds[, m]), fame, per_mechanism[m] - missed[m],
      missed[m], mechanisms[m], call
    )
  })
  none <- draw_pairs(
    which(n_holds == 0), fame, n_false, n_pairs - n_false, NA_character_, call
  )
  chosen <- do.call(rbind, c(chosen, list(none)))
  label <- ifelse(chosen$recorded, "SL", "non_SL")
  sl <- !is.na(chosen$mechanism)
  pairs <- tibble::tibble(
    gene_a = genes$gene[a[chosen$index]],
    gene_b = genes$gene[b[chosen$index]],
    label = factor(label, c("SL", "non_SL")),
    sl = sl,
    mechanism = chosen$mechanism,
    block = assign_block(chosen$mechanism, chosen$recorded),
    flipped = sl != chosen$recorded
  )
  pairs[sample.int(nrow(pairs)), ]
}

# `n_popular` pairs by popularity, recorded as SL, and `n_uniform` others drawn
# uniformly, recorded as non-SL. Weighted draws without replacement by
# exponential keys (Efraimidis and Spirakis 2006).
draw_pairs <- function(index, fame, n_popular, n_uniform, mechanism, call) {
  if (length(index) < n_popular + n_uniform) {
    abort_musl(c(
      "{.arg n_pairs} can't be drawn from so few genes.",
      x = "{n_popular + n_uniform} pairs requested of {length(index)}.",
      i = "Use more genes or fewer pairs."
    ), call = call)
  }
  key <- stats::rexp(length(index)) / fame[index]
  popular <- index[order(key)[seq_len(n_popular)]]
  uniform <- sample_some(setdiff(index, popular), n_uniform)
  data.frame(
    index = c(popular, uniform),
    recorded = rep(c(TRUE, FALSE), c(length(popular), length(uniform))),
    mechanism = rep(mechanism, length(popular) + length(uniform))
  )
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
