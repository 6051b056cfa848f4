# Tables of genes: the gene of a symbol, alias or id.

# Where a table has each kind, or NA. A column named as Entrez ids may hold
# others: `gene_id` is Ensembl's in tables made from a GTF file, `Geneid` a
# symbol in some of featureCounts. HGNC says who supplied ids.
id_places <- function(table) {
  names <- sub(" ?\\(supplied by .*\\)$", "", valid_text(names(table)))
  at <- match_layout(names, list(columns = annotation_columns))$at
  if (is.na(at[["entrez"]])) {
    return(at)
  }
  held <- ids_of(table[[at[["entrez"]]]])
  held <- held[!is.na(held)]
  kind <- describe_ids(held)$type
  if (length(held) > 0 && kind %in% c("ensembl", "symbol")) {
    if (is.na(at[[kind]])) at[[kind]] <- at[["entrez"]]
    at[["entrez"]] <- NA
  }
  at
}

# Tables of packages, made once per session.
annotation_cache <- new.env(parent = emptyenv())

# The data of musl_map_genes(): `genes` (one row per gene), `lookup` (for each
# kind of id a table of id, gene, several, candidates) and `withdrawn` names.
gene_table <- function(annotation) {
  if (identical(annotation, "org.Hs.eg.db")) {
    if (is.null(annotation_cache$human)) {
      annotation_cache$human <- index_genes(human_gene_ids())
    }
    return(annotation_cache$human)
  }
  table <- if (is_string(annotation)) {
    read_all_text(check_file(annotation))
  } else {
    annotation
  }
  if (!is.data.frame(table)) {
    abort_argument("annotation",
      "\"org.Hs.eg.db\", a data frame or the file of a table", annotation
    )
  }
  index_genes(given_gene_ids(table))
}

# A list of `genes` (symbol) and, for each kind, a table of `id` and `gene`, the
# row of the gene.
given_gene_ids <- function(table) {
  at <- id_places(table)
  abort_if(is.na(at[["symbol"]]), c(
    "{.arg annotation} must have the column {.field symbol}.",
    x = "Its columns are {.field {utils::head(names(table), 12)}}."
  ), argument = "annotation")
  column <- function(kind) {
    if (is.na(at[[kind]])) {
      return(rep(NA_character_, nrow(table)))
    }
    ids <- table[[at[[kind]]]]
    if (is.factor(ids)) ids <- as.character(ids)
    name <- names(table)[[at[[kind]]]]
    check_one_a_row(ids, name, "value", "annotation")
    what <- paste0("Column ", name, " of `annotation`")
    ids_of(check_encoding(ids, what, "annotation"))
  }
  symbol <- column("symbol")
  gone <- grepl("withdrawn", fold_case(column("status")))
  # NCBI's tables may have genes of other species.
  taxon <- column("taxon")
  human <- !any(taxon %in% "9606") | taxon %in% "9606"
  kept <- which(!gone & !is.na(symbol) & human)
  xrefs <- column("xrefs")
  ensembl <- column("ensembl")
  listed <- is.na(ensembl) & grepl("Ensembl:", xrefs, fixed = TRUE)
  ensembl[listed] <- sub("^.*Ensembl:(ENSG[0-9]+).*$", "\\1", xrefs[listed])
  gene <- same_genes(symbol[kept], column("entrez")[kept], ensembl[kept])
  split_ids <- function(kind) {
    ids <- if (kind == "ensembl") ensembl else column(kind)
    parts <- strsplit(ids[kept], "[|;,] *")
    id <- without_version(trimws(unlist(parts)))
    keep <- !is.na(id) & nzchar(id)
    tibble(id = as.character(id[keep]), gene = rep(gene, lengths(parts))[keep])
  }
  list(
    genes = tibble(symbol = symbol[kept][!duplicated(gene)]),
    entrez = split_ids("entrez"),
    ensembl = split_ids("ensembl"),
    uniprot = split_ids("uniprot"),
    alias = rbind(
      split_ids("alias"), split_ids("previous"),
      other_symbols(table, at, kept, gene)
    ),
    withdrawn = setdiff(symbol[gone], symbol[kept])
  )
}

# Beside approved symbols another column of symbols has old ones as well.
other_symbols <- function(table, at, rows, gene) {
  other <- which(squash_name(names(table)) %in% annotation_columns$symbol)
  bind_each(setdiff(other, at), function(column) {
    known <- tibble(id = ids_of(table[[column]])[rows], gene = gene)
    known[!is.na(known$id), ]
  })
}

