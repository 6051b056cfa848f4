#' Predictions as a graph
#'
#' Makes a graph of scored pairs: genes are vertices, pairs edges.
#'
#' @param x The result of [musl_partners()], [musl_screen()] or
#'   [predict()][predict.MuslModel]; `as_cytoscape()` takes any data frame with
#'   the columns `anchor` and `partner`, or `gene_a` and `gene_b`.
#' @param weight Name of a numeric column that becomes the edge attribute
#'   `weight`, or `NULL` for none; igraph's algorithms want it positive, as
#'   `.pred_SL` is.
#' @param ... Must be empty.
#' @returns `as.igraph()`: an undirected igraph with one edge a row. Further
#'   columns of `x` become edge attributes, but not those called `from`, `to` or
#'   `weight`; factors as character, whole numbers and logicals with a missing
#'   value as double. Vertices have `name` and, for anchors and partners,
#'   `anchor` (`TRUE` for anchors). A pair that stands in `x` in both directions
#'   has two edges.
#'
#'   `as_cytoscape()`: a list of two data frames with the names that Cytoscape
#'   and RCy3's `createNetworkFromDataFrames()` expect: `nodes` (`id`, and
#'   `anchor` where there are anchors) and `edges` (`source`, `target`,
#'   `interaction`, then the further columns of `x` with other names).
#'   `interaction` is "known SL", "known non_SL" where a column `label` says so
#'   (also by 1 and 0, or `TRUE` and `FALSE`), else "predicted".
#' @section Errors:
#'   `musl_error_input` if `x` has no genes or `weight` is no numeric column of
#'   it.
#' @seealso [as_score_experiment()]
#' @examples
#' predictions <- data.frame(
#'   anchor = "A", partner = c("B", "C"), .pred_SL = c(0.9, 0.2)
#' )
#' as_cytoscape(predictions)
#' partners <- musl_partners(musl_example_model(), "SIM001", n = 5)
#' igraph::as.igraph(partners, weight = ".pred_SL")
#' @export
as_cytoscape <- function(x) {
  pairs <- exported_pairs(x)
  edges <- data.frame(
    source = pairs$gene_a, target = pairs$gene_b,
    interaction = interaction_kind(x), stringsAsFactors = FALSE
  )
  further <- further_columns(x, pairs, taken = names(edges))
  # RCy3 wants plain data frames.
  list(
    nodes = as.data.frame(exported_nodes(pairs, "id")),
    edges = cbind(edges, as.data.frame(further, optional = TRUE))
  )
}

#' @rdname as_cytoscape
#' @rawNamespace S3method(igraph::as.igraph, musl_partners)
as.igraph.musl_partners <- function(x, weight = NULL, ...) {
  check_dots_empty()
  scored_graph(x, weight)
}

#' @rawNamespace S3method(igraph::as.igraph, musl_screen)
as.igraph.musl_screen <- as.igraph.musl_partners

#' @rawNamespace S3method(igraph::as.igraph, musl_predictions)
as.igraph.musl_predictions <- as.igraph.musl_partners

# Of any table of pairs.
scored_graph <- function(x, weight = NULL, call = caller_env()) {
  pairs <- exported_pairs(x, call)
  further <- further_columns(x, pairs)
  further[] <- lapply(further, writable_missing)
  edges <- cbind_tibble(list(from = pairs$gene_a, to = pairs$gene_b), further)
  if (!is.null(weight)) edges$weight <- edge_weights(x, weight, call)
  igraph::graph_from_data_frame(
    edges,
    directed = FALSE, vertices = exported_nodes(pairs, "name")
  )
}

# igraph writes a missing integer as -2147483648 and a missing logical as true.
writable_missing <- function(column) {
  whole <- is.integer(column) || is.logical(column)
  if (whole && anyNA(column)) as.double(column) else column
}

