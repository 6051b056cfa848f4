# Tables of pairs of one or several files -> one row per unordered pair.

finish_pairs <- function(tables, annotation) {
  roles <- unique(do.call(rbind, lapply(unname(tables), attr, "roles")))
  pairs <- bind_tables(tables)
  cleaned <- clean_ends(pairs, "label")
  pairs <- cleaned$rows
  report <- c(cleaned$report, list(roles = roles))
  names <- unique(c(pairs$gene_a, pairs$gene_b))
  excel <- names[is_excel_name(names)]
  report$excel_names <- tibble(name = excel)
  mapped <- map_pair_genes(pairs, annotation)
  pairs <- mapped$rows
  report$unmapped <- mapped$unmapped

  if (!is.null(annotation)) names <- unique(c(pairs$gene_a, pairs$gene_b))
  ordered <- canonical_columns(pairs, sort_bytes(names))
  self <- ordered$self
  report$self <- ordered$pairs[self, c("gene_a", "label")]
  merged <- collapse_pairs(rows_but(ordered$pairs, self), ordered$key[!self])
  report$duplicated <- merged$duplicated
  report$conflicting <- merged$conflicting
  tell_pairs(report)
  out <- typed_columns(merged$pairs)
  # structure() would give the tibble row names.
  attr(out, "report") <- report
  out
}

# Numbers and flags that were read as text, in columns that musl_data() reads.
typed_columns <- function(pairs) {
  columns <- function(names) {
    names <- intersect(names, base::names(pairs))
    names[vapply(pairs[names], is.character, NA)]
  }
  for (column in columns(c("line", "query"))) {
    pairs[[column]] <- trim_or_na(pairs[[column]])
  }
  for (column in columns(c("score", "weight", "effect"))) {
    text <- with_point(trim_or_na(pairs[[column]]), column, "table of pairs")
    number <- suppressWarnings(as.numeric(text))
    # As text if some are no numbers.
    only <- identical(is.na(number), is.na(text))
    pairs[[column]] <- if (only) number else text
  }
  for (column in columns("measured")) {
    text <- trim_or_na(pairs[[column]])
    flag <- unname(label_words[label_word(text)] == "SL")
    if (identical(is.na(flag), is.na(text))) pairs[[column]] <- flag
  }
  pairs
}

# list(rows of two genes, with clean names; report: the names that changed, and
# the ends and the column `beside` of the other rows: those with a control, of
# several genes in one name, and without a name).
clean_ends <- function(rows, beside) {
  ends <- c("gene_a", "gene_b")
  given <- unique(unlist(rows[ends], use.names = FALSE))
  cleaned <- clean_names(given)
  rows[ends] <- lapply(rows[ends], function(x) cleaned[match(x, given)])
  has <- function(test) {
    odd <- cleaned[test(cleaned)]
    rows$gene_a %in% odd | rows$gene_b %in% odd
  }
  unnamed <- is_unnamed(rows$gene_a) | is_unnamed(rows$gene_b)
  several <- has(are_several)
  control <- has(is_control)
  list(rows = rows_but(rows, unnamed | several | control), report = list(
    folded = folded_names(given, cleaned),
    unnamed = rows[unnamed, c(ends, beside)],
    several = unique(rows[several, ends]), control = unique(rows[control, ends])
  ))
}

# Rows of large tables are copied only if some are left out.
rows_but <- function(x, left_out) if (any(left_out)) x[!left_out, ] else x

# list(rows, unmapped): current symbols if a table of genes is given.
map_pair_genes <- function(rows, annotation) {
  unmapped <- tibble(input = character(), status = character())
  if (is.null(annotation)) {
    return(list(rows = rows, unmapped = unmapped))
  }
  genes <- unique(c(rows$gene_a, rows$gene_b))
  table <- musl_map_genes(genes, annotation = annotation)
  known <- table[!is.na(table$symbol), ]
  for (column in intersect(c("gene_a", "gene_b", "query"), names(rows))) {
    today <- known$symbol[match(rows[[column]], known$input)]
    rows[[column]] <- ifelse(is.na(today), rows[[column]], today)
  }
  list(rows = rows, unmapped = table[is.na(table$symbol), c("input", "status")])
}

