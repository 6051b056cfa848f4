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

test_that("Cytoscape's tables bear its names", {
  tables <- as_cytoscape(partners())
  expect_identical(class(tables$nodes), "data.frame")
  expect_identical(tables$nodes$id, c("A", "D", "B", "C"))
  expect_identical(class(tables$edges), "data.frame")
  expect_identical(
    names(tables$edges),
    c("source", "target", "interaction", ".score", ".pred_SL", "label")
  )
  expect_identical(
    tables$edges$interaction, c("known SL", "predicted", "known non_SL")
  )
})

test_that("labels in numbers tell the kind of an edge, too", {
  x <- data.frame(gene_a = "A", gene_b = c("B", "C", "D"), label = c(1, 0, NA))
  kinds <- c("known SL", "known non_SL", "predicted")
  expect_identical(as_cytoscape(x)$edges$interaction, kinds)
  text <- as.character(x$label)
  for (label in list(x$label == 1, text, factor(text), factor(x$label == 1))) {
    x$label <- label
    expect_identical(as_cytoscape(x)$edges$interaction, kinds)
  }
})

test_that("scores become an experiment of anchors x partners", {
  out <- as_score_experiment(partners())
  expect_identical(rownames(out), c("A", "D"))
  expect_identical(colnames(out), c("B", "C"))
  expect_identical(
    SummarizedExperiment::assayNames(out), c(".score", ".pred_SL")
  )
  expect_identical(
    SummarizedExperiment::assay(out, ".score"),
    matrix(c(2, 0, -1, NA), 2, dimnames = list(c("A", "D"), c("B", "C")))
  )
  one <- as_score_experiment(partners(), ".pred_SL")
  expect_identical(SummarizedExperiment::assayNames(one), ".pred_SL")
})

test_that("tables that are no predictions are refused", {
  x <- partners()
  expect_error(scored_graph(list()), class = "musl_error_input")
  expect_error(scored_graph(x["anchor"]), "partner", class = "musl_error_input")
  expect_error(scored_graph(x, weight = "label"), class = "musl_error_input")
  expect_error(
    igraph::as.igraph(new_musl_partners(x), weigth = ".score"),
    class = "musl_error_input"
  )
  expect_error(as_cytoscape(x[-1]), "gene_a", class = "musl_error_input")
  expect_error(as_score_experiment(x, "label"), class = "musl_error_input")
  expect_error(
    as_score_experiment(x[c("anchor", "partner", "label")]),
    "no numeric column", class = "musl_error_input"
  )
  expect_error(as_score_experiment(rbind(x, x[1, ])), "A - B",
    class = "musl_error_input"
  )
  twice <- data.frame(
    gene_a = "A", gene_b = "B", .score = 1, .score = 2, check.names = FALSE
  )
  for (export in list(scored_graph, as_cytoscape, as_score_experiment)) {
    cnd <- expect_error(export(twice), ".score", class = "musl_error_input")
    expect_identical(cnd$argument, "x")
  }
  cnd <- expect_error(
    musl_compare(twice, data.frame(gene = "B")), ".score",
    class = "musl_error_input"
  )
  expect_identical(cnd$argument, "predictions")
})
