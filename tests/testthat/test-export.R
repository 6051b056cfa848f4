partners <- function() {
  tibble::tibble(
    anchor = c("A", "A", "D"), partner = c("B", "C", "B"),
    .score = c(2, -1, 0), .pred_SL = c(0.9, 0.2, 0.5),
    label = factor(c("SL", NA, "non_SL"), pair_labels)
  )
}

test_that("a graph has a vertex a gene and an edge a row", {
  graph <- scored_graph(partners(), weight = ".pred_SL")
  expect_false(igraph::is_directed(graph))
  expect_identical(igraph::V(graph)$name, c("A", "D", "B", "C"))
  expect_identical(igraph::V(graph)$anchor, c(TRUE, TRUE, FALSE, FALSE))
  ends <- igraph::as_edgelist(graph)
  expect_identical(ends[, 2], c("B", "C", "B"))
  expect_identical(igraph::E(graph)$weight, c(0.9, 0.2, 0.5))
  expect_identical(igraph::E(graph)$.score, c(2, -1, 0))
  expect_identical(igraph::E(graph)$label, c("SL", NA, "non_SL"))
  expect_null(igraph::E(scored_graph(partners()))$weight)
})

test_that("pairs and partners become graphs, through igraph's generic too", {
  pairs <- data.frame(gene_a = "A", gene_b = c("B", "C"), .score = 1)
  graph <- scored_graph(pairs)
  expect_identical(igraph::V(graph)$name, c("A", "B", "C"))
  expect_null(igraph::V(graph)$anchor)
  ranked <- new_musl_partners(partners())
  expect_identical(
    igraph::as_data_frame(igraph::as.igraph(ranked)),
    igraph::as_data_frame(scored_graph(partners()))
  )
  empty <- scored_graph(pairs[0, ])
  expect_equal(igraph::vcount(empty), 0)
})

test_that("missing values of edges are missing in files of igraph", {
  pairs <- data.frame(
    gene_a = "A", gene_b = c("B", "C"), n_unseen = c(1L, NA),
    independent = c(FALSE, NA), whole = 1:2, sure = c(TRUE, FALSE)
  )
  graph <- scored_graph(pairs)
  expect_identical(igraph::E(graph)$whole, 1:2)
  expect_identical(igraph::E(graph)$sure, c(TRUE, FALSE))
  file <- withr::local_tempfile(fileext = ".graphml")
  igraph::write_graph(graph, file, format = "graphml")
  again <- igraph::edge_attr(igraph::read_graph(file, format = "graphml"))
  expect_equal(again$n_unseen, c(1, NaN))
  expect_equal(again$independent, c(0, NaN))
  expect_identical(again$sure, c(TRUE, FALSE))
})

test_that("tables that are no predictions are refused", {
  x <- partners()
  expect_input_error(scored_graph(list()))
  expect_input_error(scored_graph(x["anchor"]), "partner")
  expect_input_error(scored_graph(x, weight = "label"))
  expect_input_error(igraph::as.igraph(new_musl_partners(x), weigth = ".score"))
  expect_input_error(scored_graph(x[-1]), "gene_a")
  twice <- data.frame(
    gene_a = "A", gene_b = "B", .score = 1, .score = 2, check.names = FALSE
  )
  cnd <- expect_input_error(scored_graph(twice), ".score")
  expect_identical(cnd$argument, "x")
  cnd <- expect_input_error(
    musl_compare(twice, data.frame(gene = "B")), ".score"
  )
  expect_identical(cnd$argument, "predictions")
})
