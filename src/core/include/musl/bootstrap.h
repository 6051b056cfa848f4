#pragma once

#include <cstdint>
#include <vector>

#include "musl/judge.h"

namespace musl {

/// How often each of `n_genes` genes is in one bootstrap sample of as many,
/// drawn with replacement. It depends on the seed and the number of the
/// replicate alone, so that scorers, parts and runs over the same genes share
/// their samples and may be compared pair by pair.
[[nodiscard]] std::vector<std::int32_t> gene_multiplicity(
    std::int64_t n_genes, std::uint64_t seed, std::int64_t replicate);

/// Node bootstrap: the metrics with both genes of each pair resampled.
///
/// Resampling pairs would take pairs of one gene for independent and give
/// intervals that are too narrow; a gene drawn twice brings all its pairs
/// twice. returns (replicates x metrics), a replicate's metrics side by side;
/// NaN where a replicate leaves nothing to measure. Same bits for any number of
/// threads (0: all). Source: Snijders and Borgatti (1999), Connections 22:61,
/// the vertex bootstrap; a gene has no pair with its own copy.
[[nodiscard]] std::vector<double> node_bootstrap(const Judge& judge,
                                                 std::int64_t replicates,
                                                 std::uint64_t seed,
                                                 int threads);

}  // namespace musl
