#' Expression descriptors of gene pairs
#'
#' Computes the 35 statistics of two expression profiles that the descriptor
#' encoder of the model reads, before standardisation.
#'
#' All are symmetric in the pair, finite whatever the profiles, and none grows
#' with the number of samples.
#' Below, `a` and `b` are the two profiles of `n` samples on the log scale
#' (linear values `x` are logged, `log10(x + 0.01)`), and
#'
#' * `m(x) = mean(x)`, `v(x) = mean((x - mean(x))^2)`, `s(x) = sqrt(v(x))`,
#'   `z(x) = (x - m(x)) / s(x)`;
#' * `low(x) = (rank(x) - 0.5) / n < 0.2`, the lowest fifth by mid-rank (tied
#'   samples are low together or not at all), `high(x) = (rank(x) - 0.5) / n >
#'   0.8`, and `det(x)`: is the value as given, before logging, above 0;
#' * `P(A)` is the share of samples with `A`, and `N(A) = n * P(A)`;
#' * `bin(x)` are the codes of `bins` bins of equal width over the range of `x`.
#'
#' A ratio whose denominator is 0 is 0, and so is all that needs the spread of a
#' constant profile.
#'
#' **Marginal** (14): minimum and maximum over the two genes of
#' 1. `mean_min`, `mean_max`: `m(x)`
#' 2. `sd_min`, `sd_max`: `s(x)`
#' 3. `cv_min`, `cv_max`: `s(l) / m(l)` of the linear values `l`: those given,
#'   or `pmax(2^x - 1, 0)` of logged ones
#' 4. `skewness_min`, `skewness_max`: `mean(z(x)^3)`
#' 5. `kurtosis_min`, `kurtosis_max`: `mean(z(x)^4) - 3`
#' 6. `detection_min`, `detection_max`: `P(det(x))`
#' 7. `median_min`, `median_max`: `median(x)`
#'
#' **Association** (9)
#' 1. `pearson`: `cor(a, b)`
#' 2. `spearman`: `cor(rank(a), rank(b))`
#' 3. `kendall`: tau-b of the bins, `cor(bin(a), bin(b), method = "kendall")`
#' 4. `biweight`: biweight midcorrelation,
#'   `sum(w(a) * w(b)) / sqrt(sum(w(a)^2) * sum(w(b)^2))` with
#'   `w(x) = (x - median(x)) * (1 - u^2)^2 * (abs(u) < 1)`,
#'   `u = (x - median(x)) / (9 * mad(x, constant = 1))`; `w(x) = x - m(x)` where
#'   the median absolute deviation is 0
#' 5. `mutual_information`: of the bins, in nats,
#'   `sum(p * log(p / (p_a * p_b)))` over the cells of their table
#' 6. `normalised_mi`: `mutual_information / sqrt(H(a) * H(b))` with
#'   `H = -sum(p * log(p))` over the bins of a gene
#' 7. `cosine`: `sum(a * b) / sqrt(sum(a^2) * sum(b^2))`
#' 8. `concordance`: Lin's, `2 * cor(a, b) * s(a) * s(b) / (v(a) + v(b) +
#'   (m(a) - m(b))^2)`
#' 9. `pearson_codetected`: `cor(a, b)` over samples with `det(a) & det(b)`; 0
#'   if they are fewer than 3
#'
#' **Co-occurrence** (8)
#' 1. `low_low`: `P(low(a) & low(b))`
#' 2. `high_high`: `P(high(a) & high(b))`
#' 3. `discordant`: `P(low(a) & high(b)) + P(high(a) & low(b))`
#' 4. `low_low_ratio`: `log2((O + 0.5) / (E + 0.5))` with
#'   `O = N(low(a) & low(b))` and `E = N(low(a)) * N(low(b)) / n`
#' 5. `low_low_odds`: `log((O + 0.5) * (N(!low(a) & !low(b)) + 0.5) /
#'   ((N(low(a) & !low(b)) + 0.5) * (N(!low(a) & low(b)) + 0.5)))`; 0 if a gene
#'   has no low sample
#' 6. `low_low_phi`: `cor(low(a), low(b))`
#' 7. `low_low_residual`: Pearson residual over the root of n,
#'   `(O - E) / sqrt(E * n)`
#' 8. `detection_jaccard`: `N(det(a) & det(b)) / N(det(a) | det(b))`
#'
#' **Directional** (4)
#' 1. `shift_max`, `shift_min`: the larger and the smaller of
#'   `mean(z(b)[low(a)])` and `mean(z(a)[low(b)])`
#' 2. `tail_lower`: `N(low(a) & low(b)) / sqrt(N(low(a)) * N(low(b)))`
#' 3. `tail_upper`: the same of `high`
#'
#' @param data A [MuslData][musl_data()]; descriptors read the first assay of a
#'   source.
#' @param pairs Data frame with the columns `gene_a` and `gene_b`; `NULL` for
#'   the pairs of `data`.
#' @param source Names of sources; `NULL` for all.
#' @param bins Whole number from 2 to 64: bins a gene of `kendall`,
#'   `mutual_information` and `normalised_mi`.
#' @returns A tibble `gene_a`, `gene_b`, `source` and the 35 descriptors, one
#'   row for each source and row of `pairs`, source by source, in their order.
#'   A pair that a source lacks is `NA`.
#' @section Errors:
#'   `musl_error_input` if `data` has no source, `source` is unknown or the gene
#'   columns are missing or numeric.
#'   `musl_warning_unknown_gene` for genes that no source asked for has.
#' @section Source:
#'   The number is that of the MuSL paper, whose list is not public; the list is
#'   ours.
#'   Biweight midcorrelation as in Langfelder and Horvath (2012), J Stat Softw
#'   46(11); concordance Lin (1989), Biometrics 45:255.
#' @examples
#' d <- musl_simulate("small", seed = 1)
#' musl_descriptors(d, head(musl_pairs(d)), bins = 16)
#' @export
musl_descriptors <- function(data, pairs = NULL, source = NULL, bins = 32L) {
  check_musl_data(data)
  check_whole(bins, 2, 64)
  pairs <- pairs %||% musl_pairs(data)
  call <- current_env()
  check_pair_table(pairs, "pairs", call)
  pairs <- tibble(
    gene_a = pair_genes(pairs, "gene_a", "pairs", call),
    gene_b = pair_genes(pairs, "gene_b", "pairs", call)
  )
  sources <- named_sources(data, source)
  warn_without_expression(pairs, sources)
  tables <- lapply(sources, source_descriptors, pairs, as.integer(bins), call)
  do.call(rbind, unname(tables))
}

