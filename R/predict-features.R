# nolint start: line_length_linter. Rows of a table stand on one line.
#' Columns of pair evidence
#'
#' Computes, for each pair, features shared by the genes and features of each
#' gene. Models of measured pairs learn from these columns.
#'
#' Columns are symmetric: for features of single genes, `_min` and `_max` are
#' the lower and the higher value of the two.
#'
#' | group | columns | from |
#' |---|---|---|
#' | network | `adamic_adar`, `common_neighbours`, `resource_allocation`, `edge` (weight), `network_jaccard`, `network_cosine` (of the spectral embedding, 64 columns), `degree`, `strength` (sum of weights) | `network` |
#' | annotation | `term_sum:<branch>` and `term_max:<branch>`, sum and maximum of the information of shared terms, -log(genes with the term / genes annotated); the same over all branches; `term_cosine` (of 128 axes of the gene-by-term matrix weighted by information); `terms` | [musl_annotations()] |
#' | families | `family_shared`, `family_jaccard`, `family_smallest` (genes of the smallest shared one, 9999 for none), `family_sum` (of 1 / size over shared ones), `family_cosine`, `family_size` (of a gene's smallest), `family_twins` (genes with the same families) | [musl_annotations()] |
#' | sequence | `word_containment`: shared words of four residues, divided by the smaller number of words of the two proteins | `proteins` |
#' | sequence | `paralog_identity` and `paralog_coverage` of the proteins' alignment, 0 without; `paralog_rank_best` and `paralog_rank_worst`, the rank of one gene among the other's paralogs (9999 for none); `paralogs`, their number; `other_expressed_paralogs`, the number besides the partner that are expressed (mean percentile above .4), of genes in the data | [musl_paralogs()] |
#' | modules | `module_shared`, `module_sum` (of 1 / size over shared ones), `modules`, `layout_distance` | `modules`, `layout` |
#' | fitness, gene_table | columns of the gene table | `genes` of [musl_evidence()] |
#' | fitness | for each column of dependency or fitness of the gene table: `<column>:neighbours`, `<column>:terms` and `<column>:modules`, its mean over the genes related to either gene; of dependency also `<column>:shared_neighbours` (sum over shared neighbours, each by 1 / log(degree)), `<column>:shared_terms` (sum over shared terms of the mean of their genes, each by squared information), `<column>:shared_modules` (by 1 / size), and the means `<column>:shared_neighbours_mean` and `<column>:shared_terms_mean` | gene table with network, annotation, modules |
#' | expression | `mean:<cohort>`, `sd:<cohort>` (divided by the number of samples, not by one less) and their percentiles among the cohort's genes; `percentile_mean` and `percentile_lowest` of the means over cohorts | `expression`, gene table |
#' | coexpression | `pearson:<cohort>`, `pearson_mean`, `pearson_largest`, within about .01 of `cor()`, as profiles are rounded; for cohorts of more than 128 samples, of the part of expression on their 128 leading axes, which may differ from `cor()` (the axes are exact up to 1,024 samples; of more than 8,192, they are those of 8,192 evenly spread ones) | `expression` |
#' | embedding | `embedding_cosine`, of the 64 leading axes; of the first eight coordinates `embedding_product_<k>` and `embedding_difference_<k>` | `embeddings`, if [musl_evidence()] asks for them |
#' | tables | `table:<name>:<column>` | `tables` of [musl_evidence()] |
#'
#' Columns `evidence:...` hold the same facts on scales of about 0 to 4, 0 for
#' none. Means over the genes related to one gene leave out that gene; all means
#' hold three genes (of neighbours: one edge of weight 1) of the mean over all
#' genes.
#'
#' @param data A [MuslData][musl_data()], or a [MuslModel][musl_fit()], which
#'   has the features that its scorers read.
#' @param pairs Data frame with columns `gene_a` and `gene_b`, or `anchor` and
#'   `partner` as in the result of [musl_partners()].
#' @inheritParams musl_embed_proteins
#' @returns A tibble, one row per pair in order: `gene_a`, `gene_b` and the
#'   columns; `NA` if missing, also for unknown genes. For a model also
#'   `n_beyond`: how many features lie beyond those of the pairs that screens
#'   measured, where scores count the border. For data the attribute `columns`
#'   describes the columns in a tibble: `column`, `group`, `of_pair` (`TRUE` if
#'   it relates the two genes, `FALSE` if it describes single genes), `monotone`
#'   (1 or -1 if the score of boosting may only rise or only fall as the
#'   column rises; 0: free), `evidence` (is it one of the `evidence:...`
#'   columns?) and `description`.
#' @section Errors:
#'   `musl_error_input` if `pairs` lacks one of the two columns;
#'   `musl_warning_unknown_gene` for unknown genes.
#' @section Source:
#'   Adamic and Adar (2003), Social Networks 25:211; Zhou et al. (2009), Eur
#'   Phys J B 71:623; information of terms: Resnik (1995), IJCAI; co-essential
#'   modules: Wainberg et al. (2021), Nat Genet 53:638; dependency of shared
#'   interactors: De Kegel et al. (2021), Cell Syst 12:1144.
#' @seealso [musl_evidence()]
#' @examples
#' d <- musl_simulate("small", seed = 1)
#' x <- musl_pair_features(d, head(musl_pairs(d)))
#' x
#' attr(x, "columns")
#' pair <- data.frame(gene_a = "STAG2", gene_b = "STAG1")
#' musl_pair_features(musl_human_model(), pair)$n_beyond
#' @export
# nolint end
musl_pair_features <- function(data, pairs, ..., threads = 0L) {
  check_dots_empty()
  of_model <- is(data, "MuslModel")
  if (of_model) check_intact(data) else check_musl_data(data)
  check_whole(threads, 0, 1024)
  pairs <- listed_pairs(pairs, "pairs")
  warn_unknown(
    c(pairs$gene_a, pairs$gene_b), "pairs", data@genes, "without values"
  )
  known <- which(pairs$gene_a %in% data@genes & pairs$gene_b %in% data@genes)
  values <- if (of_model) {
    model_features(data, pairs[known, ], threads)
  } else {
    store <- evidence_store(data, threads = threads)
    store_features(store, pair_input(pairs[known, ], data@genes), threads)
  }
  pairs[names(values)] <- lapply(values, function(column) {
    replace(rep(NA * column[1], nrow(pairs)), known, nan_to_na(column))
  })
  attr(pairs, "columns") <- if (!of_model) feature_columns(store)
  pairs
}

