# Negatives drawn for each part of each fold.

# `drawn` is the result of random_folds() or gene_folds(), with `pairs`; it is
# returned with the drawn pairs after the others, unused in the folds they were
# not drawn for. Call it with a seed set.
add_negatives <- function(drawn, plan, units, policy, data, call) {
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
    draw_fold(policy, part, sl, kind, plan, known, length(genes), fold, call)
  })
  missing <- sum(vapply(found, function(fold) fold$missing, 1))
  tell_missing(missing, missing + sum(lengths(lapply(found, `[[`, "a"))))
  append_drawn(drawn, found, genes)
}

# list(a, b, part, missing) of one fold. A validation part has groups of few SL
# pairs, by the number of their held genes, and uses what there is.
draw_fold <- function(policy, part, sl, kind, plan, taken, n_genes, fold,
                      call) {
  out <- list(a = integer(), b = integer(), part = character(), missing = 0)
  for (name in intersect(c("train", "validation", test_parts), part)) {
    rows <- which(part == name & sl$drawn_for)
    if (length(rows) == 0) next
    of_part <- list(a = sl$a[rows], b = sl$b[rows])
    shown <- part == "train" & sl$drawn_for
    train <- list(a = sl$a[shown], b = sl$b[shown])
    found <- with_part_named(name, fold, draw_by_kind(
      policy, of_part, part_kind(name, kind, of_part, train),
      part_kinds(name, kind), plan$ratio, taken, n_genes,
      allow_fewer = name == "validation", call = call
    ), call)
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
part_kind <- function(name, kind, of_part, train) {
  seen <- unlist(train)
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

with_part_named <- function(name, fold, expr, call) {
  withCallingHandlers(expr, musl_error_input = function(cnd) {
    abort_musl(c(
      "Part {.field {name}} of fold {fold} must get its negatives.",
      x = "{conditionMessage(cnd)}",
      i = "Use a lower {.arg ratio} or fewer {.arg folds}."
    ), part = name, fold = fold, call = call)
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
  if (!is.null(drawn$clean)) {
    drawn$clean <- lapply(drawn$clean, c, rep(FALSE, length(all)))
  }
  drawn
}
