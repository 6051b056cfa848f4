#pragma once

#include <cstdint>
#include <vector>

namespace musl {

/// Pairs of like probability.
struct ReliabilityBin {
  std::int64_t n_pairs = 0;
  double predicted = 0;  // mean probability
  double observed = 0;   // share of SL
};

/// Bins of as equal a number of pairs as ties allow, by ascending probability.
/// Equal probabilities stay together, in the bin of the first of them; a bin
/// that is left empty does not come back.
///
/// probability (n) 0..1, label (n) 0/1, n_bins >= 1.
/// Throws ShapeError when the lengths differ, InputError for NaN.
[[nodiscard]] std::vector<ReliabilityBin> reliability_bins(
    const std::vector<double>& probability, const std::vector<float>& label,
    int n_bins);

/// Expected calibration error: the mean over the pairs of the distance of
/// `predicted` from `observed` in their bin. NaN without pairs.
/// Source: Naeini, Cooper and Hauskrecht (2015), AAAI 29:2901.
[[nodiscard]] double calibration_error(const std::vector<ReliabilityBin>& bins);

/// Standard error of the mean of `value` under the node bootstrap: genes are
/// drawn with replacement, as many as there are, and a pair counts as often as
/// the product of how often its two genes were drawn.
///
/// value (n), a and b (n) indices below n_genes, replicates >= 2. NaN for fewer
/// than two pairs, or where fewer than two replicates hold a pair.
/// Throws ShapeError when the lengths differ, InputError for an index or a
/// number of replicates out of range.
[[nodiscard]] double node_bootstrap_error(const std::vector<double>& value,
                                          const std::vector<std::int32_t>& a,
                                          const std::vector<std::int32_t>& b,
                                          std::int64_t n_genes, int replicates,
                                          std::uint64_t seed);

}  // namespace musl
