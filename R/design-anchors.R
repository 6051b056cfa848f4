# Chooses among anchors; see musl_design().

design_anchors <- function(object, candidates, library, how) {
  short <- short_list(object, candidates, library, how)
  candidates <- short$candidates
  pairs <- design_scores(object, anchor_pairs(candidates, library), how)
  facts <- anchor_facts(pairs, candidates)
  left <- facts[facts$n_pairs > 0, ]
  if (nrow(left) == 0) abort_no_candidate(sum(facts$n_known))
  pairs <- pairs[!pairs$known & !is.na(pairs$p), ]
  tops <- best_partners(pairs, left$anchor, length(library))
  # Hits of gene_a that screening gene_b already finds, since both are anchors
  # of the library.
  inside <- pairs[pairs$gene_b %in% left$anchor & pairs$gene_a %in% library, ]
  inside$hits <- inside$p
  inside <- inside[c("gene_a", "gene_b", "hits")]
  chosen <- choose_in_turn(left$expected, how,
    likeness = anchor_likeness(left$anchor, tops),
    repeated = doubled_hits(inside, left$anchor)
  )
  rows <- left[chosen$row, ]
  rows$status <- gene_status(rows$anchor, how$facts)
  rows$partners <- vapply(tops[rows$anchor], function(x) {
    paste(utils::head(x, 3), collapse = ", ")
  }, "", USE.NAMES = FALSE)
  rows$like <- rows$anchor[chosen$like]
  new_design(rows, chosen, left, how, sum(inside$hits), short$against)
}

# list(candidates, against): the candidates or, if there are many, the best of
# them on some genes of the library, and then what random ones would find, as in
# new_design(), from some of both.
short_list <- function(object, candidates, library, how,
                       most = scored_at_most, least = 20L) {
  n <- max(as.integer(ceiling(1.5 * how$budget)), least)
  if (length(candidates) * length(library) <= most || length(candidates) <= n) {
    return(list(candidates = candidates))
  }
  draw <- function(genes, n) {
    with_seed_kept(reference_seed, sample(genes, min(length(genes), n)))
  }
  found <- function(genes, n_library) {
    some <- draw(library, n_library)
    tried <- anchor_pairs(genes, some)
    pairs <- design_scores(object, tried, how, parts = FALSE)
    anchor_facts(pairs, genes)[c("anchor", "expected", "n_pairs")]
  }
  most_genes <- max(shortlist_libraries)
  random <- found(draw(candidates, most_genes), most_genes)
  random <- random[random$n_pairs > 0, ]
  kept <- candidates
  for (n_library in shortlist_libraries) {
    facts <- found(kept, n_library)
    last <- n_library == most_genes
    n_kept <- if (last) n else max(n, ceiling(length(kept) / 4))
    best <- utils::head(order(-to_tie(facts$expected)), n_kept)
    kept <- kept[sort(best)]
  }
  inform_musl(c(
    "{length(candidates)} candidates were compared on some genes of
     {.arg library}; the best {n} of them are compared on all.",
    i = "Pass fewer {.arg candidates} or a smaller {.arg library} to score all
         of their pairs."
  ))
  mean_hits <- mean(random$expected) / min(length(library), most_genes)
  list(
    candidates = kept,
    against = list(
      n = length(candidates), mean = mean_hits * length(library),
      shared = mean_hits * mean(candidates %in% library)
    )
  )
}

# One row per anchor: expected hits and facts of its new pairs.
anchor_facts <- function(pairs, candidates) {
  new <- !pairs$known & !is.na(pairs$p)
  at <- factor(pairs$gene_a, candidates)
  total <- function(x) {
    as.vector(tapply(ifelse(new, x, 0), at, sum, default = 0))
  }
  p <- total(pairs$p)
  mean_of <- function(x) nan_to_na(total(pairs$p * x) / p)
  tibble(
    anchor = candidates, expected = p,
    n_pairs = as.integer(total(1)),
    n_known = tabulate(at[pairs$known], length(candidates)),
    relation = mean_of(pairs$relation),
    single_gene = mean_of(pairs$single_gene)
  )
}

