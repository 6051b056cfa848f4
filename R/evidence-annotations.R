#' Terms and families of genes
#'
#' Reads Gene Ontology terms and protein families of genes, as evidence of what
#' two genes share; see [musl_evidence()].
#'
#' Evidence codes IGI and HGI, genetic interactions that would reveal the
#' labels, and ND (no data) are left out. A gene has a term if it is annotated
#' with it or with one of its descendants. Terms of one gene, or of more than
#' 300, are left out; terms of 20 to 5,000 genes and pathways serve the scorer
#' `terms` of [musl_fit()].
#'
#' @param x An `OrgDb` such as `org.Hs.eg.db` or the name of its package, or a
#'   data frame with one row per annotation: `gene`, `term`, optionally `branch`
#'   (such as BP, MF and CC; by default, all terms are of one branch) and
#'   `evidence` (code).
#'   Ancestors of terms are not added to a table: include them.
#' @param families `NULL` or a data frame with columns `gene` and `family`.
#'   `NULL` uses the Pfam families of an `OrgDb`.
#' @param ... Must be empty.
#' @param pathways `NULL` or a data frame with columns `gene` and `pathway`, as
#'   [read_gmt()] makes it.
#'   `NULL` uses the KEGG pathways of an `OrgDb`, if it has them.
#' @param id_type Gene identifiers to use from an `OrgDb`: `"symbol"`,
#'   `"entrez"` or `"ensembl"`.
#' @returns A list of class `musl_annotations`: `terms`, a tibble of `gene`,
#'   `term` and `branch`; `families`, a tibble of `gene` and `family`; `wide`, a
#'   tibble of `gene` and `term`, for terms of 20 to 5,000 genes; `pathways`, a
#'   tibble of `gene` and `pathway`; all without duplicates.
#' @section Errors:
#'   `musl_error_input` if a table lacks a column or a value in one, or has no
#'   rows, or if the `OrgDb` is not installed.
#'   `musl_warning_leakage` for terms without evidence codes, which may include
#'   genetic interactions; `musl_warning_other` if no term is left.
#' @seealso [musl_evidence()]
#' @examples
#' terms <- data.frame(
#'   gene = c("ARID1A", "ARID1B", "BRCA1"), branch = "CC",
#'   term = c("GO:0016514", "GO:0016514", "GO:0070531"), evidence = "IDA"
#' )
#' families <- data.frame(gene = c("ARID1A", "ARID1B"), family = "PF01388")
#' musl_annotations(terms, families = families)
#' @export
musl_annotations <- function(x, families = NULL, ..., pathways = NULL,
                             id_type = c("symbol", "entrez", "ensembl")) {
  check_dots_empty()
  id_type <- check_choice(id_type, orgdb_ids)
  if (is_string(x)) x <- orgdb_of_package(x)
  if (inherits(x, "OrgDb")) {
    check_term_tables(x)
    terms <- orgdb_terms(x, id_type)
    families <- families %||% orgdb_sets(x, "pfam", "family", id_type)
    pathways <- pathways %||% orgdb_sets(x, "kegg", "pathway", id_type)
  } else {
    terms <- table_terms(x)
  }
  terms <- terms[!duplicated_pairs(terms$gene, terms$term), ]
  n_genes <- table(terms$term)
  structure(
    list(
      terms = terms_of_size(terms, n_genes, term_sizes),
      families = set_table(families, "family", "families"),
      wide = terms_of_size(terms, n_genes, wide_sizes)[c("gene", "term")],
      pathways = set_table(pathways, "pathway", "pathways")
    ),
    class = "musl_annotations",
    # Whether evidence codes allowed leaving out genetic interactions.
    coded = inherits(x, "OrgDb") || "evidence" %in% names(x)
  )
}

# Evidence codes of genetic interactions, and of no data.
left_out_codes <- c("IGI", "HGI", "ND")
term_sizes <- c(2, 300)
wide_sizes <- c(20, 5000)

orgdb_ids <- c("symbol", "entrez", "ensembl")

orgdb_of_package <- function(name) {
  if (!grepl("^[A-Za-z][A-Za-z0-9.]*$", name)) {
    what <- "an OrgDb, the name of its package or a table"
    abort_argument("x", what, name)
  }
  check_installed("AnnotationDbi", "to read annotations of a package")
  check_installed(name, "or a table, to read annotations")
  x <- if (name %in% getNamespaceExports(name)) getExportedValue(name, name)
  abort_if(!inherits(x, "OrgDb"), c(
    "{.arg x} must be an {.cls OrgDb} or the name of its package.",
    x = "The package {.pkg {name}} exports no {.cls OrgDb} of that name."
  ), argument = "x")
  x
}

