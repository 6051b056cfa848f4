# Networks: igraph or edge table -> a list of `nodes` (names) and `edges`
# (gene_a, gene_b, weight; one row per undirected edge), with what was left out.

network_ends <- list(c("from", "to"), c("gene_a", "gene_b"))
network_weights <- c("weight", "score", "combinedscore")

align_network <- function(x) {
  if (is.null(x)) {
    loops <- tibble(gene_a = character())
    return(list(report = network_report(loops, no_pairs(), no_pairs())))
  }
  parts <- if (inherits(x, "igraph")) {
    graph_parts(x)
  } else if (is.matrix(x) || inherits(x, "Matrix")) {
    adjacency_parts(x)
  } else {
    edge_table_parts(x)
  }
  edges <- parts$edges
  edges$weight <- network_weight(parts$attributes)
  genetic <- is_genetic(parts$attributes)
  loop <- edges$gene_a == edges$gene_b
  merged <- merge_edges(edges[!genetic & !loop, ])
  abort_if(nrow(merged$edges) == 0, c(
    "{.arg network} must have at least one edge.",
    x = "Of {nrow(edges)} edge{?s}, {sum(genetic)} {?is a genetic
         interaction/are genetic interactions} and {sum(loop & !genetic)}
         {?is a loop/are loops}.",
    i = "Pass {.code NULL} for no network."
  ), argument = "network")
  list(
    nodes = parts$nodes,
    edges = merged$edges,
    report = network_report(
      edges[loop & !genetic, "gene_a"], merged$duplicated,
      edges[genetic, c("gene_a", "gene_b")]
    )
  )
}

# With the same names and columns if there is no network.
network_report <- function(loops, duplicated, genetic) {
  list(
    network_loops = loops, network_duplicated = duplicated,
    network_genetic = genetic
  )
}

graph_parts <- function(x) {
  nodes <- igraph::V(x)$name
  check_gene_names(nodes, "the network", where = "vertex")
  ends <- igraph::as_edgelist(x, names = FALSE)
  list(
    nodes = nodes,
    edges = canonical_edges(nodes[ends[, 1]], nodes[ends[, 2]]),
    attributes = igraph::edge_attr(x)
  )
}

# An entry other than 0 is an edge with that weight.
adjacency_parts <- function(x) {
  genes <- rownames(x)
  abort_if(is.null(genes) || !identical(genes, colnames(x)), c(
    "A matrix as {.arg network} must have the same genes as row and column
     names.",
    x = "It has {nrow(x)} row{?s} and {ncol(x)} column{?s}{if (is.null(genes))
         ' without names'}."
  ), argument = "network")
  check_gene_names(genes, "the network", where = "row")
  load_class_package(x)
  at <- if (is.matrix(x)) {
    found <- which(x != 0 | is.na(x), arr.ind = TRUE)
    data.frame(i = found[, 1], j = found[, 2], x = x[found])
  } else {
    Matrix::summary(as(as(x, "dMatrix"), "generalMatrix"))
  }
  at <- at[is.na(at$x) | at$x != 0, ]
  # Most have each edge twice.
  at <- at[order(at$x, decreasing = TRUE), ]
  at <- at[!duplicated(paste(pmin(at$i, at$j), pmax(at$i, at$j))), ]
  list(
    nodes = genes,
    edges = canonical_edges(genes[at$i], genes[at$j]),
    attributes = list(weight = as.numeric(at$x))
  )
}

edge_table_parts <- function(x) {
  abort_if(!is.data.frame(x), c(
    "{.arg network} must be an {.cls igraph}, a data frame of edges, an
     adjacency matrix or {.code NULL}.",
    x = "Found {describe_value(x)}."
  ), argument = "network")
  twice <- repeated_names(x)
  read <- c(squash_name(unlist(network_ends)), network_weights)
  check_read_once(twice[squash_name(twice) %in% read], "network")
  # A network has edges; labelled pairs are the targets of prediction.
  found <- if ("label" %in% names(x)) "label" else misnamed_label(x)
  abort_if(!is.null(found) && holds_labels(x[[found]]), c(
    "{.arg network} must be a table of edges, not of labelled pairs.",
    x = "Its column {.field {found}} holds labels of synthetic lethality.",
    i = "Pass the table as {.arg pairs}: {.code musl_data(x, pairs = table)}."
  ), argument = "network", column = found)
  at <- find_both(names(x), network_ends)
  abort_if(is.null(at), c(
    "{.arg network} must have the columns {.field from} and {.field to}, or
     {.field gene_a} and {.field gene_b}.",
    x = "Its columns are {.field {names(x)}}.",
    i = "Rename the two columns that hold the genes; {.fn read_network} reads
         files of STRING and other tables of edges."
  ), argument = "network")
  ends <- lapply(names(x)[at], pair_genes, x = x, arg = "network")
  list(
    nodes = unique(unlist(ends)),
    edges = canonical_edges(ends[[1]], ends[[2]]),
    attributes = as.list(x)[-at]
  )
}

# The first of `weight`, `score`, `combined_score`, however they are spelt, else
# 1. STRING's score may be in thousandths.
network_weight <- function(attributes) {
  names <- names(attributes)
  # `weight` before `Weight`.
  lower_first <- order(names != fold_case(names))
  at <- lower_first[find_column(names[lower_first], network_weights)]
  if (is.na(at)) {
    return(1)
  }
  column <- names[[at]]
  weight <- attributes[[at]]
  bad <- if (is_plain_number(weight)) {
    which(!is.finite(weight) | weight <= 0)
  } else {
    seq_along(weight)
  }
  first <- utils::head(bad, 3)
  shown <- paste0("edge ", first, " (", weight[first], ")")
  abort_if(length(bad) > 0, c(
    "Weights of {.arg network} must be positive, finite numbers.",
    x = "{length(bad)} edge{?s} with an invalid {.field {column}}: {shown}.",
    i = if (inherits(weight, "integer64")) {
      "Convert the column of class {.cls integer64} by {.fn as.numeric}."
    } else {
      "Remove these edges, or the column to weight all edges equally."
    }
  ), argument = "network", edges = bad)
  if (squash_name(column) == "combinedscore") {
    weight / string_points(weight)
  } else {
    weight / score_unit(column, weight, "`network`")
  }
}

# One row per edge, with the largest of its weights, in byte order of its genes.
merge_edges <- function(edges) {
  nodes <- unique_bytes(c(edges$gene_a, edges$gene_b))
  merged <- with_core(cpp_merge_edges(
    match(edges$gene_a, nodes), match(edges$gene_b, nodes), edges$weight,
    seq_along(nodes)
  ))
  ends <- tibble(gene_a = nodes[merged$from], gene_b = nodes[merged$to])
  list(
    edges = tibble(ends, weight = merged$weight),
    duplicated = ends[merged$n_rows > 1, ]
  )
}

# Edges as indices into the universe, which is also in byte order.
index_network <- function(edges, genes) {
  if (!is.null(edges)) {
    list(
      from = match(edges$gene_a, genes), to = match(edges$gene_b, genes),
      weight = edges$weight
    )
  }
}
