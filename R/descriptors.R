#' Expression descriptors of gene pairs
#'
#' Computes the 35 statistics of two expression profiles that the model's
#' descriptor encoder reads, before standardisation: our set, or 35 statistics
#' of the kinds used by the published MuSL (`descriptors` in
#' [musl_architecture()]).
#'
#' All are symmetric in the pair and always finite; except for `chebyshev`, none
#' grows with the number of samples.
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
#' A ratio with denominator 0 is 0, and so is any statistic that divides by the
#' spread of a constant profile.
#'
#' # The set "default"
#' **Marginal** (14): minimum and maximum over the two genes of
#' 1. `mean_min`, `mean_max`: `m(x)`
#' 2. `sd_min`, `sd_max`: `s(x)`
#' 3. `cv_min`, `cv_max`: `s(l) / m(l)` of the linear values `l`: as given, or
#'   `pmax(2^x - 1, 0)` of logged values
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
#' 3. `tail_upper`: the same for `high`
#'
#' # The set "paper"
#' Correlations, information, divergences and distances.
#' `p` and `q` are the shares of samples of `a` and `b` in the bins, that is
#' between smallest and largest value of either gene, `F(p) = cumsum(p)`, and
#' `N(m, s)` is a normal distribution.
#' Names that end in `_min` and `_max` are the smaller and the larger of the
#' formula's values for (a, b) and (b, a).
#'
#' **Correlations** (9)
#' 1. `pearson`, `spearman`, `kendall`, `biweight`, `cosine`, `concordance`: as
#'   above
#' 2. `correlation_ratio_min`, `correlation_ratio_max`: share of the variance of
#'   the bin of `b` that the bin of `a` explains,
#'   `v(ave(bin(b), bin(a))) / v(bin(b))`
#' 3. `cramer_v`: `sqrt(sum((o - e)^2 / e) / (k - 1))` with `o` the table of
#'   shares of the bins, `e = outer(p, q)`, both without empty rows and columns,
#'   and `k = min(dim(o))`; 0 if `k` is 1
#'
#' **Information** (10), of the bins, in nats
#' 1. `mutual_information`, `normalised_mi`: as above
#' 2. `entropy_min`, `entropy_max`: `H(a)`
#' 3. `joint_entropy`: `H(a, b) = -sum(o * log(o))`
#' 4. `conditional_entropy_min`, `conditional_entropy_max`:
#'   `H(a | b) = H(a, b) - H(b)`
#' 5. `uncertainty_min`, `uncertainty_max`: `mutual_information / H(a)`
#' 6. `information_distance`: `(H(a | b) + H(b | a)) / H(a, b)`
#'
#' **Divergences** (10)
#' 1. `kl_min`, `kl_max`: Kullback-Leibler, `sum(p' * log(p' / q'))` with half a
#'   sample added to each bin, `p' = (n * p + 0.5) / (n + bins / 2)`
#' 2. `jensen_shannon`: `H((p + q) / 2) - (H(p) + H(q)) / 2`
#' 3. `hellinger`: `sqrt(sum((sqrt(p) - sqrt(q))^2) / 2)`
#' 4. `total_variation`: `sum(abs(p - q)) / 2`
#' 5. `kolmogorov`: `max(abs(F(p) - F(q)))`
#' 6. `wasserstein`: `mean(abs(F(p) - F(q)))`, in ranges of a gene
#' 7. `kl_normal_min`, `kl_normal_max`: `log1p(d)` of the Kullback-Leibler
#'   divergence of `N(m(a), s(a))` from `N(m(b), s(b))`,
#'   `d = log(s(b) / s(a)) + (v(a) + (m(a) - m(b))^2) / (2 * v(b)) - 0.5`
#' 8. `hellinger_normal`: of the same distributions, `sqrt(1 - sqrt(2 * s(a) *
#'   s(b) / (v(a) + v(b))) * exp(-(m(a) - m(b))^2 / (4 * (v(a) + v(b)))))`
#'
#' **Distances** (6); `z(x)` of a constant profile is 0 in every sample
#' 1. `euclidean`: `sqrt(mean((z(a) - z(b))^2))`
#' 2. `manhattan`: `mean(abs(z(a) - z(b)))`
#' 3. `chebyshev`: `max(abs(z(a) - z(b)))`
#' 4. `canberra`: `mean(abs(z(a) - z(b)) / (abs(z(a)) + abs(z(b))))`, where 0 /
#'   0 is 0
#' 5. `bray_curtis`: `sum(abs(z(a) - z(b))) / sum(abs(z(a)) + abs(z(b)))`
#' 6. `euclidean_values`: `sqrt(mean((a - b)^2))`
#'
#' @param data A [MuslData][musl_data()]; descriptors read the first assay of a
#'   source.
#' @param pairs Data frame with the columns `gene_a` and `gene_b`, or `anchor`
#'   and `partner` as in the result of [musl_partners()]; `NULL` for the pairs
#'   of `data`.
#' @param source Names of sources; `NULL` for all.
#' @param bins Whole number from 2 to 64: bins per gene for all statistics of
#'   bins.
#' @param set "default" or "paper".
#' @returns A tibble `gene_a`, `gene_b`, `source` and the 35 descriptors, one
#'   row for each source and row of `pairs`, source by source, in their order.
#'   A pair that a source lacks is `NA`.
#' @section Errors:
#'   `musl_error_input` if `data` has no source, `source` is unknown or the gene
#'   columns are missing or numeric.
#'   `musl_warning_unknown_gene` for genes in none of the requested sources.
#' @section Source:
#'   The number is from the MuSL paper, whose list is not public; public records
#'   name its kinds of statistics.
#'   Both lists are ours; "paper" holds those kinds, made symmetric in the pair.
#'   Biweight midcorrelation as in Langfelder and Horvath (2012), J Stat Softw
#'   46(11); concordance Lin (1989), Biometrics 45:255.
#' @examples
#' d <- musl_simulate("small", seed = 1)
#' musl_descriptors(d, head(musl_pairs(d)), bins = 16)
#' musl_descriptors(d, head(musl_pairs(d)), set = "paper")
#' @export
musl_descriptors <- function(data, pairs = NULL, source = NULL, bins = 32L,
                             set = c("default", "paper")) {
  check_musl_data(data)
  check_whole(bins, 2, 64)
  set <- check_choice(set, descriptor_sets)
  pairs <- pairs %||% musl_pairs(data)
  call <- current_env()
  pairs <- listed_pairs(pairs, "pairs", call)
  sources <- named_sources(data, source)
  warn_without_expression(pairs, sources, data@report$gene_ids)
  tables <- lapply(
    sources, source_descriptors, pairs, as.integer(bins), set, call
  )
  do.call(rbind, unname(tables))
}

