#' Align expression, network, embeddings and labelled pairs
#'
#' Combines everything that MuSL learns from in one object over one set of
#' genes: the union of the rows of all expression cohorts, the nodes of the
#' network and the rows of the embeddings.
#' Pairs are kept if each gene occurs in one of these.
#'
#' @param expression One cohort, or a named list of cohorts. A cohort is a
#'   [SummarizedExperiment][SummarizedExperiment::SummarizedExperiment-class], a
#'   `SingleCellExperiment`, an `ExpressionSet`, or a numeric matrix (dense, a
#'   sparse Matrix, or a `DelayedMatrix`) of genes x samples with gene names as
#'   row names. A data frame counts as a matrix, with genes as row names or in
#'   the first column; [read_expression()] reads one from a file. A
#'   `MultiAssayExperiment` counts as the list of its experiments. Readers of
#'   single cells are `DropletUtils::read10xCounts()`,
#'   `zellkonverter::readH5AD()` and `anndataR::read_h5ad()`; convert a Seurat
#'   object with `Seurat::as.SingleCellExperiment()`. Each cohort needs at least
#'   two samples. Values must be finite and, on the linear scale, not negative.
#' @param network `NULL`, an igraph with vertex names, an adjacency matrix of
#'   genes x genes (dense or a sparse Matrix; the larger of two entries of a
#'   pair counts), or a data frame with one row per edge: columns `from` and
#'   `to`, or `gene_a` and `gene_b`. Edges are undirected. The positive weight
#'   is the first of the columns or edge attributes `weight`, `score`,
#'   `combined_score`, or 1. A `combined_score` with a maximum above 1 and at
#'   most 1000 is divided by 1000; so is, with a message, a `score` of whole
#'   numbers from 100 to 1000.
#' @param embeddings `NULL` or a numeric matrix of genes x dimensions with gene
#'   names as row names, such as ESM2 protein embeddings.
#' @param pairs `NULL`, a data frame with one row per pair, or a list of such
#'   tables: `gene_a` and `gene_b` (character; factors are converted),
#'   optionally `label` (`"SL"` and `"non_SL"`, 1 and 0, or `TRUE` and `FALSE`;
#'   `NA` is unlabelled) and other columns, which are kept; see Measured pairs.
#'   [read_pairs()] converts other tables.
#' @param ... Must be empty.
#' @param evidence `NULL` or the result of [musl_evidence()]: annotations,
#'   families, modules, fitness and sequences of genes. It adds no genes but
#'   those of its model and, without any other input, of its cell lines.
#' @param assays Names of the assays to use, each a channel of the histogram; a
#'   named list sets them by cohort; `NULL` uses the first. Matrices have one
#'   assay, named `expression`.
#' @param scale `"log"` or `"linear"`: one value, or one for each cohort. `NULL`
#'   derives it from the names of the assays: `counts`, `normcounts`, `cpm`,
#'   `tpm`, `fpkm`, `rpkm` and `abundance` are linear; `vst`, `rlog` and names
#'   that start with `log` are log. A matrix needs it; values that can't be on
#'   this scale give a warning.
#' @param id_type Kind of gene identifier: `"symbol"`, `"entrez"`, `"ensembl"`,
#'   `"uniprot"` or `"other"`.
#'   `NULL` uses the most frequent kind in the first input.
#'   [musl_map_genes()] finds other ids of the genes in results.
#' @returns A `MuslData`.
#'   Genes, and the two genes of each pair, are in byte order.
#' @section What is repaired:
#'   [musl_report()] lists each repair, and one message summarises them: self
#'   pairs are dropped, duplicated pairs merged (the first labelled row is
#'   kept), loops of the network dropped and parallel edges merged with the
#'   largest weight; edges whose evidence (columns `experimental_system_type`,
#'   `experimental_system`, `evidence`, `interaction_type`, `type`) is a genetic
#'   interaction or synthetic lethality are dropped, because they reveal the
#'   labels. Genes with one value in all samples are kept, and so are, up to a
#'   third of an input, names of another kind of identifier and dates that a
#'   spreadsheet made of names. A pair with both labels (`musl_warning_other`)
#'   or with a gene that is in no other input (`musl_warning_dropped_genes`) is
#'   dropped with a warning.
#' @section Measured pairs:
#'   A screen could have given a pair either label. `pairs` may mark such pairs,
#'   as [read_gi_screen()] does:
#'   * `measured`: `TRUE` for pairs of a screen, `FALSE` (the default) for
#'     recorded pairs;
#'   * `study`: the screen's study, which measured pairs must have, `line`: the
#'     cell line or medium, `query`: in a directed screen, the gene that all
#'     cells lack (one of the two);
#'   * `weight`: number from 0 to 1, the weight of the label (1): lines of one
#'     study vote by it, and a label of weight 0 is not learned from;
#'   * `effect`: the genetic interaction score, negative for synthetic lethal;
#'     `NA` if there is none.
#'
#'   Measured rows of one pair are kept separately by `study`, `line` and
#'   `query`, also with opposite labels.
#' @section Errors:
#'   `musl_error_input` for an unknown assay, an unclear scale, an input of an
#'   unknown kind or without rows, fewer than two samples, values that are not
#'   finite, negative linear values, weights that are not positive, unknown
#'   labels, and invalid columns of measured pairs; `musl_error_gene` for
#'   missing or duplicate gene names, inputs that mix kinds of identifiers or
#'   differ in them, and inputs or parts of `evidence` without a common gene;
#'   `musl_error_shape` if `scale` has neither one entry nor one per cohort.
#' @seealso [musl_simulate()] for data with a known truth; [musl_genes()] and
#'   the other accessors.
#' @examples
#' genes <- c("ARID1A", "ARID1B", "BRCA1", "PARP1")
#' logtpm <- matrix(log2(1 + 1:24), 4, dimnames = list(genes, NULL))
#' edges <- data.frame(from = "ARID1A", to = c("ARID1B", "BRCA1"), weight = .9)
#' sl <- data.frame(
#'   gene_a = c("ARID1B", "PARP1"), gene_b = c("ARID1A", "BRCA1"), label = 1
#' )
#' musl_data(logtpm, network = edges, pairs = sl, scale = "log")
#' @export
musl_data <- function(expression = NULL, network = NULL, embeddings = NULL,
                      pairs = NULL, ..., evidence = NULL, assays = NULL,
                      scale = NULL, id_type = NULL) {
  check_dots_empty()
  id_type <- check_choice(id_type, id_types, allow_null = TRUE)
  none <- is.null(expression) && is.null(network) && is.null(embeddings)
  of_evidence <- evidence_inputs(evidence, alone = none)
  abort_if(none && nrow(of_evidence) == 0, c(
    "At least one of {.arg expression}, {.arg network} and {.arg embeddings}
     must be given, or {.arg evidence} with a model or cell lines.",
    x = "All three are {.code NULL}."
  ))
  cohorts <- align_cohorts(expression, assays, scale)
  network <- align_network(network)
  embeddings <- align_embeddings(embeddings)
  table <- canonical_pairs(pairs %||% no_pairs(), "pairs")

  inputs <- rbind(named_inputs(cohorts, network, embeddings), of_evidence)
  genes <- unique_bytes(unlist(inputs$genes))
  ids <- check_identifiers(add_pair_genes(inputs, table$pairs), id_type)
  evidence <- check_evidence(evidence, genes, names(cohorts))
  constant <- check_cohort_values(cohorts)
  known <- keep_known_pairs(table$pairs, genes)

  names <- unique(c(genes, table$pairs$gene_a, table$pairs$gene_b))
  report <- c(
    list(identifiers = ids$table, constant_genes = constant),
    network$report,
    table$report,
    list(opposite_pairs = opposite_pairs(known$pairs)),
    known[c("dropped_pairs", "dropped_genes")],
    list(excel_names = tibble(gene = names[is_excel_name(names)]))
  )
  tell_report(report, genes)
  new_musl_data(
    genes = genes,
    cohorts = cohorts,
    network = index_network(network$edges, genes),
    embeddings = embeddings,
    evidence = evidence,
    pairs = known$pairs,
    id_type = ids$id_type,
    report = report
  )
}

