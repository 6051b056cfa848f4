# The unlabelled pairs and the network of musl_interactions(), by indices.

# `table` is that of the labelled pairs, none of which may be here.
unlabelled_pairs <- function(x, types, table, call) {
  if (is.null(x)) {
    return(list(a = integer(), b = integer(), label = NULL))
  }
  check_pair_ends(x, "unlabelled", call)
  at <- node_indices(x, types, "unlabelled", call)
  both <- which(paste(at$a, at$b) %in% paste(table$a, table$b))
  if (length(both) > 0) {
    first <- utils::head(both, 3)
    shown <- paste(x$from[first], x$to[first], sep = "-")
    abort_musl(c(
      "{.arg unlabelled} must hold no pair of {.arg pairs}.",
      x = "{length(both)} {?is/are} in both: {shown}.",
      i = "Leave those rows out of {.arg unlabelled}."
    ), argument = "unlabelled", rows = both, call = call)
  }
  c(at, list(label = NULL))
}

# list(from, to): 0-based edges between known nodes.
interaction_edges <- function(network, types, call) {
  if (is.null(network)) {
    return(list(from = integer(), to = integer()))
  }
  names <- unlist(types, use.names = FALSE)
  check_interaction_network(network, names, call)
  at <- match(igraph::V(network)$name, names)
  ends <- igraph::as_edgelist(network, names = FALSE)
  from <- at[ends[, 1]]
  to <- at[ends[, 2]]
  known <- !is.na(from) & !is.na(to)
  if (!all(known)) {
    inform_musl(
      "{sum(!known)} of {length(known)} edge{?s} of {.arg network}
       {cli::qty(sum(!known))}{?is/are} left out: {?its/their} nodes are not in
       {.arg nodes}."
    )
  }
  list(from = from[known] - 1L, to = to[known] - 1L)
}

check_interaction_network <- function(network, names, call) {
  if (!inherits(network, "igraph")) {
    abort_argument("network", "an igraph or NULL", network, call)
  }
  vertex <- igraph::V(network)$name
  if (is.null(vertex)) {
    n <- igraph::vcount(network)
    abort_musl(c(
      "{.arg network} must have vertices named as the nodes.",
      x = "{cli::qty(n)}Its {n} {?vertex has no name/vertices have no names}.",
      i = "Set {.code igraph::V(network)$name}; without a network of your own
           leave {.arg network} out."
    ), argument = "network", call = call)
  }
  if (!any(vertex %in% names)) {
    abort_musl(c(
      "{.arg network} must have vertices named as the nodes.",
      x = "None of its {length(vertex)} vertices is a node: found
           {.val {few(vertex)}}, not {.val {few(names)}}.",
      i = "Name vertices and nodes by the same identifiers."
    ), argument = "network", nodes = vertex, call = call)
  }
  both <- unique(names[duplicated(names)])
  if (length(both) > 0) {
    abort_musl(c(
      "With {.arg network}, each name of {.arg nodes} must belong to one type.",
      x = "{length(both)} name{?s} {?is/are} in both: {.val {few(both)}}.",
      i = "Rename the nodes of a type."
    ), argument = "nodes", nodes = both, call = call)
  }
}
