#' Read 10x Genomics counts
#'
#' Reads the output of Cell Ranger, a folder with a Matrix Market file
#' or one HDF5 file, into a sparse container of genes x cells.
#'
#' A folder contains `matrix.mtx`, `barcodes.tsv` and `features.tsv` (before
#' version 3 `genes.tsv`), gzip or not, with any prefix (as in GEO).
#' Counts of other protocols are read too: the matrix may be called
#' `counts.mtx` and the cells `cells.tsv`, and the tables of genes and cells may
#' have a header that begins with `gene`, `cell` or similar.
#' HDF5 files may be of version 2 (one group per genome) or 3.
#' [musl_data()] also accepts the result of `DropletUtils::read10xCounts()`.
#' Open only HDF5 files from trusted sources: the HDF5 library is not safe with
#' forged ones.
#'
#' @param path A folder or an HDF5 file.
#' @param ... Must be empty.
#' @param id Row names: `"symbol"` or `"ensembl"`.
#' @param feature The feature type to keep, if the file names types;
#'   `NULL` for all.
#' @param genome `NULL`, or the genome to read from an HDF5 file: in version 2
#'   its group, in version 3 its genes.
#' @returns As [read_h5ad()]: genes with `symbol`, `ensembl`, `label` (the id in
#'   the file) and, if given, `feature_type` and `genome`; cells named by
#'   barcode, with the columns of a table of cells that has a header; one assay
#'   `counts`, on the linear scale.
#' @section Errors:
#'   `musl_error_format` with file and line for what can't be read: another
#'   format, truncation, counts that are negative or not finite, entries outside
#'   the matrix or repeated, names that are too many or too few.
#'   `musl_error_input` for invalid paths, a matrix without its folder, a
#'   folder without the three files, a missing feature type or genome, a genome
#'   for a folder, and missing packages (`Matrix`; `rhdf5` for HDF5).
#' @source File formats: 10x Genomics, Cell Ranger, feature-barcode matrices.
#' @seealso [read_h5ad()]; [musl_pseudobulk()] to average cells.
#' @examplesIf requireNamespace("Matrix", quietly = TRUE)
#' dir <- tempfile()
#' dir.create(dir)
#' writeLines(
#'   c("ENSG00000141510\tTP53", "ENSG00000117713\tARID1A"),
#'   file.path(dir, "genes.tsv")
#' )
#' writeLines(c("AAAC-1", "AAAG-1", "AAAT-1"), file.path(dir, "barcodes.tsv"))
#' writeLines(c(
#'   "%%MatrixMarket matrix coordinate integer general",
#'   "2 3 3", "1 1 4", "2 1 1", "2 3 7"
#' ), file.path(dir, "matrix.mtx"))
#' cells <- read_10x(dir)
#' SummarizedExperiment::assay(cells)
#' @export
read_10x <- function(path, ..., id = "symbol", feature = "Gene Expression",
                     genome = NULL) {
  check_dots_empty()
  call <- current_env()
  check_path(path)
  id <- check_choice(id, c("symbol", "ensembl"))
  check_string(feature, allow_null = TRUE)
  check_string(genome, allow_null = TRUE)
  check_installed("Matrix", "for sparse matrices", call)
  path <- path.expand(path)
  check_not_market(path, call)
  if (dir.exists(path) && !is.null(genome)) {
    abort_musl(c(
      "{.arg genome} must be {.code NULL} for a folder.",
      x = "{.file {path}} is one: its files name no genomes.",
      i = "Give the folder of that genome."
    ), argument = "genome", call = call)
  }
  found <- if (dir.exists(path)) {
    read_10x_folder(path, call)
  } else {
    read_10x_hdf5(open_hdf5_cells(path, call), genome)
  }
  kept <- kept_features(found$genes, feature, call) &
    of_genome(found$genes, genome, path, call)
  genes <- found$genes[kept, , drop = FALSE]
  rownames(genes) <- NULL
  new_cells(
    list(counts = found$counts[kept, , drop = FALSE]),
    cell_genes(genes$id, data.frame(
      symbol = genes$name, genes[setdiff(names(genes), c("id", "name"))]
    )),
    as.data.frame(
      c(list(.name = found$barcodes), found$cells),
      optional = TRUE
    ), id,
    tibble(assay = "counts", file = basename(path), scale = "linear"),
    list(dropped_genes = tibble(gene = found$genes$id[!kept]))
  )
}

check_not_market <- function(path, call) {
  if (grepl("[.]mtx([.]gz)?$", path) && !dir.exists(path)) {
    abort_musl(c(
      "{.arg path} must be a folder or an HDF5 file.",
      x = "{.file {path}} is a matrix without the names of its genes and
           cells.",
      i = "Give the folder with all three: {.file {dirname(path)}}."
    ), argument = "path", call = call)
  }
}

