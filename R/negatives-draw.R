# Draws of non-SL pairs between two lists of genes; all by position in one
# universe of genes.

# One whole number for the unordered pair of positions `a` and `b`.
index_keys <- function(a, b, n_genes) {
  (pmin(a, b) - 1) * n_genes + (pmax(a, b) - 1)
}

pair_index <- function(pairs, genes) {
  list(a = match(pairs$gene_a, genes), b = match(pairs$gene_b, genes))
}

# list(a, b): `count` pairs of an end of `ends_a` and one of `ends_b`, none of
# them in `forbidden` (index_keys()).
draw_between <- function(policy, ends_a, ends_b, forbidden, count, n_genes,
                         seed, allow_fewer = FALSE, call = caller_env()) {
  drawn <- with_core(cpp_sample_negatives(
    policy, ends_a - 1L, ends_b - 1L, forbidden, count, n_genes, seed,
    allow_fewer
  ), call = call)
  list(a = drawn$a + 1L, b = drawn$b + 1L)
}

# Negatives for each group of SL pairs by the kinds of their two ends, so that a
# group's negatives have ends of the kinds of its SL pairs.
#
# sl     list(a, b), positions of the SL pairs
# kind   character, one a gene: which end it can be; NA is never drawn
# kinds  list of c(kind of one end, kind of the other)
# taken  index_keys() never to be drawn
#
# "random" draws evenly from the genes of a kind, the others from the ends of
# the group's SL pairs. Call it under a seed.
draw_by_kind <- function(policy, sl, kind, kinds, ratio, taken, n_genes,
                         allow_fewer = FALSE, call = caller_env()) {
  drawn <- list(a = integer(), b = integer())
  for (ends in kinds) {
    pools <- end_pools(policy, sl, kind, ends)
    found <- draw_between(
      policy, pools$a, pools$b, taken, round(ratio * pools$n), n_genes,
      draw_seed(NULL), allow_fewer, call
    )
    taken <- c(taken, index_keys(found$a, found$b, n_genes))
    drawn <- list(a = c(drawn$a, found$a), b = c(drawn$b, found$b))
  }
  drawn
}

# list(a, b, n): the ends of either kind and the number of SL pairs of both.
end_pools <- function(policy, sl, kind, ends) {
  straight <- kind[sl$a] %in% ends[[1]] & kind[sl$b] %in% ends[[2]]
  crossed <- kind[sl$a] %in% ends[[2]] & kind[sl$b] %in% ends[[1]] & !straight
  first <- c(sl$a[straight], sl$b[crossed])
  second <- c(sl$b[straight], sl$a[crossed])
  n <- length(first)
  if (policy == "random") {
    first <- which(kind == ends[[1]])
    second <- which(kind == ends[[2]])
  } else if (ends[[1]] == ends[[2]]) {
    first <- second <- c(first, second)
  }
  list(a = first, b = second, n = n)
}

# A tibble of drawn pairs, in byte order of their genes where `genes` are.
sampled_pairs <- function(drawn, genes) {
  tibble(
    gene_a = genes[pmin(drawn$a, drawn$b)],
    gene_b = genes[pmax(drawn$a, drawn$b)],
    label = factor(rep("non_SL", length(drawn$a)), pair_labels),
    sampled = rep(TRUE, length(drawn$a))
  )
}
