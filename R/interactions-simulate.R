#' Simulate interacting nodes
#'
#' Simulates nodes in communities, of which 1 and 2, and 3 and 4, are partners.
#' Features are the community (one column each) and noise; a pair is positive if
#' its nodes are from partner communities, and 1 label in 20 is wrong.
#'
#' @param n_nodes Whole number >= 8 of nodes; with two types, of each.
#' @param n_pairs Whole number >= 10 of pairs, at most half of all possible.
#' @param task "binary", "multilabel" (labels `partner`, and `same`: both nodes
#'   from one community) or "affinity" (1 for partners, else 0, plus normal
#'   noise of sd .3).
#' @param types 1 or 2 types of nodes.
#' @param noise Number >= 0, sd of the noise on features.
#' @param seed Whole number, or `NULL`: drawn from R's generator.
#' @returns A list of `pairs` (tibble `from`, `to`, labels, `split`: 60 % train,
#'   20 % validation, 20 % test), `nodes` (a matrix, or a list of two) and
#'   `truth` (named vector, the community of each node).
#' @section Errors:
#'   `musl_error_input` names the argument and its range.
#' @seealso [musl_interactions()]
#' @examples
#' d <- musl_simulate_interactions(n_nodes = 20, n_pairs = 40, seed = 1)
#' d$pairs
#' @export
musl_simulate_interactions <- function(n_nodes = 200, n_pairs = 1000,
                                       task = c(
                                         "binary", "multilabel", "affinity"
                                       ),
                                       types = 1, noise = 0.5, seed = NULL) {
  check_whole(n_nodes, 8, 1e5)
  check_whole(types, 1, 2)
  n_all <- if (types == 1) n_nodes * (n_nodes - 1) / 2 else n_nodes^2
  check_whole(n_pairs, 10, floor(n_all / 2))
  task <- check_choice(task, c("binary", "multilabel", "affinity"))
  check_number(noise, 0)
  seed <- draw_seed(seed)
  with_seed_kept(seed, draw_interactions(n_nodes, n_pairs, task, types, noise))
}

draw_interactions <- function(n_nodes, n_pairs, task, types, noise) {
  prefix <- c("node", "target")[seq_len(types)]
  names <- lapply(prefix, paste0, seq_len(n_nodes))
  community <- lapply(names, function(x) {
    set_names(sample.int(4, length(x), replace = TRUE), x)
  })
  nodes <- lapply(community, function(x) {
    one_hot <- diag(4)[x, ]
    values <- cbind(one_hot, matrix(0, length(x), 4))
    values <- values + stats::rnorm(length(values), sd = noise)
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