# Files of version 3 name the genome of each gene; of the others the group has
# been chosen.
of_genome <- function(genes, genome, path, call) {
  if (is.null(genome) || !"genome" %in% names(genes)) {
    return(rep(TRUE, nrow(genes)))
  }
  if (!genome %in% genes$genome) {
    abort_no_genome(unique(genes$genome), path, call)
  }
  genes$genome %in% genome
}

abort_no_genome <- function(known, path, call) {
  abort_musl(c(
    "{.arg genome} must name one of the genomes of the file.",
    x = "File {.file {path}} has {.val {few(known, 9)}}.",
    i = "Write {.code genome = \"{known[[1]]}\"}."
  ), argument = "genome", call = call)
}

kept_features <- function(genes, feature, call) {
  if (is.null(feature) || !"feature_type" %in% names(genes)) {
    return(rep(TRUE, nrow(genes)))
  }
  kept <- genes$feature_type %in% feature
  if (!any(kept)) {
    abort_musl(c(
      "{.arg feature} must be a feature type in the file.",
      x = "None is {.val {feature}}.",
      i = "Types are {.val {few(unique(genes$feature_type), 9)}}."
    ), argument = "feature", call = call)
  }
  kept
}

# Each returns list(counts: genes x cells, genes: id, name and more,
# barcodes).

read_10x_hdf5 <- function(file, genome) {
  group <- group_10x(file, genome)
  at <- function(name) paste0(group, "/", name)
  genes <- features_10x(file, group)
  barcodes <- as.character(read_item(file, at("barcodes")))
  dim <- c(nrow(genes), length(barcodes))
  shape <- as.double(read_item(file, at("shape")))
  if (!identical(shape, as.double(dim))) {
    abort_file(file$path, NULL, c(
      x = "{.field {group}} is {shape} where {dim} genes and cells are named.",
      i = "Is the download incomplete?"
    ), file$call)
  }
  counts <- compressed_matrix(
    read_item(file, at("data")), read_item(file, at("indices")),
    read_item(file, at("indptr")), dim, group, file$path, file$call
  )
  check_counts(counts@x, file$path, NULL, file$call)
  list(
    counts = counts, genes = check_gene_ids(genes, file$path, file$call),
    barcodes = barcodes
  )
}

group_10x <- function(file, genome) {
  of_matrix <- c("barcodes", "data", "indices", "indptr", "shape")
  top <- file$items$name[file$items$is_group & !grepl("/", file$items$name)]
  groups <- Filter(function(group) {
    all(of_matrix %in% items_below(file, group))
  }, top)
  if (length(groups) == 0) {
    abort_file(file$path, NULL, c(
      x = "It has no counts of 10x Genomics.",
      i = if (has_item(file, "obs")) {
        "Is it AnnData? Then call {.fn read_h5ad}."
      } else {
        "Is the download incomplete?"
      }
    ), file$call)
  }
  wanted <- genome %||% if (length(groups) == 1) groups
  if (identical(groups, "matrix")) wanted <- groups
  if (is.null(wanted) || !wanted %in% groups) {
    abort_no_genome(groups, file$path, file$call)
  }
  wanted
}

# Version 3 has a group of features.
features_10x <- function(file, group) {
  at <- paste0(group, "/features")
  columns <- c(id = "genes", name = "gene_names")
  if (has_item(file, at)) {
    columns <- c("id", "name", "feature_type", "genome")
    columns <- set_names(intersect(columns, items_below(file, at)))
  } else {
    at <- group
  }
  values <- lapply(columns, function(column) {
    as.character(read_item(file, paste0(at, "/", column)))
  })
  whole <- all(c("id", "name") %in% names(values)) &&
    length(unique(lengths(values))) == 1
  if (!whole) {
    abort_file(file$path, NULL, c(
      x = "{.field {at}} has columns {.field {columns}} of {lengths(values)}
           values.",
      i = "Is the download incomplete?"
    ), file$call)
  }
  as.data.frame(values)
}

check_gene_ids <- function(genes, path, call) {
  twice <- unique(genes$id[duplicated(genes$id)])
  if (length(twice) > 0 || anyNA(genes$id) || !all(nzchar(genes$id))) {
    abort_file(path, NULL, c(
      x = "Ids of genes are missing or repeated:
           {.val {few(twice)}}.",
      i = "Is it a file of Cell Ranger?"
    ), call)
  }
  genes
}

check_counts <- function(values, path, line, call) {
  bad <- which(!is.finite(values) | values < 0)
  if (length(bad) > 0) {
    abort_file(path, if (!is.null(line)) line + bad[[1]], c(
      x = "{length(bad)} value{?s} {?is/are} negative or not finite, the first
           {values[[bad[[1]]]]}.",
      i = "It must contain counts."
    ), call)
  }
}
