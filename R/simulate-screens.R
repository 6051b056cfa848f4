# Double-knockout screens of simulated genes, with the truth about their hits.

# list(pairs: measured pairs; evidence: a musl_evidence; truth: one row per
# measured pair; genes: one row per gene).
simulate_screens <- function(genes) {
  traits <- simulate_traits(genes)
  rows <- do.call(rbind, c(
    simulate_libraries(traits), list(simulate_directed(traits))
  ))
  truth <- true_interactions(rows, traits)
  effect <- truth$effect + stats::rnorm(nrow(rows), sd = 0.6)
  pairs <- tibble::tibble(
    gene_a = rows$gene_a, gene_b = rows$gene_b,
    label = factor(ifelse(effect < -1.5, "SL", "non_SL"), pair_labels),
    source = rows$source, context = rows$context, query = rows$query,
    measured = TRUE, weight = 1, effect = effect
  )
  list(
    pairs = pairs, evidence = simulate_evidence(traits),
    truth = truth[!duplicated(pair_keys(truth)), ], genes = traits
  )
}

# A quarter of the genes have one paralog each; complexes have six genes; every
# fifth gene slows growth when lost.
simulate_traits <- function(genes) {
  n <- nrow(genes)
  order <- sample.int(n)
  n_paralogs <- 2L * (n %/% 8L)
  duo <- rep(NA_integer_, n)
  duo[order[seq_len(n_paralogs)]] <- rep(seq_len(n_paralogs / 2), each = 2)
  needed <- seq_len(n) %in% sample.int(n, n %/% 5L)
  tibble::tibble(
    gene = genes$gene, duo = duo,
    complex = draw_groups(n, max(2L, n %/% 6L)),
    pathway = genes$pathway,
    needed = needed,
    fitness = -0.8 * needed + stats::rnorm(n, sd = 0.15)
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
  measured_rows(
    traits, pairs, "directed", "line_4", traits$gene[pairs[, 1]]
  )
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

measured_rows <- function(traits, pairs, source, context,
                          query = NA_character_) {
  rows <- tibble::tibble(
    gene_a = traits$gene[pmin(pairs[, 1], pairs[, 2])],
    gene_b = traits$gene[pmax(pairs[, 1], pairs[, 2])],
    source = source, context = context, query = query
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
  is_paralog <- !is.na(traits$duo[a]) & traits$duo[a] == traits$duo[b]
  is_paralog <- is_paralog %in% TRUE
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
