# Unordered gene pairs in the canonical order of their bytes, so that a pair
# has one form in every locale.

pair_labels <- c("SL", "non_SL")

# The two ends, the smaller first; vectorised over pairs. NA ends stay in place.
order_pair <- function(a, b) {
  a <- enc2utf8(as.character(a))
  b <- enc2utf8(as.character(b))
  known <- unique_bytes(c(a, b))
  swap <- which(match(a, known) > match(b, known))
  first <- a
  first[swap] <- b[swap]
  b[swap] <- a[swap]
  list(a = first, b = b)
}

# A key for the unordered pair; gene names hold no tab.
pair_key <- function(a, b) {
  ends <- order_pair(a, b)
  paste(ends$a, ends$b, sep = "\t")
}

# A table of pairs in canonical form, one row per unordered pair (if
# measured, per pair and study: row_keys()), in the order of first occurrence,
# with a report of omissions.
canonical_pairs <- function(x, arg = "pairs", need_label = FALSE) {
  x <- one_pair_table(x, arg)
  check_pair_table(x, arg)
  ends <- pair_ends(x, arg)
  pairs <- canonical_edges(ends$gene_a, ends$gene_b)
  pairs$label <- pair_label(x, arg, need_label)
  further <- setdiff(names(x), names(pairs))
  pairs[further] <- as.list(x)[further]
  pairs <- check_label_columns(pairs, arg)

  self <- pairs$gene_a == pairs$gene_b
  kept <- merge_pairs(pairs[!self, ])
  n_conflict <- nrow(kept$conflicting)
  warn_if(n_conflict > 0, c(
    "{n_conflict} pair{?s} with both labels {?was/were} dropped from
     {.arg {arg}}.",
    x = "Both {.val SL} and {.val non_SL}: {show_pairs(kept$conflicting)}.",
    i = "Settle the label to keep {cli::qty(n_conflict)}{?it/them}."
  ), pairs = kept$conflicting)
  list(
    pairs = kept$pairs,
    report = list(
      self_pairs = pairs[self, c("gene_a", "label")],
      duplicated_pairs = kept$duplicated,
      conflicting_pairs = kept$conflicting
    )
  )
}

check_pair_table <- function(x, arg) {
  abort_if(!is.data.frame(x), c(
    "{.arg {arg}} must be a data frame with the columns {.field gene_a} and
     {.field gene_b}.",
    x = "Found {describe_value(x)}."
  ), argument = arg)
  check_columns(
    x, c("gene_a", "gene_b"), arg,
    "Rename the two columns that hold the genes, or let
     {.code read_pairs({arg})} recognise them."
  )
  read <- c("gene_a", "gene_b", "label", label_columns)
  check_read_once(intersect(read, repeated_names(x)), arg)
  check_known_classes(as.list(x)[intersect(read, names(x))], arg)
}

# `twice` are columns that would be read, of which the first would count.
check_read_once <- function(twice, arg) {
  abort_if(length(twice) > 0, c(
    "{.arg {arg}} must have each column once.",
    x = "More than one column {.field {twice}}.",
    i = "Rename or remove the others."
  ), argument = arg)
}

# The genes of pairs to look up, also of a list of partners.
listed_pairs <- function(x, arg) {
  listed <- c("anchor", "partner")
  if (is.data.frame(x) && !any(c("gene_a", "gene_b") %in% names(x)) &&
    all(listed %in% names(x))) {
    return(pair_ends(x, arg, listed))
  }
  check_pair_table(x, arg)
  pair_ends(x, arg)
}

pair_ends <- function(x, arg, columns = c("gene_a", "gene_b")) {
  tibble(
    gene_a = pair_genes(x, columns[[1]], arg),
    gene_b = pair_genes(x, columns[[2]], arg)
  )
}

