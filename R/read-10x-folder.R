# The folder of a Matrix Market file and two lists of names.

read_10x_folder <- function(path, call) {
  files <- files_10x(path, call)
  genes <- folder_genes(read_10x_names(files$genes, gene_headers, call))
  cells <- read_10x_names(files$barcodes, cell_headers, call)
  counts <- read_matrix_market(
    files$matrix, c(nrow(genes), nrow(cells)), call
  )
  list(
    counts = counts, genes = check_gene_ids(genes, files$genes, call),
    barcodes = cells[[1]],
    cells = if (attr(cells, "header")) lapply(cells, numbers_if_all)
  )
}

# Squashed names of the first column if a table has a header.
gene_headers <- c(
  "gene", "genes", "feature", "features", "symbol", "genesymbol", "genename",
  "geneid", "ensembl", "ensemblid", "featureid"
)
cell_headers <- c(
  "cell", "cells", "cellid", "cellname", "barcode", "barcodes", "cellbarcode"
)

# The columns `id` and `name`, then the others.
folder_genes <- function(table) {
  if (!attr(table, "header")) {
    columns <- c("id", "name", "feature_type")[seq_len(min(3, ncol(table)))]
    genes <- set_names(table[seq_along(columns)], columns)
    if (is.null(genes$name)) genes$name <- genes$id
    return(genes)
  }
  symbol <- find_column(names(table), symbol_columns)
  rest <- table[-1]
  data.frame(
    id = table[[1]], name = table[[if (is.na(symbol)) 1 else symbol]],
    rest[setdiff(names(rest), c("id", "name"))], check.names = FALSE
  )
}

# Text columns that are entirely numeric become numbers.
numbers_if_all <- function(x) {
  x <- missing_to_na(x)
  number <- suppressWarnings(as.numeric(x))
  if (identical(is.na(number), is.na(x))) number else x
}

files_10x <- function(path, call) {
  there <- list.files(path)
  patterns <- c(
    matrix = "(matrix|counts)[.]mtx([.]gz)?$",
    genes = "(features|genes)[.]tsv([.]gz)?$",
    barcodes = "(barcodes|cells)[.]tsv([.]gz)?$"
  )
  found <- lapply(patterns, grep, x = there, value = TRUE)
  if (!all(lengths(found) == 1)) {
    wrong <- names(found)[lengths(found) != 1]
    abort_musl(c(
      "{.arg path} must be a folder with one {.file matrix.mtx},
       {.file features.tsv} (or {.file genes.tsv}) and {.file barcodes.tsv}.",
      x = "{.file {path}} has {lengths(found)[wrong]} files of
           {.field {wrong}}.",
      i = "It contains {.file {utils::head(there, 6)}}."
    ), argument = "path", call = call)
  }
  lapply(found, function(name) {
    check_regular(file.path(path, name), "path", call)
  })
}

# A table, all text, with the attribute `header`: whether it has one; Cell
# Ranger's tables do not.
read_10x_names <- function(path, headers, call) {
  start <- table_start(path, quoted = FALSE, header = NA, call = call)
  start$header <- squash_name(start$names[[1]]) %in% headers
  check_has_rows(start, call)
  columns <- seq_along(start$names)
  names(columns) <- if (start$header) {
    make.unique(start$names)
  } else {
    paste0("column_", columns)
  }
  table <- as.data.frame(read_columns(start, columns, call = call))
  attr(table, "header") <- start$header
  table
}

# A dgCMatrix of a coordinate file; gzip or not.
read_matrix_market <- function(path, dim, call) {
  read <- with_core(cpp_read_matrix_market(path, dim[[1]], dim[[2]]), call)
  new("dgCMatrix", i = read$row, p = read$start, x = read$value, Dim = dim)
}
