#pragma once

#include <vector>

#include "base/matrix.h"

namespace musl {

/// Quantiles of each column of a reference sample.
struct NormalScores {
  static constexpr int kQuantiles = 200;
  static constexpr double kClip = 2.5;
  Matrix quantile;  // (F, kQuantiles), NaN in a row without a value
};

/// Learns the quantiles of x (B, F); NaN is missing.
[[nodiscard]] NormalScores fit_normal_scores(const Matrix& x);

/// The position of each value among the reference's quantiles (linear between
/// them, the middle of ties), as a standard normal score within +-2.5; 0 if
/// missing. Uses no label. ShapeError for another number of columns.
[[nodiscard]] Matrix normal_scores(const NormalScores& scores, const Matrix& x,
                                   int threads);

/// The standard normal quantile of 0 < p < 1, accurate to 1e-9. Source:
/// Acklam's rational approximation with one step of Halley's method.
[[nodiscard]] double normal_quantile(double p);

}  // namespace musl