# Packages such as org.Hs.eg.db have a table per branch. A query of them takes a
# quarter of the time of AnnotationDbi's select(), which sorts rows of text
# (8 and 34 CPU seconds for all terms of org.Hs.eg.db 3.16).
go_branches <- c("BP", "CC", "MF")

go_table <- function(branch) paste0("go_", fold_case(branch), "_all")

check_term_tables <- function(x) {
  tables <- vapply(id_tables[orgdb_ids], `[[`, "", 1)
  lacks <- setdiff(
    c(go_table(go_branches), tables),
    DBI::dbListTables(AnnotationDbi::dbconn(x))
  )
  abort_if(length(lacks) > 0, c(
    "{.arg x} must be an {.cls OrgDb} with the tables of {.pkg org.Hs.eg.db}.",
    x = "It lacks {.val {lacks}}.",
    i = "Pass its annotations as a data frame."
  ), argument = "x")
}

# The sets of genes in a table: row, gene, set.
orgdb_rows <- function(x, table, column, id_type, further = "") {
  ids <- id_tables[[id_type]]
  DBI::dbGetQuery(AnnotationDbi::dbconn(x), sprintf(
    "SELECT a._id AS row, i.%s AS gene, a.%s AS \"set\" FROM %s a
       JOIN %s i ON i._id = a._id
       WHERE i.%s IS NOT NULL AND a.%s IS NOT NULL %s",
    ids[[2]], column, table, ids[[1]], ids[[2]], column, further
  ))
}

orgdb_terms <- function(x, id_type) {
  out <- paste0("'", left_out_codes, "'", collapse = ", ")
  found <- bind_each(go_branches, function(branch) {
    rows <- orgdb_rows(
      x, go_table(branch), "go_id", id_type,
      sprintf("AND a.evidence NOT IN (%s)", out)
    )
    cbind(rows, branch = rep(branch, nrow(rows)))
  })
  at <- order(found$row, found$set, method = "radix")
  tibble(gene = found$gene[at], term = found$set[at], branch = found$branch[at])
}

# Sets of each gene, pfam or kegg, as `gene` and `set`; NULL without a table.
orgdb_sets <- function(x, table, set, id_type) {
  if (DBI::dbExistsTable(AnnotationDbi::dbconn(x), table)) {
    column <- c(pfam = "pfam_id", kegg = "path_id")[[table]]
    found <- orgdb_rows(x, table, column, id_type, "ORDER BY a._id")
    as_tibble(set_names(found[c("gene", "set")], c("gene", set)))
  }
}

table_terms <- function(x) {
  check_evidence_table(x, c("gene", "term"), "x")
  if ("branch" %in% names(x)) check_named_rows(x, "branch", "x")
  evidence <- as.character(x[["evidence"]] %||% rep(NA, nrow(x)))
  code <- raise_case(trimws(evidence))
  warn_uncoded(sum(is.na(code) | !nzchar(code)), nrow(x))
  kept <- !code %in% left_out_codes
  warn_if(!any(kept), c(
    "No annotation is left.",
    x = "All {nrow(x)} row{?s} {?has/have} evidence codes among
         {.val {left_out_codes}}, which are left out."
  ))
  tibble(
    gene = id_text(x$gene),
    term = as.character(x$term),
    branch = as.character(x[["branch"]] %||% "term")
  )[kept, ]
}

warn_uncoded <- function(n, n_rows) {
  warn_if(n > 0, c(
    "Annotations without evidence codes may reveal the labels to predict.",
    x = "{n} of {n_rows} row{?s} {?has/have} none: genetic interactions (IGI and
         HGI) among them can't be left out.",
    i = "Add a column {.field evidence}, or make sure that there are none."
  ), "leakage")
}

terms_of_size <- function(terms, n_genes, sizes) {
  kept <- names(n_genes)[n_genes >= sizes[[1]] & n_genes <= sizes[[2]]]
  terms[terms$term %in% kept, ]
}

# Which pairs of values occurred before; faster than duplicated() of a table.
duplicated_pairs <- function(x, y) {
  values <- unique(y)
  duplicated(match(x, unique(x)) * (length(values) + 1) + match(y, values))
}

# Distinct rows of gene and `set`; no rows for NULL.
set_table <- function(x, set, arg) {
  columns <- c("gene", set)
  if (is.null(x)) {
    return(as_tibble(set_names(list(character(), character()), columns)))
  }
  check_evidence_table(x, columns, arg)
  x <- as_tibble(lapply(as.list(x)[columns], id_text))
  x[!duplicated_pairs(x$gene, x[[set]]), ]
}

