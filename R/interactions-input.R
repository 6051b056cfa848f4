# Checks the arguments of musl_interactions() and turns names into indices.

# list(core, labels, types, pairs): `core` goes to cpp_interactions_fit(),
# `types` are the names of the nodes of each type.
interaction_input <- function(pairs, nodes, network, unlabelled, task,
                              validation, seed, call = caller_env()) {
  blocks <- node_blocks(nodes, call)
  types <- lapply(blocks, node_names)
  table <- interaction_pairs(pairs, types, task, call)
  table$split <- interaction_split(
    table$split, length(table$a), validation, seed, call,
    label = if (task == "binary") table$label[, 1]
  )
  check_interaction_parts(table, task, call)
  check_label_names(colnames(table$label), task, call)
  part <- function(name) {
    rows <- table$split == name
    list(
      a = table$a[rows], b = table$b[rows],
      label = table$label[rows, , drop = FALSE]
    )
  }
  edges <- interaction_edges(network, types, call)
  list(
    core = list(
      nodes = unname(lapply(blocks, core_nodes)), training = part("train"),
      validation = part("validation"), held_out = part("test"),
      unlabelled = unlabelled_pairs(unlabelled, types, table, call),
      has_network = !is.null(network), edge_from = edges$from,
      edge_to = edges$to
    ),
    labels = colnames(table$label), classes = table$classes, types = types,
    pairs = tibble(a = table$a, b = table$b, split = table$split)
  )
}

# list(a, b, label, classes, split): 0-based indices through both types, a < b;
# a matrix of labels; split as given or NULL.
interaction_pairs <- function(pairs, types, task, call) {
  if (is.matrix(pairs)) {
    pairs <- pairs_of_matrix(pairs, length(types) == 2, call)
  }
  check_pair_ends(pairs, "pairs", call)
  at <- node_indices(pairs, types, "pairs", call)
  list(
    a = at$a, b = at$b, label = label_matrix(pairs, task, call),
    classes = label_classes(pairs[["label"]], task), split = pairs[["split"]]
  )
}

pairs_of_matrix <- function(x, has_two_types, call) {
  if (is.null(rownames(x)) || is.null(colnames(x))) {
    abort_musl(c(
      "{.arg pairs} as a matrix must have row and column names.",
      x = "Some are missing."
    ), argument = "pairs", call = call)
  }
  known <- !is.na(x)
  if (!has_two_types && setequal(rownames(x), colnames(x)) &&
    !anyDuplicated(rownames(x)) && !anyDuplicated(colnames(x))) {
    x <- one_sided(x[, rownames(x)], call)
    known <- !is.na(x) & upper.tri(x)
  }
  at <- which(known, arr.ind = TRUE)
  tibble(
    from = rownames(x)[at[, 1]], to = colnames(x)[at[, 2]], label = x[at]
  )
}

# A square matrix whose part above the diagonal has the values of both sides.
one_sided <- function(x, call) {
  other <- t(x)
  differ <- which(upper.tri(x) & !is.na(x) & !is.na(other) & x != other,
    arr.ind = TRUE
  )
  if (nrow(differ) > 0) {
    first <- utils::head(differ, 3)
    shown <- paste(rownames(x)[first[, 1]], colnames(x)[first[, 2]], sep = "-")
    abort_musl(c(
      "{.arg pairs} as a matrix of nodes of one type must have one value for
       each pair.",
      x = "{nrow(differ)} pair{?s} {?has/have} another above the diagonal than
           below: {shown}.",
      i = "Set one of both values to {.code NA}."
    ), argument = "pairs", call = call)
  }
  lone <- is.na(x)
  x[lone] <- other[lone]
  x
}

check_pair_ends <- function(x, arg, call) {
  if (!is.data.frame(x) || !all(c("from", "to") %in% names(x))) {
    what <- "a data frame with the columns `from` and `to`"
    abort_argument(arg, what, if (is.data.frame(x)) names(x) else x, call)
  }
  for (end in c("from", "to")) {
    check_named_rows(x, end, arg, call)
  }
}

