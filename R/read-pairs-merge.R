# Tables of pairs of one or several files -> one row per unordered pair.

conflict_policies <- c("drop", "SL", "non_SL")

finish_pairs <- function(tables, conflicts, annotation) {
  conflicts <- check_choice(conflicts, conflict_policies)
  roles <- unique(do.call(rbind, lapply(unname(tables), attr, "roles")))
  pairs <- bind_tables(tables)
  cleaned <- clean_ends(pairs, "label")
  pairs <- cleaned$rows
  report <- c(cleaned$report, list(roles = roles))
  names <- unique(c(pairs$gene_a, pairs$gene_b))
  excel <- names[is_excel_name(names)]
  report$excel_names <- tibble(name = excel)
  numbers <- setdiff(names[is_number(names)], excel)
  mapped <- map_pair_genes(pairs, names, numbers, annotation)
  pairs <- mapped$pairs
  report$unmapped <- mapped$unmapped
  report$not_entrez <- mapped$not_entrez

  if (!is.null(annotation)) names <- unique(c(pairs$gene_a, pairs$gene_b))
  ordered <- canonical_columns(pairs, sort_bytes(names))
  self <- ordered$self
  report$self <- ordered$pairs[self, c("gene_a", "label")]
  merged <- collapse_pairs(
    rows_but(ordered$pairs, self), ordered$key[!self], conflicts
  )
  report$duplicated <- merged$duplicated
  report$conflicting <- merged$conflicting
  tell_pairs(report, conflicts)
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
# the ends and the column `beside` of the other rows).
clean_ends <- function(rows, beside) {
  ends <- c("gene_a", "gene_b")
  given <- unlist(rows[ends], use.names = FALSE)
  rows[ends] <- lapply(rows[ends], clean_names)
  unnamed <- is_unnamed(rows$gene_a) | is_unnamed(rows$gene_b)
  list(rows = rows_but(rows, unnamed), report = list(
    folded = folded_names(given, unlist(rows[ends], use.names = FALSE)),
    unnamed = rows[unnamed, c(ends, beside)]
  ))
}

# Rows of large tables are copied only if some are left out.
rows_but <- function(x, left_out) if (any(left_out)) x[!left_out, ] else x

# Tables that need not have the same columns.
bind_tables <- function(tables) {
  as_tibble(data.table::rbindlist(tables, use.names = TRUE, fill = TRUE))
}

# Current symbols if a table of genes is given; Entrez ids from the table,
# or from the file if its ids are Entrez ids.
# `names` are the genes, `numbers` those that are Entrez ids themselves.
map_pair_genes <- function(pairs, names, numbers, annotation) {
  is_entrez <- are_entrez_ids(pairs)
  if (!is_entrez) pairs$id_a <- pairs$id_b <- rep(NA_character_, nrow(pairs))
  pairs$entrez_a <- id_or_name(pairs$id_a, pairs$gene_a, numbers)
  pairs$entrez_b <- id_or_name(pairs$id_b, pairs$gene_b, numbers)
  pairs$id_a <- pairs$id_b <- NULL
  unmapped <- tibble(input = character(), status = character())
  if (!is.null(annotation)) {
    table <- musl_map_genes(names, annotation = annotation)
    unmapped <- table[is.na(table$symbol), c("input", "status")]
    for (end in c("a", "b")) {
      row <- table[match(pairs[[paste0("gene_", end)]], names), ]
      gene <- paste0("gene_", end)
      entrez <- paste0("entrez_", end)
      pairs[[gene]] <- ifelse(is.na(row$symbol), pairs[[gene]], row$symbol)
      pairs[[entrez]] <- ifelse(is.na(row$entrez), pairs[[entrez]], row$entrez)
    }
  }
  list(pairs = pairs, unmapped = unmapped, not_entrez = tibble(
    column = if (is_entrez) character() else c("id_a", "id_b")
  ))
}

# Genes with well-known Entrez ids, to distinguish Entrez ids from the numbers
# of a knowledge graph's nodes.
known_entrez <- c(
  TP53 = "7157", BRCA1 = "672", BRCA2 = "675", KRAS = "3845", MYC = "4609",
  EGFR = "1956", PARP1 = "142", PTEN = "5728", ATM = "472", ARID1A = "8289",
  CHEK1 = "1111", RB1 = "5925", AKT1 = "207", ATR = "545", CDK1 = "983",
  PLK1 = "5347", WEE1 = "7465", MTOR = "2475", BRAF = "673", VHL = "7428"
)

are_entrez_ids <- function(pairs) {
  id <- drop_prefix(c(pairs$id_a, pairs$id_b))
  if (all(is.na(id))) {
    return(TRUE)
  }
  symbol <- c(pairs$gene_a, pairs$gene_b)
  expected <- known_entrez[symbol]
  known <- !is.na(expected) & !is.na(id)
  all(is_number(unique(id[!is.na(id)]))) &&
    (!any(known) || mean(id[known] == expected[known]) > 0.5)
}

id_or_name <- function(id, name, numbers) {
  id <- drop_prefix(id)
  named <- is.na(id) & name %in% numbers
  id[named] <- name[named]
  id
}

drop_prefix <- function(id) {
  if (!any(startsWith(id, "NCBIGene:"), na.rm = TRUE)) {
    return(id)
  }
  each_once(id, function(id) sub("^NCBIGene:", "", id))
}

# The ends in byte order, their Entrez ids with them; `genes` are in that order.
# Also which rows are of one gene, and a number that rows of one pair share.
canonical_columns <- function(pairs, genes) {
  a <- match(pairs$gene_a, genes)
  b <- match(pairs$gene_b, genes)
  swap <- which(a > b)
  # Columns of one end go with it.
  ends <- end_columns(names(pairs))
  pairs[swap, unlist(ends)] <- pairs[swap, unlist(rev(ends))]
  first <- c("gene_a", "gene_b", "label", "entrez_a", "entrez_b")
  list(
    pairs = pairs[c(first, setdiff(names(pairs), first))], self = a == b,
    key = pmin(a, b) * (length(genes) + 1) + pmax(a, b)
  )
}

# `key`: one number per row, the same for rows of one pair.
collapse_pairs <- function(pairs, key, conflicts) {
  id <- match(key, unique(key))
  n_rows <- tabulate(id)
  n_sl <- tabulate(id[which(pairs$label == "SL")], length(n_rows))
  n_non <- tabulate(id[which(pairs$label == "non_SL")], length(n_rows))
  conflict <- n_sl > 0 & n_non > 0

  out <- rows_but(pairs, duplicated(id))
  label <- rep(NA_character_, length(n_rows))
  label[n_sl > 0] <- "SL"
  label[n_non > 0] <- "non_SL"
  if (conflicts != "drop") label[conflict] <- conflicts
  out$label <- factor(label, levels = pair_labels)
  out <- join_further(out, pairs, id, which(n_rows > 1))
  ends <- c("gene_a", "gene_b")
  out <- tibble(
    out[c(ends, "label", "entrez_a", "entrez_b")], n_rows = n_rows,
    out[setdiff(names(out), c(ends, "label", "entrez_a", "entrez_b"))]
  )
  conflicting <- tibble(
    out[conflict, ends], n_SL = n_sl[conflict], n_non_SL = n_non[conflict]
  )
  list(
    pairs = if (conflicts == "drop") rows_but(out, conflict) else out,
    duplicated = out[n_rows > 1, c(ends, "n_rows")],
    conflicting = conflicting
  )
}

# Joins the text of the rows of a pair; the largest score, the first Entrez id.
join_further <- function(out, pairs, id, repeated) {
  if (length(repeated) == 0) {
    return(out)
  }
  rows <- which(id %in% repeated)
  group <- match(id[rows], repeated)
  further <- setdiff(names(pairs), c("gene_a", "gene_b", "label"))
  for (column in further) {
    join <- switch(column,
      entrez_a = , entrez_b = first_of_groups, score = largest_of_groups,
      paste_groups
    )
    text <- pairs[[column]][rows]
    named <- distinct_in_groups(text, group)
    out[[column]][repeated] <- join(text[named], group[named], length(repeated))
  }
  out
}

# Positions of the distinct names of each group, in their order.
distinct_in_groups <- function(text, group) {
  named <- which(!is_unnamed(text))
  code <- match(text[named], unique(text[named]))
  named[!duplicated(group[named] * (length(text) + 1) + code)]
}

# One string for each of the groups 1 to `n`; NA for empty groups.
first_of_groups <- function(text, group, n) text[match(seq_len(n), group)]

# Pastes all second entries to the first ones, then the third ones, and so on:
# most groups are small.
paste_groups <- function(text, group, n) {
  joined <- first_of_groups(text, group, n)
  place <- sequence(tabulate(group, n))
  for (at in split(order(group), place)[-1]) {
    to <- group[at]
    joined[to] <- paste0(joined[to], ";", text[at])
  }
  joined
}

# Groups that are not all numbers are pasted.
largest_of_groups <- function(text, group, n) {
  number <- suppressWarnings(as.numeric(text))
  order <- order(group, -number)
  largest <- first_of_groups(text[order], group[order], n)
  mixed <- group %in% group[is.na(number)]
  pasted <- paste_groups(text[mixed], group[mixed], n)
  ifelse(is.na(pasted), largest, pasted)
}

# Of names, evaluated where `n` and `report` are.
names_told <- c(
  unnamed = "{n$unnamed} row{?s} without a gene name left out.",
  folded = "{n$folded} name{?s} with other blanks, hyphens, letters or quotes,
            or a version, read as {.val {few(report$folded$name)}}.",
  excel_names = "{n$excel_names} name{?s} changed by a spreadsheet:
                 {.val {few(report$excel_names$name)}}.",
  unmapped = "{n$unmapped} name{?s} that {.arg annotation} does not know or
              knows twice kept as {?it is/they are}:
              {.val {few(report$unmapped$input)}}."
)

tell_pairs <- function(report, conflicts) {
  n <- lapply(report, nrow)
  verb <- if (conflicts == "drop") "left out" else paste("called", conflicts)
  roles <- report$roles
  renamed <- roles[squash_name(roles$role) != squash_name(roles$column), ]
  n$roles <- nrow(renamed)
  texts <- c(names_told,
    roles = "Columns: {told_roles(renamed)}.",
    self = "{n$self} self pair{?s} left out.",
    duplicated = "{n$duplicated} repeated pair{?s}, in either order, merged.",
    conflicting = "{n$conflicting} pair{?s} of both labels {verb}:
                   {show_pairs(report$conflicting)}.",
    not_entrez = "The ids of the genes are no Entrez ids: left out."
  )
  tell_repairs(n, texts, report, "{.code attr(x, \"report\")} lists each case")
}
