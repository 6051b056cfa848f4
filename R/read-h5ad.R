#' Read an AnnData file
#'
#' Reads a `.h5ad` file, as written by Python's anndata and scanpy, into a
#' sparse container of genes x cells, without Python.
#'
#' Matrices may be dense or sparse by row or by column; tables of genes and
#' cells may have any encoding since anndata 0.6, including categories.
#' Dense matrices are read some cells at a time; no full matrix is dense in
#' memory.
#' Reductions, neighbour graphs and unstructured data are not read.
#' [musl_data()] also accepts the result of `zellkonverter::readH5AD()`.
#' Open only HDF5 files from trusted sources: the HDF5 library is not safe with
#' forged ones.
#'
#' @param path A `.h5ad` file.
#' @param ... Must be empty.
#' @param assays Character, the matrices to read: `"X"`, `"raw"` (stored
#'   as `.raw`) or the name of a layer.
#'   Names become those of the assays: `c(logcounts = "X", counts = "raw")`.
#'   Several are read for the genes that all have.
#' @param id Row names: `"symbol"` or `"ensembl"`.
#' @param scale `"log"` or `"linear"`, of all assays.
#'   `NULL` follows from their names as in [musl_data()]; set it if they do
#'   not tell, such as `X`.
#' @returns A `SingleCellExperiment`, or if that package is not installed a
#'   [SummarizedExperiment][SummarizedExperiment::SummarizedExperiment-class].
#'   Rows are genes with `symbol`, `ensembl`, `label` (the name in the file) and
#'   the columns of `var`; columns are cells with the columns of `obs`.
#'   Assays are `dgCMatrix`.
#'   Row names are unique: a gene without `id`, or with that of an earlier gene,
#'   keeps its label; cells with the same name are numbered.
#'   `metadata()` has `files` (assay, file, scale) and `report`.
#' @section Errors:
#'   `musl_error_format` with the file for what can't be read: no HDF5, no
#'   AnnData, parts that are missing or do not match, indices out of
#'   range, codes without a category.
#'   `musl_error_input` for invalid paths, unknown layers and missing
#'   packages (`rhdf5`, `Matrix`).
#' @source File format: <https://anndata.readthedocs.io>, on-disk format.
#' @seealso [read_10x()]; [musl_pseudobulk()] to average cells.
#' @examplesIf requireNamespace("rhdf5", quietly = TRUE)
#' path <- tempfile(fileext = ".h5ad")
#' rhdf5::h5createFile(path)
#' # Dimensions turn round: this is cells x genes in the file.
#' rhdf5::h5write(matrix(c(0, 2, 1, 0, 0, 3), 2), path, "X")
#' for (group in c("obs", "var")) rhdf5::h5createGroup(path, group)
#' rhdf5::h5write(c("cell_1", "cell_2", "cell_3"), path, "obs/_index")
#' rhdf5::h5write(c("B", "B", "T"), path, "obs/cell_type")
#' rhdf5::h5write(c("TP53", "ARID1A"), path, "var/_index")
#' cells <- read_h5ad(path, assays = c(counts = "X"))
#' SummarizedExperiment::assay(cells)
#' @export
read_h5ad <- function(path, ..., assays = "X", id = "symbol", scale = NULL) {
  check_dots_empty()
  call <- current_env()
  check_path(path)
  id <- check_choice(id, c("symbol", "ensembl"))
  scale <- check_choice(scale, c("log", "linear"), allow_null = TRUE)
  assays <- check_assay_choice(assays, call)
  file <- open_hdf5_cells(path, call)
  check_anndata(file)
  cells <- read_frame(file, "obs")
  genes <- read_frame(file, "var")
  parts <- lapply(assays, function(one) {
    read_anndata_part(file, one, genes, nrow(cells$table))
  })
  common <- Reduce(intersect, lapply(parts, rownames))
  if (length(common) == 0) {
    abort_musl(c(
      "{.arg assays} must have genes in common.",
      x = "{.val {assays}} share none."
    ), argument = "assays", call = call)
  }
  frame <- if (all(common %in% genes$names)) genes else read_raw_frame(file)
  at <- match(common, frame$names)
  dropped <- setdiff(unlist(lapply(parts, rownames)), common)
  new_cells(
    lapply(parts, function(x) {
      x <- x[common, , drop = FALSE]
      dimnames(x) <- list(NULL, NULL)
      x
    }),
    cell_genes(common, frame$table[at, , drop = FALSE]),
    data.frame(.name = cells$names, cells$table, check.names = FALSE),
    id,
    tibble(
      assay = names(assays), file = basename(path),
      scale = cell_scale(names(assays), scale)
    ),
    list(
      dropped_genes = tibble(gene = dropped),
      skipped = tibble(column = c(cells$skipped, genes$skipped))
    )
  )
}

check_assay_choice <- function(assays, call) {
  ok <- is.character(assays) && length(assays) > 0 && !anyNA(assays)
  names <- if (ok) ifelse(nzchar(names2(assays)), names2(assays), assays)
  if (!ok || anyDuplicated(names) > 0) {
    abort_argument(
      "assays", "names of matrices, each once", assays, call
    )
  }
  set_names(assays, names)
}

