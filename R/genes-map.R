#' Map gene identifiers
#'
#' Finds the gene that each name refers to, and reports how certain the match
#' is.
#'
#' A current symbol has priority over an alias. If a name matches nothing
#' exactly, a match that differs only in letter case counts, and is marked:
#' `arid1a` is `ARID1A`. A name that may refer to several genes is not mapped,
#' nor is a name that a spreadsheet turned into a date or a number. Ensembl ids
#' may have a version, UniProt accessions an isoform.
#'
#' @param x Character vector: symbols, aliases, Entrez, Ensembl or UniProt ids,
#'   also mixed.
#' @param ... Must be empty.
#' @param annotation `"org.Hs.eg.db"`, the human genes of that Bioconductor
#'   package, if it is installed; or a data frame or the file of a table with
#'   one row per gene: `symbol` and any of `entrez`, `ensembl`, `uniprot`,
#'   `alias`, `previous`, `status`, under these or HGNC's, NCBI's or BioMart's
#'   names; beside approved symbols other symbols are aliases.
#'   A cell may list several ids, separated by `|`, `;` or `,`.
#'   A `status` that says withdrawn marks a name that is no longer in use.
#' @returns A tibble with one row per entry of `x`, in order: `input`, `symbol`,
#'   `entrez`, `ensembl`, `uniprot` (`NA` if unknown; the first if a gene
#'   has several), `status`, `candidates`.
#'   `status` is a factor: `exact`; `alias` (an alias or former symbol of one
#'   gene); `case` (a symbol, alias or id of one gene in another letter case);
#'   `ambiguous` (several genes); `withdrawn`; `unknown`; `excel` (a date or
#'   number that a spreadsheet made from a symbol, as `1-Mar`, `43891`).
#'   `candidates` lists the symbols that an ambiguous or changed name may refer
#'   to, joined by `"|"`, with Entrez ids if genes share a symbol.
#' @section Errors:
#'   `musl_error_input` if `x` is not a character vector, if the package of the
#'   annotation is not installed, or the table lacks `symbol`.
#' @examples
#' genes <- data.frame(
#'   symbol = c("MARCHF1", "TP53"), entrez = c("55016", "7157"),
#'   alias = c("MARCH1", "P53|LFS1")
#' )
#' musl_map_genes(c("tp53", "P53", "7157", "1-Mar"), annotation = genes)
#' @export
musl_map_genes <- function(x, ..., annotation = "org.Hs.eg.db") {
  check_dots_empty()
  x <- factor_names(x)
  abort_if(!is.character(x), c(
    "{.arg x} must be a character vector.",
    x = "Found {describe_value(x)}.",
    i = "Give Entrez ids as character."
  ), argument = "x")
  table <- gene_table(annotation)
  names <- unique(x)
  cleaned <- clean_names(names)
  found <- map_names(ifelse(is.na(cleaned), trimws(names), cleaned), table)
  tell_absent_ids(names, found$status, table)
  out <- found[match(x, names), ]
  tibble(input = x, out)
}

# Ids of a kind that no gene of the table has.
tell_absent_ids <- function(names, status, table) {
  type <- id_type_of(names)
  type[status != "unknown"] <- NA
  n <- tabulate(type, length(id_types))
  kinds <- intersect(c("ensembl", "entrez", "uniprot"), id_types[n > 0])
  none <- vapply(kinds, function(x) all(is.na(table$genes[[x]])), NA)
  # UniProt's pattern fits symbols.
  absent <- kinds[none & (kinds != "uniprot" | n[id_types == "uniprot"] > 5)]
  inform_if(length(absent) > 0, c(
    "{.arg annotation} has no column of {id_words[absent]}, such as
     {.val {few(names[type %in% absent])}}.",
    i = "Its headers may have other names: call them {.field {absent}}."
  ))
}

# The kinds of names, in the order in which they are searched.
map_kinds <- c("symbol", "entrez", "ensembl", "alias", "uniprot")

