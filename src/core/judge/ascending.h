#pragma once

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <vector>

namespace musl {

/// Indices in ascending order of their values; ties keep their order. No NaN.
[[nodiscard]] inline std::vector<std::size_t> ascending(
    const std::vector<double>& values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(
      order.begin(), order.end(),
      [&](std::size_t i, std::size_t j) { return values[i] < values[j]; });
  return order;
}

}  // namespace musl
