#' @rdname MuslData-methods
#' @aliases [,MuslData-method
#' @exportMethod [
setMethod("[", "MuslData", function(x, i, j, ..., drop = TRUE) {
  check_musl_data(x)
  if (missing(i)) {
    return(x)
  }
  abort_if(!missing(j), c(
    "A {.cls MuslData} has one dimension, its genes.",
    x = "Two indices were given."
  ), call = NULL)
  kept <- select_genes(x@genes, i)
  new_musl_data(
    genes = kept,
    cohorts = subset_cohorts(x@cohorts, kept),
    network = subset_network(x@network, match(x@genes, kept)),
    embeddings = if (any(rownames(x@embeddings) %in% kept)) {
      subset_rows(x@embeddings, kept)
    },
    pairs = x@pairs[x@pairs$gene_a %in% kept & x@pairs$gene_b %in% kept, ],
    id_type = x@id_type,
    report = x@report,
    truth = x@truth,
    evidence = x@evidence
  )
})

# Names in the order of the universe, regardless of the index order.
select_genes <- function(genes, i) {
  i <- factor_names(i, "i")
  if (is.character(i)) {
    if (length(i) > 0) i <- check_anchors(i, genes, "the data", "i")
    return(genes[genes %in% i])
  }
  is_index <- is.logical(i) && length(i) == length(genes) ||
    is.numeric(i) && all(abs(i) <= length(genes)) && all(i == trunc(i)) &&
      (all(i >= 0) || all(i <= 0))
  abort_if(anyNA(i) || !isTRUE(is_index), c(
    "Genes to keep must be names, indices from 1 to {length(genes)}, or one
     logical per gene.",
    x = if (anyNA(i)) {
      "{sum(is.na(i))} of {length(i)} {?is/are} {.code NA}."
    } else {
      "Found {describe_value(i)}."
    }
  ), call = NULL)
  kept <- seq_along(genes)[i]
  genes[sort(unique(kept))]
}

subset_cohorts <- function(cohorts, genes) {
  subset <- lapply(cohorts, function(cohort) {
    cohort$assays <- lapply(cohort$assays, subset_rows, genes)
    cohort
  })
  Filter(function(cohort) nrow(cohort$assays[[1]]) > 0, subset)
}

subset_rows <- function(x, genes) x[rownames(x) %in% genes, , drop = FALSE]

# A context: samples of the cohorts of a MuslData, selected by name or by sample
# annotation.

# `data` restricted to the samples of `context`, in every assay of a cohort.
select_samples <- function(data, context) {
  chosen <- context_columns(data, context)
  for (name in names(chosen)) {
    cohort <- data@cohorts[[name]]
    kept <- chosen[[name]]
    cohort$assays <- lapply(cohort$assays, function(x) x[, kept, drop = FALSE])
    cohort$samples <- cohort$samples[kept, , drop = FALSE]
    data@cohorts[[name]] <- cohort
  }
  data
}

# The samples of a context: integer columns, a list named by cohort.
context_columns <- function(data, context) {
  if (is.null(context)) {
    return(list())
  }
  known <- names(data@cohorts)
  fits <- function() {
    is.list(context) && length(context) > 0 && all(names2(context) %in% known)
  }
  # With one cohort, its element may be given directly.
  if (length(known) == 1 && !fits()) context <- set_names(list(context), known)
  abort_if(!fits(), c(
    "{.arg context} must be a list named by cohorts of {.arg data}.",
    x = "Found {describe_value(names(context) %||% context)}.",
    i = "The cohorts are {.field {known}}."
  ), argument = "context")
  lapply(set_names(names(context)), function(name) {
    context_samples(data@cohorts[[name]], context[[name]], name)
  })
}

context_samples <- function(cohort, wanted, name) {
  samples <- colnames(cohort$assays[[1]])
  kept <- if (is.list(wanted)) {
    samples_where(cohort$samples, wanted, name)
  } else if (is.logical(wanted) && length(wanted) == length(samples)) {
    which(wanted)
  } else if (is.character(wanted)) {
    match(wanted, samples)
  }
  abort_if(length(kept) == 0 || anyNA(kept) || anyDuplicated(kept), c(
    "{.arg context} must select samples of cohort {.field {name}}, each once.",
    x = if (is.list(wanted)) {
      "No sample has the requested values of {.field {names(wanted)}}."
    } else {
      "Found {describe_value(wanted)}."
    },
    x = if (is.character(wanted) && anyNA(kept)) {
      "No such sample: {.val {few(wanted[is.na(kept)])}}."
    },
    i = "Pass names such as {.val {utils::head(samples, 3)}},
         {length(samples)} times {.code TRUE} or {.code FALSE}, or a list of
         values by column."
  ), argument = "context")
  kept
}

# Samples that have one of the values in each of the columns of `table`.
samples_where <- function(table, wanted, name) {
  columns <- names2(wanted)
  abort_if(length(wanted) == 0 || !all(columns %in% names(table)), c(
    "{.arg context} must name columns of the samples of cohort
     {.field {name}}.",
    x = "No such column: {.val {setdiff(columns, names(table))}}.",
    i = if (length(table) > 0) {
      "It has {.field {utils::head(names(table), 8)}}."
    } else {
      "It has none: pass them in the {.code colData()} of expression."
    }
  ), argument = "context")
  kept <- rep(TRUE, nrow(table))
  for (column in columns) {
    given <- as.character(table[[column]])
    values <- as.character(wanted[[column]])
    unknown <- setdiff(values, given)
    abort_if(length(values) == 0 || length(unknown) > 0, c(
      "{.arg context} must hold values of column {.field {column}} of cohort
       {.field {name}}.",
      x = "No sample has {.val {utils::head(unknown, 3)}}.",
      i = "It holds {.val {utils::head(unique(given), 5)}}."
    ), argument = "context")
    kept <- kept & given %in% values
  }
  which(kept)
}
