#' Expression descriptors of gene pairs
#'
#' Computes the 35 statistics of two expression profiles that the model's
#' descriptor encoder reads, before standardisation: our set, or 35 statistics
#' of the kinds used by the published MuSL (`descriptors` in
#' [musl_architecture()]).
#'
#' All are symmetric in the pair and always finite; except for `chebyshev`, none
#' grows with the number of samples.
#' In short, with the formulas in `vignettes/articles/descriptors.Rmd` of the
#' repository:
#' * "default": marginals (the smaller and the larger value of mean, standard
#'   deviation, coefficient of variation, skewness, kurtosis, detection and
#'   median of the two genes), association (correlations, mutual information,
#'   cosine, concordance), co-occurrence of low, high and detected expression,
#'   and directional statistics (shift of one gene where the other is low, and
#'   overlap of the tails);
#' * "paper": correlations, information, divergences and distances.
#'
#' Linear values `x` are logged first, `log10(x + 0.01)`. A ratio with
#' denominator 0 is 0, and so is any statistic that divides by the spread of a
#' constant profile.
#'
#' @param data A [MuslData][musl_data()]; descriptors read the first assay of a
#'   cohort.
#' @param pairs Data frame with the columns `gene_a` and `gene_b`, or `anchor`
#'   and `partner` as in the result of [musl_partners()]; `NULL` for the pairs
#'   of `data`.
#' @param bins Whole number from 2 to 64: bins per gene for all statistics of
#'   bins.
#' @param set "default" or "paper".
#' @returns A tibble `gene_a`, `gene_b`, `cohort` and the 35 descriptors, one
#'   row for each cohort and row of `pairs`, cohort by cohort, in their order.
#'   A pair that a cohort lacks is `NA`.
#' @section Errors:
#'   `musl_error_input` if `data` has no cohort or the gene columns are missing
#'   or numeric. `musl_warning_unknown_gene` for genes in no cohort.
#' @section Source:
#'   The number is from the MuSL paper, whose list is not public. Both lists are
#'   ours; "paper" holds the kinds of statistics that public records name, made
#'   symmetric in the pair. Biweight midcorrelation as in Langfelder and Horvath
#'   (2012), J Stat Softw 46(11); concordance Lin (1989), Biometrics 45:255.
#' @examples
#' d <- musl_simulate("small", seed = 1)
#' musl_descriptors(d, head(musl_pairs(d)), bins = 16)
#' @export
musl_descriptors <- function(data, pairs = NULL, bins = 32L,
                             set = c("default", "paper")) {
  check_musl_data(data)
  check_whole(bins, 2, 64)
  set <- check_choice(set, descriptor_sets)
  pairs <- listed_pairs(pairs %||% musl_pairs(data), "pairs")
  cohorts <- data@cohorts
  abort_if(length(cohorts) == 0, c(
    "{.arg data} must have expression.",
    x = "It has no cohort.",
    i = "Pass {.arg expression} to {.fn musl_data}."
  ))
  known <- unlist(lapply(cohorts, function(one) rownames(one$assays[[1]])))
  warn_unknown(
    c(pairs$gene_a, pairs$gene_b), "pairs", known, "without descriptors"
  )
  tables <- lapply(cohorts, cohort_descriptors, pairs, as.integer(bins), set)
  do.call(rbind, unname(tables))
}

descriptor_sets <- c("default", "paper")

cohort_descriptors <- function(cohort, pairs, bins, set) {
  genes <- rownames(cohort$assays[[1]])
  a <- match(pairs$gene_a, genes)
  b <- match(pairs$gene_b, genes)
  has <- !is.na(a) & !is.na(b)
  rows <- sort(unique(c(a[has], b[has])))
  names <- with_core(cpp_descriptor_names(set))
  values <- matrix(NA_real_, nrow(pairs), length(names))
  if (any(has)) {
    values[has, ] <- matrix(
      with_core(cpp_descriptors(
        dense_rows(cohort$assays[[1]], rows), cohort$scale == "linear", bins,
        set, match(a[has], rows) - 1L, match(b[has], rows) - 1L
      )),
      ncol = length(names), byrow = TRUE
    )
  }
  colnames(values) <- names
  tibble(pairs, cohort = cohort$name, as_tibble(values))
}
