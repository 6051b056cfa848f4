# Suggestions for unknown gene names.

# One line of advice for unknown names, or NULL: another id of a known gene, by
# `ids` of known_ids(); the same names in another letter case, with a
# version or a blank; another kind of identifier; or a name one letter away.
unknown_gene_hint <- function(unknown, known, ids = NULL) {
  unknown <- unique(unknown[!is.na(unknown)])
  if (length(unknown) == 0 || length(known) == 0) {
    return(NULL)
  }
  other <- other_id_hint(unknown, ids)
  if (!is.null(other)) {
    return(other)
  }
  plain <- known[match(plain_name(unknown), plain_name(known))]
  found <- which(!is.na(plain))
  if (length(found) > 0) {
    shown <- utils::head(found, 3)
    pairs <- paste0("\"", unknown[shown], "\" is \"", plain[shown], "\"")
    return(escape_markup(paste0(
      length(found), if (length(found) == 1) " differs" else " differ",
      " only in letter case or version: ",
      paste(pairs, collapse = ", "), "."
    )))
  }
  kinds <- c(describe_ids(unknown)$type, describe_ids(known)$type)
  if (kinds[[1]] != kinds[[2]] && !"other" %in% kinds) {
    return(escape_markup(paste0(
      "They look like ", id_words[[kinds[[1]]]], "; known are ",
      id_words[[kinds[[2]]]], " such as \"", known[[1]],
      "\". {.fn musl_map_genes} maps one to the other."
    ), keep = "{.fn musl_map_genes}"))
  }
  near <- nearest_name(unknown, known)
  if (!is.null(near)) {
    escape_markup(paste0(
      "Did you mean ", paste0("\"", near, "\"", collapse = ", "), "?"
    ))
  }
}

id_words <- c(
  symbol = "symbols", entrez = "Entrez ids", ensembl = "Ensembl ids",
  uniprot = "UniProt accessions", other = "other names"
)

plain_name <- function(x) {
  toupper(sub("[.][0-9]+$", "", trimws(x)))
}

# Known names one edit away from any of the first unknown ones. Too many names
# are one letter away from short ones.
nearest_name <- function(unknown, known, n = 3) {
  unknown <- unknown[nchar(unknown) >= 4]
  found <- lapply(utils::head(unknown, n), function(name) {
    like <- known[abs(nchar(known) - nchar(name)) <= 1]
    like[drop(utils::adist(name, like)) <= 1]
  })
  found <- unique(unlist(found))
  if (length(found) > 0) utils::head(found, n)
}

# Escapes names, which are no markup; `keep` is.
escape_markup <- function(text, keep = NULL) {
  out <- without_markup(text)
  if (is.null(keep)) out else sub(without_markup(keep), keep, out, fixed = TRUE)
}
