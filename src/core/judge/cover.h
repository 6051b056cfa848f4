#pragma once

#include <cstddef>
#include <vector>

namespace musl {

/// A set chosen by greedy_cover(), and the weight of elements that it adds.
struct CoverStep {
  std::size_t set = 0;
  double gained = 0;
};

/// Chooses sets one by one, each the one whose elements that no earlier one has
/// weigh most (ties: the first), until none adds any. Elements are indices into
/// weights, which must be finite and not negative; sets may repeat them.
std::vector<CoverStep> greedy_cover(
    const std::vector<std::vector<std::size_t>>& sets,
    const std::vector<double>& weights);

}  // namespace musl