# The parts as the slots hold them; see MuSL-classes.
new_musl_data <- function(genes, cohorts = list(), network = NULL,
                          embeddings = NULL, pairs = NULL, id_type = "symbol",
                          report = list(), truth = NULL, evidence = NULL) {
  new_object("MuslData",
    genes = genes,
    cohorts = cohorts,
    network = network,
    embeddings = embeddings,
    evidence = evidence,
    pairs = pairs %||% canonical_pairs(no_pairs())$pairs,
    id_type = id_type,
    report = report,
    truth = truth
  )
}

# The inputs that define the universe, as columns: name, label in messages, and
# genes.
named_inputs <- function(cohorts, network, embeddings) {
  genes <- c(
    lapply(cohorts, function(s) rownames(s$assays[[1]])),
    list(network = network$nodes, embeddings = rownames(embeddings))
  )
  label <- c(
    sprintf("cohort \"%s\"", names(cohorts)), "the network",
    "the embedding matrix"
  )
  inputs <- tibble(name = names(genes), label = label, genes = unname(genes))
  inputs[lengths(genes) > 0, ]
}

add_pair_genes <- function(inputs, pairs) {
  genes <- unique(c(pairs$gene_a, pairs$gene_b))
  rbind(inputs, tibble(
    name = "pairs", label = "the table of pairs", genes = list(genes)
  )[length(genes) > 0, ])
}

