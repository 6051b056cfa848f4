#pragma once

#include <cstdint>
#include <vector>

#include "judge/judge.h"
#include "judge/metrics.h"

namespace musl {

/// An area under the ROC curve with its confidence interval.
struct AurocInterval {
  double auroc;  // ties count one half; NaN when a class is missing
  double sd;     // DeLong's standard deviation; NaN with one pair of a class
  double lower;  // auroc - z sd, not below 0
  double upper;  // auroc + z sd, not above 1
};

/// The normal interval of DeLong, in O(n log n) by midranks.
///
/// score (n) any real, label (n) 0/1, z > 0 the normal quantile (1.96 for 95
/// %). Throws InputError for NaN. Source: DeLong et al. (1988), Biometrics
/// 44:837; Sun and Xu (2014), IEEE Signal Process Lett 21:1389.
[[nodiscard]] AurocInterval auroc_interval(const std::vector<double>& score,
                                           const std::vector<float>& label,
                                           double z);

/// How well a study agrees with others that measured some of its pairs.
struct Agreement {
  double estimate;      // mean area under the ROC curve; NaN without others
  double lower, upper;  // of its interval of 95 %, within 0 and 1
  double weight;        // 0 to 1
};

/// Pools the areas of a study's comparisons: those with the same partner by
/// their mean, as they share their pairs, then partners by a random-effects
/// mean (DerSimonian and Laird (1986), Control Clin Trials 7:177).
///
/// The weight is 1 where the mean is at least `least`, 0 where the upper bound
/// is not, and linear in the mean between. Where others can assess less than
/// half of the study, they take off as much less: 2 `judged` times that.
///
/// auroc, sd  of each comparison; partner  number of the other study
[[nodiscard]] Agreement study_agreement(
    const std::vector<double>& auroc, const std::vector<double>& sd,
    const std::vector<std::int32_t>& partner, double judged, double least);

/// How often each of `n_genes` genes occurs in a bootstrap sample of n_genes
/// genes. It depends only on the seed and the replicate number, so scorers,
/// parts and runs over the same genes share samples and allow paired
/// comparison.
[[nodiscard]] std::vector<std::int32_t> gene_multiplicity(
    std::int64_t n_genes, std::uint64_t seed, std::int64_t replicate);

/// Node bootstrap: the metrics with both genes of each pair resampled.
///
/// Resampling pairs would treat the pairs of one gene as independent and give
/// intervals that are too narrow; a gene sampled twice contributes all its
/// pairs twice. Returns (replicates, metrics) row-major, NaN if a replicate
/// leaves nothing to measure. The bits do not depend on `threads` (0: all).
/// Source: Snijders and Borgatti (1999), Connections 22:61, the vertex
/// bootstrap; a gene has no pair with its copy.
[[nodiscard]] std::vector<double> node_bootstrap(const Judge& judge,
                                                 std::int64_t replicates,
                                                 std::uint64_t seed,
                                                 int threads);

/// Share of a screen's hits that are false, 0 to 1, by its negative controls,
/// pairs with a gene that cells do not express: the controls' rate of hits over
/// the rate r of the other pairs, with half a hit among 1 / (2 r) pairs added
/// to the former. NaN without controls or without hits among the others.
[[nodiscard]] double false_hit_share(double control_hits, double controls,
                                     double hits, double pairs);

}  // namespace musl
