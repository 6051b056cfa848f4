#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <vector>

namespace musl {

/// Missing values.
inline constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
inline constexpr float kFloatNaN = std::numeric_limits<float>::quiet_NaN();

/// A non-negative index into a container.
[[nodiscard]] constexpr std::size_t at(std::int64_t i) {
  return static_cast<std::size_t>(i);
}

template <class Container>
[[nodiscard]] std::int64_t size_of(const Container& x) {
  return static_cast<std::int64_t>(x.size());
}

/// The weight of a row; 1 if there are no weights.
[[nodiscard]] inline double weight_of(const std::vector<double>& weight,
                                      std::size_t row) {
  return weight.empty() ? 1.0 : weight[row];
}

/// 1 / (1 + e^-x), finite for every x.
[[nodiscard]] inline double sigmoid(double x) {
  return x >= 0 ? 1 / (1 + std::exp(-x)) : std::exp(x) / (1 + std::exp(x));
}

/// log(p / (1 - p)), the inverse of `sigmoid()`; p in (0, 1).
[[nodiscard]] inline double logit(double p) { return std::log(p / (1 - p)); }

/// What to divide values with this sd and root mean square by: the sd, or 1 if
/// it is below a millionth of their size, as that of constant values is in any
/// unit.
[[nodiscard]] inline double usable_sd(double sd, double root_mean_square) {
  constexpr double kFlat = 1e-6;
  return sd > kFlat * root_mean_square ? sd : 1.0;
}

/// The values, and those of `more`, ascending, each once.
template <class Value>
[[nodiscard]] std::vector<Value> once(std::vector<Value> values,
                                      const std::vector<Value>& more = {}) {
  values.insert(values.end(), more.begin(), more.end());
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  return values;
}

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

/// Takes from `other` what is unknown in `value`, (G) each.
inline void fill_unknown(const std::vector<float>& other,
                         std::vector<float>* value) {
  for (std::size_t g = 0; g < value->size(); ++g) {
    if (std::isnan((*value)[g])) (*value)[g] = other[g];
  }
}

}  // namespace musl
