# Where a table has the genes of its pairs: two columns, or one of both.

# Positions of the two columns of genes, those given or of one of `styles`, if
# possible one that holds no numbers; NULL if there are none. Those that are
# `taken` have another role.
gene_places <- function(table, name, columns, styles, taken) {
  if (is.null(columns$gene_a) && is.null(columns$gene_b)) {
    squashed <- squash_name(replace(names(table), taken, ""))
    at <- lapply(styles, match, squashed)
    at <- at[!vapply(at, anyNA, NA)]
    twice <- squashed[unlist(at)]
    twice <- squashed %in% twice[twice %in% squashed[duplicated(squashed)]]
    abort_file_if(any(twice), name, 1, c(
      x = "Several columns may be one gene: {.field {names(table)[twice]}}.",
      i = "Name {.field gene_a} and {.field gene_b} in {.arg columns}."
    ))
    if (length(at) == 1) {
      return(at[[1]])
    }
    numbered <- vapply(at, function(at) {
      text <- clean_names(unlist(table[at], use.names = FALSE))
      all(is_number(text[!is.na(text)]))
    }, NA)
    return(c(at[!numbered], at, list(NULL))[[1]])
  }
  c(given_column(columns$gene_a, table), given_column(columns$gene_b, table))
}

# list(genes = tibble gene_a, gene_b; used = positions by role; unsplit) of the
# columns of `layout`, the user's or that of pairs, whose names `marks` part.
locate_pair <- function(table, name, layout, given, taken, marks = pair_marks) {
  taken <- taken[!is.na(taken)]
  squashed <- squash_name(replace(names(table), taken, ""))
  at <- gene_places(table, name, given, layout$genes, taken)
  joint <- setdiff(match(layout$pair, squashed), NA)
  is_first <- isTRUE(layout$first) &&
    (!is.null(layout$mark) || squashed[[1]] %in% gi_index_names)
  if (length(joint) == 0 && is_first) joint <- 1L
  if (is.null(at) && length(joint) > 0) {
    pairs <- split_pairs(table[[joint[[1]]]], marks)
    return(c(pairs, list(used = c(pair = joint[[1]]))))
  }
  at <- at %||% find_both(squashed, pair_id_names)
  abort_file_if(is.null(at), name, 1, c(
    x = "No two columns are recognised as the genes of a pair.",
    x = "The columns are {.field {few(names(table), 12)}}.",
    i = "Name {.field gene_a} and {.field gene_b} in {.arg columns}; without a
         header pass {.code header = FALSE, columns = 1:2}."
  ))
  genes <- tibble(gene_a = table[[at[[1]]]], gene_b = table[[at[[2]]]])
  check_gene_numbers(
    clean_names(unique(c(genes$gene_a, genes$gene_b))), names(table)[at], name,
    "Name the columns of the genes' names in {.arg columns}, or call the columns
     {.field entrez_a} and {.field entrez_b} if they are Entrez ids."
  )
  list(genes = genes, used = set_names(at, c("gene_a", "gene_b")))
}

# The `columns` of a reader as a list by role; without names they are the first
# of `roles`.
given_columns <- function(columns, roles) {
  given <- as.list(columns)
  if (is.null(names(given))) names(given) <- roles[seq_along(given)]
  if (length(given) > 0 && !rlang::is_dictionaryish(given) ||
    !all(names(given) %in% roles)) {
    abort_argument("columns", paste0(
      "names or positions of columns, named by their roles ",
      paste(roles, collapse = ", ")
    ), columns)
  }
  given
}

given_column <- function(column, table, arg = "columns") {
  at <- if (is_string(column)) {
    match(column, names(table))
  } else if (is_one_number(column) && column %in% seq_along(table)) {
    as.integer(column)
  } else {
    NA
  }
  abort_if(is.na(at), c(
    "{.arg {arg}} must give the name or position of a column.",
    x = "Found {describe_value(column)}.",
    i = "The columns are {.field {few(names(table), 12)}}."
  ), argument = arg)
  at
}

pair_marks <- c("|", ";", "_", "/", ":", ",", "~", "+", "&", "-", " ")

# list(genes = tibble gene_a, gene_b, NA if a pair can't be split; unsplit).
split_pairs <- function(x, marks = pair_marks) {
  x <- clean_names(x)
  there <- !is_unnamed(x)
  n_parts <- function(mark) {
    lengths(strsplit(utils::head(x[there], 5000), mark, fixed = TRUE))
  }
  # Two marks before one, and the first in most pairs: hyphens are also parts of
  # names.
  marks <- c(strrep(c(setdiff(marks, " "), "."), 2), marks)
  share <- vapply(marks, function(mark) mean(n_parts(mark) >= 2), 1)
  mark <- marks[c(which(share > 0.9), which.max(share), 1)[[1]]]
  parts <- strsplit(x, mark, fixed = TRUE)
  n <- lengths(parts)
  clear <- n == 2
  a <- b <- rep(NA_character_, length(x))
  a[clear] <- vapply(parts[clear], `[[`, "", 1)
  b[clear] <- vapply(parts[clear], `[[`, "", 2)
  odd <- which(n > 2)
  if (length(odd) > 0) {
    cut <- cut_odd_pairs(parts[odd], mark, unique(c(a[clear], b[clear])))
    a[odd] <- cut$a
    b[odd] <- cut$b
  }
  list(
    genes = tibble(gene_a = clean_names(a), gene_b = clean_names(b)),
    unsplit = x[there & is.na(a)]
  )
}

# A pair with more than two parts, as HLA-A-TP53 split at hyphens: the one split
# between two known names, else the one next to a known name.
cut_odd_pairs <- function(parts, mark, known) {
  distinct <- unique(parts)
  is_known <- function(x) x %in% known | is_control(x)
  cuts <- vapply(distinct, function(part) {
    joined <- function(i) paste(part[i], collapse = mark)
    at <- seq_len(length(part) - 1)
    left <- vapply(at, function(i) joined(seq_len(i)), "")
    right <- vapply(at, function(i) joined(-seq_len(i)), "")
    votes <- is_known(left) + is_known(right)
    best <- which(votes == max(votes))
    if (max(votes) == 0 || length(best) > 1) {
      return(c(NA_character_, NA_character_))
    }
    c(left[[best]], right[[best]])
  }, character(2))
  at <- match(parts, distinct)
  list(a = cuts[1, at], b = cuts[2, at])
}
