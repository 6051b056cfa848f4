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

check_label_name <- function(x, arg) {
  found <- misnamed_label(x)
  abort_if(!is.null(found), c(
    "{.arg {arg}} must call the column of labels {.field label}.",
    x = "It has no column {.field label}; did you mean {.field {found}}?",
    i = "Rename that column, or read the table with {.fn read_pairs}, which
         recognises this name."
  ), argument = arg, column = found)
}

# Advice for a table of pairs without gene_a and gene_b.
gene_columns_hint <- function(x, arg) {
  squashed <- squash_name(names(x))
  known <- !is.null(find_both(squashed, pair_gene_names)) ||
    any(pair_joint_names %in% squashed)
  if (known) {
    return(paste0(
      "{.code read_pairs(", arg, ")} recognises and renames these columns."
    ))
  }
  "Rename the two columns that hold the genes."
}

# Advice for a table of edges without from and to.
edge_columns_hint <- function(x) {
  squashed <- squash_name(names(x))
  if (all(c("protein1", "protein2") %in% squashed)) {
    return("{.fn read_network} reads the files of STRING and names the genes.")
  }
  if (!is.null(find_both(squashed, pair_gene_names))) {
    return("{.fn read_network} recognises these names in a file.")
  }
  "Rename the two columns that hold the genes."
}

# A network has edges; labelled pairs are the targets of prediction.
check_no_labels <- function(x) {
  found <- if ("label" %in% names(x)) "label" else misnamed_label(x)
  abort_if(!is.null(found) && holds_labels(x[[found]]), c(
    "{.arg network} must be a table of edges, not of labelled pairs.",
    x = "Its column {.field {found}} holds labels of synthetic lethality.",
    i = "Pass the table as {.arg pairs}: {.code musl_data(x, pairs = table)}."
  ), argument = "network", column = found)
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