# Tibble: a row for each feature of pairs.
feature_columns <- function(store) {
  as_tibble(with_core(cpp_evidence_columns(store)))
}

# Features of pairs, a list by column.
store_features <- function(store, index, threads) {
  x <- with_core(cpp_pair_evidence(store, index, as.integer(threads)))
  colnames(x) <- feature_columns(store)$column
  as.list(as.data.frame(x, optional = TRUE))
}

# As the scorers of a model read them, and how many lie beyond its screens.
model_features <- function(object, pairs, threads) {
  bound <- bound_scorers(object, list(threads = threads))
  x <- scorer_features(object, pairs, NULL, bound)
  abort_if(is.null(x), c(
    "The model must have scorers that read features.",
    i = "Pass the data that it learned from."
  ), argument = "data")
  x$n_beyond <- count_beyond(object, x, nrow(pairs))
  x
}

# Features of pairs, a list by column, as the scorers read them, or from
# annotation if they read none; NULL without any.
scorer_features <- function(object, pairs, data, bound) {
  threads <- bound$options$threads
  index <- pair_input(pairs, bound$genes)
  x <- with_core(cpp_scorer_features(bound$scorer, index, threads))
  if (ncol(x) > 0) {
    return(as.list(as.data.frame(x, optional = TRUE)))
  }
  store <- annotation_store(object, bound$genes, data, threads)
  if (!is.null(store)) store_features(store, index, threads)
}

# How many features of each pair lie beyond what the screens measured; scores
# count their border.
count_beyond <- function(object, x, n) {
  limits <- if (!is.null(x)) features_info(object)$limits
  beyond <- Map(function(column, lowest, highest) {
    (column < lowest | column > highest) %in% TRUE
  }, x[limits$column], limits$lowest, limits$highest)
  Reduce(`+`, beyond, integer(n))
}
