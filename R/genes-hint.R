# Unknown gene names: the warning that names them, and suggestions.

# One line of advice for unknown names, or NULL: the same names in another
# letter case, with a version or a blank; another name by org.Hs.eg.db, if it is
# installed; another kind of identifier; or a name one letter away.
unknown_gene_hint <- function(unknown, known) {
  unknown <- unique(unknown[!is.na(unknown)])
  if (length(unknown) == 0 || length(known) == 0) {
    return(NULL)
  }
  plain <- known[match(plain_name(unknown), plain_name(known))]
  rest <- "only in letter case or version"
  other <- names_hint(unknown, plain, paste(c("differs", "differ"), rest)) %||%
    human_name_hint(unknown, known)
  if (!is.null(other)) {
    return(other)
  }
  kinds <- c(describe_ids(unknown)$type, describe_ids(known)$type)
  if (kinds[[1]] != kinds[[2]] && !"other" %in% kinds) {
    return(paste0(
      "They look like ", id_words[[kinds[[1]]]], "; known are ",
      id_words[[kinds[[2]]]], " such as \"", without_markup(known[[1]]),
      "\". {.fn musl_map_genes} maps one to the other."
    ))
  }
  # Known names one edit away from any of the first unknown ones. Too many names
  # are one letter away from short ones.
  unknown <- unknown[nchar(unknown) >= 4]
  found <- lapply(utils::head(unknown, 3), function(name) {
    like <- known[abs(nchar(known) - nchar(name)) <= 1]
    like[drop(utils::adist(name, like)) <= 1]
  })
  near <- utils::head(unique(unlist(found)), 3)
  if (length(near) > 0) {
    near <- without_markup(paste0("\"", near, "\"", collapse = ", "))
    paste0("Did you mean ", near, "?")
  }
}

id_words <- c(
  symbol = "symbols", entrez = "Entrez ids", ensembl = "Ensembl ids",
  uniprot = "UniProt accessions", other = "other names"
)

plain_name <- function(x) raise_case(sub("[.][0-9]+$", "", trimws(x)))

# "\"BAF250A\" is \"ARID1A\"" for other names of known human genes; NULL if
# there are none, or the package of their names is absent.
human_name_hint <- function(unknown, known) {
  kind <- describe_ids(known)$type
  table <- if (kind %in% other_ids) {
    tryCatch(gene_table("org.Hs.eg.db"), error = function(e) NULL)
  }
  if (is.null(table)) {
    return(NULL)
  }
  gene <- map_names(trimws(unknown), table)[[kind]]
  gene[!gene %in% known] <- NA
  hint <- names_hint(unknown, gene, c(
    "is another name of a known gene", "are other names of known genes"
  ))
  if (!is.null(hint)) paste(hint, "{.fn musl_map_genes} maps such names.")
}

# "1 is another name of a known gene: ..." for the names whose gene is not NA,
# by the `words` for one and for several.
names_hint <- function(unknown, gene, words) {
  found <- which(!is.na(gene))
  if (length(found) == 0) {
    return(NULL)
  }
  shown <- utils::head(found, 3)
  pairs <- paste0("\"", unknown[shown], "\" is \"", gene[shown], "\"")
  without_markup(paste0(
    length(found), " ", words[[1 + (length(found) > 1)]], ": ",
    paste(pairs, collapse = ", "), "."
  ))
}

# Names the genes of an argument that are unknown, and what becomes of them.
warn_unknown <- function(given, arg, genes, fate) {
  unknown <- setdiff(given, genes)
  warn_if(length(unknown) > 0, c(
    "{length(unknown)} gene{?s} of {.arg {arg}}
     {cli::qty(length(unknown))}{?is/are} unknown and {fate}:
     {.val {utils::head(unknown, 3)}}.",
    i = unknown_gene_hint(unknown, genes)
  ), "unknown_gene", genes = unknown)
}

id_types <- c("symbol", "entrez", "ensembl", "uniprot", "other")

# The kind of each name. UniProt's pattern also fits a few symbols (P2RY10,
# H2AC11), so the kind is decided over all names of an input.
id_type_of <- function(names) {
  type <- rep("other", length(names))
  type[grepl("^[A-Za-z][A-Za-z0-9._@/-]*$", names)] <- "symbol"
  uniprot <- paste0(
    "^([OPQ][0-9][A-Z0-9]{3}[0-9]|[A-NR-Z][0-9]([A-Z][A-Z0-9]{2}[0-9]){1,2})",
    "(-[0-9]+)?$"
  )
  type[grepl(uniprot, names)] <- "uniprot"
  type[grepl("^ENS[A-Z]*G[0-9]+([.][0-9]+)?(_PAR_Y)?$", names)] <- "ensembl"
  type[grepl("^[0-9]+$", names)] <- "entrez"
  factor(type, levels = id_types)
}

# The kind of an input and the number of names that are clearly of another kind.
describe_ids <- function(names) {
  n <- tabulate(id_type_of(names), length(id_types))
  names(n) <- id_types
  type <- id_types[[which.max(n)]]
  # Every annotation has names that match no known pattern, and UniProt's
  # pattern fits symbols: neither is evidence against the main kind.
  foreign <- setdiff(
    c(if (!type %in% c("other", "uniprot")) "symbol", "entrez", "ensembl"), type
  )
  list(type = type, n_other = sum(n[foreign]), n = n)
}

other_ids <- c("symbol", "entrez", "ensembl")

# Names of genes as `genes` has them, each once, or an error with a hint for
# those that are unknown.
check_anchors <- function(anchor, genes, of = "the model or {.arg data}",
                          arg = "anchor") {
  anchor <- factor_names(anchor, arg)
  if (!is.character(anchor) || length(anchor) == 0) {
    abort_argument(arg, "one or more gene names", anchor)
  }
  anchor <- unique(named_as(anchor, genes, arg))
  bad <- setdiff(anchor, genes)
  abort_if(length(bad) > 0, c(
    paste0("{.arg {arg}} must hold genes that ", of, " has."),
    x = "{length(bad)} unknown: {.val {utils::head(bad, 3)}}.",
    i = unknown_gene_hint(bad, genes) %||%
      "Its names look like {.val {utils::head(genes, 3)}}."
  ), "gene", genes = bad, argument = arg)
  anchor
}
