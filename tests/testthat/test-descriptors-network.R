test_that("topological descriptors are those of igraph", {
  graph <- withr::with_seed(1, igraph::sample_gnm(60, 110))
  ends <- igraph::as_edgelist(graph) - 1
  weight <- withr::with_seed(2, runif(nrow(ends), 0.1, 1))
  pairs <- utils::combn(60, 2)
  out <- cpp_topology(
    ends[, 1], ends[, 2], weight, 60, pairs[1, ] - 1L, pairs[2, ] - 1L
  )
  expect_identical(dim(out), c(ncol(pairs), 8L))
  at <- t(pairs)

  adjacency <- as.matrix(igraph::as_adjacency_matrix(graph))
  common <- (adjacency %*% adjacency)[at]
  expect_equal(out[, "common_neighbours"], log1p(common), tolerance = 1e-6)
  expect_equal(
    out[, "adamic_adar"],
    igraph::similarity(graph, method = "invlogweighted")[at],
    tolerance = 1e-6
  )
  jaccard <- igraph::similarity(graph, method = "jaccard")[at]
  jaccard[is.nan(jaccard)] <- 0
  expect_equal(out[, "jaccard"], jaccard, tolerance = 1e-6)
  path <- pmin(igraph::distances(graph)[at], 5)
  expect_identical(out[, "shortest_path"], path)
  expect_setequal(path, 1:5)
  igraph::E(graph)$weight <- weight
  expect_equal(
    out[, "edge_weight"],
    as.matrix(igraph::as_adjacency_matrix(graph, attr = "weight"))[at],
    tolerance = 1e-6
  )
  degree <- igraph::degree(graph)
  largest <- pmax(degree[pairs[1, ]], degree[pairs[2, ]])
  expect_equal(out[, "degree_max"], log1p(largest), tolerance = 1e-6)
})

test_that("no pairs give no rows, bad indices an error of the core", {
  none <- cpp_topology(integer(), integer(), numeric(), 3, integer(), integer())
  expect_identical(dim(none), c(0L, 8L))
  expect_error(
    with_core(cpp_topology(0L, 3L, 1, 3, 0L, 1L)),
    class = "musl_error_gene"
  )
  expect_error(
    with_core(cpp_topology(0L, 1L, 0, 3, 0L, 1L)),
    class = "musl_error_input"
  )
})

test_that("the spectral embedding holds the leading eigenvectors", {
  graph <- withr::with_seed(3, igraph::sample_gnm(80, 400))
  ends <- igraph::as_edgelist(graph) - 1
  z <- cpp_spectral(ends[, 1], ends[, 2], rep(1, 400), 80, 80, 1, 2)
  scale <- 1 / sqrt(igraph::degree(graph))
  adjacency <- as.matrix(igraph::as_adjacency_matrix(graph)) *
    outer(scale, scale)
  e <- eigen(adjacency, symmetric = TRUE)
  gram <- e$vectors %*% (abs(e$values) * t(e$vectors))
  expect_equal(z %*% t(z), gram, tolerance = 1e-4, ignore_attr = TRUE)
})
