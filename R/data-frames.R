# Tables instead of matrices.

# A data frame (tibble, data.table) of expression -> numeric matrix. Genes are
# its row names or, without row names, its first column.
frame_matrix <- function(x, label, call) {
  x <- as.data.frame(x)
  named <- is.character(attr(x, "row.names"))
  if (ncol(x) == 0) {
    abort_musl(c(
      "{capital(label)} must not be empty.",
      x = "It is a data frame without columns.",
      i = "Give genes as row names or in the first column, and a column of
           numbers for each sample."
    ), argument = "expression", call = call)
  }
  # data.frame(gene = rownames(m), m) has its genes in both places.
  if (named && ncol(x) > 1 && identical(as.character(x[[1]]), rownames(x))) {
    x <- x[-1]
  }
  genes <- if (named) rownames(x) else as.character(x[[1]])
  values <- if (named) x else x[-1]
  number <- vapply(values, is_plain_number, TRUE)
  if (ncol(values) == 0 || !all(number) || !named && is.numeric(x[[1]])) {
    bad <- if (all(number)) names(x)[[1]] else names(values)[!number]
    numbered <- !named && .row_names_info(x) > 0
    abort_musl(c(
      "{capital(label)} as a data frame must have genes as row names or in its
       first column, and numbers in all others.",
      x = "Other columns: {.field {utils::head(bad, 3)}}.",
      i = if (inherits(x[[bad[[1]]]], "integer64")) {
        "Convert columns of class {.cls integer64} by {.fn as.numeric}."
      },
      i = if (numbered) {
        "Row names that are numbers are not taken for genes. If they are Entrez
         ids, pass {.code as.matrix(x)}."
      },
      i = "{.fn read_expression} reads expression tables from files."
    ), argument = "expression", call = call)
  }
  values <- as.matrix(values)
  rownames(values) <- genes
  values
}

# Pairs as predict() accepts them: a data frame, a character matrix of two
# columns, or the edges of an igraph.
pair_frame <- function(x) {
  if (inherits(x, "igraph")) {
    ends <- igraph::as_edgelist(x)
    return(tibble(gene_a = as.character(ends[, 1]),
      gene_b = as.character(ends[, 2])
    ))
  }
  if (is.character(x) && is.matrix(x) && ncol(x) == 2) {
    return(tibble(gene_a = unname(x[, 1]), gene_b = unname(x[, 2])))
  }
  x
}
