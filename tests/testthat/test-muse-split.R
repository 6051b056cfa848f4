split_of <- function(pairs, setting, ..., seed = 1) {
  suppressMessages(musl_split(pairs, setting, ..., seed = seed))
}

nodes_of <- function(x, part) {
  unique(unlist(x[x$split == part, c("from", "to")], use.names = FALSE))
}

one_type <- function() {
  musl_simulate("interactions", n_nodes = 60, n_pairs = 300, seed = 1)$pairs
}

two_types <- function() {
  musl_simulate("interactions",
    n_nodes = 40, n_pairs = 400, types = 2, seed = 1
  )$pairs
}

test_that("drawn and walked parts have their sizes, rows their order", {
  pairs <- one_type()
  for (setting in c("random", "bfs", "dfs")) {
    out <- split_of(pairs, setting, test = 0.3, validation = 0.15)
    expect_identical(out[names(out) != "split"], pairs[names(pairs) != "split"])
    expect_identical(sum(out$split == "test"), 90L)
    expect_identical(sum(out$split == "validation"), 45L)
    again <- split_of(pairs, setting, test = 0.3, validation = 0.15)
    expect_identical(again, out)
    expect_false(identical(split_of(pairs, setting, seed = 2)$split, out$split))
  }
})

test_that("walks are those by hand on a fork of two arms", {
  pairs <- data.frame(
    from = c("start", "hub", "hub", "s1", "s2", "a1", "b1"),
    to = c("hub", "s1", "s2", "a1", "b1", "a2", "b2")
  )
  nodes <- unique(c(pairs$from, pairs$to))
  ends <- cbind(match(pairs$from, nodes), match(pairs$to, nodes))
  of_node <- split(rep(1:7, 2), factor(c(ends), seq_along(nodes)))
  expect_identical(walk_broad(1L, ends, of_node, 7), 1:7)
  expect_identical(walk_deep(1L, ends, of_node, 7), c(1:4, 6L, 5L, 7L))
})

test_that("walks go on in other components", {
  pairs <- data.frame(from = letters[1:10], to = LETTERS[1:10])
  expect_identical(sum(split_of(pairs, "dfs", test = 0.5)$split == "test"), 5L)
})

test_that("new nodes are in no training pair", {
  pairs <- two_types()
  from <- split_of(pairs, "new_from")
  expect_identical(nrow(from), nrow(pairs))
  shown <- from$from[from$split == "train"]
  for (part in c("validation", "test")) {
    expect_false(any(from$from[from$split == part] %in% shown))
  }
  expect_true(any(from$to[from$split == "test"] %in% nodes_of(from, "train")))
  to <- split_of(pairs, "new_to")
  expect_false(any(to$to[to$split == "test"] %in% nodes_of(to, "train")))

  either <- split_of(pairs, "new_either")
  test <- either[either$split == "test", ]
  known <- nodes_of(either, "train")
  expect_true(all(!(test$from %in% known) | !(test$to %in% known)))
})

test_that("both ends are new where they should be, and the rest is left out", {
  for (pairs in list(one_type(), two_types())) {
    expect_message(
      both <- musl_split(pairs, "new_both", seed = 1),
      "left out"
    )
    for (part in c("validation", "test")) {
      expect_false(any(nodes_of(both, part) %in% nodes_of(both, "train")))
    }
    expect_false(any(nodes_of(both, "test") %in% nodes_of(both, "validation")))
  }
})

test_that("the kept pairs of new nodes have the shares that were asked", {
  pairs <- musl_simulate("interactions",
    n_nodes = 150, n_pairs = 1200, seed = 5
  )
  for (seed in 1:3) {
    expect_message(
      both <- musl_split(pairs$pairs, "new_both", seed = seed),
      "train,.*validation and.*test pairs are kept"
    )
    # Nodes are drawn: parts of some 90 pairs differ by a third.
    share <- table(both$split) / nrow(both)
    expect_gt(share[["train"]], 0.6)
    expect_true(share[["test"]] > 0.13 && share[["test"]] < 0.27)
    # (.447 + .316 + .837)^-2 of all pairs
    expect_gt(nrow(both), 0.3 * 1200)
  }
})

test_that("a walk that ends in a small component goes on in a large one", {
  clique <- utils::combn(paste0("c", 1:30), 2)
  pairs <- data.frame(
    from = c(clique[1, ], "p1", "p2", "p3"),
    to = c(clique[2, ], "p2", "p3", "p4")
  )
  for (how in c("bfs", "dfs")) {
    out <- split_of(pairs, how)
    expect_identical(sum(out$split == "test"), 88L)
    expect_identical(sum(out$split == "validation"), 44L)
  }
})

test_that("bad input is refused", {
  refuse <- function(...) {
    expect_input_error(musl_split(...))
  }
  refuse(one_type(), "new_from")
  refuse(one_type(), "new_to")
  refuse(one_type(), "chronological")
  refuse(one_type(), test = 0.7, validation = 0.3)
  refuse(one_type(), test = 0)
  refuse(one_type()[1:2, ], "random")
  refuse(one_type()["from"])
  refuse(as.list(one_type()))
})

test_that("a model sees the parts that were made", {
  skip_without_backend()
  d <- musl_simulate("interactions", n_nodes = 60, n_pairs = 300, seed = 1)
  pairs <- split_of(d$pairs, "new_both", test = 0.1, validation = 0.1)
  fit <- suppressWarnings(musl_interactions(
    pairs, d$nodes,
    strategy = "branches", shape = c(width = 8), progress = FALSE,
    control = musl_control(ensemble = 1, epochs = 1, seed = 1, threads = 1)
  ))
  test <- pairs[pairs$split == "test", ]
  expect_identical(unique(predict(fit, test)$part), "C3")
})
