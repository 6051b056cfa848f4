# Embeddings: a numeric matrix, genes x dimensions, with row names.

align_embeddings <- function(x, call) {
  if (is.null(x)) {
    return(NULL)
  }
  load_class_package(x)
  if (inherits(x, c("Matrix", "DelayedMatrix"))) {
    x <- as.matrix(x)
  }
  if (!is.matrix(x) || !is_plain_number(x)) {
    abort_musl(c(
      "{.arg embeddings} must be a numeric matrix of genes x dimensions.",
      x = "Found {describe_value(x)}.",
      i = if (is.data.frame(x)) {
        "Convert the numeric columns with {.fn as.matrix}; genes are row names."
      }
    ), argument = "embeddings", call = call)
  }
  if (nrow(x) == 0 || ncol(x) == 0) {
    abort_musl(c(
      "{.arg embeddings} must not be empty.",
      x = "It has {nrow(x)} gene{?s} and {ncol(x)} dimension{?s}.",
      i = "Pass {.code NULL} for none."
    ), argument = "embeddings", call = call)
  }
  check_gene_names(rownames(x), "the embedding matrix", call)
  check_embedding_values(x, call)
  storage.mode(x) <- "double"
  x[sort_bytes(rownames(x)), , drop = FALSE]
}

check_embedding_values <- function(x, call) {
  if (is.finite(sum(range(x)))) {
    return(invisible())
  }
  genes <- rownames(x)[rowSums(!is.finite(x)) > 0]
  abort_musl(c(
    "{.arg embeddings} must hold finite values.",
    x = "{length(genes)} gene{?s} with missing or infinite values:
         {.val {utils::head(genes, 3)}}.",
    i = "Remove these rows: a gene without an embedding is scored from its
         network neighbours."
  ), argument = "embeddings", genes = genes, call = call)
}
