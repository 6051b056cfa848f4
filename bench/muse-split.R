# Splits of a table of pairs as GNN-PPI makes them: a fifth of the pairs at
# random, or met on a walk through the network, breadth or depth first, from a
# node with at most five pairs. Lv et al. (2021), IJCAI, their code's
# get_bfs_sub_graph and get_dfs_sub_graph.

# "train", "validation" or "test" of each pair; the validation part is half as
# large as the test part and is met in the same manner among what is left.
walked_split <- function(pairs, how, root) {
  split <- rep("train", nrow(pairs))
  sizes <- c(test = 0.2, validation = 0.1) * nrow(pairs)
  withr::with_seed(root, for (part in names(sizes)) {
    left <- which(split == "train")
    split[left[met_pairs(pairs[left, ], how, round(sizes[[part]]))]] <- part
  })
  split
}

# Parts have their sizes, and each pair that a walk meets after the first
# shares a node with those before, unless the walk began anew.
check_splits <- function(pairs) {
  for (how in c("random", "bfs", "dfs")) {
    split <- walked_split(pairs, how, 1)
    stopifnot(
      "a part has another size" =
        sum(split == "test") == round(0.2 * nrow(pairs)) &&
          sum(split == "validation") == round(0.1 * nrow(pairs)),
      "a root gives two splits" = identical(split, walked_split(pairs, how, 1))
    )
    if (how == "random") next
    met <- withr::with_seed(1, met_pairs(pairs, how, 40))
    ends <- cbind(pairs$from, pairs$to)[met, ]
    apart <- vapply(2:40, function(i) {
      !any(ends[i, ] %in% ends[seq_len(i - 1), ])
    }, TRUE)
    stopifnot("a walk leaps" = sum(apart) <= 1)
  }
}

# Numbers of `size` pairs.
met_pairs <- function(pairs, how, size) {
  n <- nrow(pairs)
  if (how == "random") {
    return(sample.int(n, size))
  }
  nodes <- unique(c(pairs$from, pairs$to))
  ends <- cbind(match(pairs$from, nodes), match(pairs$to, nodes))
  of_node <- split(rep(seq_len(n), 2), factor(c(ends), seq_along(nodes)))
  walk <- list(bfs = walk_broad, dfs = walk_deep)[[how]]
  met <- integer()
  roots <- which(lengths(of_node) <= 5)
  # Where a walk ends in a small component another one goes on.
  while (length(met) < size) {
    root <- roots[[sample.int(length(roots), 1)]]
    met <- unique(c(met, walk(root, ends, of_node, size - length(met))))
  }
  utils::head(met, size)
}

other_ends <- function(node, ends, rows) {
  ends[cbind(rows, ifelse(ends[rows, 1] == node, 2L, 1L))]
}

walk_broad <- function(root, ends, of_node, size) {
  queue <- root
  at <- 1L
  met <- integer()
  while (at <= length(queue) && length(met) < size) {
    rows <- setdiff(of_node[[queue[[at]]]], met)
    met <- c(met, rows)
    queue <- unique(c(queue, other_ends(queue[[at]], ends, rows)))
    at <- at + 1L
  }
  met
}

walk_deep <- function(root, ends, of_node, size) {
  stack <- root
  visited <- integer()
  met <- integer()
  while (length(stack) > 0 && length(met) < size) {
    node <- stack[[length(stack)]]
    if (!node %in% visited) {
      visited <- c(visited, node)
      met <- c(met, setdiff(of_node[[node]], met))
    }
    ahead <- setdiff(other_ends(node, ends, of_node[[node]]), visited)
    stack <- if (length(ahead) > 0) c(stack, ahead[[1]]) else stack[-length(stack)]
  }
  met
}
