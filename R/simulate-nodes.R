# Simulated data of musl_interactions().

# Interacting nodes in communities.
simulate_interactions <- function(seed, ..., n_nodes = 200, n_pairs = 1000,
                                  task = c("binary", "multilabel", "affinity"),
                                  types = 1) {
  check_dots_empty()
  check_whole(n_nodes, 8, 1e5)
  check_whole(types, 1, 2)
  n_all <- if (types == 1) n_nodes * (n_nodes - 1) / 2 else n_nodes^2
  check_whole(n_pairs, 10, floor(n_all / 2))
  task <- check_choice(task, c("binary", "multilabel", "affinity"))
  with_seed_kept(seed, draw_interactions(n_nodes, n_pairs, task, types))
}

draw_interactions <- function(n_nodes, n_pairs, task, types) {
  prefix <- c("node", "target")[seq_len(types)]
  names <- lapply(prefix, paste0, seq_len(n_nodes))
  community <- lapply(names, function(x) {
    set_names(sample.int(4, length(x), replace = TRUE), x)
  })
  nodes <- lapply(community, function(x) {
    one_hot <- diag(4)[x, ]
    values <- cbind(one_hot, matrix(0, length(x), 4))
    values <- values + stats::rnorm(length(values), sd = 0.5)
    rownames(values) <- names(x)
    values
  })
  pairs <- draw_node_pairs(names, n_pairs)
  of <- function(x) unlist(unname(community))[x]
  partner <- (of(pairs$from) - 1) %/% 2 == (of(pairs$to) - 1) %/% 2 &
    of(pairs$from) != of(pairs$to)
  same <- of(pairs$from) == of(pairs$to)
  flip <- function(x) unname(as.integer(xor(x, stats::runif(length(x)) < 0.05)))
  labels <- switch(task,
    binary = list(label = flip(partner)),
    multilabel = list(partner = flip(partner), same = flip(same)),
    affinity = list(label = unname(partner) + stats::rnorm(n_pairs, sd = 0.3))
  )
  pairs[names(labels)] <- labels
  parts <- c(rep("train", 3), "validation", "test")
  pairs$split <- sample(rep(parts, length.out = n_pairs))
  list(
    pairs = pairs, nodes = if (types == 1) nodes[[1]] else nodes,
    truth = unlist(community)
  )
}

# Distinct pairs of two nodes.
draw_node_pairs <- function(names, n_pairs) {
  first <- names[[1]]
  second <- names[[length(names)]]
  taken <- integer()
  one <- length(names) == 1
  while (length(taken) < n_pairs) {
    a <- sample.int(length(first), n_pairs, replace = TRUE)
    b <- sample.int(length(second), n_pairs, replace = TRUE)
    if (one) {
      keep <- a < b
      a <- a[keep]
      b <- b[keep]
    }
    taken <- unique(c(taken, (a - 1L) * length(second) + b))
  }
  taken <- taken[seq_len(n_pairs)]
  tibble(
    from = first[(taken - 1L) %/% length(second) + 1L],
    to = second[(taken - 1L) %% length(second) + 1L]
  )
}

# Chains with a patch of surface residues.
simulate_sites <- function(seed, ..., n_proteins = 40, n_residues = 120) {
  check_dots_empty()
  check_whole(n_proteins, 3, 1e5)
  check_whole(n_residues, 10, 30000)
  with_seed_kept(seed, draw_sites(n_proteins, n_residues))
}

draw_sites <- function(n_proteins, n_residues) {
  lengths <- round(stats::runif(n_proteins, n_residues / 2, n_residues))
  names <- paste0("protein", seq_len(n_proteins))
  places <- lapply(lengths, draw_chain)
  labels <- lapply(places, function(place) {
    away <- rowSums(sweep(place, 2, colMeans(place))^2)
    centre <- sample_some(order(-away)[seq_len(ceiling(nrow(place) / 5))], 1)
    as.integer(rowSums(sweep(place, 2, place[centre, ])^2) <= 81)
  })
  letters <- strsplit("ACDEFGHIKLMNPQRSTVWY", "")[[1]]
  sticky <- c("W", "F", "Y", "L", "M", "I")
  text <- vapply(labels, function(label) {
    any <- sample(letters, length(label), replace = TRUE)
    stuck <- label == 1 & stats::runif(length(label)) < 0.6
    any[stuck] <- sample(sticky, sum(stuck), replace = TRUE)
    paste(any, collapse = "")
  }, "")
  parts <- rep(c("train", "train", "train", "validation", "test"),
    length.out = n_proteins
  )
  # Fewer than five proteins: one for each of the other parts.
  if (n_proteins < 5) parts[1:2] <- c("validation", "test")
  list(
    sites = tibble(
      protein = rep(names, lengths), residue = sequence(lengths),
      label = unlist(labels), split = rep(sample(parts), lengths)
    ),
    nodes = musl_nodes(set_names(text, names), coordinates = places)
  )
}

# (residues x 3) a random walk in steps of 3.8 Angstrom, pulled to its start.
draw_chain <- function(n) {
  place <- matrix(0, n, 3)
  for (i in seq_len(n)[-1]) {
    step <- stats::rnorm(3) - 0.05 * place[i - 1, ]
    place[i, ] <- place[i - 1, ] + 3.8 * step / sqrt(sum(step^2))
  }
  place
}
