# Converts objects of other packages and tables to cohorts and embeddings, and
# assays to the core's form: at most some rows are dense at a time.

# Converts a MultiAssayExperiment to the list of its experiments, each with the
# object's columns for its samples.
from_multi_assay <- function(x) {
  if (!inherits(x, "MultiAssayExperiment")) {
    return(x)
  }
  check_installed("MultiAssayExperiment", "to extract its experiments")
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

from_expression_set <- function(x) {
  if (!inherits(x, "ExpressionSet")) {
    return(x)
  }
  SummarizedExperiment::makeSummarizedExperimentFromExpressionSet(x)
}

# Rows of an assay in the core's form: a double matrix, a dgCMatrix, or
# list(dim, read) whose `read` returns a block of rows. Rows of a DelayedMatrix
# are read when the core needs them.
core_assay <- function(x, rows) {
  if (length(rows) < nrow(x)) x <- x[rows, , drop = FALSE]
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

# A data frame (tibble, data.table) of expression -> numeric matrix. Genes are
# its row names or, without row names, its first column.
frame_matrix <- function(x, label) {
  x <- as.data.frame(x)
  named <- is.character(attr(x, "row.names"))
  abort_if(ncol(x) == 0, c(
    "{capital(label)} must not be empty.",
    x = "It is a data frame without columns.",
    i = "Give genes as row names or in the first column, and a column of
         numbers for each sample."
  ), argument = "expression")
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
    ), argument = "expression")
  }
  values <- as.matrix(values)
  rownames(values) <- genes
  values
}

# Embeddings: a numeric matrix, genes x dimensions, with row names.

align_embeddings <- function(x) {
  if (is.null(x)) {
    return(NULL)
  }
  load_class_package(x)
  if (inherits(x, c("Matrix", "DelayedMatrix"))) x <- as.matrix(x)
  abort_if(!is.matrix(x) || !is_plain_number(x), c(
    "{.arg embeddings} must be a numeric matrix of genes x dimensions.",
    x = "Found {describe_value(x)}.",
    i = if (is.data.frame(x)) {
      "Convert the numeric columns with {.fn as.matrix}; genes are row names."
    }
  ), argument = "embeddings")
  abort_if(nrow(x) == 0 || ncol(x) == 0, c(
    "{.arg embeddings} must not be empty.",
    x = "It has {nrow(x)} gene{?s} and {ncol(x)} dimension{?s}.",
    i = "Pass {.code NULL} for none."
  ), argument = "embeddings")
  check_gene_names(rownames(x), "the embedding matrix")
  ok <- is.finite(sum(range(x)))
  genes <- if (!ok) rownames(x)[rowSums(!is.finite(x)) > 0]
  abort_if(!ok, c(
    "{.arg embeddings} must hold finite values.",
    x = "{length(genes)} gene{?s} with missing or infinite values:
         {.val {utils::head(genes, 3)}}.",
    i = "Remove these rows: a gene without an embedding is scored from its
         network neighbours."
  ), argument = "embeddings", genes = genes)
  storage.mode(x) <- "double"
  x[sort_bytes(rownames(x)), , drop = FALSE]
}

# ---- The bridge to the core: only here names become 0-based indices ----

# What the core's dataset is made from, over the universe `genes`. Rows, edges
# and embeddings of other genes are left out.
dataset_input <- function(data, genes = data@genes) {
  cohorts <- lapply(data@cohorts, cohort_input, genes = genes)
  cohorts <- Filter(function(cohort) length(cohort$gene) > 0, cohorts)
  c(
    list(n_genes = length(genes), cohorts = unname(cohorts)),
    network_input(data, genes),
    embedding_input(data@embeddings, genes)
  )
}

cohort_input <- function(cohort, genes) {
  gene <- match(rownames(cohort$assays[[1]]), genes)
  kept <- which(!is.na(gene))
  list(
    name = cohort$name,
    assays = unname(lapply(cohort$assays, core_assay, rows = kept)),
    gene = gene[kept] - 1L,
    linear = cohort$scale == "linear"
  )
}

# A plain double matrix of the given rows; copied only if necessary.
dense_rows <- function(x, rows) {
  if (length(rows) < nrow(x)) x <- x[rows, , drop = FALSE]
  x <- as.matrix(x)
  if (!is.double(x)) storage.mode(x) <- "double"
  x
}

network_input <- function(data, genes) {
  network <- subset_network(data@network, match(data@genes, genes))
  list(
    from = as.integer(network$from) - 1L, to = as.integer(network$to) - 1L,
    weight = as.double(network$weight)
  )
}

# `new_id` is each gene's index among the genes kept, or NA; NULL for no edge.
subset_network <- function(network, new_id) {
  from <- new_id[network$from]
  to <- new_id[network$to]
  kept <- !is.na(from) & !is.na(to)
  if (any(kept)) {
    list(from = from[kept], to = to[kept], weight = network$weight[kept])
  }
}

embedding_input <- function(embeddings, genes) {
  if (is.null(embeddings)) {
    return(list(embeddings = NULL, embedding_gene = integer()))
  }
  gene <- match(rownames(embeddings), genes)
  kept <- which(!is.na(gene))
  list(
    embeddings = dense_rows(embeddings, kept),
    embedding_gene = gene[kept] - 1L
  )
}

# 0-based index in `known` of each gene, -1 for new ones.
gene_index <- function(genes, known) match(genes, known, nomatch = 0L) - 1L

# Pairs as indices into `genes`; all genes must be there. For pairs from
# labelled_pairs(), also the weight of their labels: `measured` (logical),
# `weight` (0 to 1), `effect` (NA for none), and `group` (0-based number of the
# study, line and query; -1 for recorded pairs).
pair_input <- function(pairs, genes) {
  input <- list(
    a = match(pairs$gene_a, genes) - 1L,
    b = match(pairs$gene_b, genes) - 1L,
    label = if ("label" %in% names(pairs)) as.double(pairs$label == "SL")
  )
  if (all(c("measured", "weight", "effect") %in% names(pairs))) {
    input$measured <- pairs$measured
    input$weight <- pairs$weight
    input$effect <- pairs$effect
    input$group <- measured_group(pairs)
  }
  input
}

measured_group <- function(pairs) {
  group <- rep(-1L, nrow(pairs))
  rows <- which(pairs$measured)
  origin <- pairs[rows, c("study", "line", "query")]
  group[rows] <- as.integer(row_numbers(origin)) - 1L
  group
}

# Training pairs of each gene that make it seen: positives, and negatives that
# the user gave.
count_seen <- function(training, genes) {
  counts <- training$label == "SL" | !training$sampled
  ends <- c(training$gene_a[counts], training$gene_b[counts])
  tabulate(match(ends, genes), length(genes))
}

count_unseen <- function(pairs, genes, n_seen) {
  count_outside(pairs, genes[n_seen > 0])
}

count_outside <- function(pairs, genes) {
  as.integer(!pairs$gene_a %in% genes) + as.integer(!pairs$gene_b %in% genes)
}