node_indices <- function(x, types, arg, call, once = TRUE) {
  two <- length(types) == 2
  ends <- list(
    node_text(x$from, types[[1]]), node_text(x$to, types[[1 + two]])
  )
  at <- list(match(ends[[1]], types[[1]]), match(ends[[2]], types[[1 + two]]))
  unknown <- unique(c(ends[[1]][is.na(at[[1]])], ends[[2]][is.na(at[[2]])]))
  if (length(unknown) > 0) {
    is_swapped <- two && all(node_text(x$from, types[[2]]) %in% types[[2]]) &&
      all(node_text(x$to, types[[1]]) %in% types[[1]])
    abort_musl(c(
      "{.arg {arg}} must hold pairs of known nodes.",
      x = "{length(unknown)} {?is/are} not among {.arg nodes}:
           {.val {utils::head(unknown, 3)}}.",
      i = if (is_swapped) {
        "{.field from} must be of the first type and {.field to} of the second:
         rename the columns."
      } else {
        "Name each node as {.arg nodes} do."
      }
    ), argument = arg, nodes = unknown, call = call)
  }
  a <- at[[1]] - 1L
  b <- at[[2]] - 1L + if (two) length(types[[1]]) else 0L
  check_pair_rows(x, a, b, arg, call, once)
  list(a = pmin(a, b), b = pmax(a, b))
}

# Names of nodes as `known` has them, where R writes a number in two ways.
node_text <- function(x, known) {
  text <- as.character(x)
  other <- !text %in% known
  text[other] <- id_text(x)[other]
  text
}

check_pair_rows <- function(x, a, b, arg, call, once) {
  key <- paste(pmin(a, b), pmax(a, b))
  bad <- which(a == b | (once & duplicated(key)))
  if (length(bad) > 0) {
    first <- utils::head(bad, 3)
    shown <- paste(x$from[first], x$to[first], sep = "-")
    often <- if (once) " once" else ""
    again <- if (once) " or a pair again" else ""
    abort_musl(c(
      "{.arg {arg}} must hold pairs of two nodes{often}.",
      x = "{length(bad)} row{?s} with a node itself{again}: {shown}."
    ), argument = arg, rows = bad, call = call)
  }
}

# (pairs x labels), with column names; NA for unknown ones.
label_matrix <- function(x, task, call) {
  columns <- setdiff(names(x), c("from", "to", "split"))
  if (task != "multilabel") {
    columns <- intersect("label", columns)
  }
  if (length(columns) == 0) {
    abort_musl(c(
      "{.arg pairs} must have labels.",
      x = "It has no column {.field label}, or for {.val multilabel} none
           beside {.field from} and {.field to}."
    ), argument = "pairs", call = call)
  }
  values <- lapply(columns, function(name) {
    label_numbers(x[[name]], name, task, call)
  })
  names <- if (task == "multilabel") columns else positive_class(x$label, task)
  matrix(
    unlist(values), nrow(x), length(columns), dimnames = list(NULL, names)
  )
}

# Labels whose scores predict() could not tell from those of a scale.
check_label_names <- function(labels, task, call) {
  scales <- c(
    "structure", "network", if (task == "binary") "kernels"
  )
  object <- list(task = task, labels = labels)
  taken <- unlist(lapply(scales, score_names, object = object))
  bad <- labels[score_names(object, "fused") %in% taken]
  if (length(bad) > 0) {
    abort_musl(c(
      "Labels of {.arg pairs} must not be named as a scale.",
      x = "The scores of {.val {few(bad)}} would have the same name{?s} as those
           of a scale.",
      i = if (task == "binary") {
        "Rename the levels of {.field label}."
      } else {
        "Rename these columns of {.arg pairs}."
      }
    ), argument = "pairs", call = call)
  }
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
labels_by_name <- function(label, object, arg, call) {
  if (!is.factor(label) || !object$task %in% c("binary", "site")) {
    return(label)
  }
  positive <- object$labels
  classes <- object$classes
  if (length(classes) == 0) {
    # Models of MuSL before them know the positive class only.
    classes <- c(utils::head(setdiff(levels(label), positive), 1), positive)
  }
  unknown <- setdiff(levels(label), classes)
  if (length(unknown) > 0) {
    abort_musl(c(
      "Column {.field label} of {.arg {arg}} must have the classes of the
       model.",
      x = "{.val {few(unknown)}} {?is/are} not among {.val {classes}}.",
      i = "Name the levels of {.field label} as in the fit."
    ), argument = arg, call = call)
  }
  as.integer(label == positive)
}

label_numbers <- function(x, name, task, call) {
  if (task == "binary" && is.factor(x) && nlevels(x) == 2) {
    x <- as.integer(x) - 1L
  }
  ok <- is.numeric(x) || is.logical(x)
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
      x = "Found {.val {utils::head(bad, 3)}}{if (!ok) kind_of_text(x)}.",
      i = if (task == "multilabel") {
        "All columns beside {.field from}, {.field to} and {.field split} are
         labels: leave others out."
      }
    ), argument = "pairs", call = call)
  }
  x
}

kind_of_text <- function(x) {
  if (is.factor(x)) {
    paste(", a factor of", nlevels(x), "levels")
  } else if (is.character(x)) {
    ", text"
  }
}

split_names <- c(
  train = "train", training = "train", valid = "validation",
  validation = "validation", test = "test"
)

