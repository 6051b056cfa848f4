#' Read a MuslData
#'
#' Accessors and methods of the object that [musl_data()] returns.
#'
#' @param x,object A `MuslData`.
#'   [musl_genes()] also takes a [MuslModel][MuSL-classes].
#' @param genes Character, genes of a model of measured pairs, or `NULL`.
#' @param i Genes to keep: names, indices, or a logical vector with one entry
#'   per gene.
#' @param what "pairs" or "cohorts".
#' @param j,drop Not used.
#' @param ... Not used.
#' @returns
#' * `musl_genes()`: character, the gene universe, ascending in byte order. With
#'   `genes`, a tibble of what a model knows of each: `gene`; the numbers of
#'   `n_cohorts` with its expression, `n_interactions` of its protein,
#'   `n_terms`, `n_families`, `n_modules`, `n_measured` pairs of screens and
#'   `n_hits` among them, `n_seen` training pairs of any kind; `needed_by` and
#'   `expressed_in`, shares of cell lines (`NA` if unknown).
#' * `musl_pairs()` and `tidy()`: tibble, one row per unordered pair (for
#'   measured pairs, per pair, study, line and query), `gene_a`, `gene_b`,
#'   `label` (factor `SL`, `non_SL`; `NA` is unlabelled) and all other columns
#'   of the input, including those of [measured pairs][musl_data()]; `tidy(what
#'   = "cohorts")`: one row per expression source: `cohort`, `n_genes`,
#'   `n_samples`, `n_assays`, `assays` (list of their names) and `scale`.
#' * `as.list()`: list of `expression` (one SummarizedExperiment for each
#'   cohort, its genes x samples, with the assays in use), `network`
#'   (undirected igraph of the genes that have an edge, with edge attribute
#'   `weight`), `embeddings` (numeric matrix, genes in byte order x dimensions),
#'   `pairs` and `truth` (of data from [musl_simulate()]); `NULL` for what the
#'   data lack.
#' * `summary()`: tibble, one row per input: `input`, `n_genes` and `n_pairs`,
#'   the numbers of genes and pairs (with both genes) it covers, and their
#'   shares, `share_genes` and `share_pairs`.
#' * `x[i]`: a `MuslData` of the genes `i`: rows of the cohorts and embeddings,
#'   edges and pairs with both ends among them; empty inputs are dropped.
#' * `length()`: the number of genes; `dim()`: genes and samples of all cohorts;
#'   `dimnames()`: their names, with several cohorts as `cohort:sample`.
#' * `SummarizedExperiment::assay(x, i)`: matrix of genes x samples, the first
#'   assay of the cohort `i`, a name or number, by default the first.
#' @section Errors:
#'   `musl_error_gene` if `i` or `genes` names a gene that is not in `x`;
#'   `musl_error_input` if `x` is not a `MuslData` or `i` is not an index.
#' @examples
#' genes <- c("ARID1A", "ARID1B", "BRCA1")
#' logtpm <- matrix(log2(1 + 1:12), 3, dimnames = list(genes, NULL))
#' sl <- data.frame(gene_a = "ARID1A", gene_b = "ARID1B", label = "SL")
#' d <- musl_data(logtpm, pairs = sl, scale = "log")
#' musl_genes(d)
#' musl_pairs(d)
#' as.list(d)$expression[[1]]
#' summary(d)
#' d[c("ARID1A", "BRCA1")]
#' @seealso [musl_report()] for what was dropped and repaired
#' @name MuslData-methods
NULL

#' @rdname MuslData-methods
#' @export
musl_genes <- function(x, genes = NULL) {
  if (is(x, "MuslModel")) check_intact(x) else check_musl_data(x)
  if (is.null(genes)) x@genes else known_of_genes(x, genes)
}

known_of_genes <- function(model, genes) {
  check_is(model, "MuslModel", "x")
  check_anchors(genes, model@genes, "the model", "genes")
  genes <- suppressMessages(
    named_as(factor_names(genes), model@genes, "genes"),
    classes = "musl_message"
  )
  abort_if(length(model@archives$features) == 0, c(
    "{.arg genes} needs a model of measured pairs.",
    x = "A model of recorded pairs does not store what is known of a gene."
  ), argument = "genes")
  members <- live_features(model)
  facts <- with_core(cpp_gene_facts(NULL, members, -1L, NULL))
  known <- tibble(
    gene = model@genes, !!!with_core(cpp_gene_coverage(members)),
    n_seen = as.integer(model@n_seen),
    needed_by = nan_to_na(facts$dependent),
    expressed_in = nan_to_na(facts$expressed)
  )
  known[match(genes, model@genes), ]
}

#' @rdname MuslData-methods
#' @export
musl_pairs <- function(x) {
  check_musl_data(x)
  x@pairs
}

#' @rdname MuslData-methods
#' @method as.list MuslData
#' @export
as.list.MuslData <- function(x, ...) {
  check_dots_empty()
  check_musl_data(x)
  list(
    expression = lapply(x@cohorts, function(cohort) {
      SummarizedExperiment::SummarizedExperiment(
        cohort$assays,
        colData = cohort$samples
      )
    }),
    network = if (!is.null(x@network)) edge_graph(x@network, x@genes),
    embeddings = x@embeddings,
    pairs = musl_pairs(x),
    truth = x@truth
  )
}

