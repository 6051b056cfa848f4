# Checks the arguments of musl_interactions() and turns names into indices.

# list(core, labels, types, pairs): `core` goes to cpp_interactions_fit(),
# `types` are the names of the nodes of each type.
interaction_input <- function(pairs, nodes, network, unlabelled, task, seed) {
  blocks <- node_blocks(nodes)
  types <- lapply(blocks, function(block) {
    rownames(block$features) %||% names(block$text)
  })
  table <- interaction_pairs(pairs, types, task)
  table$split <- interaction_split(
    table$split, length(table$a), seed,
    label = if (task == "binary") table$label[, 1]
  )
  check_interaction_parts(table, task)
  check_label_names(colnames(table$label), task)
  part <- function(name) {
    rows <- table$split == name
    list(
      a = table$a[rows], b = table$b[rows],
      label = table$label[rows, , drop = FALSE]
    )
  }
  edges <- interaction_edges(network, types)
  list(
    core = list(
      nodes = unname(lapply(blocks, core_nodes)), training = part("train"),
      validation = part("validation"), held_out = part("test"),
      unlabelled = unlabelled_pairs(unlabelled, types, table),
      has_network = !is.null(network), edge_from = edges$from,
      edge_to = edges$to
    ),
    labels = colnames(table$label), classes = table$classes, types = types,
    pairs = tibble(a = table$a, b = table$b, split = table$split)
  )
}

# list(a, b, label, classes, split): 0-based indices through both types, a < b;
# a matrix of labels; split as given or NULL.
interaction_pairs <- function(pairs, types, task) {
  check_pair_ends(pairs, "pairs")
  at <- node_indices(pairs, types, "pairs")
  list(
    a = at$a, b = at$b, label = label_matrix(pairs, task),
    classes = label_classes(pairs[["label"]], task), split = pairs[["split"]]
  )
}

check_table <- function(x, columns, arg) {
  if (!is.data.frame(x) || !all(columns %in% names(x))) {
    what <- paste("a data frame with the columns", toString(columns))
    abort_argument(arg, what, if (is.data.frame(x)) names(x) else x)
  }
}

check_pair_ends <- function(x, arg) {
  check_table(x, c("from", "to"), arg)
  for (end in c("from", "to")) {
    check_named_rows(x, end, arg)
  }
}

node_indices <- function(x, types, arg, once = TRUE) {
  two <- length(types) == 2
  ends <- list(node_text(x$from, types[[1]]), node_text(x$to, types[[1 + two]]))
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
    ), argument = arg, nodes = unknown)
  }
  a <- at[[1]] - 1L
  b <- at[[2]] - 1L + if (two) length(types[[1]]) else 0L
  check_pair_rows(x, a, b, arg, once)
  list(a = pmin(a, b), b = pmax(a, b))
}

# Names of nodes as `known` has them, where R writes a number in two ways.
node_text <- function(x, known) {
  text <- as.character(x)
  other <- !text %in% known
  text[other] <- id_text(x)[other]
  text
}

check_pair_rows <- function(x, a, b, arg, once) {
  key <- paste(pmin(a, b), pmax(a, b))
  bad <- which(a == b | (once & duplicated(key)))
  often <- if (once) " once" else ""
  again <- if (once) " or a pair again" else ""
  abort_if(length(bad) > 0, c(
    "{.arg {arg}} must hold pairs of two nodes{often}.",
    x = "{length(bad)} row{?s} with a node itself{again}:
         {ends_of_rows(x, bad)}."
  ), argument = arg, rows = bad)
}

# "a-b" for the first of these rows.
ends_of_rows <- function(x, rows) {
  first <- utils::head(rows, 3)
  paste(x$from[first], x$to[first], sep = "-")
}

named_split <- function(split, n) {
  if (is.null(split)) {
    return(rep("train", n))
  }
  split <- as.character(split)
  bad <- setdiff(split, c("train", "validation", "test"))
  abort_if(length(bad) > 0, c(
    "Column {.field split} of {.arg pairs} must be {.val train},
     {.val validation} or {.val test}.",
    x = "Found {.val {utils::head(bad, 3)}}."
  ), argument = "pairs")
  split
}

# The part of each pair; a tenth of the training pairs is drawn as validation
# part if there is none, with both classes of `label` if there is one.
interaction_split <- function(split, n, seed, label = NULL) {
  split <- named_split(split, n)
  if (any(split == "validation")) {
    return(split)
  }
  train <- which(split == "train")
  n_valid <- max(1, round(0.1 * length(train)))
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

check_interaction_parts <- function(table, task) {
  for (part in c("train", "validation")) {
    label <- table$label[table$split == part, , drop = FALSE]
    check_all_known(label, paste("of the", part, "part"))
    varies <- apply(label, 2, function(x) length(unique(x)) > 1)
    if (part == "train" && !any(varies)) {
      what <- if (task == "affinity") "several affinities" else "both classes"
      abort_musl(c(
        "The training pairs must have labels of {what}.",
        x = "All {nrow(label)} have the same."
      ), argument = "pairs")
    }
    if (part == "validation" && task == "binary" && !any(varies)) {
      warn_one_class(table)
    }
  }
  n_valid <- sum(table$split == "validation")
  warn_if(n_valid < 20, c(
    "The validation part has {n_valid} pair{?s}.",
    i = "With fewer than 20 pairs, chance chooses the best epoch and the
         weights of both scales."
  ))
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
