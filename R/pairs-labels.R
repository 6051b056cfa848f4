# The weight of a label: the columns of a table of pairs that describe its
# origin. A table without them has recorded pairs of weight 1.

label_columns <- c("study", "line", "query", "measured", "weight", "effect")

# Columns that distinguish measured rows of one pair.
origin_columns <- c("study", "line", "query")

# Both outcomes were possible when the pair was labelled.
is_measured <- function(pairs) {
  (pairs[["measured"]] %||% rep(FALSE, nrow(pairs))) %in% TRUE
}

pair_weight <- function(pairs) {
  as.double(pairs[["weight"]] %||% rep(1, nrow(pairs)))
}

# One key per row that may be kept: the pair and, if measured, its study, line
# and query. A pair recorded by a database is one row, whatever the number of
# its studies.
row_keys <- function(pairs) {
  keys <- pair_keys(pairs)
  measured <- which(is_measured(pairs))
  if (length(measured) == 0) {
    return(keys)
  }
  origin <- intersect(origin_columns, names(pairs))
  parts <- lapply(origin, function(column) {
    text <- as.character(pairs[[column]][measured])
    ifelse(is.na(text), "", text)
  })
  keys[measured] <- do.call(
    paste, c(list(keys[measured], "measured"), parts, sep = "\t")
  )
  keys
}

# Checks the columns of `label_columns` that are there. If only one of
# `measured` and `weight` is given, the other is filled in.
check_label_columns <- function(pairs, arg) {
  if (!any(label_columns %in% names(pairs))) {
    return(pairs)
  }
  checks <- list(
    measured = check_measured, weight = check_weight, effect = check_effect,
    query = check_query
  )
  for (column in intersect(names(checks), names(pairs))) {
    pairs <- checks[[column]](pairs, arg)
  }
  if (!"study" %in% names(pairs) && any(is_measured(pairs))) {
    # As if no row had one: check_origin() refuses it.
    pairs$study <- rep(NA_character_, nrow(pairs))
  }
  for (column in intersect(c("study", "line"), names(pairs))) {
    pairs[[column]] <- check_origin(pairs, column, arg)
  }
  pairs
}

check_measured <- function(pairs, arg) {
  measured <- pairs$measured
  found <- if (is.logical(measured)) measured[is.na(measured)] else measured
  abort_if(length(found) > 0, c(
    "Column {.field measured} of {.arg {arg}} must be {.code TRUE} or
     {.code FALSE} in each row.",
    x = "Found {describe_value(found)}.",
    i = "{.code TRUE} says that both outcomes were possible, as in a screen."
  ), argument = arg, rows = which(is.na(measured)))
  if (!"weight" %in% names(pairs)) pairs$weight <- rep(1, nrow(pairs))
  pairs
}

check_weight <- function(pairs, arg) {
  weight <- pairs$weight
  bad <- if (is_plain_number(weight)) {
    which(is.na(weight) | weight < 0 | weight > 1)
  } else {
    seq_along(weight)
  }
  # A subset may lose its class.
  found <- if (is_plain_number(weight)) weight[bad] else weight
  abort_if(length(bad) > 0, c(
    "Column {.field weight} of {.arg {arg}} must hold numbers from 0 to 1.",
    x = "{length(bad)} row{?s} {?does/do} not: {describe_value(found)}.",
    i = "Give 1 for a label that counts in full, 0 for one that does not."
  ), argument = arg, rows = bad)
  pairs$weight <- as.double(weight)
  if (!"measured" %in% names(pairs)) pairs$measured <- rep(FALSE, nrow(pairs))
  pairs
}

check_origin <- function(pairs, column, arg) {
  text <- pairs[[column]]
  check_one_a_row(text, column, "name", arg)
  if (is.factor(text)) text <- as.character(text)
  lost <- is_measured(pairs) & is_unnamed(as.character(text))
  abort_if(column == "study" && any(lost), c(
    "Column {.field study} of {.arg {arg}} must name the study of each
     measured pair.",
    x = "{sum(lost)} row{?s} without one:
         {.val {utils::head(which(lost), 3)}}.",
    i = "Any name does that all pairs of one study share."
  ), argument = arg, rows = which(lost))
  if (column == "line" && is.character(text)) blank_to_na(text) else text
}

check_effect <- function(pairs, arg) {
  effect <- pairs$effect
  if (is.logical(effect) && all(is.na(effect))) effect <- as.double(effect)
  bad <- if (is_plain_number(effect)) which(is.infinite(effect)) else NULL
  abort_if(!is_plain_number(effect) || length(bad) > 0, c(
    "Column {.field effect} of {.arg {arg}} must hold finite numbers, or
     {.val {NA}}.",
    x = "Found {describe_value(if (is.null(bad)) effect else effect[bad])}.",
    i = "It is the genetic interaction score; negative is synthetic lethal."
  ), argument = arg, rows = bad)
  pairs$effect <- nan_to_na(as.double(effect))
  pairs
}