# Numbers that only rounding tells apart become ties, which the order of genes
# decides on every processor alike.
to_tie <- function(x) signif(x, 7)

# The best new partners of each anchor, as many as are compared.
best_partners <- function(pairs, anchors, n_library) {
  n <- max(10L, ceiling(n_library / 100))
  by_score <- order(-to_tie(pairs$.score), pairs$gene_b, method = "radix")
  pairs <- pairs[by_score, ]
  lists <- split(pairs$gene_b, factor(pairs$gene_a, anchors))
  lapply(lists, utils::head, n)
}

# function(i): likeness of all anchors to anchor i.
anchor_likeness <- function(anchors, tops) {
  size <- lengths(tops)
  rows <- rep(seq_along(tops), size)
  partner <- unlist(tops, use.names = FALSE)
  function(i) {
    shared <- tabulate(rows[partner %in% tops[[i]]], length(anchors))
    shared / pmin(size, size[[i]])
  }
}

# function(i): hits of each anchor that screening anchor i already finds.
doubled_hits <- function(inside, anchors) {
  lists <- split(inside, factor(inside$gene_b, anchors))
  function(i) {
    out <- numeric(length(anchors))
    one <- lists[[i]]
    out[match(one$gene_a, anchors)] <- one$hits
    out
  }
}

# Greedy choice: list(row, expected, like, likeness), one entry per choice;
# `like` is the number of the most similar earlier choice.
choose_in_turn <- function(expected, how, likeness, repeated) {
  n <- min(how$budget, length(expected))
  crowd <- nearest <- numeric(length(expected))
  like <- rep(NA_integer_, length(expected))
  open <- rep(TRUE, length(expected))
  out <- list(
    row = integer(n), expected = numeric(n), like = integer(n),
    likeness = numeric(n)
  )
  for (k in seq_len(n)) {
    gain <- ifelse(open, expected / (1 + how$diversity * crowd), -Inf)
    i <- which.max(to_tie(gain))
    out$row[[k]] <- i
    out$expected[[k]] <- expected[[i]]
    out$like[[k]] <- like[[i]]
    out$likeness[[k]] <- nearest[[i]]
    open[[i]] <- FALSE
    alike <- likeness(i)
    crowd <- crowd + alike
    closer <- alike > nearest
    nearest[closer] <- alike[closer]
    like[closer] <- k
    # What rounding leaves of an anchor whose pairs are all found is no hit.
    expected <- pmax(0, expected - repeated(i))
  }
  out
}

# `repeated`: hits that two candidates share, summed over ordered pairs of them.
new_design <- function(rows, chosen, left, how, repeated = 0, against = NULL) {
  unit <- intersect(c("anchor", "gene_a", "gene_b"), names(rows))
  rows$rank <- seq_len(nrow(rows))
  rows$expected <- chosen$expected
  rows$cumulative <- cumsum(chosen$expected)
  rows$likeness <- chosen$likeness
  columns <- c(
    "rank", unit, "status", "expected", "cumulative", "partners", ".score",
    "n_unseen", "like", "likeness", "n_pairs", "n_known", "relation",
    "single_gene"
  )
  n <- nrow(left)
  tibble::new_tibble(
    as.list(rows)[intersect(columns, names(rows))],
    nrow = nrow(rows), class = "musl_design",
    against = against %||% list(
      n = n, mean = mean(left$expected),
      shared = repeated / max(1, n * (n - 1))
    ),
    prior = how$prior
  )
}

# New hits expected of `n` candidates at random: the later of two loses what
# both find.
random_hits <- function(against, n) {
  n * against$mean - n * (n - 1) / 2 * (against$shared %||% 0)
}