# Checks for a data frame with these columns, without empty values.
check_evidence_table <- function(x, columns, arg) {
  abort_if(!is.data.frame(x), c(
    "{.arg {arg}} must be a data frame with the
     column{cli::qty(length(columns))}{?s} {.field {columns}}.",
    x = "Found {describe_value(x)}."
  ), argument = arg)
  missing <- setdiff(columns, names(x))
  abort_if(length(missing) > 0, c(
    "{.arg {arg}} must have the columns {.field {columns}}.",
    x = "It lacks {.field {missing}}; its columns are
         {.field {utils::head(names(x), 12)}}."
  ), argument = arg)
  abort_if(
    nrow(x) == 0,
    c("{.arg {arg}} must hold at least one row.", x = "It is empty."),
    argument = arg
  )
  for (column in columns) {
    check_named_rows(x, column, arg)
  }
}

check_named_rows <- function(x, column, arg) {
  check_one_a_row(x[[column]], column, "value", arg)
  lost <- which(is.na(x[[column]]) | !nzchar(as.character(x[[column]])))
  abort_if(length(lost) > 0, c(
    "Column {.field {column}} of {.arg {arg}} must not be empty.",
    x = "{length(lost)} row{?s} {?is/are}: {utils::head(lost, 3)}."
  ), argument = arg, rows = lost)
}

#' @export
print.musl_annotations <- function(x, ...) {
  distinct <- function(column) count_text(length(unique(column)))
  of_genes <- function(table, set, words) {
    paste(distinct(table[[set]]), words, "of", distinct(table$gene), "genes")
  }
  parts <- c(
    of_genes(x$terms, "term", "terms"),
    of_genes(x$families, "family", "families"),
    if (NROW(x$pathways) > 0) of_genes(x$pathways, "pathway", "pathways")
  )
  cat("Annotations: ", paste(parts, collapse = "; "), "\n", sep = "")
  invisible(x)
}

#' Read gene sets from a GMT file
#'
#' Reads sets of genes, such as the pathways of Reactome and MSigDB, into a
#' table for [musl_annotations()].
#'
#' A line of a GMT file holds the name of a set, a description and the genes of
#' the set, separated by tabs. Descriptions and blank fields are left out, lines
#' with the same name become one set, and a gene counts once per set. A weight
#' after a gene, as in Enrichr's `BRCA1,1.0`, is left out.
#'
#' @param path Character, one file; it may be gzipped.
#' @param column Character, the name of the column of sets: "pathway" for the
#'   `pathways` of [musl_annotations()], "term" for its `x`, "family" for its
#'   `families`.
#' @returns A tibble of `gene` and `column`, both character, one row per gene of
#'   a set, in the order of the file.
#' @section Errors:
#'   `musl_error_format` if a line has fewer than three fields or no name, or if
#'   the file is empty or not a text file; `musl_error_input` if there is no
#'   such file or `column` is `gene`.
#' @section Source:
#'   Gene Matrix Transposed format, Subramanian et al. (2005), PNAS 102:15545.
#' @seealso [musl_annotations()], [musl_evidence()]
#' @examples
#' path <- tempfile(fileext = ".gmt")
#' writeLines(
#'   c("SWI/SNF\tcomplex\tARID1A\tARID1B\tSMARCA4", "BER\t\tPARP1\tXRCC1"), path
#' )
#' read_gmt(path)
#' @export
read_gmt <- function(path, column = "pathway") {
  path <- check_file(path, "path")
  check_string(column)
  abort_if(column == "gene", c(
    "{.arg column} must be another name than {.val gene}.",
    x = "That is the column of the genes."
  ), argument = "column")
  lines <- read_lines(path)
  fields <- strsplit(lines[nzchar(lines)], "\t", fixed = TRUE)
  abort_if(
    length(fields) == 0,
    c("{.file {path}} must hold gene sets.", x = "It is empty."),
    "format", argument = "path"
  )
  filled <- vapply(fields, function(line) any(nzchar(trimws(line[-(1:2)]))), NA)
  named <- vapply(fields, function(line) nzchar(trimws(line[[1]])), NA)
  bad <- which(!filled | !named)
  abort_if(length(bad) > 0, c(
    "{.file {path}} must be a GMT file: name, description and genes of a set
     in each line, separated by tabs.",
    x = "{length(bad)} line{?s} {?is/are} not: {utils::head(bad, 3)}.",
    i = "A table with one row per gene needs no {.fn read_gmt}."
  ), "format", argument = "path", rows = bad)
  sets <- trimws(without_quotes(vapply(fields, `[[`, "", 1)))
  genes <- lapply(fields, function(line) line[-(1:2)])
  # Enrichr writes a weight after each gene, "BRCA1,1.0".
  gene <- clean_names(sub(",[-+0-9.eE]*$", "", unlist(genes)))
  table <- tibble(gene = gene, set = rep(sets, lengths(genes)))
  table <- table[!is.na(table$gene) & !duplicated(table), ]
  set_names(table, c("gene", column))
}