map_status <- c(
  "exact", "alias", "case", "ambiguous", "withdrawn", "unknown", "excel"
)

# Unique names -> symbol, entrez, ensembl, uniprot, status, candidates.
map_names <- function(names, table) {
  found <- tibble(
    gene = rep(NA_integer_, length(names)),
    status = "unknown", candidates = NA_character_
  )
  found <- look_up(found, names, table$lookup)
  gone <- found$status == "unknown" & names %in% table$withdrawn
  found$status[gone] <- "withdrawn"
  excel <- found$status == "unknown" &
    (is_excel_text(names) | is_excel_serial(names))
  found$status[excel] <- "excel"
  found$candidates[excel] <- vapply(
    excel_candidates(names[excel]), function(found) {
      known <- intersect(found, table$genes$symbol)
      if (length(known) == 0) NA_character_ else paste(known, collapse = "|")
    }, ""
  )
  if (any(found$status == "unknown")) {
    found <- look_up(
      found, raise_case(names), upper_lookup(table), status = "case"
    )
  }
  rows <- table$genes[found$gene, ]
  rows$status <- factor(found$status, levels = map_status)
  rows$candidates <- found$candidates
  rows
}

# Fills the unknown rows of `found`, trying the kinds of names in turn.
# Without a `status` it is that of the kind.
look_up <- function(found, names, lookup, status = NULL) {
  open <- found$status == "unknown" & !is.na(names) & nzchar(names)
  for (kind in map_kinds) {
    hits <- lookup[[kind]]
    at <- match(bare_id(names, kind), hits$id)
    several <- at %in% which(hits$several)
    one <- open & !is.na(at) & !several
    many <- open & !is.na(at) & several
    found$gene[one] <- hits$gene[at[one]]
    found$status[one] <- status %||%
      (if (kind == "alias") "alias" else "exact")
    found$status[many] <- "ambiguous"
    found$candidates[many] <- hits$candidates[at[many]]
    open <- open & is.na(at)
  }
  found
}

bare_id <- function(names, kind) {
  switch(kind,
    ensembl = sub("[.][0-9]+$", "", names),
    uniprot = sub("-[0-9]+$", "", names),
    names
  )
}

# Gene labels as files write them -> symbol, Entrez and Ensembl.

# "TP53 (7157)", "TP53 (ENSG00000141510)", both damaged by make.names() as
# "TP53..7157.", a bare id or symbol.
parse_gene_labels <- function(labels) {
  labels <- trimws(labels)
  pattern <- "^(.*?)(?: \\(|\\.\\.)([0-9]+|ENSG[0-9.]+?)(?:\\)|\\.)$"
  matched <- grepl(pattern, labels, perl = TRUE)
  id <- ifelse(matched, sub(pattern, "\\2", labels, perl = TRUE), labels)
  symbol <- ifelse(matched, sub(pattern, "\\1", labels, perl = TRUE), NA)
  is_entrez <- grepl("^[0-9]+$", id)
  # make.names() turns hyphens into points, which no symbol of HGNC has; names
  # of clones with an Ensembl id do.
  damaged <- matched & is_entrez & grepl("[.]$", labels)
  symbol[damaged] <- gsub(".", "-", symbol[damaged], fixed = TRUE)
  is_ensembl <- grepl("^ENSG[0-9]{6,}([.][0-9]+)?$", id)
  bare <- !matched & !is_entrez & !is_ensembl
  symbol[bare] <- labels[bare]
  unnamed <- fold_case(symbol) %in% c("", "na", "nan", "unknown", "none")
  # A bare "NAN" or "NONE" is the name in the file; it has no id as fallback.
  symbol[unnamed & !bare] <- NA
  tibble(
    label = labels,
    symbol = symbol,
    entrez = ifelse(is_entrez, id, NA_character_),
    ensembl = ifelse(is_ensembl, sub("[.][0-9]+$", "", id), NA_character_)
  )
}
