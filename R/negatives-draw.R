# Draws non-SL pairs between two lists of genes; all by position in one
# universe of genes.

# One whole number for the unordered pair of positions `a` and `b`.
index_keys <- function(a, b, n_genes) {
  (pmin(a, b) - 1) * n_genes + (pmax(a, b) - 1)
}

pair_index <- function(pairs, genes) {
  list(a = match(pairs$gene_a, genes), b = match(pairs$gene_b, genes))
}

# index_keys() of the pairs whose genes are all in `genes`.
known_keys <- function(pairs, genes) {
  index <- pair_index(pairs, genes)
  keys <- index_keys(index$a, index$b, length(genes))
  keys[!is.na(keys)]
}

# Negatives for each group of SL pairs by the kinds of their two ends, so that
# negatives of a group have ends of the same kinds.
#
# policy  new_policy()
# sl      list(a, b), positions of the SL pairs
# kind    character, one per gene: which end it can be; NA is never drawn
# kinds   list of c(kind of one end, kind of the other)
# taken   index_keys() never to be drawn
#
# list(a, b, missing): `missing` counts pairs that could not be drawn, an
# error except for "gene_balanced" and if fewer are allowed.
# Call it with a seed set.
draw_by_kind <- function(policy, sl, kind, kinds, ratio, taken, n_genes,
                         allow_fewer = FALSE, call = caller_env()) {
  drawn <- list(a = integer(), b = integer(), missing = 0)
  for (ends in kinds) {
    pools <- end_pools(policy$name, sl, kind, ends)
    found <- choose_pairs(
      policy, pools, ratio, taken, n_genes, allow_fewer, call
    )
    taken <- c(taken, index_keys(found$a, found$b, n_genes))
    drawn$a <- c(drawn$a, found$a)
    drawn$b <- c(drawn$b, found$b)
    drawn$missing <- drawn$missing + round(ratio * pools$n) - length(found$a)
  }
  drawn
}

# list(a, b, n, one): the ends of either kind, the number of SL pairs of both,
# and whether the two kinds are the same. The ends are those of the SL pairs, as
# often as they occur, for policies that use their frequency, else the
# genes.
end_pools <- function(policy, sl, kind, ends) {
  straight <- kind[sl$a] %in% ends[[1]] & kind[sl$b] %in% ends[[2]]
  crossed <- kind[sl$a] %in% ends[[2]] & kind[sl$b] %in% ends[[1]] & !straight
  first <- c(sl$a[straight], sl$b[crossed])
  second <- c(sl$b[straight], sl$a[crossed])
  n <- length(first)
  one <- ends[[1]] == ends[[2]]
  if (!policy %in% c("degree_matched", "gene_balanced")) {
    first <- which(kind == ends[[1]])
    second <- which(kind == ends[[2]])
  } else if (one) {
    first <- second <- c(first, second)
  }
  list(a = first, b = second, n = n, one = one)
}

choose_pairs <- function(policy, pools, ratio, taken, n_genes,
                         allow_fewer = FALSE, call = caller_env()) {
  count <- round(ratio * pools$n)
  a <- pools$a - 1L
  b <- pools$b - 1L
  drawn <- with_core(switch(policy$name,
    gene_balanced = cpp_balance_negatives(
      times_ratio(a, ratio),
      if (pools$one) integer() else times_ratio(b, ratio),
      taken, n_genes, draw_seed(NULL)
    ),
    expression = ,
    dependency = cpp_extreme_pairs(
      policy$profiles, policy$order, policy$gene - 1L, a, b, taken, count,
      n_genes, allow_fewer
    ),
    cpp_sample_negatives(
      policy$name, a, b, taken, count, n_genes, draw_seed(NULL), allow_fewer
    )
  ), call = call)
  list(a = drawn$a + 1L, b = drawn$b + 1L)
}

# Each gene as often as in `ends`, times `ratio`.
times_ratio <- function(ends, ratio) {
  if (length(ends) == 0) {
    return(integer())
  }
  times <- tabulate(ends + 1L)
  rep(seq_along(times) - 1L, round(ratio * times))
}

# A tibble of drawn pairs, in byte order of their genes if `genes` are.
sampled_pairs <- function(drawn, genes) {
  tibble(
    gene_a = genes[pmin(drawn$a, drawn$b)],
    gene_b = genes[pmax(drawn$a, drawn$b)],
    label = factor(rep("non_SL", length(drawn$a)), pair_labels),
    sampled = rep(TRUE, length(drawn$a))
  )
}

# Reported once.
tell_missing <- function(missing, count) {
  if (missing > 0) {
    inform_musl(c(
      "{missing} of {count} negatives could not be drawn.",
      x = "Some genes have too few partners that are not known pairs."
    ), "negatives", missing = missing)
  }
}
