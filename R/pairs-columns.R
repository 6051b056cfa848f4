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
  word <- tolower(trimws(as.character(values)))
  word <- ifelse(word %in% c("1.0", "0.0"), word, squash_name(word))
  word <- setdiff(word, c("", "na", "nan", "null", NA))
  length(word) > 0 && all(word %in% names(label_words))
}

check_label_name <- function(x, arg, call) {
  found <- misnamed_label(x)
  abort_if(!is.null(found), c(
    "{.arg {arg}} must call the column of labels {.field label}.",
    x = "It has no column {.field label}; did you mean {.field {found}}?",
    i = "Rename that column, or read the table with {.fn read_pairs}, which
         recognises this name."
  ), argument = arg, column = found, call = call)
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
check_no_labels <- function(x, call) {
  found <- if ("label" %in% names(x)) "label" else misnamed_label(x)
  abort_if(!is.null(found) && holds_labels(x[[found]]), c(
    "{.arg network} must be a table of edges, not of labelled pairs.",
    x = "Its column {.field {found}} holds labels of synthetic lethality.",
    i = "Pass the table as {.arg pairs}: {.code musl_data(x, pairs = table)}."
  ), argument = "network", column = found, call = call)
}

is_unnamed <- function(x) is.na(x) | !nzchar(x)

# Positions of the first two of `styles` that are both present, or NULL.
find_both <- function(squashed, styles) {
  for (style in styles) {
    at <- match(style, squashed)
    if (!anyNA(at)) {
      return(at)
    }
  }
  NULL
}

label_words <- c(
  "1" = "SL", "1.0" = "SL", true = "SL", t = "SL", yes = "SL", sl = "SL",
  positive = "SL", pos = "SL", syntheticlethal = "SL",
  syntheticlethality = "SL",
  "0" = "non_SL", "0.0" = "non_SL", false = "non_SL", f = "non_SL",
  no = "non_SL", nonsl = "non_SL", notsl = "non_SL", negative = "non_SL",
  neg = "non_SL", none = "non_SL", "non" = "non_SL"
)

# Squashed names of the two genes, symbols before ids.
pair_gene_names <- list(
  c("genea", "geneb"), c("gene1", "gene2"), c("geneaname", "genebname"),
  c("gene1name", "gene2name"), c("n1name", "n2name"), c("xname", "yname"),
  c("geneasymbol", "genebsymbol"), c("gene1symbol", "gene2symbol"),
  c("genesymbola", "genesymbolb"), c("genesymbol1", "genesymbol2"),
  c("symbola", "symbolb"), c("symbol1", "symbol2"), c("hgnca", "hgncb"),
  c("genex", "geney"), c("proteina", "proteinb"), c("anchor", "partner"),
  c("from", "to"), c("source", "target"), c("a", "b"), c("a1", "a2")
)

pair_joint_names <- c("genepair", "pair", "genepairs", "sortedgenepair")

pair_label_names <- c(
  "label", "slornot", "sl", "issl", "syntheticlethal", "syntheticlethality",
  "class", "y"
)
