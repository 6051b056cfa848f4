#' Predictions as a graph
#'
#' Makes a graph of scored pairs: genes are vertices, pairs edges.
#'
#' @param x The result of [musl_partners()], [musl_dependency()] or
#'   [predict()][predict.MuslModel].
#' @param weight Name of a numeric column that becomes the edge attribute
#'   `weight`, or `NULL` for none; igraph's algorithms want it positive, as
#'   `.pred_SL` is.
#' @param ... Must be empty.
#' @returns An undirected igraph with one edge a row. Further columns of `x`
#'   become edge attributes, but not those called `from`, `to` or `weight`;
#'   factors as character, whole numbers and logicals with a missing value as
#'   double. Vertices have `name` and, for anchors and partners, `anchor`
#'   (`TRUE` for anchors). A pair that stands in `x` in both directions has two
#'   edges. `igraph::write_graph(format = "graphml")` writes it for Cytoscape.
#' @section Errors:
#'   `musl_error_input` if `x` has no genes or `weight` does not name a numeric
#'   column of it.
#' @examples
#' partners <- musl_partners(musl_example_model(), "SIM001", n = 5)
#' igraph::as.igraph(partners, weight = ".pred_SL")
#' @name as.igraph.musl_partners
#' @rawNamespace S3method(igraph::as.igraph, musl_partners)
as.igraph.musl_partners <- function(x, weight = NULL, ...) {
  check_dots_empty()
  scored_graph(x, weight)
}

#' @rawNamespace S3method(igraph::as.igraph, musl_dependency)
as.igraph.musl_dependency <- as.igraph.musl_partners

#' @rawNamespace S3method(igraph::as.igraph, musl_predictions)
as.igraph.musl_predictions <- as.igraph.musl_partners

# Of any table of pairs.
scored_graph <- function(x, weight = NULL) {
  pairs <- prediction_pairs(x, "x")
  # All columns are exported, so none may be there twice.
  check_read_once(repeated_names(x), "x")
  kept <- setdiff(names(x), c(pairs$columns, "from", "to", "weight"))
  edges <- as_tibble(c(
    list(from = pairs$gene_a, to = pairs$gene_b),
    lapply(as.list(x)[kept], edge_attribute)
  ))
  if (!is.null(weight)) edges$weight <- edge_weights(x, weight)
  genes <- unique(c(pairs$gene_a, pairs$gene_b))
  nodes <- tibble(name = genes)
  if (pairs$directed) nodes$anchor <- genes %in% pairs$gene_a
  igraph::graph_from_data_frame(edges, directed = FALSE, vertices = nodes)
}

# igraph writes a missing integer as -2147483648 and a missing logical as true.
edge_attribute <- function(column) {
  if (is.factor(column)) {
    return(as.character(column))
  }
  whole <- is.integer(column) || is.logical(column)
  if (whole && anyNA(column)) as.double(column) else column
}

edge_weights <- function(x, weight) {
  check_string(weight, arg = "weight")
  abort_if(!is.numeric(x[[weight]]), c(
    "{.arg weight} must name a numeric column of {.arg x}.",
    x = "Found {.val {weight}}.",
    i = "Its columns are {.field {names(x)}}."
  ), argument = "weight")
  as.double(x[[weight]])
}

# rbind() of lists and of differential dependencies: what the attributes tell of
# each holds for its anchors alone. dplyr::bind_rows() keeps those of the first,
# whatever methods its classes have, so that those who read them look for their
# anchors.

#' @method rbind musl_partners
#' @export
rbind.musl_partners <- function(..., deparse.level = 1) {
  rows <- rbind.data.frame(..., deparse.level = deparse.level)
  lists <- Filter(function(x) inherits(x, "musl_partners"), list(...))
  facts <- function(name) lapply(lists, attr, name)
  candidates <- unlist(lapply(facts("candidates"), packed_genes))
  prior <- unique(facts("prior"))
  new_musl_partners(
    as_tibble(unclass(rows)),
    pack_genes(unique(candidates)),
    unique(do.call(rbind, facts("anchors"))),
    if (length(prior) == 1) prior[[1]],
    unique(unlist(facts("by"))),
    unique(do.call(rbind, facts("dropped"))),
    do.call(c, facts("about")), unique(do.call(rbind, facts("essential")))
  )
}

#' @method rbind musl_dependency
#' @export
rbind.musl_dependency <- function(..., deparse.level = 1) {
  rows <- rbind.data.frame(..., deparse.level = deparse.level)
  tables <- Filter(function(x) inherits(x, "musl_dependency"), list(...))
  designs <- unique(lapply(tables, attr, "design"))
  tibble::new_tibble(
    as_tibble(unclass(rows)),
    class = "musl_dependency",
    design = if (length(designs) == 1) designs[[1]]
  )
}

# The columns without which a table is not one of ours: a verb of dplyr that
# drops or renames one of them leaves a plain tibble.
needed_columns <- list(
  musl_partners = c("anchor", "partner", "rank"),
  musl_predictions = c("gene_a", "gene_b", ".score"),
  musl_dependency = c("anchor", "partner"),
  musl_metrics = c(".metric", ".estimate")
)

own_or_plain <- function(x, template = x) {
  kind <- intersect(class(template), names(needed_columns))
  if (length(kind) == 0 || all(needed_columns[[kind[[1]]]] %in% names(x))) {
    return(x)
  }
  columns <- lapply(set_names(names(x)), function(name) x[[name]])
  tibble::new_tibble(columns, nrow = nrow(x))
}

# nolint start: object_length_linter. Names of methods.
#' @exportS3Method dplyr::dplyr_reconstruct
dplyr_reconstruct.musl_partners <- function(data, template) {
  own_or_plain(NextMethod(), template)
}

#' @exportS3Method dplyr::dplyr_reconstruct
dplyr_reconstruct.musl_predictions <- function(data, template) {
  own_or_plain(NextMethod(), template)
}

#' @exportS3Method dplyr::dplyr_reconstruct
dplyr_reconstruct.musl_dependency <- function(data, template) {
  own_or_plain(NextMethod(), template)
}

#' @exportS3Method dplyr::dplyr_reconstruct
dplyr_reconstruct.musl_metrics <- function(data, template) {
  own_or_plain(NextMethod(), template)
}
# nolint end

#' @export
`[.musl_partners` <- function(x, ...) own_or_plain(NextMethod(), x)

#' @export
`[.musl_predictions` <- function(x, ...) own_or_plain(NextMethod(), x)

#' @export
`[.musl_dependency` <- function(x, ...) own_or_plain(NextMethod(), x)

#' @export
`[.musl_metrics` <- function(x, ...) own_or_plain(NextMethod(), x)
