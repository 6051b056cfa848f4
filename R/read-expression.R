#' Read a table of expression
#'
#' Reads a table of genes x samples into the matrix `expression` for
#' [musl_data()].
#'
#' Columns that are not samples, such as Entrez ids, lengths of genes or
#' numbers of peptides, are left out with a message.
#' Comments above the header are skipped; if the samples of the header are
#' numbers, the column of the genes must have a name such as `gene` or `id`, or
#' none. Tables may be plain, gzip or zip, separated by tab, comma or semicolon,
#' or in the format GCT 1.2 or 1.3, which says which columns are samples;
#' numbers may have a decimal comma. Rows without a name, summaries
#' (`__no_feature`, `N_unmapped`, `Median`) and rows of several genes
#' (`HLA-A;HLA-B`) are left out; of rows with the same name the first is kept.
#' Ids of Ensembl lose their version, and `TP53|7157` its Entrez id. Quantities
#' of one sample (RSEM, Salmon, kallisto, STAR), results of a comparison
#' (DESeq2, edgeR, limma, MAGeCK), tables of several quantities per protein, and
#' tables with a row per guide or sample, by the names of rows and columns, are
#' refused.
#'
#' @param path One file.
#' @param ... Must be empty.
#' @param gene `NULL` for the first column, which must not be called as samples
#'   are unless its names or those of the other columns say that it holds
#'   genes; or name or position of the column of the genes.
#' @returns A numeric matrix of genes x samples with row and column names, in
#'   the order of the file.
#'   Missing values are `NA`, which [musl_data()] refuses.
#' @section Errors:
#'   `musl_error_format` with file and line for what can't be read, for a table
#'   without numbers, and, as in all readers, for more than 100,000 columns.
#' @seealso [read_depmap()] for the tables of DepMap; [musl_data()] for single
#'   cells.
#' @examples
#' path <- tempfile(fileext = ".tsv")
#' writeLines(c("gene\ts1\ts2", "TP53\t1.5\t2", "ARID1A\t0\t3.25"), path)
#' read_expression(path)
#' @export
read_expression <- function(path, ..., gene = NULL) {
  check_dots_empty()
  path <- check_file(path, "path")
  gct <- read_gct(path)
  table <- gct$path %||% path
  if (!is.null(gct)) on.exit(unlink(table))
  start <- table_start(table)
  at <- if (is.null(gene)) {
    1L
  } else {
    columns <- set_names(as.list(start$names), start$names)
    given_column(gene, columns, "gene")
  }
  kind <- column_kinds(start, at)
  # TCGA's have an Entrez id beside the symbol.
  genes <- read_fields(start, at)[[1]]
  genes <- clean_names(sub("^(.+)[|][0-9]+$", "\\1", genes))
  if (is.null(gct)) {
    squashed <- squash_name(start$names)
    check_expression_rows(start$names, genes, at, path, is.null(gene))
    # Of a column of numbers the name may say that it tells of genes; a nameless
    # first column numbers the rows.
    no_samples <- c(setdiff(id_column_names, c("", "x")), gene_fact_names)
    kind[squashed %in% no_samples] <- "text"
    kind[grepl(protein_fact_words, fold_case(start$names))] <- "text"
    check_one_quantity(start$names[kind != "text"], path)
    if (!nzchar(start$names[[1]])) kind[[1]] <- "text"
    check_numeric_columns(kind != "text", start$names, path)
    kind <- without_results(kind, start$names, squashed, path)
  } else {
    kind[-gct$samples] <- "text"
  }
  check_is_header(start$names[[at]], start$names[kind != "text"], path)
  values <- expression_values(start, which(kind != "text"), kind, path)
  colnames(values) <- start$names[kind != "text"]
  # A delimiter at the end of each line makes a column without name and values.
  empty <- !nzchar(colnames(values)) & colSums(!is.na(values)) == 0
  values <- values[, !empty, drop = FALSE]
  check_numeric_columns(!is.na(values), start$names, path)
  named_columns(colnames(values), path, 1)
  check_expression_genes(genes, start$names[[at]], path)
  left <- names_of_columns(start$names)[kind == "text" & seq_along(kind) != at]
  name_expression_rows(values, genes, left, start$names[[at]])
}