# One gene column as character. A factor is read by its labels; a number may be
# a factor's code or a row index instead of an Entrez id, and is refused.
pair_genes <- function(x, column, arg) {
  genes <- x[[column]]
  if (is.factor(genes)) genes <- as.character(genes)
  abort_if(!is.character(genes), c(
    "Column {.field {column}} of {.arg {arg}} must hold gene names as
     character.",
    x = "Found {.cls {class(genes)}}.",
    i = "Give Entrez ids as character: {.code as.character(x${column})}."
  ), argument = arg)
  check_encoding(genes, paste0("Column ", column, " of `", arg, "`"), arg)
  bad <- which(is.na(genes) | !nzchar(genes))
  abort_if(length(bad) > 0, c(
    "Column {.field {column}} of {.arg {arg}} must name a gene in each row.",
    x = "{length(bad)} row{?s} without a name: {.val {utils::head(bad, 3)}}.",
    i = "Was a gene called NA read as missing? Read with
         {.code na.strings = \"\"}."
  ), argument = arg, rows = bad)
  genes
}

# Labels as factor; 0/1, logical, character and factor are understood.
pair_label <- function(x, arg, need_label) {
  if (!"label" %in% names(x)) {
    found <- misnamed_label(x)
    abort_if(!is.null(found), c(
      "{.arg {arg}} must call the column of labels {.field label}.",
      x = "It has no column {.field label}; did you mean {.field {found}}?",
      i = "Rename that column, or read the table with {.fn read_pairs}, which
           recognises this name."
    ), argument = arg, column = found)
    if (need_label) check_columns(x, "label", arg)
    return(factor(rep(NA, nrow(x)), levels = pair_labels))
  }
  given <- x[["label"]]
  check_one_a_row(given, "label", "label", arg)
  text <- as.character(given)
  text[text %in% c("1", "TRUE")] <- "SL"
  text[text %in% c("0", "FALSE")] <- "non_SL"
  bad <- unique(text[!is.na(text) & !text %in% pair_labels])
  abort_if(length(bad) > 0, c(
    "Column {.field label} of {.arg {arg}} must hold {.val SL} and
     {.val non_SL}, 1 and 0, or TRUE and FALSE.",
    x = "Found {.val {few(bad)}}."
  ), argument = arg)
  factor(text, levels = pair_labels)
}

# One row per key of row_keys(). Labelled rows precede unlabelled ones; a
# pair with both labels is left out.
merge_pairs <- function(pairs) {
  key <- row_keys(pairs)
  # A table without duplicates, the usual case, needs no work.
  if (!anyDuplicated(key)) {
    none <- pairs[0, c("gene_a", "gene_b")]
    none$n_rows <- integer()
    return(list(pairs = pairs, duplicated = none, conflicting = none))
  }
  id <- match(key, unique(key))
  n <- count_labels(id, pairs$label)
  conflict <- n$SL > 0 & n$non_SL > 0

  by_label <- order(id, is.na(pairs$label))
  first <- by_label[!duplicated(id[by_label])]
  summary <- pairs[first, c("gene_a", "gene_b")]
  summary$n_rows <- n$rows
  list(
    pairs = pairs[first[!conflict], ],
    duplicated = summary[n$rows > 1 & !conflict, ],
    conflicting = summary[conflict, ]
  )
}

# list(rows, SL, non_SL): the numbers of rows and labels of each id 1, 2, ...
count_labels <- function(id, label) {
  n <- max(id, 0L)
  of_label <- function(x) tabulate(id[which(label == x)], n)
  c(list(rows = tabulate(id, n)), lapply(set_names(pair_labels), of_label))
}

# "A - B, C - D and 7 more" for messages.
show_pairs <- function(pairs, n = 3) {
  shown <- utils::head(pairs, n)
  text <- paste(paste(shown$gene_a, "-", shown$gene_b), collapse = ", ")
  rest <- nrow(pairs) - nrow(shown)
  if (rest > 0) paste(text, "and", rest, "more") else text
}

# The pairs of a table of predictions or of a screen: list(gene_a, gene_b,
# columns: their names in `x`, directed: whether the first is the anchor).
prediction_pairs <- function(x, arg = "x") {
  if (!is.data.frame(x)) {
    abort_argument(arg, "a data frame of predictions", x)
  }
  directed <- all(c("anchor", "partner") %in% names(x))
  columns <- if (directed) c("anchor", "partner") else c("gene_a", "gene_b")
  missing <- setdiff(columns, names(x))
  abort_if(length(missing) > 0, c(
    "{.arg {arg}} must have the columns {.field anchor} and {.field partner},
     or {.field gene_a} and {.field gene_b}.",
    x = "Its columns are {.field {few(names(x), 12)}}."
  ), argument = arg)
  read <- c(columns, ".score")
  check_read_once(intersect(read, repeated_names(x)), arg)
  ends <- pair_ends(x, arg, columns)
  c(as.list(ends), list(columns = columns, directed = directed))
}

canonical_edges <- function(from, to) {
  ends <- order_pair(from, to)
  tibble(gene_a = ends$a, gene_b = ends$b)
}

pair_keys <- function(pairs) pair_key(pairs$gene_a, pairs$gene_b)
