# Shared by the readers of single cells: sparse matrices from their parts,
# names of genes, the container.

# Compressed vectors as a dgCMatrix of `dim`, a column for each stretch of
# `start`. `what` names the matrix for messages.
compressed_matrix <- function(values, index, start, dim, what, path, call) {
  refuse <- function(x, .envir = parent.frame()) {
    abort_file(path, NULL, c(
      x = paste0("{.field {what}}: ", x),
      i = "Is the download or the export incomplete?"
    ), call, .envir = .envir)
  }
  if (!is.numeric(values) && !is.logical(values)) {
    refuse("its values are {.cls {class(values)}}, not numbers.")
  }
  n <- length(values)
  if (n > .Machine$integer.max) {
    refuse("it has {n} values, and R's sparse matrices 2^31 - 1 at most.")
  }
  is_start <- length(start) == dim[[2]] + 1 && !anyNA(start) &&
    start[[1]] == 0 && !is.unsorted(start) && start[[length(start)]] == n
  if (!is_start || length(index) != n) {
    refuse("{n} value{?s}, {length(index)} ind{?ex/ices} and {length(start)}
            starts do not fit {dim[[2]]} vector{?s}.")
  }
  if (n > 0 && (anyNA(index) || min(index) < 0 || max(index) >= dim[[1]])) {
    refuse("it has indices outside 0 to {dim[[1]] - 1}.")
  }
  sorted <- sort_compressed(as.integer(index), as.integer(start))
  if (sorted$twice) {
    refuse("an entry is repeated.")
  }
  values <- as.double(values)
  new("dgCMatrix",
    i = sorted$index, p = as.integer(start),
    x = if (is.null(sorted$order)) values else values[sorted$order],
    Dim = as.integer(dim)
  )
}

# Indices in ascending order in each stretch, with that order (NULL if
# unchanged), and whether one is repeated.
sort_compressed <- function(index, start) {
  ascends <- function(index) {
    step <- diff(index)
    step[start[start > 0 & start < length(index)]] <- 1L
    step
  }
  order <- NULL
  if (any(ascends(index) <= 0)) {
    column <- rep(seq_len(length(start) - 1), diff(start))
    order <- order(column, index)
    index <- index[order]
  }
  list(index = index, order = order, twice = any(ascends(index) <= 0))
}

ensembl_gene <- "^ENS[A-Z]*G[0-9]{11}([.][0-9]+)?$"

symbol_columns <- c(
  "symbol", "genesymbol", "genesymbols", "hgncsymbol", "genename", "genenames",
  "featurename", "name"
)
ensembl_columns <- c(
  "ensembl", "ensemblid", "ensemblids", "geneid", "geneids", "featureid", "id"
)

# `symbol` and `ensembl` of genes that are called `label`, in front of the
# columns of `table`.
cell_genes <- function(label, table) {
  is_ensembl <- function(x) {
    x <- as.character(x)
    mean(grepl(ensembl_gene, x[!is.na(x)])) > 0.5
  }
  symbol_at <- find_column(names(table), symbol_columns)
  ensembl <- NULL
  for (name in ensembl_columns) {
    at <- find_column(names(table), name)
    if (is.null(ensembl) && !is.na(at) && isTRUE(is_ensembl(table[[at]]))) {
      ensembl <- as.character(table[[at]])
    }
  }
  by_ensembl <- length(label) > 0 && isTRUE(is_ensembl(label))
  symbol <- if (!is.na(symbol_at)) as.character(table[[symbol_at]])
  missing <- rep(NA_character_, length(label))
  ensembl <- ensembl %||% if (by_ensembl) label else missing
  symbol <- symbol %||% if (by_ensembl) missing else label
  ensembl[!grepl(ensembl_gene, ensembl)] <- NA
  kept <- table[setdiff(names(table), c("symbol", "ensembl", "label"))]
  data.frame(
    symbol = missing_to_na(symbol), ensembl = sub("[.][0-9]+$", "", ensembl),
    label = label, kept, check.names = FALSE
  )
}

# The SingleCellExperiment of the data read, or a SummarizedExperiment if that
# package is not installed.
new_cells <- function(assays, genes, cells, id, files, report) {
  ids <- unique_gene_names(genes[[id]], genes$label)
  changed <- is.na(genes[[id]]) | ids != genes[[id]]
  report$gene_names <- tibble(
    name = ids[changed], symbol = genes$symbol[changed],
    ensembl = genes$ensembl[changed]
  )
  names <- make.unique(cells$.name)
  renamed <- names != cells$.name
  report$cell_names <- tibble(
    name = names[renamed], given = cells$.name[renamed]
  )
  tell_cells(report, id)
  parts <- list(
    assays = assays,
    rowData = data.frame(genes, row.names = ids, check.names = FALSE),
    colData = data.frame(
      cells[setdiff(names(cells), ".name")],
      row.names = names, check.names = FALSE
    ),
    metadata = list(files = files, report = report)
  )
  make <- if (requireNamespace("SingleCellExperiment", quietly = TRUE)) {
    SingleCellExperiment::SingleCellExperiment
  } else {
    SummarizedExperiment::SummarizedExperiment
  }
  do.call(make, parts)
}

tell_cells <- function(report, id) {
  n <- lapply(report, nrow)
  lines <- c(
    if (n$gene_names > 0) {
      "{n$gene_names} gene{?s} without a unique {.field {id}} named otherwise."
    },
    if (n$cell_names > 0) {
      "{n$cell_names} cell{?s} with the name of another renamed."
    },
    if (n$dropped_genes %||% 0L > 0) {
      "{n$dropped_genes} gene{?s} left out, not in all assays or of another
       type."
    },
    if (n$skipped %||% 0L > 0) {
      "{n$skipped} column{?s} of an unknown kind left out:
       {.val {utils::head(report$skipped$column, 3)}}."
    }
  )
  tell_repairs(lines, report, "{.code metadata(x)$report} lists each case")
}

# Scale of an assay by its name; NA if that does not tell.
cell_scale <- function(names, scale) {
  lower <- tolower(names)
  by_name <- ifelse(lower %in% linear_assays, "linear", ifelse(
    startsWith(lower, "log") | lower %in% log_assays, "log", NA_character_
  ))
  if (is.null(scale)) by_name else rep(scale, length(names))
}