named_sources <- function(data, source, call = caller_env()) {
  known <- names(data@sources)
  if (length(known) == 0) {
    abort_musl(c(
      "{.arg data} must have expression.",
      x = "It has no source.",
      i = "Give {.arg expression} to {.fn musl_data}."
    ), call = call)
  }
  unknown <- setdiff(source, known)
  if (length(unknown) > 0) {
    abort_musl(c(
      "{.arg source} must name sources of {.arg data}.",
      x = "Unknown: {.val {unknown}}.",
      i = "There {cli::qty(length(known))}{?is/are} {.val {known}}."
    ), argument = "source", call = call)
  }
  data@sources[source %||% known]
}

warn_without_expression <- function(pairs, sources) {
  known <- lapply(sources, function(one) rownames(one$assays[[1]]))
  unknown <- setdiff(c(pairs$gene_a, pairs$gene_b), unlist(known))
  if (length(unknown) > 0) {
    warn_musl(
      "{length(unknown)} gene{?s} without expression: {.val
       {utils::head(unknown, 3)}}.",
      "unknown_gene",
      genes = unknown
    )
  }
}

source_descriptors <- function(source, pairs, bins, call) {
  genes <- rownames(source$assays[[1]])
  a <- match(pairs$gene_a, genes)
  b <- match(pairs$gene_b, genes)
  has <- !is.na(a) & !is.na(b)
  rows <- sort(unique(c(a[has], b[has])))
  names <- cpp_descriptor_names()
  values <- matrix(NA_real_, nrow(pairs), length(names))
  if (any(has)) {
    values[has, ] <- matrix(
      with_core(cpp_descriptors(
        dense_rows(source$assays[[1]], rows), source$scale == "linear", bins,
        match(a[has], rows) - 1L, match(b[has], rows) - 1L
      ), call),
      ncol = length(names), byrow = TRUE
    )
  }
  colnames(values) <- names
  tibble(pairs, source = source$name, as_tibble(values))
}