# Pairs whose genes both occur in another input, and what is dropped.
keep_known_pairs <- function(pairs, genes) {
  known <- pairs$gene_a %in% genes & pairs$gene_b %in% genes
  dropped <- pairs[!known, ]
  unknown <- setdiff(c(dropped$gene_a, dropped$gene_b), genes)
  list(
    pairs = pairs[known, ],
    dropped_pairs = dropped[c("gene_a", "gene_b", "label")],
    dropped_genes = tibble(gene = sort_bytes(unknown))
  )
}

# Summarises the repairs in one message; pairs dropped for unknown genes give a
# warning. `known` are the genes of the other inputs.
tell_report <- function(report, known) {
  n <- lapply(report, nrow)
  n$other_type <- sum(report$identifiers$n_other_type)
  texts <- c(
    self_pairs = "{n$self_pairs} self pair{?s} dropped.",
    duplicated_pairs = "{n$duplicated_pairs} duplicated pair{?s} merged.",
    opposite_pairs = "{n$opposite_pairs} pair{?s} with opposite outcomes in
                      several studies, lines or queries kept separately.",
    network_genetic = "{n$network_genetic} genetic-interaction edge{?s} of the
                       network dropped.",
    network_loops = "{n$network_loops} network loop{?s} dropped.",
    network_duplicated =
      "{n$network_duplicated} duplicated network edge{?s} merged.",
    constant_genes =
      "{n$constant_genes} gene{?s} with one value in all samples kept.",
    other_type =
      "{n$other_type} gene name{?s} of another kind of identifier kept.",
    excel_names = "{n$excel_names} gene name{?s} changed by a spreadsheet kept
                   unchanged: {.val {few(report$excel_names$gene)}}."
  )
  tell_repairs(n, texts, report, "{.fn musl_report} lists each case")
  genes <- report$dropped_genes$gene
  warn_if(length(genes) > 0, c(
    "{n$dropped_pairs} pair{?s} dropped: {length(genes)} gene{?s} {?is/are} in
     no other input.",
    x = "Not found: {.val {utils::head(genes, 3)}}.",
    i = unknown_gene_hint(genes, known),
    i = "{.fn musl_report} lists them all."
  ), "dropped_genes", genes = genes)
}