# In a directed screen, the gene that was lost in all cells.
check_query <- function(pairs, arg) {
  query <- pairs$query <- blank_to_na(pairs$query)
  bad <- which(!is.na(query) & query != pairs$gene_a & query != pairs$gene_b)
  abort_if(length(bad) > 0, c(
    "Column {.field query} of {.arg {arg}} must name one gene of the pair.",
    x = "{length(bad)} row{?s} {?does/do} not: {.val {query[bad[[1]]]}} with
         {show_pairs(pairs[bad[[1]], ])}."
  ), argument = arg, rows = bad)
  pairs
}

# Tables that need not have the same columns.
bind_tables <- function(tables) {
  rows <- data.table::rbindlist(tables, use.names = TRUE, fill = TRUE)
  as_tibble(data.table::setDF(rows))
}

# Stacks tables of pairs; columns that one of them lacks get their default.
bind_pairs <- function(...) {
  pairs <- bind_tables(list(...))
  for (column in intersect(c("measured", "sampled"), names(pairs))) {
    pairs[[column]] <- pairs[[column]] %in% TRUE
  }
  if ("weight" %in% names(pairs)) pairs$weight[is.na(pairs$weight)] <- 1
  pairs
}

# One table of a list of tables, such as recorded and measured pairs; a single
# table as it is.
one_pair_table <- function(x, arg) {
  if (!rlang::is_bare_list(x)) {
    return(x)
  }
  if (length(x) == 0) {
    return(no_pairs())
  }
  tables <- lapply(seq_along(x), function(i) {
    arg <- sprintf("%s[[%d]]", arg, i)
    table <- x[[i]]
    check_pair_table(table, arg)
    labels <- pair_label(table, arg, need_label = FALSE)
    if ("label" %in% names(table)) table$label <- labels
    check_label_columns(as_tibble(table), arg)
  })
  do.call(bind_pairs, same_types(tables))
}

# Columns that differ in type between tables become text.
same_types <- function(tables) {
  kind <- function(x) {
    if (!all(is.na(x))) if (is.numeric(x)) "number" else class(x)[[1]]
  }
  for (column in unique(unlist(lapply(tables, names)))) {
    kinds <- unlist(lapply(tables, function(table) kind(table[[column]])))
    if (length(unique(kinds)) > 1) {
      tables <- lapply(tables, function(table) {
        at <- intersect(column, names(table))
        table[at] <- lapply(table[at], as.character)
        table
      })
    }
  }
  tables
}

# Pairs that some study calls SL and another does not, one row per pair.
opposite_pairs <- function(pairs) {
  keys <- pair_keys(pairs)
  first <- which(!duplicated(keys))
  n <- count_labels(match(keys, keys[first]), pairs$label)
  both <- n$SL > 0 & n$non_SL > 0
  tibble(
    pairs[first[both], c("gene_a", "gene_b")],
    n_SL = n$SL[both], n_non_SL = n$non_SL[both]
  )
}

# "measured(1,234): 2 studies, 3 lines, 56 SL", without zero
# counts; NULL without measured pairs.
describe_measured <- function(pairs) {
  measured <- pairs[is_measured(pairs), ]
  if (nrow(measured) == 0) {
    return(NULL)
  }
  number <- function(column, one, many) {
    n <- length(setdiff(unique(measured[[column]]), NA))
    if (n > 0) paste(n, if (n == 1) one else many)
  }
  what <- c(
    number("study", "study", "studies"),
    number("line", "line", "lines"),
    number("query", "query", "queries"),
    paste(count_text(sum(measured$label %in% "SL")), "SL")
  )
  what <- paste(what, collapse = ", ")
  paste0("measured(", count_text(nrow(measured)), "): ", what)
}

no_pairs <- function() tibble(gene_a = character(), gene_b = character())

# Advice for tables whose columns have other names than ours.

# The column with labels under another name than `label`, or NULL. Otherwise
# such a table would silently count as unlabelled.
misnamed_label <- function(x) {
  squashed <- squash_name(names(x))
  found <- names(x)[squashed %in% pair_label_names & names(x) != "label"]
  is_label <- vapply(found, function(name) {
    squash_name(name) == "label" || holds_labels(x[[name]])
  }, TRUE)
  if (any(is_label)) found[is_label][[1]]
}

holds_labels <- function(values) {
  if (!is.atomic(values) && !is.factor(values)) {
    return(FALSE)
  }
  values <- as.character(values)
  word <- label_word(unique(values[!is_missing_text(values)]))
  length(word) > 0 && all(word %in% names(label_words))
}

label_words <- c(
  "1" = "SL", "1.0" = "SL", true = "SL", t = "SL", yes = "SL", sl = "SL",
  positive = "SL", pos = "SL", syntheticlethal = "SL",
  syntheticlethality = "SL",
  "0" = "non_SL", "0.0" = "non_SL", false = "non_SL", f = "non_SL",
  no = "non_SL", nonsl = "non_SL", notsl = "non_SL", negative = "non_SL",
  neg = "non_SL", none = "non_SL", "non" = "non_SL"
)

# Words in every spelling, but the sign of a number is kept: -1 is not 1.
label_word <- function(x) {
  word <- fold_case(trimws(x))
  spelt <- grepl("[a-z]", word) & !grepl("[0-9]", word)
  word[spelt] <- squash_name(word[spelt])
  word
}