# The number of each row's gene. A gene may have several rows, one a synonym or
# transcript: they have one Entrez id, or else one Ensembl id, or one symbol.
same_genes <- function(symbol, entrez, ensembl) {
  only <- function(id, by) {
    known <- unique(tibble(by = by, id = id)[!is.na(id) & !is.na(by), ])
    known <- known[!known$by %in% known$by[duplicated(known$by)], ]
    ifelse(is.na(id), known$id[match(by, known$by)], id)
  }
  ensembl <- without_version(ensembl)
  entrez <- only(only(entrez, ensembl), symbol)
  ensembl <- only(ensembl, symbol)
  key <- ifelse(is.na(entrez),
    ifelse(is.na(ensembl), symbol, ensembl), entrez
  )
  key <- paste(symbol, key, sep = "\t")
  match(key, unique(key))
}

# Ids of a column of a table, NA where it holds none.
ids_of <- function(column) {
  sub("^([0-9]+)[.]0+$", "\\1", missing_to_na(trimws(id_text(column))))
}

# As given_gene_ids(), of the human genes. It reads the database in the
# package's file, for loading the package takes 2 s and 100 MB.
human_gene_ids <- function() {
  for (package in c("DBI", "RSQLite")) {
    check_installed(package, "to map genes by org.Hs.eg.db")
  }
  file <- system.file("extdata", "org.Hs.eg.sqlite", package = "org.Hs.eg.db")
  if (!nzchar(file)) {
    abort_not_installed(
      "org.Hs.eg.db", "or a table given as `annotation`, to map genes"
    )
  }
  connection <- DBI::dbConnect(
    RSQLite::SQLite(), file,
    flags = RSQLite::SQLITE_RO
  )
  on.exit(DBI::dbDisconnect(connection))
  read <- function(kind) {
    at <- id_tables[[kind]]
    DBI::dbGetQuery(connection, sprintf(
      "SELECT _id AS row, %s AS id FROM %s ORDER BY rowid", at[[2]], at[[1]]
    ))
  }
  symbols <- read("symbol")
  ids <- function(kind) {
    table <- read(kind)
    gene <- match(table$row, symbols$row)
    keep <- !is.na(gene)
    tibble(id = table$id[keep], gene = gene[keep])
  }
  alias <- ids("alias")
  list(
    genes = tibble(symbol = symbols$id),
    entrez = ids("entrez"), ensembl = ids("ensembl"), uniprot = ids("uniprot"),
    alias = alias[alias$id != symbols$id[alias$gene], ],
    withdrawn = character()
  )
}

# Table and column of each kind of id in the database of an OrgDb.
id_tables <- list(
  symbol = c("gene_info", "symbol"), entrez = c("genes", "gene_id"),
  ensembl = c("ensembl", "ensembl_id"), uniprot = c("uniprot", "uniprot_id"),
  alias = c("alias", "alias_symbol")
)

index_genes <- function(ids) {
  genes <- ids$genes
  first_id <- function(kind) {
    ids[[kind]]$id[match(seq_len(nrow(genes)), ids[[kind]]$gene)]
  }
  own <- c("entrez", "ensembl", "uniprot")
  genes[own] <- lapply(own, first_id)
  ids$symbol <- tibble(id = genes$symbol, gene = seq_len(nrow(genes)))
  list(
    genes = genes, ids = ids[map_kinds], withdrawn = ids$withdrawn,
    lookup = lapply(ids[map_kinds], function(x) index_ids(unique(x), genes)),
    upper = new.env(parent = emptyenv())
  )
}

# The lookup in capitals, made on first use.
upper_lookup <- function(table) {
  made <- table$upper
  if (is.null(made$lookup)) {
    made$lookup <- lapply(table$ids, function(ids) {
      ids$id <- raise_case(ids$id)
      index_ids(unique(ids), table$genes)
    })
  }
  made$lookup
}

# One row per id; `several` if it belongs to more than one gene.
index_ids <- function(table, genes) {
  twice <- table$id %in% table$id[duplicated(table$id)]
  first <- table[!duplicated(table$id), ]
  first$several <- first$id %in% table$id[twice]
  first$candidates <- rep(NA_character_, nrow(first))
  if (any(twice)) {
    found <- split(table$gene[twice], table$id[twice])
    joined <- vapply(found, function(gene) {
      # Genes that share a symbol also have the Entrez id, "TEC (7006)".
      names <- genes$symbol[gene]
      id <- genes$entrez[gene]
      shared <- names %in% names[duplicated(names)] & !is.na(id)
      names[shared] <- paste0(names[shared], " (", id[shared], ")")
      paste(sort_bytes(names), collapse = "|")
    }, "")
    first$candidates[first$several] <- joined[first$id[first$several]]
  }
  first
}

# Ids that rows of `known` lack, of the same rows of `other`.
fill_ids <- function(known, other) {
  for (column in other_ids) {
    lacks <- is.na(known[[column]])
    known[[column]][lacks] <- other[[column]][lacks]
  }
  known
}
