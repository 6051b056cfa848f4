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
