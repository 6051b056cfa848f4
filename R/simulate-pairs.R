# Pairs of simulated genes, and what an oracle would say of them.

simulate_pairs <- function(genes, n_pairs, flip) {
  # All pairs: (1, 2), (1, 3), ..., (2, 3), ..., (n - 1, n).
  times <- rev(seq_len(nrow(genes) - 1L))
  a <- rep(rev(times), times)
  b <- a + sequence(times)
  kind <- pair_kinds(genes, a, b)
  fame <- genes$popularity[a] * genes$popularity[b]
  n_false <- round(flip * n_pairs)
  n_sl <- diff(round(seq(0, n_pairs, length.out = 5)))
  missed <- diff(round(seq(0, n_false, length.out = 5)))
  chosen <- do.call(rbind, Map(
    function(kinds, ...) draw_pairs(which(kind == kinds), fame, ...),
    1:5, c(n_sl - missed, n_false), c(missed, n_pairs - n_false)
  ))
  mechanism <- mechanisms[kind[chosen$index]]
  pairs <- tibble::tibble(
    gene_a = genes$gene[a[chosen$index]],
    gene_b = genes$gene[b[chosen$index]],
    label = factor(ifelse(chosen$recorded, "SL", "non_SL"), c("SL", "non_SL")),
    sl = !is.na(mechanism),
    mechanism = mechanism,
    block = assign_block(mechanism, chosen$recorded),
    flipped = !is.na(mechanism) != chosen$recorded
  )
  pairs[sample.int(nrow(pairs)), ]
}

# The number of the only mechanism of each pair, 5 without one, 6 with several.
pair_kinds <- function(genes, a, b) {
  twin <- (genes$pathway + 1L) %/% 2L
  holds <- cbind(
    co_loss = genes$complex[a] == genes$complex[b] &
      genes$side[a] != genes$side[b],
    band = genes$band[a] == genes$band[b],
    pathway = twin[a] == twin[b] & genes$pathway[a] != genes$pathway[b],
    paralog = genes$family[a] == genes$family[b]
  )
  kind <- rep(5L, length(a))
  for (m in seq_along(mechanisms)) kind[holds[, m]] <- m
  kind[rowSums(holds) > 1] <- 6L
  kind
}

