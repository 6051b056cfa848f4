interacting <- function(n_nodes = 200, n_pairs = 1000, ...) {
  musl_simulate("interactions",
    n_nodes = n_nodes, n_pairs = n_pairs, ..., seed = 1
  )
}

# The stated rule: communities 1 and 2 are partners, as are 3 and 4.
met <- function(d) {
  lapply(d$pairs[c("from", "to")], function(x) unname(d$truth[x]))
}
are_partners <- function(d) {
  of <- met(d)
  paste(pmin(of$from, of$to), pmax(of$from, of$to)) %in% c("1 2", "3 4")
}

test_that("1 label in 20 contradicts the communities", {
  d <- interacting(300, 8000)
  expect_setequal(d$truth, 1:4)
  expect_lt(max(abs(table(d$truth) / 300 - 0.25)), 0.1)
  wrong <- d$pairs$label != are_partners(d)
  expect_lt(abs(mean(wrong) - 0.05), 0.01)
  d <- interacting(300, 8000, task = "multilabel")
  same <- met(d)$from == met(d)$to
  expect_lt(abs(mean(d$pairs$partner != are_partners(d)) - 0.05), 0.01)
  expect_lt(abs(mean(d$pairs$same != same) - 0.05), 0.01)
  d <- interacting(300, 8000, task = "affinity")
  rest <- d$pairs$label - are_partners(d)
  expect_equal(stats::sd(rest), 0.3, tolerance = 0.05)
  expect_lt(abs(mean(rest)), 0.02)
})

test_that("features are the community and noise", {
  d <- interacting(2000, 10)
  rest <- d$nodes - cbind(diag(4)[d$truth, ], matrix(0, 2000, 4))
  expect_lt(abs(stats::sd(rest) - 0.5), 0.02)
  expect_lt(abs(mean(rest)), 0.02)
  expect_identical(rownames(d$nodes), names(d$truth))
})

test_that("pairs are distinct, of one type or of two", {
  d <- interacting(20, 95)
  expect_identical(dim(d$pairs), c(95L, 4L))
  ends <- lapply(d$pairs[c("from", "to")], match, names(d$truth))
  expect_true(all(ends$from < ends$to))
  expect_identical(anyDuplicated(do.call(paste, ends)), 0L)
  expect_setequal(unlist(ends), 1:20)
  two <- interacting(20, 200, types = 2)
  expect_length(two$nodes, 2)
  expect_setequal(two$pairs$from, rownames(two$nodes[[1]]))
  expect_setequal(two$pairs$to, rownames(two$nodes[[2]]))
  expect_identical(anyDuplicated(two$pairs[c("from", "to")]), 0L)
  expect_length(two$truth, 40)
})

test_that("three fifths of the pairs are for training", {
  n <- table(interacting(30, 200)$pairs$split)
  expect_identical(
    c(n), c(test = 40L, train = 120L, validation = 40L)
  )
})

test_that("the smallest sizes and most pairs are taken, others are refused", {
  # 8 nodes have 28 pairs, 8 of each of two types have 64.
  expect_identical(nrow(interacting(8, 14)$pairs), 14L)
  expect_identical(nrow(interacting(8, 10)$pairs), 10L)
  expect_identical(nrow(interacting(8, 32, types = 2)$pairs), 32L)
  refused <- function(...) {
    expect_input_error(interacting(...))
  }
  refused(7, 10)
  refused(8, 15)
  refused(8, 9)
  refused(8, 33, types = 2)
  refused(20, 20, types = 3)
  refused(20, 20, types = 0)
  refused(1e5 + 1, 20)
  refused(embedding_dim = 8)
})