named_split <- function(split, n, call) {
  if (is.null(split)) {
    return(rep("train", n))
  }
  out <- unname(split_names[as.character(split)])
  bad <- unique(as.character(split)[is.na(out)])
  if (length(bad) > 0) {
    abort_musl(c(
      "Column {.field split} of {.arg pairs} must be {.val train},
       {.val validation} or {.val test}.",
      x = "Found {.val {utils::head(bad, 3)}}."
    ), argument = "pairs", call = call)
  }
  out
}

# The part of each pair; a validation part is drawn from the training pairs if
# there is none, with both classes of `label` if there is one.
interaction_split <- function(split, n, validation, seed, call, label = NULL) {
  if (!is_one_number(validation) || validation <= 0 || validation >= 1) {
    what <- "one number above 0 and below 1"
    abort_argument("validation", what, validation, call)
  }
  split <- named_split(split, n, call)
  if (any(split == "validation")) {
    return(split)
  }
  train <- which(split == "train")
  n_valid <- max(1, round(validation * length(train)))
  drawn <- with_seed_kept(seed, {
    drawn <- sample.int(length(train), min(n_valid, length(train)))
    both_classes(drawn, label[train])
  })
  split[train[drawn]] <- "validation"
  split
}

# Swaps a drawn pair where a class would be missing among the drawn ones or
# among the others; other draws stay as they are.
both_classes <- function(drawn, label) {
  for (class in unique(label[!is.na(label)])) {
    own <- which(label == class)
    inside <- drawn %in% own
    if (!any(inside) && length(own) > 1 && length(drawn) > 1) {
      drawn[[1]] <- own[[sample.int(length(own), 1)]]
    } else if (sum(inside) == length(own)) {
      others <- setdiff(which(label != class), drawn)
      if (length(others) > 0) drawn[which(inside)[[1]]] <- others[[1]]
    }
  }
  drawn
}

check_interaction_parts <- function(table, task, call) {
  for (part in c("train", "validation")) {
    label <- table$label[table$split == part, , drop = FALSE]
    if (nrow(label) == 0 || anyNA(label)) {
      abort_musl(c(
        "{.arg pairs} must hold labelled pairs of the {part} part.",
        x = "It holds {nrow(label)}, {sum(is.na(label))} label{?s} missing.",
        i = if (nrow(label) > 0) "Leave out pairs with a missing label."
      ), argument = "pairs", call = call)
    }
    varies <- apply(label, 2, function(x) length(unique(x)) > 1)
    if (part == "train" && !any(varies)) {
      what <- if (task == "affinity") "several affinities" else "both classes"
      abort_musl(c(
        "The training pairs must have labels of {what}.",
        x = "All {nrow(label)} have the same."
      ), argument = "pairs", call = call)
    }
    if (part == "validation" && task == "binary" && !any(varies)) {
      warn_one_class(table)
    }
  }
  n_valid <- sum(table$split == "validation")
  if (n_valid < 20) {
    warn_musl(c(
      "The validation part has {n_valid} pair{?s}.",
      i = "With fewer than 20 pairs, chance chooses the best epoch and the
           weights of both scales."
    ))
  }
}

warn_one_class <- function(table) {
  train <- table$label[table$split == "train", 1]
  judged <- table$label[table$split == "validation", 1]
  share <- signif(100 * mean(train == 1), 2)
  warn_musl(c(
    "The validation part has labels of one class only.",
    x = "All {length(judged)} are {.val {judged[[1]]}}.",
    i = "Probabilities take the share of ones among the training pairs
         ({share} %) as their level, and scales count alike. Set parts with both
         classes in {.field split}."
  ), "calibration")
}

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
  if (!inherits(network, "igraph")) {
    abort_argument("network", "an igraph or NULL", network, call)
  }
  names <- unlist(types, use.names = FALSE)
  both <- names[duplicated(names)]
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
  if (length(both) > 0) {
    abort_musl(c(
      "With {.arg network}, each name of {.arg nodes} must belong to one type.",
      x = "{length(both)} name{?s} {?is/are} in both: {.val {few(both)}}.",
      i = "Rename the nodes of a type."
    ), argument = "nodes", nodes = both, call = call)
  }
  ends <- igraph::as_edgelist(network, names = FALSE)
  at <- match(vertex, names)
  from <- at[ends[, 1]]
  to <- at[ends[, 2]]
  known <- !is.na(from) & !is.na(to)
  if (!all(known)) {
    inform_musl(
      "{sum(!known)} edge{?s} of {.arg network} {?is/are} left out: {?its/their}
       nodes are not in {.arg nodes}."
    )
  }
  list(from = from[known] - 1L, to = to[known] - 1L)
}
