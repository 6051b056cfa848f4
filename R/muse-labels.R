# Labels of pairs of nodes, as numbers and by the names of their classes.

# (pairs x labels), with column names; NA for unknown ones.
label_matrix <- function(x, task) {
  columns <- setdiff(names(x), c("from", "to", "split"))
  if (task != "multilabel") columns <- intersect("label", columns)
  abort_if(length(columns) == 0, c(
    "{.arg pairs} must have labels.",
    x = "It has no column {.field label}, or for {.val multilabel} none
         beside {.field from} and {.field to}."
  ), argument = "pairs")
  values <- lapply(columns, function(name) {
    label_numbers(x[[name]], name, task)
  })
  names <- if (task == "multilabel") columns else positive_class(x$label, task)
  matrix(unlist(values), nrow(x), length(columns), dimnames = list(NULL, names))
}

# `which` says what the pairs of these labels are for.
check_all_known <- function(label, which) {
  abort_if(anyNA(label) || nrow(label) == 0, c(
    "{.arg pairs} must hold labelled pairs {which}.",
    x = "Found {nrow(label)} pair{?s}, {sum(rowSums(is.na(label)) > 0)} of
         them with a missing label.",
    i = if (anyNA(label)) "Leave out pairs with a missing label."
  ), argument = "pairs")
}

# Labels whose scores predict() could not tell from those of a scale.
check_label_names <- function(labels, task) {
  scales <- c("structure", "network", if (task == "binary") "kernels")
  object <- list(task = task, labels = labels)
  taken <- unlist(lapply(scales, score_names, object = object))
  bad <- labels[score_names(object, "fused") %in% taken]
  abort_if(length(bad) > 0, c(
    "Labels of {.arg pairs} must not be named as a scale.",
    x = "The scores of {.val {few(bad)}} would have the same name{?s} as those
         of a scale.",
    i = "Rename these columns, or levels of {.field label}."
  ), argument = "pairs")
}

# The class of a binary label that scores refer to.
positive_class <- function(label, task) {
  if (task == "affinity") "affinity" else label_classes(label, "binary")[[2]]
}

# Both classes of a binary label, the positive one last.
label_classes <- function(label, task) {
  if (task != "binary") {
    return(character())
  }
  if (is.factor(label)) {
    levels(label)
  } else if (is.logical(label)) {
    c("FALSE", "TRUE")
  } else {
    c("0", "1")
  }
}

# Labels to judge a model by: a factor as 0 and 1 by the names of the model's
# classes, in whatever order its levels are; other labels as they are.
labels_by_name <- function(label, object, arg) {
  if (!is.factor(label) || !object$task %in% c("binary", "site")) {
    return(label)
  }
  positive <- object$labels
  classes <- object$classes
  unknown <- setdiff(levels(label), classes)
  abort_if(length(unknown) > 0, c(
    "Column {.field label} of {.arg {arg}} must have the classes of the model.",
    x = "{.val {few(unknown)}} {?is/are} not among {.val {classes}}.",
    i = "Name the levels of {.field label} as in the fit."
  ), argument = arg)
  as.integer(label == positive)
}

label_numbers <- function(x, name, task) {
  if (task == "binary" && is.factor(x) && nlevels(x) == 2) {
    x <- as.integer(x) - 1L
  }
  ok <- is_plain_number(x) || is.logical(x)
  x <- if (ok) as.double(x) else x
  known <- if (ok) x[!is.na(x)] else NULL
  allowed <- if (task == "affinity") is.finite(known) else known %in% c(0, 1)
  if (!ok || !all(allowed)) {
    what <- switch(task,
      affinity = "finite numbers of one unit",
      multilabel = "0 or 1 (`TRUE` or `FALSE`)",
      "0 or 1 (`TRUE` or `FALSE`, or a factor of two levels)"
    )
    bad <- if (ok) unique(known[!allowed]) else unique(as.character(x))
    abort_musl(c(
      "Column {.field {name}} of {.arg pairs} must hold {what}.",
      x = "Found {.val {utils::head(bad, 3)}}, of {.cls {class(x)}}.",
      i = if (task == "multilabel") {
        "All columns beside {.field from}, {.field to} and {.field split} are
         labels: leave others out."
      }
    ), argument = "pairs")
  }
  x
}

# The unlabelled pairs and the network of musl_interactions(), by indices.

# `table` is that of the labelled pairs, none of which may be here.
unlabelled_pairs <- function(x, types, table) {
  if (is.null(x)) {
    return(list(a = integer(), b = integer(), label = NULL))
  }
  check_pair_ends(x, "em$unlabelled")
  at <- node_indices(x, types, "em$unlabelled")
  both <- which(paste(at$a, at$b) %in% paste(table$a, table$b))
  abort_if(length(both) > 0, c(
    "{.arg em$unlabelled} must hold no pair of {.arg pairs}.",
    x = "{length(both)} {?is/are} in both: {ends_of_rows(x, both)}.",
    i = "Leave those rows out."
  ), argument = "em$unlabelled", rows = both)
  c(at, list(label = NULL))
}

# list(from, to): 0-based edges between known nodes.
interaction_edges <- function(network, types) {
  if (is.null(network)) {
    return(list(from = integer(), to = integer()))
  }
  names <- unlist(types, use.names = FALSE)
  check_interaction_network(network, names)
  at <- match(igraph::V(network)$name, names)
  ends <- igraph::as_edgelist(network, names = FALSE)
  from <- at[ends[, 1]]
  to <- at[ends[, 2]]
  known <- !is.na(from) & !is.na(to)
  inform_if(
    !all(known),
    "{sum(!known)} of {length(known)} edge{?s} of {.arg network}
     {cli::qty(sum(!known))}{?is/are} left out: {?its/their} nodes are not in
     {.arg nodes}."
  )
  list(from = from[known] - 1L, to = to[known] - 1L)
}

check_interaction_network <- function(network, names) {
  if (!inherits(network, "igraph")) {
    abort_argument("network", "an igraph or NULL", network)
  }
  vertex <- igraph::V(network)$name
  if (is.null(vertex)) {
    n <- igraph::vcount(network)
    abort_musl(c(
      "{.arg network} must have vertices named as the nodes.",
      x = "{cli::qty(n)}Its {n} {?vertex has no name/vertices have no names}.",
      i = "Set {.code igraph::V(network)$name}; without a network of your own
           leave {.arg network} out."
    ), argument = "network")
  }
  abort_if(!any(vertex %in% names), c(
    "{.arg network} must have vertices named as the nodes.",
    x = "None of its {length(vertex)} vertices is a node: found
         {.val {few(vertex)}}, not {.val {few(names)}}.",
    i = "Name vertices and nodes by the same identifiers."
  ), argument = "network", nodes = vertex)
  both <- unique(names[duplicated(names)])
  abort_if(length(both) > 0, c(
    "With {.arg network}, each name of {.arg nodes} must belong to one type.",
    x = "{length(both)} name{?s} {?is/are} in both: {.val {few(both)}}.",
    i = "Rename the nodes of a type."
  ), argument = "nodes", nodes = both)
}
