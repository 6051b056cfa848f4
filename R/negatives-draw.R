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
# policy  its name
# sl      list(a, b), positions of the SL pairs
# kind    character, one per gene: which end it can be; NA is never drawn
# kinds   list of c(kind of one end, kind of the other)
# taken   index_keys() never to be drawn
#
# list(a, b, missing): `missing` counts pairs that could not be drawn, an error
# unless fewer are allowed. Call it with a seed set.
draw_by_kind <- function(policy, sl, kind, kinds, ratio, taken, n_genes,
                         allow_fewer = FALSE) {
  drawn <- list(a = integer(), b = integer(), missing = 0)
  for (ends in kinds) {
    pools <- end_pools(policy, sl, kind, ends)
    wanted <- round(ratio * pools$n)
    found <- with_core(cpp_sample_negatives(
      policy, pools$a - 1L, pools$b - 1L, taken, wanted, n_genes,
      draw_seed(NULL), allow_fewer
    ))
    found <- lapply(found[c("a", "b")], `+`, 1L)
    taken <- c(taken, index_keys(found$a, found$b, n_genes))
    drawn$a <- c(drawn$a, found$a)
    drawn$b <- c(drawn$b, found$b)
    drawn$missing <- drawn$missing + wanted - length(found$a)
  }
  drawn
}

# list(a, b, n): the ends of either kind and the number of SL pairs of both. The
# ends are those of the SL pairs, as often as they occur, for policies that use
# their frequency, else the genes.
end_pools <- function(policy, sl, kind, ends) {
  straight <- kind[sl$a] %in% ends[[1]] & kind[sl$b] %in% ends[[2]]
  crossed <- kind[sl$a] %in% ends[[2]] & kind[sl$b] %in% ends[[1]] & !straight
  first <- c(sl$a[straight], sl$b[crossed])
  second <- c(sl$b[straight], sl$a[crossed])
  n <- length(first)
  if (policy != "degree_matched") {
    first <- which(kind == ends[[1]])
    second <- which(kind == ends[[2]])
  } else if (ends[[1]] == ends[[2]]) {
    first <- second <- c(first, second)
  }
  list(a = first, b = second, n = n)
}

# A tibble of drawn pairs, in byte order of their genes if `genes` are.
sampled_pairs <- function(drawn, genes) {
  tibble(
    gene_a = genes[pmin(drawn$a, drawn$b)],
    gene_b = genes[pmax(drawn$a, drawn$b)],
    label = factor("non_SL", pair_labels),
    sampled = TRUE
  )
}

# For each part of each fold of a split ----------------------------------------

# `drawn` is the result of random_folds() or gene_folds(), with `pairs`; it is
# returned with the drawn pairs after the others, unused in the folds they were
# not drawn for. Call it with a seed set.
add_negatives <- function(drawn, units, policy, data) {
  genes <- data@genes
  sl <- pair_index(drawn$pairs, genes)
  # Measured pairs have measured non-SL pairs.
  sl$drawn_for <- !is_measured(drawn$pairs)
  known <- known_keys(data@pairs, genes)
  unit_rows <- match(units$genes, genes)
  found <- lapply(seq_along(drawn$assignment), function(fold) {
    part <- drawn$assignment[[fold]]
    kind <- rep(NA_character_, length(genes))
    kind[unit_rows] <- drawn$kind[[fold]]
    draw_fold(policy, part, sl, kind, known, length(genes), fold)
  })
  missing <- sum(vapply(found, function(fold) fold$missing, 1))
  count <- missing + sum(lengths(lapply(found, `[[`, "a")))
  inform_if(missing > 0, c(
    "{missing} of {count} negatives could not be drawn.",
    x = "Some genes have too few partners that are not known pairs."
  ), "negatives", missing = missing)
  append_drawn(drawn, found, genes)
}

# list(a, b, part, missing) of one fold. A validation part has groups of few SL
# pairs, by the number of their held genes, and uses what there is.
draw_fold <- function(policy, part, sl, kind, taken, n_genes, fold) {
  shown <- part == "train" & sl$drawn_for
  seen <- c(sl$a[shown], sl$b[shown])
  out <- list(a = integer(), b = integer(), part = character(), missing = 0)
  for (name in intersect(c("train", "validation", test_parts), part)) {
    rows <- which(part == name & sl$drawn_for)
    if (length(rows) == 0) next
    of_part <- list(a = sl$a[rows], b = sl$b[rows])
    found <- with_part_named(name, fold, draw_by_kind(
      policy$name, of_part, part_kind(name, kind, of_part, seen),
      part_kinds(name, kind), policy$ratio, taken, n_genes,
      allow_fewer = name == "validation"
    ))
    taken <- c(taken, index_keys(found$a, found$b, n_genes))
    out$a <- c(out$a, found$a)
    out$b <- c(out$b, found$b)
    out$part <- c(out$part, rep(name, length(found$a)))
    out$missing <- out$missing + found$missing
  }
  out
}

# Which end a gene can be in a part. Training negatives only use genes of
# training SL pairs. A split by pairs has one kind.
part_kind <- function(name, kind, of_part, seen) {
  if (all(is.na(kind))) {
    kind[c(seen, unlist(of_part))] <- "train"
  } else if (name == "train") {
    kind[-seen] <- NA
  }
  kind
}

part_kinds <- function(name, kind) {
  if (all(is.na(kind))) {
    return(list(c("train", "train")))
  }
  switch(name,
    train = list(c("train", "train")),
    validation = list(c("train", "held"), c("held", "held")),
    C2 = list(c("train", "test")),
    C3 = list(c("test", "test"))
  )
}

with_part_named <- function(name, fold, expr) {
  withCallingHandlers(expr, musl_error_input = function(cnd) {
    abort_musl(c(
      "Part {.field {name}} of fold {fold} must get its negatives.",
      x = "{conditionMessage(cnd)}",
      i = "Use a lower {.arg ratio} or fewer {.arg folds}."
    ), part = name, fold = fold)
  })
}

# `found` is a list(a, b, part) for each fold.
append_drawn <- function(drawn, found, genes) {
  keys <- lapply(found, function(fold) {
    index_keys(fold$a, fold$b, length(genes))
  })
  all <- unique(unlist(keys))
  new <- sampled_pairs(list(
    a = all %/% length(genes) + 1, b = all %% length(genes) + 1
  ), genes)
  n <- nrow(drawn$pairs)
  drawn$pairs$sampled <- is_sampled(drawn$pairs)
  drawn$pairs <- bind_pairs(drawn$pairs, new)
  drawn$assignment <- Map(function(part, key, fold) {
    part <- c(as.character(part), rep("unused", length(all)))
    part[n + match(key, all)] <- fold$part
    factor(part, split_parts)
  }, drawn$assignment, keys, found)
  drawn
}
