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
    unknown <- setdiff(i, genes)
    abort_if(length(unknown) > 0, c(
      "Genes to keep must be in the data.",
      x = "{length(unknown)} unknown: {.val {utils::head(unknown, 3)}}.",
      i = unknown_gene_hint(unknown, genes)
    ), "gene", genes = unknown, call = NULL)
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
  context <- as_context(context, data@cohorts)
  lapply(set_names(names(context)), function(name) {
    context_samples(data@cohorts[[name]], context[[name]], name)
  })
}

# A list named by cohort. With one cohort, its element may be given directly.
as_context <- function(context, cohorts) {
  known <- names(cohorts)
  if (is.list(context) && all(names2(context) %in% known) &&
    length(context) > 0) {
    return(context)
  }
  alone <- length(cohorts) == 1 &&
    (!is.list(context) || has_columns(cohorts[[1]], names2(context)))
  if (alone) {
    return(set_names(list(context), known))
  }
  abort_if(!is.list(context), c(
    "{.arg context} must be a named list, since {.arg data} has
     {length(known)} cohorts.",
    i = "Their names are {.field {known}}."
  ), argument = "context")
  columns <- unique(unlist(lapply(cohorts, function(s) names(s$samples))))
  bad <- setdiff(names2(context), known)
  abort_musl(c(
    "{.arg context} must name cohorts of {.arg data} or, with one cohort,
     columns of its samples.",
    x = "No such cohort or column: {.val {bad}}.",
    i = "Sources are {.field {known}}.",
    i = if (length(columns) > 0) {
      "Columns of samples are {.field {utils::head(columns, 8)}}."
    }
  ), argument = "context")
}

has_columns <- function(cohort, names) {
  length(names) > 0 && all(names %in% names(cohort$samples))
}

context_samples <- function(cohort, wanted, name) {
  samples <- colnames(cohort$assays[[1]])
  n_samples <- ncol(cohort$assays[[1]])
  kept <- if (is.list(wanted)) {
    samples_where(cohort, wanted, name)
  } else if (is.logical(wanted) && length(wanted) == n_samples) {
    which(wanted)
  } else if (is.character(wanted)) {
    match(wanted, samples)
  }
  abort_if(length(kept) == 0 || anyNA(kept) || anyDuplicated(kept), c(
    "{.arg context} must select samples of cohort {.field {name}}, each once.",
    x = "Found {describe_value(wanted)}.",
    x = if (is.character(wanted) && anyNA(kept)) {
      "No such sample: {.val {few(wanted[is.na(kept)])}}."
    },
    i = "Pass names such as {.val {utils::head(samples, 3)}}, {n_samples}
         times {.code TRUE} or {.code FALSE}, or a list of values by column."
  ), argument = "context")
  kept
}

# Samples that have one of the values in each of the columns.
samples_where <- function(cohort, wanted, name) {
  abort_if(!has_columns(cohort, names2(wanted)), c(
    "{.arg context} must name columns of the samples of cohort
     {.field {name}}.",
    x = "No such column:
         {.val {setdiff(names2(wanted), names(cohort$samples))}}.",
    i = if (length(cohort$samples) > 0) {
      "It has {.field {utils::head(names(cohort$samples), 8)}}."
    } else {
      "It has none: pass them in the {.code colData()} of expression."
    }
  ), argument = "context")
  kept <- rep(TRUE, nrow(cohort$samples))
  for (column in names(wanted)) {
    given <- as.character(cohort$samples[[column]])
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
  abort_if(!any(kept), c(
    "{.arg context} must select samples of cohort {.field {name}}.",
    x = "No sample has the requested values of {.field {names(wanted)}}."
  ), argument = "context")
  which(kept)
}
