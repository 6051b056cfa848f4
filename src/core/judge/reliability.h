#pragma once

#include <cstdint>
#include <vector>

namespace musl {

/// Pairs of similar probability.
struct ReliabilityBin {
  std::int64_t n_pairs = 0;
  double predicted = 0;  // mean probability
  double observed = 0;   // share of SL
};

/// Bins with numbers of pairs as equal as ties allow, by ascending probability.
/// Equal probabilities share the bin of the first of them; empty bins are
/// dropped.
///
/// probability (n) 0..1, label (n) 0/1, n_bins >= 1.
[[nodiscard]] std::vector<ReliabilityBin> reliability_bins(
    const std::vector<double>& probability, const std::vector<float>& label,
    int n_bins);

/// Expected calibration error: the mean over the pairs of |predicted -
/// observed| of their bin. NaN without pairs.
/// Source: Naeini, Cooper and Hauskrecht (2015), AAAI 29:2901.
[[nodiscard]] double calibration_error(const std::vector<ReliabilityBin>& bins);

/// Standard error of the mean of `value` under the node bootstrap: n_genes
/// genes are sampled with replacement, and a pair counts as often as the
/// product of its genes' multiplicities.
///
/// value (n), a and b (n) indices below n_genes, replicates >= 2. NaN for fewer
/// than two pairs, or if fewer than two replicates have a pair.
[[nodiscard]] double node_bootstrap_error(const std::vector<double>& value,
                                          const std::vector<std::int32_t>& a,
                                          const std::vector<std::int32_t>& b,
                                          std::int64_t n_genes, int replicates,
                                          std::uint64_t seed);

}  // namespace musl
