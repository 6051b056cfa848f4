#' @rdname MuslData-methods
#' @aliases [,MuslData-method
#' @exportMethod [
setMethod("[", "MuslData", function(x, i, j, ..., drop = TRUE) {
  check_musl_data(x)
  if (missing(i)) {
    return(x)
  }
  if (!missing(j)) {
    abort_musl(c(
      "A {.cls MuslData} has one dimension, its genes.",
      x = "Two indices were given."
    ), call = NULL)
  }
  kept <- select_genes(x@genes, i, x@report$gene_ids)
  new_musl_data(
    genes = kept,
    sources = subset_sources(x@sources, kept),
    network = subset_network(x@network, match(x@genes, kept)),
    embeddings = subset_embeddings(x@embeddings, kept),
    pairs = x@pairs[x@pairs$gene_a %in% kept & x@pairs$gene_b %in% kept, ],
    id_type = x@id_type,
    report = x@report,
    truth = x@truth,
    evidence = x@evidence
  )
})

# Names in the order of the universe, regardless of the index order.
select_genes <- function(genes, i, ids) {
  i <- factor_names(i, "i", NULL)
  if (is.character(i)) {
    unknown <- setdiff(i, genes)
    if (length(unknown) > 0) {
      abort_musl(c(
        "Genes to keep must be in the data.",
        x = "{length(unknown)} unknown: {.val {utils::head(unknown, 3)}}.",
        i = unknown_gene_hint(unknown, genes, ids)
      ), "gene", genes = unknown, call = NULL)
    }
    return(genes[genes %in% i])
  }
  is_index <- is.logical(i) && length(i) == length(genes) ||
    is.numeric(i) && all(abs(i) <= length(genes)) && all(i == trunc(i)) &&
      (all(i >= 0) || all(i <= 0))
  if (anyNA(i) || !isTRUE(is_index)) {
    abort_musl(c(
      "Genes to keep must be names, indices from 1 to {length(genes)}, or one
       logical per gene.",
      x = if (anyNA(i)) {
        "{sum(is.na(i))} of {length(i)} {?is/are} {.code NA}."
      } else {
        "Found {describe_value(i)}."
      }
    ), call = NULL)
  }
  kept <- seq_along(genes)[i]
  genes[sort(unique(kept))]
}

subset_sources <- function(sources, genes) {
  subset <- lapply(sources, function(source) {
    source$assays <- lapply(source$assays, subset_rows, genes)
    source
  })
  Filter(function(source) nrow(source$assays[[1]]) > 0, subset)
}

subset_rows <- function(x, genes) {
  x[rownames(x) %in% genes, , drop = FALSE]
}

subset_embeddings <- function(x, genes) {
  if (any(rownames(x) %in% genes)) subset_rows(x, genes) else NULL
}

# `new_id` is each gene's index among the genes kept, or NA.
subset_network <- function(network, new_id) {
  from <- new_id[network$from]
  to <- new_id[network$to]
  kept <- !is.na(from) & !is.na(to)
  if (!any(kept)) {
    return(NULL)
  }
  list(from = from[kept], to = to[kept], weight = network$weight[kept])
}