# Of the pairs `index`, `n_popular` by popularity, recorded as SL, and
# `n_uniform` others drawn uniformly, recorded as non-SL. Weighted draws without
# replacement by exponential keys (Efraimidis and Spirakis 2006).
draw_pairs <- function(index, fame, n_popular, n_uniform) {
  abort_if(length(index) < n_popular + n_uniform, c(
    "{.arg n_pairs} can't be drawn from so few genes.",
    x = "{n_popular + n_uniform} pairs requested of {length(index)}.",
    i = "Use more genes or fewer pairs."
  ))
  key <- stats::rexp(length(index)) / fame[index]
  popular <- utils::head(order(key), n_popular)
  others <- setdiff(seq_along(index), popular)
  uniform <- others[sample.int(length(others), n_uniform)]
  data.frame(
    index = index[c(popular, uniform)],
    recorded = rep(c(TRUE, FALSE), c(n_popular, n_uniform))
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
  blocks <- c(split(pairs, factor(pairs$block, mechanisms)), list(all = pairs))
  auroc <- function(x) {
    with_core(cpp_auroc(as.numeric(x$sl), as.integer(x$label == "SL")))
  }
  tibble::tibble(
    block = names(blocks),
    auroc = vapply(blocks, auroc, 0, USE.NAMES = FALSE),
    n_pairs = vapply(blocks, nrow, 0L, USE.NAMES = FALSE)
  )
}

# Double-knockout screens of simulated genes, with the truth about their hits.

# list(pairs: measured pairs; evidence: a musl_evidence; truth: one row per
# measured pair; genes: one row per gene).
simulate_screens <- function(genes) {
  # A quarter of the genes have one paralog each; complexes have six genes;
  # every fifth gene slows growth when lost.
  n <- nrow(genes)
  order <- sample.int(n)
  n_paralogs <- 2L * (n %/% 8L)
  duo <- rep(NA_integer_, n)
  duo[order[seq_len(n_paralogs)]] <- rep(seq_len(n_paralogs / 2), each = 2)
  needed <- seq_len(n) %in% sample.int(n, n %/% 5L)
  traits <- tibble::tibble(
    gene = genes$gene, duo = duo,
    complex = draw_groups(n, max(2L, n %/% 6L)),
    pathway = genes$pathway,
    needed = needed,
    fitness = -0.8 * needed + stats::rnorm(n, sd = 0.15)
  )
  rows <- do.call(rbind, c(
    simulate_libraries(traits), list(simulate_directed(traits))
  ))
  truth <- true_interactions(rows, traits)
  effect <- truth$effect + stats::rnorm(nrow(rows), sd = 0.6)
  pairs <- tibble::tibble(
    gene_a = rows$gene_a, gene_b = rows$gene_b,
    label = factor(ifelse(effect < -1.5, "SL", "non_SL"), pair_labels),
    study = rows$study, line = rows$line, query = rows$query,
    measured = TRUE, weight = 1, effect = effect
  )
  list(
    pairs = pairs, evidence = simulate_evidence(traits),
    truth = truth[!duplicated(pair_keys(truth)), ], genes = traits
  )
}

simulate_evidence <- function(traits) {
  paralogs <- traits[!is.na(traits$duo), ]
  musl_evidence(
    annotations = musl_annotations(
      data.frame(
        gene = traits$gene, term = paste0("pathway_", traits$pathway),
        branch = "BP", evidence = "IDA"
      ),
      families = data.frame(
        gene = paralogs$gene, family = paste0("family_", paralogs$duo)
      )
    ),
    genes = data.frame(gene = traits$gene, fitness = traits$fitness),
    modules = data.frame(
      gene = traits$gene, module = paste0("complex_", traits$complex)
    )
  )
}

# Two laboratories choose paralogs, pairs of one complex and others; the second
# one measures half of the pairs of the first.
simulate_libraries <- function(traits) {
  n <- nrow(traits)
  draw_library <- function(old = NULL) {
    pairs <- rbind(
      old, pairs_within(traits$duo),
      sample_rows(pairs_within(traits$complex), n),
      cbind(sample.int(n, n, TRUE), sample.int(n, n, TRUE))
    )
    pairs[pairs[, 1] != pairs[, 2], ]
  }
  one <- draw_library()
  two <- draw_library(sample_rows(one, nrow(one) / 2))
  list(
    measured_rows(traits, one, "library_A", "line_1"),
    measured_rows(traits, one, "library_A", "line_2"),
    measured_rows(traits, two, "library_B", "line_3")
  )
}

# Twelve queries against all genes, as in a genome-scale screen.
simulate_directed <- function(traits, n_queries = 12L) {
  n <- nrow(traits)
  paralogs <- which(!is.na(traits$duo))
  queries <- c(
    sample_some(paralogs, n_queries %/% 2L),
    sample_some(setdiff(seq_len(n), paralogs), n_queries - n_queries %/% 2L)
  )
  pairs <- cbind(rep(queries, each = n), rep(seq_len(n), n_queries))
  pairs <- pairs[pairs[, 1] != pairs[, 2], ]
  measured_rows(traits, pairs, "directed", "line_4", traits$gene[pairs[, 1]])
}

# Two-column matrix: all pairs of genes in one group.
pairs_within <- function(group) {
  members <- split(seq_along(group), group)
  do.call(rbind, lapply(unname(members[lengths(members) > 1]), function(x) {
    t(utils::combn(x, 2))
  }))
}

sample_rows <- function(x, size) {
  x[sample_some(seq_len(nrow(x)), size), , drop = FALSE]
}

measured_rows <- function(traits, pairs, study, line, query = NA_character_) {
  rows <- tibble::tibble(
    gene_a = traits$gene[pmin(pairs[, 1], pairs[, 2])],
    gene_b = traits$gene[pmax(pairs[, 1], pairs[, 2])],
    study = study, line = line, query = query
  )
  rows[!duplicated(rows), ]
}

# Paralogs are SL, a third of the pairs of a complex, and few others, more of
# them if a gene is needed. A pair's draw depends only on the pair, so that
# laboratories agree.
true_interactions <- function(rows, traits) {
  a <- match(rows$gene_a, traits$gene)
  b <- match(rows$gene_b, traits$gene)
  key <- pair_keys(rows)
  distinct <- unique(key)
  of_pair <- match(key, distinct)
  draw <- stats::runif(length(distinct))[of_pair]
  strength <- stats::runif(length(distinct), 1.2, 3.2)[of_pair]
  is_paralog <- (traits$duo[a] == traits$duo[b]) %in% TRUE
  one_complex <- traits$complex[a] == traits$complex[b]
  needed <- traits$needed[a] | traits$needed[b]
  cause <- rep(NA_character_, nrow(rows))
  cause[draw < ifelse(needed, 0.02, 0.003)] <- "gene"
  cause[one_complex & draw < 1 / 3] <- "complex"
  cause[is_paralog] <- "paralog"
  tibble::tibble(
    gene_a = rows$gene_a, gene_b = rows$gene_b, sl = !is.na(cause),
    cause = cause, effect = -strength * !is.na(cause)
  )
}
