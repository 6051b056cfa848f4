#include "judge/cover.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "base/error.h"

namespace musl {
namespace {

void check_cover(const std::vector<std::vector<std::size_t>>& sets,
                 const std::vector<double>& weights) {
  const bool weighs = std::all_of(
      weights.begin(), weights.end(),
      [](double weight) { return std::isfinite(weight) && weight >= 0; });
  if (!weighs) throw InputError("Weights must be finite and not negative.");
  for (const auto& set : sets) {
    for (const auto element : set) {
      if (element >= weights.size()) {
        throw InputError("An element of a set has no weight.");
      }
    }
  }
}

// The weight of elements of a set that are not covered yet.
double open_weight(const std::vector<std::size_t>& set,
                   const std::vector<double>& open) {
  double sum = 0;
  for (const auto element : set) sum += open[element];
  return sum;
}

}  // namespace

std::vector<CoverStep> greedy_cover(
    const std::vector<std::vector<std::size_t>>& sets,
    const std::vector<double>& weights) {
  check_cover(sets, weights);
  auto left = sets;
  for (auto& set : left) {
    std::sort(set.begin(), set.end());
    set.erase(std::unique(set.begin(), set.end()), set.end());
  }
  std::vector<double> open = weights;
  std::vector<CoverStep> steps;
  while (steps.size() < left.size()) {
    CoverStep best;
    for (std::size_t s = 0; s < left.size(); ++s) {
      const double gained = open_weight(left[s], open);
      if (gained > best.gained) best = {s, gained};
    }
    if (best.gained <= 0) break;
    for (const auto element : left[best.set]) open[element] = 0;
    steps.push_back(best);
  }
  return steps;
}

}  // namespace musl
