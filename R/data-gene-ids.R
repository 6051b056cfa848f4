# Other identifiers of the genes, shown next to their names in results.

other_ids <- c("symbol", "entrez", "ensembl")

# A table of `gene` and those of other_ids that are known for any gene and are
# not the genes' names; NULL if there are none. The user's ids take precedence
# over those in the sources' rowData.
find_gene_ids <- function(given, expression, genes, id_type, call) {
  kinds <- setdiff(other_ids, id_type)
  tables <- c(
    list(given_ids(given, genes, id_type, call)),
    if (!is.null(expression)) {
      lapply(unname(name_sources(expression, call)), row_ids)
    }
  )
  tables <- tables[!vapply(tables, is.null, TRUE)]
  found <- lapply(set_names(kinds), function(kind) {
    Reduce(function(known, table) {
      told <- as.character(table[[kind]])[match(genes, table$gene)]
      if (length(told) == 0) return(known)
      ifelse(is.na(known), missing_to_na(told), known)
    }, tables, rep(NA_character_, length(genes)))
  })
  found <- found[!vapply(found, function(x) all(is.na(x)), TRUE)]
  if (length(found) > 0) tibble(gene = genes, !!!found)
}

# As in musl_map_genes(), but by exact names only.
given_ids <- function(given, genes, id_type, call) {
  if (is.null(given)) {
    return(NULL)
  }
  table <- gene_table(given, call, arg = "gene_ids")
  from <- if (id_type %in% c(other_ids, "uniprot")) id_type
  found <- map_names(genes, from, table)
  unsure <- found$status != "exact"
  if (all(unsure)) {
    warn_musl(c(
      "{.arg gene_ids} contains none of the {length(genes)} gene{?s}.",
      x = "Examples of genes: {.val {utils::head(genes, 3)}}."
    ), "unknown_gene", genes = genes)
  }
  found[unsure, other_ids] <- NA_character_
  found$gene <- genes
  found
}

row_ids <- function(source) {
  if (!inherits(source, "SummarizedExperiment")) {
    return(NULL)
  }
  rows <- SummarizedExperiment::rowData(source)
  table <- list(gene = rownames(source))
  at <- id_places(rows, other_ids)
  for (kind in other_ids[!is.na(at)]) {
    table[[kind]] <- id_text(rows[[at[[kind]]]])
  }
  table
}

# The ids stored in a model and in the data passed to it.
known_ids <- function(object, data = NULL, call = caller_env()) {
  check_is(data, "MuslData", "data", call, allow_null = TRUE)
  kept <- object@inputs$gene_ids
  fresh <- if (!is.null(data)) data@report$gene_ids
  if (is.null(kept) || is.null(fresh)) {
    return(fresh %||% kept)
  }
  columns <- union(names(fresh), names(kept))
  complete <- function(table) {
    table[setdiff(columns, names(table))] <- NA_character_
    table[columns]
  }
  rbind(complete(fresh), complete(kept[!kept$gene %in% fresh$gene, ]))
}

# Columns for result tables: symbol and Entrez id of `genes`, if known.
id_columns <- function(ids, genes, suffix = "") {
  shown <- intersect(c("symbol", "entrez"), names(ids))
  row <- match(genes, ids$gene)
  found <- lapply(shown, function(kind) ids[[kind]][row])
  set_names(found, paste0(shown, suffix, recycle0 = TRUE))
}

# The same for both genes of pairs, without columns already in the table.
pair_id_columns <- function(ids, pairs, taken) {
  columns <- c(
    id_columns(ids, pairs$gene_a, "_a"), id_columns(ids, pairs$gene_b, "_b")
  )
  columns[setdiff(names(columns), taken)]
}

# "\"8289\" is \"ARID1A\"" for the first of `unknown` that are other ids of
# genes; NULL if there are none.
other_id_hint <- function(unknown, ids) {
  gene <- rep(NA_character_, length(unknown))
  for (kind in setdiff(names(ids), "gene")) {
    at <- match(
      without_version(unknown), without_version(ids[[kind]]),
      incomparables = NA
    )
    gene <- ifelse(is.na(gene), ids$gene[at], gene)
  }
  names_hint(unknown, gene, "id")
}