check_anndata <- function(file) {
  missing <- setdiff(c("obs", "var"), file$items$name)
  if (length(missing) > 0) {
    abort_file(file$path, NULL, c(
      x = "It has no {.field {missing}}, so it is not AnnData.",
      i = if (has_item(file, "matrix")) {
        "Is it of 10x Genomics? Then call {.fn read_10x}."
      } else {
        "Is the export incomplete?"
      }
    ), file$call)
  }
}

# One matrix, genes x cells, with gene names.
read_anndata_part <- function(file, name, genes, n_cells) {
  at <- switch(name, X = "X", raw = "raw/X", paste0("layers/", name))
  # Before 0.7 it was "raw.X".
  if (name == "raw" && !has_item(file, at)) at <- "raw.X"
  if (!has_item(file, at)) {
    abort_musl(c(
      "{.arg assays} must name matrices of the file.",
      x = "File {.file {file$path}} has no {.val {name}}.",
      i = "It has {.val {few(anndata_matrices(file), 9)}}."
    ), argument = "assays", call = file$call)
  }
  names <- if (name == "raw") read_raw_frame(file)$names else genes$names
  x <- if (is_group(file, at)) {
    read_anndata_sparse(file, at, c(n_cells, length(names)))
  } else {
    read_anndata_dense(file, at, c(n_cells, length(names)))
  }
  rownames(x) <- names
  x
}

anndata_matrices <- function(file) {
  c(
    if (has_item(file, "X")) "X",
    if (any(c("raw/X", "raw.X") %in% file$items$name)) "raw",
    items_below(file, "layers")
  )
}

read_raw_frame <- function(file) {
  read_frame(file, if (has_item(file, "raw/var")) "raw/var" else "raw.var")
}

# `dim` is that of the file, cells x genes.
read_anndata_sparse <- function(file, at, dim) {
  about <- item_attributes(file, at)
  kind <- about[["encoding-type"]] %||% about[["h5sparse_format"]] %||% ""
  kind <- substr(as.character(kind), 1, 3)
  shape <- as.double(about[["shape"]] %||% about[["h5sparse_shape"]])
  if (!kind %in% c("csr", "csc") || !identical(shape, as.double(dim))) {
    abort_file(file$path, NULL, c(
      x = "{.field {at}} is {.val {few(kind)}} of {few(shape)} where {dim} cells
           and genes are named.",
      i = "Write it with anndata as {.val csr_matrix} or {.val csc_matrix}."
    ), file$call)
  }
  # Rows of cells are columns of genes x cells.
  by_cell <- kind == "csr"
  x <- compressed_matrix(
    read_item(file, paste0(at, "/data")),
    read_item(file, paste0(at, "/indices")),
    read_item(file, paste0(at, "/indptr")),
    if (by_cell) rev(dim) else dim, at, file$path, file$call
  )
  if (by_cell) x else Matrix::t(x)
}

read_anndata_dense <- function(file, at, dim) {
  size <- with_hdf5(file$path, file$call, item_extent(file$path, at))
  if (!identical(as.double(size), as.double(rev(dim)))) {
    abort_file(file$path, NULL, c(
      x = "{.field {at}} is {rev(size)} where {dim} cells and genes are named.",
      i = "Is the export incomplete?"
    ), file$call)
  }
  check_item_room(file, at)
  n_block <- max(1, floor(1e7 / max(1, dim[[2]])))
  if (prod(dim) == 0) {
    return(Matrix::sparseMatrix(i = integer(), j = integer(), x = numeric(),
      dims = rev(dim)
    ))
  }
  starts <- seq(1, dim[[1]], by = n_block)
  blocks <- lapply(starts, function(start) {
    cells <- seq_len(min(n_block, dim[[1]] - start + 1)) + start - 1
    values <- with_hdf5(file$path, file$call, rhdf5::h5read(
      file$path, at,
      index = list(NULL, cells)
    ))
    if (!is.numeric(values)) {
      abort_file(file$path, NULL, c(
        x = "{.field {at}} is {.cls {class(values)}}, not numbers.",
        i = "Name another assay."
      ), file$call)
    }
    storage.mode(values) <- "double"
    as(as(as(values, "dMatrix"), "generalMatrix"), "CsparseMatrix")
  })
  do.call(cbind, blocks)
}

# In R's order, the reverse of the file's.
item_extent <- function(path, at) {
  handle <- rhdf5::H5Fopen(path, "H5F_ACC_RDONLY")
  on.exit(rhdf5::H5Fclose(handle))
  set <- rhdf5::H5Dopen(handle, at)
  on.exit(rhdf5::H5Dclose(set), add = TRUE, after = FALSE)
  space <- rhdf5::H5Dget_space(set)
  on.exit(rhdf5::H5Sclose(space), add = TRUE, after = FALSE)
  rhdf5::H5Sget_simple_extent_dims(space)$size
}
