#' Read protein embeddings
#'
#' Reads one vector per protein or gene into the matrix `embeddings` for
#' [musl_data()].
#'
#' The format is recognised by content:
#' * safetensors with one vector per protein, or with one matrix (F16, BF16,
#'   F32, F64);
#' * HDF5 with one data set per protein, as UniProt's `per-protein.h5`, or with
#'   a matrix `embeddings` and `ids` (needs Bioconductor's `rhdf5`; open only
#'   files from trusted sources);
#' * CSV and other tables, ids in the first column, with or without a header,
#'   plain, gzip or zip.
#'
#' Files of PyTorch (`.pt`, `.pth`, `.bin`) hold Python code and are refused:
#' convert them in Python with `safetensors.torch.save_file(torch.load("x.pt"),
#' "x.safetensors")`, or a NumPy array with `safetensors.numpy.save_file({"x":
#' numpy.load("x.npy")}, "x.safetensors")`.
#'
#' @param path One file.
#' @param ... Must be empty.
#' @param ids `NULL`, or the ids of the rows if the file has none: a
#'   character vector, or a text file with one id per line.
#' @param annotation `NULL`, or `"org.Hs.eg.db"` or a table of genes as for
#'   [musl_map_genes()]: ids become gene symbols, and the vectors of several
#'   proteins of a gene are averaged.
#' @returns A numeric matrix, one row per protein or gene, in byte order of the
#'   row names, one column per dimension. `sp|P04637|P53_HUMAN` becomes
#'   `P04637`. The attribute `report` lists rows left out as not finite, ids
#'   without a gene (`unmapped`) and genes of several proteins (`merged`).
#' @section Errors:
#'   `musl_error_format` with the file for what can't be read: damage, vectors
#'   of different lengths, PyTorch and NumPy files, repeated ids.
#'   `musl_error_input` for missing ids and packages.
#'   `musl_error_shape` if there are more or fewer ids than rows.
#' @examples
#' path <- tempfile(fileext = ".csv")
#' writeLines(c("gene,d1,d2", "TP53,0.1,0.2", "ARID1A,-1,0"), path)
#' read_embeddings(path)
#' @export
read_embeddings <- function(path, ..., ids = NULL, annotation = NULL) {
  check_dots_empty()
  path <- check_file(path, "path")
  table <- read_embedding_file(path)
  names <- embedding_ids(table, ids, path)
  finish_embeddings(table$values, names, annotation, path)
}

# A list of `values` and `ids`, NULL or empty if the file has none.
read_embedding_file <- function(path) {
  head <- readBin(path, "raw", 512)
  switch(embedding_format(head),
    pickle = abort_pickle(path),
    numpy = abort_file(path, NULL, c(
      x = "It is a NumPy array.",
      i = "Convert it in Python, two lines:",
      i = "{.code import numpy, safetensors.numpy}",
      i = "{.code safetensors.numpy.save_file({{\"x\": numpy.load(\"x.npy\")}},
           \"x.safetensors\")}"
    )),
    hdf5 = read_embedding_hdf5(path),
    safetensors = with_core(cpp_read_embedding_tensors(path)),
    read_embedding_table(path)
  )
}

# By the first bytes; "text" if nothing else fits.
embedding_format <- function(head) {
  # A member of a zip archive is named from its 31st byte on.
  ascii <- rawToChar(head[head > as.raw(31) & head < as.raw(127)])
  # The length of the header, which is no text, and the brace it begins with.
  # The core refuses a forged length.
  is_tensors <- length(head) >= 9 && head[[9]] == charToRaw("{") &&
    any(head[1:8] < as.raw(9))
  if (has_magic(head, "504b")) {
    if (grepl("/byteorder|[.]pkl", ascii)) {
      "pickle"
    } else {
      if (grepl("[.]npy", ascii)) "numpy" else "text"
    }
  } else if (has_magic(head, "80") && head[2] <= as.raw(5) && !is_tensors) {
    "pickle"
  } else if (has_magic(head, "89484446")) {
    "hdf5"
  } else if (has_magic(head, "934e554d5059")) {
    "numpy"
  } else {
    if (is_tensors) "safetensors" else "text"
  }
}

abort_pickle <- function(path) {
  abort_file(path, NULL, c(
    x = "It is a file of PyTorch or a pickle, which runs code when it is read.",
    i = "Convert it in the Python that wrote it, two lines:",
    i = "{.code import torch, safetensors.torch}",
    i = "{.code safetensors.torch.save_file(torch.load(\"x.pt\"),
         \"x.safetensors\")}"
  ))
}