# The ends in byte order; `genes` are in that order. Also which rows are of one
# gene, and a number that rows of one pair share.
canonical_columns <- function(pairs, genes) {
  a <- match(pairs$gene_a, genes)
  b <- match(pairs$gene_b, genes)
  swap <- which(a > b)
  # Columns of one end go with it.
  ends <- end_columns(names(pairs))
  ids <- names(pairs)[find_both(squash_name(names(pairs)), pair_id_names)]
  if (length(ids) > 0 && !any(ids %in% unlist(ends))) ends <- Map(c, ends, ids)
  pairs[swap, unlist(ends)] <- pairs[swap, unlist(rev(ends))]
  first <- c("gene_a", "gene_b", "label")
  list(
    pairs = pairs[c(first, setdiff(names(pairs), first))], self = a == b,
    key = pmin(a, b) * (length(genes) + 1) + pmax(a, b)
  )
}

# `key`: one number per row, the same for rows of one pair.
collapse_pairs <- function(pairs, key) {
  id <- match(key, unique(key))
  n <- count_labels(id, pairs$label)
  conflict <- n$SL > 0 & n$non_SL > 0

  out <- rows_but(pairs, duplicated(id))
  label <- rep(NA_character_, nrow(out))
  label[n$non_SL > 0] <- "non_SL"
  label[n$SL > 0] <- "SL"
  out$label <- factor(label, levels = pair_labels)
  out <- join_further(out, pairs, id, which(n$rows > 1))
  ends <- c("gene_a", "gene_b")
  out <- tibble(
    out[c(ends, "label")], n_rows = n$rows,
    out[setdiff(names(out), c(ends, "label"))]
  )
  conflicting <- tibble(
    out[conflict, ends], n_SL = n$SL[conflict], n_non_SL = n$non_SL[conflict]
  )
  list(
    pairs = rows_but(out, conflict),
    duplicated = out[n$rows > 1, c(ends, "n_rows")],
    conflicting = conflicting
  )
}

# Joins the text of the rows of a pair; the largest score.
join_further <- function(out, pairs, id, repeated) {
  rows <- which(id %in% repeated)
  group <- match(id[rows], repeated)
  for (column in setdiff(names(pairs), c("gene_a", "gene_b", "label"))) {
    join <- if (column == "score") largest_or_pasted else pasted
    text <- pairs[[column]][rows]
    out[[column]][repeated] <- join_groups(text, group, length(repeated), join)
  }
  out
}

# What `join` makes of the distinct names of each of the groups 1 to `n`, in
# their order; NA for groups without a name.
join_groups <- function(text, group, n, join = pasted) {
  named <- which(!is_unnamed(text))
  code <- match(text[named], text)
  named <- named[!duplicated(group[named] * (length(text) + 1) + code)]
  texts <- split(text[named], group[named])
  out <- rep(NA_character_, n)
  out[as.integer(names(texts))] <- vapply(texts, join, "")
  out
}

pasted <- function(x) paste(x, collapse = ";")

largest_or_pasted <- function(x) {
  number <- suppressWarnings(as.numeric(x))
  if (anyNA(number)) pasted(x) else x[[which.max(number)]]
}

# Of names, evaluated where `n` and `report` are.
names_told <- c(
  unnamed = "{n$unnamed} row{?s} without a gene name left out.",
  folded = "{n$folded} name{?s} with other blanks, hyphens, letters, quotes or
            brackets, a version or a decimal, read as
            {.val {few(report$folded$name)}}.",
  several = "{n$several} pair{?s} with several genes in one name left out:
             {show_pairs(report$several)}.",
  control = "{n$control} pair{?s} with a control left out:
             {show_pairs(report$control)}.",
  excel_names = "{n$excel_names} name{?s} changed by a spreadsheet:
                 {.val {few(report$excel_names$name)}}.",
  unmapped = "{n$unmapped} name{?s} that {.arg annotation} does not know or
              knows twice kept as {?it is/they are}:
              {.val {few(report$unmapped$input)}}."
)

tell_pairs <- function(report) {
  n <- lapply(report, nrow)
  roles <- report$roles
  renamed <- roles[squash_name(roles$role) != squash_name(roles$column), ]
  n$roles <- nrow(renamed)
  texts <- c(names_told,
    roles = "Columns: {told_roles(renamed)}.",
    self = "{n$self} self pair{?s} left out.",
    duplicated = "{n$duplicated} repeated pair{?s}, in either order, merged.",
    conflicting = "{n$conflicting} pair{?s} of both labels left out:
                   {show_pairs(report$conflicting)}."
  )
  tell_repairs(n, texts, report, "{.code attr(x, \"report\")} lists each case")
}
