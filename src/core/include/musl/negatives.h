#pragma once

#include <cstdint>
#include <vector>

#include "musl/pair_set.h"

namespace musl {

enum class NegativePolicy { random, degree_matched };

/// Draws `count` distinct non-SL pairs.
///
/// positives  known SL pairs; degree_matched draws both ends from their ends
/// ends_a/b   candidate genes of either end for `random` (distinct indices)
/// forbidden  keys (pair_key) never to be drawn, sorted ascending
/// Throws InputError that states how many exist when there are too few.
[[nodiscard]] PairSet sample_negatives(
    NegativePolicy policy, const PairSet& positives,
    const std::vector<std::int32_t>& ends_a,
    const std::vector<std::int32_t>& ends_b,
    const std::vector<std::int64_t>& forbidden, std::int64_t count,
    std::int64_t n_genes, std::uint64_t seed);

}  // namespace musl
