# Converts objects of other packages to sources, and assays to the core's form:
# at most some rows at a time are dense.

# Converts a Seurat object to a SingleCellExperiment, with Seurat's function.
from_seurat <- function(x, label, call) {
  if (!inherits(x, "Seurat")) {
    return(x)
  }
  needed <- c("Seurat", "SingleCellExperiment")
  there <- vapply(needed, requireNamespace, TRUE, quietly = TRUE)
  if (!all(there)) {
    abort_musl(c(
      "{capital(label)} is a {.cls Seurat} object; its conversion needs the
       package{?s} {.pkg {needed[!there]}}.",
      x = "{cli::qty(sum(!there))}{?It is/They are} not installed.",
      i = "Save {.code Seurat::as.SingleCellExperiment(x)} on a computer with
           {.pkg Seurat} and pass that; or pass a matrix,
           {.code SeuratObject::GetAssayData(x, slot = \"data\")}."
    ), argument = "expression", call = call)
  }
  convert <- getExportedValue("Seurat", "as.SingleCellExperiment")
  convert(x)
}

# Converts a MultiAssayExperiment to the list of its experiments, each with the
# object's columns for its samples.
from_multi_assay <- function(x, call) {
  if (!inherits(x, "MultiAssayExperiment")) {
    return(x)
  }
  check_installed("MultiAssayExperiment", "to extract its experiments", call)
  of_package <- function(name) getExportedValue("MultiAssayExperiment", name)
  experiments <- as.list(of_package("experiments")(x))
  lapply(set_names(names(experiments)), function(name) {
    if (inherits(experiments[[name]], "SummarizedExperiment")) {
      # It warns of columns in both and keeps the experiment's.
      suppressWarnings(of_package("getWithColData")(x, name))
    } else {
      experiments[[name]]
    }
  })
}

# Rows of an assay in the core's form: a double matrix, a dgCMatrix, or
# list(dim, read) whose `read` returns a block of rows. Rows of a DelayedMatrix
# are read when the core needs them.
core_assay <- function(x, rows) {
  if (length(rows) < nrow(x)) {
    x <- x[rows, , drop = FALSE]
  }
  if (inherits(x, "DelayedMatrix")) {
    if (!DelayedArray::is_sparse(x)) {
      return(list(dim = dim(x), read = function(first, last) {
        rows <- x[seq(first, last), , drop = FALSE]
        dense_rows(rows, seq_len(nrow(rows)))
      }))
    }
    x <- as(x, "dgCMatrix")
  }
  if (inherits(x, "dgCMatrix")) x else dense_rows(x, seq_len(nrow(x)))
}
