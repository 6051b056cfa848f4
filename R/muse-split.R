# Splits a table of pairs of nodes.

#' Split pairs of nodes into parts
#'
#' Assigns each pair to a part, so that [musl_interactions()] is evaluated on
#' its intended use.
#'
#' * `"random"`: pairs are drawn. `"bfs"`, `"dfs"`: pairs met by a walk through
#'   the network, breadth or depth first, from a node with at most five pairs;
#'   if a walk ends early, another begins.
#' * `"new_from"`, `"new_to"`: all pairs of drawn nodes of one type;
#'   `"new_either"`: all pairs with a drawn node, of either type; `"new_both"`:
#'   pairs of two drawn nodes of the same part, others are left out.
#'
#' The validation part is made in the same way from the pairs outside the test
#' part.
#'
#' @param data A data frame with `from` and `to`, one row per pair; if any name
#'   is in both columns, nodes are of one type.
#'   Further columns are kept; `split` is replaced.
#' @param setting One name of _Details_.
#' @param test,validation Numbers above 0, together below 1: the share of the
#'   pairs in each part, with `"new_both"` of the pairs that are kept;
#'   approximate with new nodes, whose numbers of pairs differ.
#' @param ... Must be empty.
#' @param seed Whole number, or `NULL`: drawn from R's generator.
#' @returns `data` as a tibble, with a column `split` of "train", "validation"
#'   and "test"; the order of rows is kept.
#' @section Errors:
#'   `musl_error_input` for pairs without the two columns, `"new_from"` and
#'   `"new_to"` with one type, shares out of range, and parts that would be
#'   empty. With `"new_both"` a message gives the number of pairs in each part
#'   and of those left out.
#' @section Source:
#'   Walks: Lv et al. (2021), IJCAI, 3677 (GNN-PPI).
#' @examples
#' d <- musl_simulate("interactions", n_nodes = 40, n_pairs = 150, seed = 1)
#' table(musl_split(d$pairs, "bfs", seed = 1)$split)
#' @method musl_split data.frame
#' @export
musl_split.data.frame <- function(data, setting = c(
                                    "random", "bfs", "dfs", "new_from",
                                    "new_to", "new_either", "new_both"
                                  ),
                                  test = 0.2, validation = 0.1, ...,
                                  seed = NULL) {
  check_dots_empty()
  setting <- check_choice(setting, c(
    "random", "bfs", "dfs", "new_from", "new_to", "new_either", "new_both"
  ))
  check_pair_ends(data, "data")
  check_shares(test, validation)
  seed <- draw_seed(seed)
  pairs <- tibble::as_tibble(data)
  from <- id_text(pairs$from)
  to <- id_text(pairs$to)
  shares <- c(test = test, validation = validation)
  pairs$split <- with_seed_kept(seed, if (startsWith(setting, "new")) {
    split_by_nodes(from, to, setting, shares)
  } else {
    split_by_walk(from, to, setting, shares)
  })
  check_split(pairs$split)
  lost <- is.na(pairs$split)
  if (any(lost)) {
    n <- table(pairs$split)
    inform_musl(c(
      "{sum(lost)} of {length(lost)} pair{?s}, of nodes of different parts,
       {?is/are} left out.",
      i = "{n[[\"train\"]]} train, {n[[\"validation\"]]} validation and
           {n[[\"test\"]]} test pairs are kept."
    ))
  }
  pairs[!lost, ]
}

check_shares <- function(test, validation) {
  check_share(test)
  check_share(validation)
  abort_if(test + validation >= 1, c(
    "{.arg test} and {.arg validation} must be below 1 together.",
    x = "Found {.val {test}} and {.val {validation}}."
  ), argument = "test")
}

check_split <- function(split) {
  empty <- setdiff(c("train", "validation", "test"), split)
  abort_if(length(empty) > 0, c(
    "Each part must hold a pair.",
    x = "{length(split)} pair{?s} leave {.val {empty}} empty.",
    i = "Ask for other shares, or another {.arg seed}."
  ), argument = "data")
}

split_by_walk <- function(from, to, how, shares) {
  split <- rep("train", length(from))
  sizes <- round(shares * length(from))
  for (part in names(sizes)) {
    left <- which(split == "train")
    met <- met_pairs(from[left], to[left], how, sizes[[part]])
    split[left[met]] <- part
  }
  split
}

# Numbers of `size` pairs.
met_pairs <- function(from, to, how, size) {
  n <- length(from)
  if (how == "random") {
    return(sample.int(n, size))
  }
  nodes <- unique(c(from, to))
  ends <- cbind(match(from, nodes), match(to, nodes))
  of_node <- split(rep(seq_len(n), 2), factor(c(ends), seq_along(nodes)))
  walk <- list(bfs = walk_broad, dfs = walk_deep)[[how]]
  roots <- which(lengths(of_node) <= max(5L, min(lengths(of_node))))
  met <- integer()
  while (length(met) < size) {
    if (length(roots) == 0) roots <- unique(c(ends[-met, ]))
    drawn <- sample.int(length(roots), 1)
    met <- unique(c(met, walk(roots[[drawn]], ends, of_node, size)))
    roots <- roots[-drawn]
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
    back <- utils::head(stack, -1)
    stack <- if (length(ahead) > 0) c(stack, ahead[[1]]) else back
  }
  met
}

# The shares of the nodes of an end whose pairs make up about those shares; of
# new_both, with as many pairs kept as these shares of them allow.
node_shares <- function(shares, setting) {
  switch(setting,
    new_either = 1 - sqrt(1 - shares),
    new_both = sqrt(shares) / sum(sqrt(c(shares, 1 - sum(shares)))),
    shares
  )
}

# NA for pairs in no part.
split_by_nodes <- function(from, to, setting, shares) {
  is_one_type <- any(from %in% to)
  if (is_one_type && setting %in% c("new_from", "new_to")) {
    both <- utils::head(from[from %in% to], 1)
    abort_musl(c(
      "{.arg setting} must be {.val new_either} or {.val new_both} for nodes of
       one type.",
      x = "Found {.val {setting}}, and {.val {both}} on both sides of
           {.arg pairs}."
    ), argument = "setting")
  }
  part_of <- part_of_nodes(from, to, is_one_type, setting, shares)
  a <- if (setting == "new_to") "train" else part_of(from)
  b <- if (setting == "new_from") "train" else part_of(to)
  if (setting == "new_both") {
    return(ifelse(a == b, a, NA))
  }
  ifelse(a == "test" | b == "test", "test",
    ifelse(a == "validation" | b == "validation", "validation", "train")
  )
}

# A function that returns the part of nodes.
part_of_nodes <- function(from, to, is_one_type, setting, shares) {
  pools <- list(unique(from), unique(to))
  if (is_one_type) pools <- list(unique(c(from, to)))
  names <- unlist(pools)
  part <- set_names(rep("train", length(names)), names)
  for (pool in pools) {
    n <- pmax(round(length(pool) * node_shares(shares, setting)), 1)
    drawn <- pool[sample.int(length(pool))]
    part[utils::head(drawn, n[["test"]])] <- "test"
    rest <- utils::tail(drawn, -n[["test"]])
    part[utils::head(rest, n[["validation"]])] <- "validation"
  }
  function(nodes) unname(part[nodes])
}