read_embedding_table <- function(path) {
  start <- table_start(path)
  abort_file_if(length(start$names) < 2, path, 1, c(
    x = "It has one column.",
    i = "The first column must be ids, the others numbers; check the delimiter."
  ))
  ids <- read_fields(start, 1L)[[1]]
  # Numbers alone: the first column is a dimension, too.
  bare <- are_values(ids)
  columns <- seq_along(start$names)
  if (!bare) columns <- columns[-1]
  # Labels and facts of genes are no dimensions.
  facts <- c(pair_label_names, gene_fact_names, "cluster", "split", "fold")
  facts <- columns[squash_name(start$names[columns]) %in% setdiff(facts, "y")]
  columns <- setdiff(columns, facts)
  inform_if(length(facts) > 0, c(
    "{length(facts)} column{?s} of {.file {basename(path)}} left out of the
     vectors: {.field {few(start$names[facts])}}."
  ), "report")
  values <- t(read_numbers(start, columns)$numbers)
  # A first line of numbers is no header, but names such as "0", "1", ... are.
  first <- suppressWarnings(as.numeric(start$names[columns]))
  if (!anyNA(first) && !is_count(first)) {
    values <- rbind(first, values, deparse.level = 0)
    ids <- c(start$names[[1]], ids)
  } else if (!anyNA(first) && !bare) {
    check_is_header(start$names[[1]], start$names[columns], path)
  }
  list(ids = if (!bare) ids, values = values)
}

# Whether these are 0, 1, 2, ... or 1, 2, 3, ...
is_count <- function(x) {
  identical(x, seq_along(x) - 1) || identical(x, as.numeric(seq_along(x)))
}

# Whether a first column has numbers that are no ids, as Entrez's would be.
are_values <- function(text) {
  number <- suppressWarnings(as.numeric(text))
  !anyNA(number) && any(number < 0 | number != round(number))
}

# The ids of the file, or those given.
embedding_ids <- function(table, ids, path) {
  if (is.null(ids) && length(table$ids) > 0) {
    return(table$ids)
  }
  abort_if(!is.character(ids) || length(ids) == 0, c(
    "{.arg ids} must name the rows of {.file {path}}.",
    x = "The file has no ids.",
    i = "Give a character vector, or a text file with one id per line."
  ), argument = "ids")
  if (length(ids) == 1 && file.exists(ids)) {
    ids <- read_lines(check_file(ids, "ids"))
    ids <- ids[nzchar(ids)]
  }
  abort_if(length(ids) != nrow(table$values), c(
    "{.arg ids} must have one id per row.",
    x = "{length(ids)} id{?s} for {nrow(table$values)} row{?s}."
  ), "shape", argument = "ids")
  ids
}

finish_embeddings <- function(values, ids, annotation, path) {
  ids <- clean_names(ids)
  check_gene_numbers(ids, "ids", path, "Name the rows by {.arg ids}.")
  check_named_once(ids, "vector", path, NULL,
    "Keep one vector of each protein.")
  abort_file_if(ncol(values) == 0, path, NULL, c(
    x = "Its vectors have no values."
  ))
  finite <- is.finite(rowSums(values))
  report <- list(
    not_finite = tibble(id = ids[!finite]),
    unmapped = tibble(id = character(), status = character()),
    merged = tibble(symbol = character(), n_rows = integer())
  )
  values <- values[finite, , drop = FALSE]
  ids <- ids[finite]
  if (!is.null(annotation)) {
    mapped <- musl_map_genes(ids, annotation = annotation)
    known <- !is.na(mapped$symbol)
    report$unmapped <- tibble(
      id = ids[!known], status = as.character(mapped$status[!known])
    )
    n <- table(mapped$symbol[known])
    report$merged <- tibble(
      symbol = names(n)[n > 1], n_rows = as.integer(n[n > 1])
    )
    sums <- rowsum(values[known, , drop = FALSE], mapped$symbol[known])
    values <- sums / as.vector(n[rownames(sums)])
    ids <- rownames(values)
  }
  abort_file_if(nrow(values) == 0, path, NULL, c(
    x = "No vector is left.",
    x = if (nrow(report$unmapped) > 0) {
      "{.arg annotation} knows none of its ids:
       {.val {few(report$unmapped$id)}}."
    }
  ))
  rownames(values) <- ids
  values <- values[sort_bytes(ids), , drop = FALSE]
  tell_embeddings(report)
  structure(values, report = report)
}

tell_embeddings <- function(report) {
  n <- lapply(report, nrow)
  texts <- c(
    not_finite =
      "{n$not_finite} vector{?s} with missing or infinite values left out.",
    unmapped = "{n$unmapped} id{?s} without a gene left out:
                {.val {few(report$unmapped$id)}}.",
    merged = "{n$merged} gene{?s} of several proteins averaged."
  )
  tell_repairs(n, texts, report, "{.code attr(x, \"report\")} lists each case")
}