# Rows must be genes. STAR's counts of one sample have no header. Names of the
# rows and columns tell more than that of the first column, which for UCSC's
# Xena is `sample`; one that the user names counts.
check_expression_rows <- function(names, genes, at, path, unnamed) {
  squashed <- squash_name(names)
  unsure <- FALSE
  rows <- if (any(squashed %in% guide_names)) {
    "guides: sum or average those of each gene first"
  } else if (grepl("^(__|N_(unmapped|multi|noFeature|amb))", names[[at]])) {
    "counts of one sample, by STAR: join one column of each sample's file first,
     under the samples' names"
  } else {
    axis <- expression_axis(genes, names[-at])
    unsure <- unnamed && is.na(axis) && squashed[[at]] %in% sample_names
    if (axis %in% "samples" || unsure) {
      "samples: transpose the table first; {.fn read_depmap} reads DepMap's"
    }
  }
  abort_file_if(!is.null(rows), path, 1, c(
    x = "A table of expression has a row per gene and a column per sample.",
    x = paste0("The rows of this one are ", rows, "."),
    i = if (unsure) {
      "If column {.field {names[[at]]}} holds genes, name it by {.arg gene}."
    }
  ))
}

# "genes" or "samples", what rows are by their names and those of columns; NA
# if neither tells. Columns may be genes that were knocked out.
expression_axis <- function(rows, columns) {
  of_samples <- function(x) {
    isTRUE(mean(grepl(sample_id_pattern, x[!is.na(x)])) > 0.5)
  }
  genes <- function(x) {
    x <- parse_gene_labels(x[!is.na(x)])
    is_label <- !is.na(x$ensembl) | (!is.na(x$entrez) & x$label != x$entrez)
    sum(is_label | raise_case(x$symbol) %in% common_genes)
  }
  rows <- unique(rows)
  if (of_samples(rows)) {
    "samples"
  } else if (of_samples(columns) || genes(rows) > 0) {
    "genes"
  } else if (genes(columns) >= min(2, length(columns))) {
    "samples"
  } else {
    NA_character_
  }
}

# Of proteins several quantities of each sample, of which one must be chosen.
check_one_quantity <- function(names, path) {
  names <- grep(protein_quantities, names, perl = TRUE, value = TRUE)
  sample <- trimws(gsub(protein_quantities, "", names, perl = TRUE))
  twice <- names[sample %in% sample[duplicated(sample)]]
  abort_file_if(length(twice) > 0, path, 1, c(
    x = "It has several quantities of each sample: {.field {few(twice)}}.",
    i = "Keep the columns of one, named as the samples."
  ))
}

check_expression_genes <- function(genes, column, path) {
  remedy <- "Name the column of the genes by {.arg gene}."
  abort_file_if(all(is.na(genes) | are_several(genes)), path, NULL, c(
    x = "No row of column {.field {column}} names one gene:
         {.val {few(genes)}}.",
    i = remedy
  ))
  abort_file_if(are_values(genes[!is.na(genes)]), path, NULL, c(
    x = "Column {.field {column}} holds numbers such as {.val {few(genes)}}, no
         genes.",
    i = remedy
  ))
  check_gene_numbers(genes, column, path, remedy)
}

# Quantities of one sample and results of a comparison are no samples; a table
# of nothing else is refused.
without_results <- function(kind, names, squashed, path) {
  odd <- kind != "text" & are_results(names, squashed)
  abort_file_if(all(odd[kind != "text"]), path, 1, c(
    x = "{.field {few(names[odd], 8)}} {?is no sample/are no samples}, but
         quantities of one sample or results of a comparison.",
    i = "A table of expression has a column per sample, named as the sample:
         join one column of each sample's file first."
  ))
  kind[odd] <- "text"
  kind
}

are_results <- function(names, squashed) {
  odd <- squashed %in% one_sample_names
  # Few names of a large table hold one of the words at all.
  like <- grep(paste(one_sample_words, collapse = "|"), squashed)
  odd[like] <- odd[like] | vapply(name_words(names[like]), function(x) {
    any(c(x, paste0(x[-length(x)], x[-1])) %in% one_sample_words)
  }, NA)
  if (!any(odd)) {
    return(odd)
  }
  # A letter is one alone: T_1 may be a T cell.
  beside <- vapply(name_words(names), function(x) {
    any(x[nchar(x) > 1] %in% one_sample_beside)
  }, NA)
  odd | beside | squashed %in% one_sample_beside
}