#' Scores of anchors and partners as an experiment
#'
#' Makes a [SummarizedExperiment][SummarizedExperiment::SummarizedExperiment] of
#' scores, anchors x partners, for heat maps and for packages that take one.
#'
#' @param x A data frame with the columns `anchor` and `partner`, or `gene_a`
#'   and `gene_b` (the first is taken for the anchor): the result of
#'   [musl_partners()], [musl_screen()] or [predict()][predict.MuslModel].
#' @param assays Character, numeric columns of `x`, each of which becomes an
#'   assay; `NULL` for all of them.
#' @returns A SummarizedExperiment with one row an anchor and one column a
#'   partner, in the order of first occurrence; cells of pairs that are not in
#'   `x` are `NA`.
#' @section Errors:
#'   `musl_error_input` if `x` has no genes, a pair twice, or `assays` names no
#'   numeric column.
#' @seealso [as_cytoscape()]
#' @examples
#' predictions <- data.frame(
#'   anchor = c("A", "A", "D"), partner = c("B", "C", "B"), .score = 1:3
#' )
#' SummarizedExperiment::assay(as_score_experiment(predictions))
#' @export
as_score_experiment <- function(x, assays = NULL) {
  pairs <- exported_pairs(x)
  assays <- score_assays(x, assays, pairs$columns)
  key <- paste(pairs$gene_a, pairs$gene_b, sep = "\t")
  twice <- duplicated(key)
  if (any(twice)) {
    shown <- show_pairs(as_tibble(pairs[c("gene_a", "gene_b")])[twice, ])
    abort_musl(c(
      "{.arg x} must hold each anchor and partner once.",
      x = "{sum(twice)} {?is/are} there again: {shown}."
    ), argument = "x", rows = which(twice))
  }
  anchors <- unique(pairs$gene_a)
  partners <- unique(pairs$gene_b)
  at <- cbind(match(pairs$gene_a, anchors), match(pairs$gene_b, partners))
  values <- lapply(rlang::set_names(assays), function(column) {
    cells <- matrix(
      NA_real_, length(anchors), length(partners),
      dimnames = list(anchors, partners)
    )
    cells[at] <- as.double(x[[column]])
    cells
  })
  SummarizedExperiment::SummarizedExperiment(values)
}

score_assays <- function(x, assays, ends, call = caller_env()) {
  numeric <- vapply(as.list(x), is.numeric, NA)
  known <- setdiff(names(x)[numeric], ends)
  if (is.null(assays)) assays <- known
  bad <- length(assays) == 0 || !is.character(assays) ||
    !all(assays %in% known)
  abort_if(bad, c(
    "{.arg assays} must name numeric columns of {.arg x}.",
    x = if (length(known) == 0) {
      "It has no numeric column."
    } else {
      "Found {describe_value(assays)}."
    },
    i = if (length(known) > 0) "Its numeric columns are {.val {known}}."
  ), argument = "assays", call = call)
  unique(assays)
}

# All columns are exported, so none may be there twice.
exported_pairs <- function(x, call = caller_env()) {
  pairs <- prediction_pairs(x, "x", call)
  check_read_once(repeated_names(x), "x", call)
  pairs
}

# Columns that are neither ends nor `taken`; factors by their labels.
further_columns <- function(x, pairs, taken = c("from", "to", "weight")) {
  kept <- setdiff(names(x), c(pairs$columns, taken))
  columns <- lapply(as.list(x)[kept], function(column) {
    if (is.factor(column)) as.character(column) else column
  })
  tibble::new_tibble(columns, nrow = nrow(x))
}

exported_nodes <- function(pairs, name) {
  genes <- unique(c(pairs$gene_a, pairs$gene_b))
  nodes <- tibble(gene = genes)
  if (pairs$directed) nodes$anchor <- genes %in% pairs$gene_a
  names(nodes)[[1]] <- name
  nodes
}

edge_weights <- function(x, weight, call = caller_env()) {
  check_string(weight, arg = "weight", call = call)
  abort_if(!is.numeric(x[[weight]]), c(
    "{.arg weight} must name a numeric column of {.arg x}.",
    x = "Found {.val {weight}}.",
    i = "Its columns are {.field {names(x)}}."
  ), argument = "weight", call = call)
  as.double(x[[weight]])
}

interaction_kind <- function(x) {
  label <- as.character(x[["label"]] %||% rep(NA, nrow(x)))
  label[label %in% c("1", "TRUE")] <- "SL"
  label[label %in% c("0", "FALSE")] <- "non_SL"
  ifelse(is.na(label), "predicted", paste("known", label))
}
