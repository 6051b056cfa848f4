#pragma once

#include <cstdint>
#include <vector>

#include "musl/judge.h"

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