# GCT begins with its version and its extents: rows and samples, in version 1.3
# also columns of text before the samples and rows of text before the values.
# list(path = of the table alone, samples = positions), NULL for other files.
read_gct <- function(path) {
  # For a zip archive some bytes, which are no text.
  version <- suppressWarnings(file_lines(path, 1, skipNul = TRUE))
  if (!isTRUE(grepl("^#1[.][23]", version, useBytes = TRUE))) {
    return(NULL)
  }
  lines <- file_lines(path)
  lines <- lines[nzchar(trimws(lines))]
  n <- suppressWarnings(as.integer(strsplit(lines[2], "[\t ,]+")[[1]]))
  if (startsWith(version, "#1.2")) n <- c(n[1:2], 1L, 0L)
  found <- c(
    length(lines) - 3L - n[4],
    length(strsplit(lines[3], "\t", fixed = TRUE)[[1]]) - 1L - n[3]
  )
  abort_file_if(!identical(found, n[1:2]), path, 2, c(
    x = "Its second line announces {n[1]} row{?s} of {n[2]} sample{?s}; found
         {found[1]} of {found[2]}.",
    i = "Is the file complete, and separated by tabs?"
  ))
  bare <- new_tempfile(".tsv")
  write_lines(lines[c(3, 3 + n[4] + seq_len(n[1]))], bare)
  list(path = bare, samples = 1L + n[3] + seq_len(n[2]))
}

# By the first row: "number", "comma" (decimal comma) or "text", including the
# column of the genes. A few columns without a value there are read on.
column_kinds <- function(start, at) {
  first <- trimws(start$first_row)
  unclear <- setdiff(which(is_missing_text(first)), at)
  if (length(unclear) %in% 1:50) {
    text <- read_fields(start, unclear)
    first[unclear] <- vapply(text, function(x) {
      c(trimws(x[!is_missing_text(x)]), "0")[[1]]
    }, "")
  }
  first[is_missing_text(first)] <- "0"
  number <- !is.na(suppressWarnings(as.numeric(first)))
  comma <- is_comma_number(first) | is_grouped(first)
  kind <- ifelse(number, "number", ifelse(comma, "comma", "text"))
  if (any(comma)) kind[number] <- "comma"
  kind[at] <- "text"
  kind
}

check_numeric_columns <- function(is_number, names, path) {
  abort_file_if(!any(is_number), path, 2, c(
    x = "No column except those of genes has numbers.",
    x = "The columns are {.field {utils::head(names, 8)}}.",
    i = "A table of expression has a row per gene and a column per sample."
  ))
}

expression_values <- function(start, columns, kind, path) {
  if (!any(kind == "comma")) {
    return(t(read_numbers(start, columns)$numbers))
  }
  # All columns together show what their commas are.
  text <- read_fields(start, columns)
  number <- text_numbers(unlist(text), start$names[columns[[1]]], path)
  matrix(number, ncol = length(columns))
}

# Summaries that HTSeq, STAR and CPTAC write among the genes.
summary_pattern <- paste0(
  "^(__.+|N_(unmapped|multimapping|noFeature|ambiguous)|",
  "[Mm]ean|[Mm]edian|[Ss]td ?[Dd]ev|[Aa]verage|[Tt]otal)$"
)

name_expression_rows <- function(values, genes, left, column) {
  unnamed <- is.na(genes)
  summary <- grepl(summary_pattern, genes)
  several <- are_several(genes)
  twice <- duplicated(genes) & !unnamed & !summary & !several
  excel <- genes[is_excel_name(genes)]
  n <- list(
    left = length(left), summary = sum(summary), excel = length(excel),
    unnamed = sum(unnamed), several = sum(several), twice = sum(twice)
  )
  n$roles <- as.integer(any(unlist(n) > 0))
  texts <- c(
    roles = "Genes: column {.field {names_of_columns(column)}}; samples:
             {.field {few(colnames(values))}}{and_more(ncol(values))}.",
    left = "{cli::qty(n$left)}Column{?s} without samples left out:
            {.field {few(left, 8)}}.",
    summary = "{n$summary} row{?s} of summaries left out:
               {.val {few(genes[summary])}}.",
    excel = "{n$excel} name{?s} changed by a spreadsheet: {.val {few(excel)}}.",
    unnamed = "{n$unnamed} row{?s} without a gene left out.",
    several = "{n$several} row{?s} of several genes left out:
               {.val {few(genes[several])}}.",
    twice = "{n$twice} row{?s} of a repeated gene left out:
             {.val {utils::head(genes[twice], 3)}}."
  )
  report <- list(columns = left, twice = unique(genes[twice]))
  tell_repairs(n, texts, report, "see {.fn read_expression}")
  kept <- !unnamed & !twice & !summary & !several
  values <- values[kept, , drop = FALSE]
  rownames(values) <- genes[kept]
  values
}