# Of each cohort.
count_samples <- function(x) {
  vapply(x@cohorts, function(cohort) ncol(cohort$assays[[1]]), 1L)
}

expression_cohorts <- function(x) {
  first <- lapply(unname(x@cohorts), function(cohort) cohort$assays[[1]])
  assays <- lapply(unname(x@cohorts), function(cohort) names(cohort$assays))
  tibble(
    cohort = as.character(names(x@cohorts)),
    n_genes = vapply(first, nrow, 1L),
    n_samples = vapply(first, ncol, 1L),
    n_assays = lengths(assays),
    assays = assays,
    scale = vapply(unname(x@cohorts), function(cohort) cohort$scale, "")
  )
}

check_musl_data <- function(x, arg = caller_arg(x)) {
  abort_if(!is(x, "MuslData"), c(
    "{.arg {arg}} must be a {.cls MuslData}.",
    x = "Found {describe_value(x)}.",
    i = "Create one with {.fn musl_data}."
  ), argument = arg)
  for (cohort in Filter(is_cohort, as.list(x@cohorts))) {
    lapply(cohort$assays, load_class_package)
  }
  check_intact(x, arg)
}

# The genes each input holds, as a named list of logical vectors over the
# universe; a gene is in the network if it has an edge.
input_genes <- function(x) {
  check_musl_data(x)
  inside <- lapply(x@cohorts, function(cohort) {
    x@genes %in% rownames(cohort$assays[[1]])
  })
  if (!is.null(x@network)) {
    inside$network <- seq_along(x@genes) %in% c(x@network$from, x@network$to)
  }
  if (!is.null(x@embeddings)) {
    inside$embeddings <- x@genes %in% rownames(x@embeddings)
  }
  inside
}

#' @rdname MuslData-methods
#' @method tidy MuslData
#' @export
tidy.MuslData <- function(x, what = c("pairs", "cohorts"), ...) {
  check_dots_empty()
  what <- check_choice(what, c("pairs", "cohorts"))
  check_musl_data(x)
  if (what == "cohorts") expression_cohorts(x) else musl_pairs(x)
}

#' @rdname MuslData-methods
#' @method summary MuslData
#' @export
summary.MuslData <- function(object, ...) {
  check_dots_empty()
  inside <- input_genes(object)
  n_genes <- vapply(inside, sum, 1L, USE.NAMES = FALSE)
  a <- match(object@pairs$gene_a, object@genes)
  b <- match(object@pairs$gene_b, object@genes)
  n_pairs <- vapply(inside, function(x) sum(x[a] & x[b]), 1L, USE.NAMES = FALSE)
  tibble(
    input = as.character(names(inside)),
    n_genes = n_genes,
    share_genes = n_genes / max(1, length(object@genes)),
    n_pairs = n_pairs,
    share_pairs = n_pairs / max(1, nrow(object@pairs))
  )
}

#' @rdname MuslData-methods
#' @exportMethod length
setMethod("length", "MuslData", function(x) length(x@genes))

#' @rdname MuslData-methods
#' @exportMethod show
setMethod("show", "MuslData", function(object) {
  cat(format_musl_data(object), sep = "\n")
})

format_musl_data <- function(x) {
  count <- count_text
  cohorts <- expression_cohorts(x)
  labels <- table(x@pairs$label, useNA = "always")
  c(
    "class: MuslData",
    paste0(
      "genes(", count(length(x@genes)), ", ", x@id_type, "): ",
      show_ends(x@genes)
    ),
    if (nrow(cohorts) == 0) "cohorts: none",
    sprintf(
      "cohort %s: %s genes x %s samples, %s (%s)",
      cohorts$cohort, count(cohorts$n_genes), count(cohorts$n_samples),
      vapply(cohorts$assays, paste, "", collapse = " "), cohorts$scale
    ),
    if (is.null(x@network)) {
      "network: none"
    } else {
      n_nodes <- length(unique(c(x@network$from, x@network$to)))
      paste0(
        "network: ", count(n_nodes), " genes, ",
        count(length(x@network$from)), " edges"
      )
    },
    if (is.null(x@embeddings)) {
      "embeddings: none"
    } else {
      paste0(
        "embeddings: ", count(nrow(x@embeddings)), " genes x ",
        ncol(x@embeddings), " dimensions"
      )
    },
    if (!is.null(x@evidence)) {
      paste("evidence:", paste(evidence_parts(x@evidence), collapse = ", "))
    },
    paste0(
      "pairs(", count(nrow(x@pairs)), "): ", count(labels[[1]]), " SL, ",
      count(labels[[2]]), " non_SL, ", count(labels[[3]]), " unlabelled"
    ),
    describe_measured(x@pairs)
  )
}

show_ends <- function(x) {
  if (length(x) <= 4) {
    return(paste(x, collapse = " "))
  }
  paste(x[1], x[2], "...", x[length(x) - 1], x[length(x)])
}
