# Objects of other packages as sources, and assays on their way to the core:
# dense for some rows at a time at most.

# A Seurat object as the SingleCellExperiment that its own package makes of it.
from_seurat <- function(x, label, call) {
  if (!inherits(x, "Seurat")) {
    return(x)
  }
  needed <- c("Seurat", "SingleCellExperiment")
  there <- vapply(needed, requireNamespace, TRUE, quietly = TRUE)
  if (!all(there)) {
    abort_musl(c(
      "{capital(label)} is a {.cls Seurat} object, which the package{?s}
       {.pkg {needed[!there]}} must convert.",
      x = "{cli::qty(sum(!there))}{?It is/They are} not installed.",
      i = "Where {.pkg Seurat} is, save
           {.code Seurat::as.SingleCellExperiment(x)} and pass that; or pass a
           matrix, {.code SeuratObject::GetAssayData(x, slot = \"data\")}."
    ), argument = "expression", call = call)
  }
  convert <- getExportedValue("Seurat", "as.SingleCellExperiment")
  convert(x)
}

# A MultiAssayExperiment as the list of its experiments, each with the columns
# that the object has for its samples.
from_multi_assay <- function(x, call) {
  if (!inherits(x, "MultiAssayExperiment")) {
    return(x)
  }
  check_installed("MultiAssayExperiment", "to take its objects apart", call)
  of_package <- function(name) getExportedValue("MultiAssayExperiment", name)
  experiments <- as.list(of_package("experiments")(x))
  lapply(set_names(names(experiments)), function(name) {
    if (inherits(experiments[[name]], "SummarizedExperiment")) {
      # It warns of columns that both have, and keeps the experiment's.
      suppressWarnings(of_package("getWithColData")(x, name))
    } else {
      experiments[[name]]
    }
  })
}

# The rows asked for of an assay as the core reads it: a double matrix, a
# dgCMatrix, or list(dim, read) whose `read` gives a block of rows. Rows of a
# DelayedMatrix are read where the core wants them.
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
