# Without scuttle: a mean by group is one product of sparse matrices; the rest
# checks groups and their names.

#' Pseudo-bulk samples from single cells
#'
#' Averages the cells of each group, such as each cell type of each donor, into
#' one sample for use as bulk expression.
#'
#' Values are averaged without transformation: pass counts (or another linear
#' assay) of cells with equal sequencing depth. Sparse and delayed assays are
#' not made dense; the result is dense.
#'
#' @param x A
#'   [SummarizedExperiment][SummarizedExperiment::SummarizedExperiment-class] or
#'   `SingleCellExperiment`, genes x cells.
#' @param by Character, columns of `colData(x)`: cells with the same values in
#'   all of them form a group.
#' @param ... Must be empty.
#' @param min_cells Whole number >= 1: smaller groups are left out.
#' @returns A `SummarizedExperiment` of genes x groups, groups in byte order of
#'   the columns `by`, with the row data and metadata of `x`. Its `colData` has
#'   the columns `by` and `n_cells`; samples are named by the values of `by`,
#'   joined by `"_"`. One message (`musl_message_report`) counts groups and
#'   cells left out.
#' @section Errors:
#'   `musl_error_input` if `x` is not a `SummarizedExperiment` with named
#'   assays, a column is unknown, `by` names `n_cells`, or no group is left.
#' @examples
#' counts <- matrix(
#'   c(1, 3, 0, 2, 5, 7, 0, 0), 2,
#'   dimnames = list(c("TP53", "ARID1A"), paste0("cell_", 1:4))
#' )
#' cells <- SummarizedExperiment::SummarizedExperiment(
#'   list(counts = counts),
#'   colData = data.frame(donor = "d1", cell_type = c("B", "B", "T", "T"))
#' )
#' bulk <- musl_pseudobulk(cells, c("donor", "cell_type"), min_cells = 2)
#' SummarizedExperiment::assay(bulk)
#' @export
musl_pseudobulk <- function(x, by, ..., min_cells = 10L) {
  check_dots_empty()
  load_class_package(x)
  if (!inherits(x, "SummarizedExperiment")) {
    abort_argument("x", "a SummarizedExperiment of genes x cells", x)
  }
  check_whole(min_cells, 1)
  check_installed("Matrix", "to average sparse cells")
  cells <- SummarizedExperiment::colData(x)
  check_known_names(by, colnames(cells), "by", "columns of {.code colData(x)}")
  abort_if("n_cells" %in% by, c(
    "{.arg by} can't name {.val n_cells}.",
    x = "The result has the number of cells under that name.",
    i = "Rename the column of {.code colData(x)}."
  ), argument = "by")
  assays <- SummarizedExperiment::assayNames(x)
  check_known_names(assays, assays, "assayNames(x)", "assays")
  groups <- cell_groups(as.data.frame(cells[by], optional = TRUE), min_cells)
  means <- lapply(set_names(assays), function(assay) {
    group_means(SummarizedExperiment::assay(x, assay), groups)
  })
  SummarizedExperiment::SummarizedExperiment(
    assays = lapply(means, `dimnames<-`, NULL),
    rowData = SummarizedExperiment::rowData(x),
    colData = groups$table,
    metadata = methods::slot(x, "metadata")
  )
}

check_known_names <- function(x, known, arg, what) {
  if (!is.character(x) || length(x) == 0 || anyDuplicated(x) > 0) {
    abort_argument(arg, "one or more names, each once", x)
  }
  unknown <- setdiff(x, known)
  abort_if(length(unknown) > 0, c(
    paste0("{.arg {arg}} must name ", what, "."),
    x = "Unknown: {.val {unknown}}.",
    i = "Known: {.val {utils::head(known, 8)}}."
  ), argument = arg)
}

# list(of: group of each cell, NA for none; table: one row per group)
cell_groups <- function(table, min_cells) {
  table[] <- lapply(table, blank_to_na)
  complete <- stats::complete.cases(table)
  key <- do.call(paste, c(unname(table), sep = "\r"))
  key[!complete] <- NA
  ranked <- do.call(order, c(unname(table), method = "radix"))
  levels <- unique(stats::na.omit(key[ranked]))
  counts <- tabulate(match(key, levels), length(levels))
  kept <- levels[counts >= min_cells]
  tell_groups(length(levels) - length(kept), sum(!complete), min_cells)
  abort_if(length(kept) == 0, c(
    "Groups must have {min_cells} cell{?s} or more.",
    x = "None of {length(levels)} group{?s} does; the largest has
         {max(counts, 0)}.",
    i = "Lower {.arg min_cells} or group by fewer columns."
  ), argument = "min_cells")
  rows <- table[match(kept, key), , drop = FALSE]
  rows$n_cells <- counts[counts >= min_cells]
  rownames(rows) <- make.unique(do.call(
    paste, c(unname(rows[names(table)]), sep = "_")
  ))
  list(of = match(key, kept), table = rows)
}

tell_groups <- function(n_small, n_missing, min_cells) {
  inform_if(n_small + n_missing > 0, c(
    "*" = if (n_small > 0) {
      "{n_small} group{?s} of fewer than {min_cells} cells left out."
    },
    "*" = if (n_missing > 0) {
      "{n_missing} cell{?s} without a value in {.arg by} left out."
    }
  ), "report")
}

# Genes x groups, as the product with a sparse matrix of shares; in blocks of
# rows if the assay is delayed.
group_means <- function(x, groups) {
  load_class_package(x)
  cell <- which(!is.na(groups$of))
  group <- groups$of[cell]
  shares <- Matrix::sparseMatrix(
    i = cell, j = group, x = 1 / groups$table$n_cells[group],
    dims = c(ncol(x), nrow(groups$table))
  )
  blocks <- if (inherits(x, "DelayedMatrix")) {
    row_blocks(x, seq_len(nrow(x)))
  } else {
    list(seq_len(nrow(x)))
  }
  bind_each(blocks, function(rows) {
    values <- if (length(blocks) > 1) x[rows, , drop = FALSE] else x
    if (inherits(values, "DelayedMatrix")) values <- as.matrix(values)
    as.matrix(values %*% shares)
  })
}