descriptor_sets <- c("default", "paper")

named_sources <- function(data, source, call = caller_env()) {
  known <- names(data@sources)
  abort_if(length(known) == 0, c(
    "{.arg data} must have expression.",
    x = "It has no source.",
    i = "Pass {.arg expression} to {.fn musl_data}."
  ), call = call)
  unknown <- setdiff(source, known)
  abort_if(length(unknown) > 0, c(
    "{.arg source} must name sources of {.arg data}.",
    x = "Unknown: {.val {unknown}}.",
    i = "Sources: {.val {known}}."
  ), argument = "source", call = call)
  data@sources[source %||% known]
}

warn_without_expression <- function(pairs, sources, ids) {
  known <- unlist(lapply(sources, function(one) rownames(one$assays[[1]])))
  unknown <- setdiff(c(pairs$gene_a, pairs$gene_b), known)
  warn_if(length(unknown) > 0, c(
    "{length(unknown)} gene{?s} without expression: {.val
     {utils::head(unknown, 3)}}.",
    i = unknown_gene_hint(unknown, known, ids)
  ), "unknown_gene", genes = unknown)
}

source_descriptors <- function(source, pairs, bins, set, call) {
  genes <- rownames(source$assays[[1]])
  a <- match(pairs$gene_a, genes)
  b <- match(pairs$gene_b, genes)
  has <- !is.na(a) & !is.na(b)
  rows <- sort(unique(c(a[has], b[has])))
  names <- with_core(cpp_descriptor_names(set))
  values <- matrix(NA_real_, nrow(pairs), length(names))
  if (any(has)) {
    values[has, ] <- matrix(
      with_core(cpp_descriptors(
        dense_rows(source$assays[[1]], rows), source$scale == "linear", bins,
        set, match(a[has], rows) - 1L, match(b[has], rows) - 1L
      ), call),
      ncol = length(names), byrow = TRUE
    )
  }
  colnames(values) <- names
  tibble(pairs, source = source$name, as_tibble(values))
}
