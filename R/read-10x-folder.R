# The folder of a Matrix Market file and two lists of names.

read_10x_folder <- function(path, call) {
  files <- files_10x(path, call)
  genes <- folder_genes(read_10x_names(files$genes, gene_headers, call))
  cells <- read_10x_names(files$barcodes, cell_headers, call)
  counts <- read_matrix_market(files$matrix, call)
  if (!identical(dim(counts), c(nrow(genes), nrow(cells)))) {
    abort_file(files$matrix, NULL, c(
      x = "It is {dim(counts)} where {nrow(genes)} gene{?s} and
           {nrow(cells)} cell{?s} are named.",
      i = "Are all three files of one run?"
    ), call)
  }
  list(
    counts = counts, genes = check_gene_ids(genes, files$genes, call),
    barcodes = cells[[1]],
    cells = if (attr(cells, "header")) lapply(cells, numbers_if_all)
  )
}

# Squashed names of the first column where a table has a header.
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

# Text that is numbers throughout as numbers.
numbers_if_all <- function(x) {
  x <- blank_to_na(x)
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
      x = "In {.file {path}} there are {lengths(found)[wrong]} files of
           {.field {wrong}}.",
      i = "It holds {.file {utils::head(there, 6)}}."
    ), argument = "path", call = call)
  }
  lapply(found, function(name) file.path(path, name))
}

# A table, all text, with the attribute `header`: whether it has one, which
# Cell Ranger's have not.
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
read_matrix_market <- function(path, call) {
  con <- gzfile(path, "rt")
  on.exit(close(con))
  head <- read_market_head(con, path, call)
  entries <- tryCatch(
    suppressWarnings(scan(con, list(0L, 0L, 0),
      quiet = TRUE, multi.line = FALSE, comment.char = "%"
    )),
    error = function(cnd) {
      reason <- conditionMessage(cnd)
      abort_file(path, NULL, c(
        x = "After line {head$line}: {reason}.",
        i = "Each line must hold row, column and count."
      ), call)
    }
  )
  n <- length(entries[[3]])
  if (n != head$n) {
    abort_file(path, head$line, c(
      x = "{head$n} entr{?y/ies} announced, {n} found.",
      i = "Was the download broken off?"
    ), call)
  }
  check_counts(entries[[3]], path, head$line, call)
  check_entries(entries, head, path, call)
  ranked <- order(entries[[2]], entries[[1]])
  compressed_matrix(
    entries[[3]][ranked], entries[[1]][ranked] - 1L,
    c(0, cumsum(as.double(tabulate(entries[[2]], head$dim[[2]])))),
    head$dim, "matrix", path, call
  )
}

# list(dim, n, line: of the sizes)
read_market_head <- function(con, path, call) {
  first <- next_line(con)
  words <- strsplit(tolower(paste0(first, "")), "[[:space:]]+")[[1]]
  ok <- length(words) == 5 && words[[1]] == "%%matrixmarket" &&
    words[[3]] == "coordinate" && words[[4]] %in% c("integer", "real") &&
    words[[5]] == "general"
  if (!ok) {
    abort_file(path, 1, c(
      x = "It does not begin with {.code %%MatrixMarket matrix coordinate},
           {.code integer} or {.code real}, {.code general}.",
      i = "Is it the matrix of Cell Ranger?"
    ), call)
  }
  line <- 1
  repeat {
    text <- next_line(con)
    line <- line + 1
    if (length(text) == 0 || !startsWith(text, "%")) break
  }
  sizes <- suppressWarnings(as.double(
    strsplit(trimws(paste0(text, "")), "[[:space:]]+")[[1]]
  ))
  whole <- length(sizes) == 3 && !anyNA(sizes) &&
    all(sizes >= 0 & sizes == trunc(sizes) & sizes <= .Machine$integer.max)
  if (!whole) {
    abort_file(path, line, c(
      x = "It must hold three sizes: rows, columns and entries.",
      i = "Was the download broken off?"
    ), call)
  }
  list(dim = as.integer(sizes[1:2]), n = sizes[[3]], line = line)
}

# In ASCII, whatever the bytes; character(0) at the end.
next_line <- function(con) {
  line <- suppressWarnings(readLines(con, 1, skipNul = TRUE))
  iconv(line, "latin1", "ASCII", sub = "?")
}

check_entries <- function(entries, head, path, call) {
  outside <- which(
    is.na(entries[[1]]) | is.na(entries[[2]]) | entries[[1]] < 1 |
      entries[[2]] < 1 | entries[[1]] > head$dim[[1]] |
      entries[[2]] > head$dim[[2]]
  )
  if (length(outside) > 0) {
    abort_file(path, head$line + outside[[1]], c(
      x = "{length(outside)} entr{?y/ies} outside {head$dim[[1]]} x
           {head$dim[[2]]}.",
      i = "Rows and columns count from 1."
    ), call)
  }
}
