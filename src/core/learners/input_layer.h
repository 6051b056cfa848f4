#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

#include "base/numbers.h"
#include "musl/matrix.h"
#include "musl/neural_member.h"

namespace musl {

/// The inputs of a layer that are not 0; many are.
class SparseInputs {
 public:
  explicit SparseInputs(std::int64_t most)
      : place_(at(most)), value_(at(most)) {}

  void clear() { n_ = 0; }
  void add(std::int64_t place, float value) {
    // Always written: a branch would be unpredictable.
    place_[n_] = place;
    value_[n_] = value;
    n_ += value != 0 ? 1 : 0;
  }

  [[nodiscard]] std::size_t size() const { return n_; }
  [[nodiscard]] std::int64_t place(std::size_t i) const { return place_[i]; }
  [[nodiscard]] float value(std::size_t i) const { return value_[i]; }

 private:
  std::vector<std::int64_t> place_;
  std::vector<float> value_;
  std::size_t n_ = 0;
};

/// A layer with its weights by input, so that sums over inputs read memory in
/// order and each output is summed in the same order for any number of rows.
class InputLayer {
 public:
  explicit InputLayer(const NormedLayer& layer)
      : layer_(layer), by_input_(layer.weight.transpose()) {}

  [[nodiscard]] std::int64_t width() const { return by_input_.cols(); }
  [[nodiscard]] std::int64_t n_inputs() const { return by_input_.rows(); }

  /// Adds W x to `sums` (width()).
  void add(const SparseInputs& x, float* sums) const {
    const std::int64_t m = width();
    std::int64_t o = 0;
    for (; o + kTile <= m; o += kTile) {
      // Keeps the sums of a few outputs in registers.
      std::array<float, kTile> sum;
      std::copy_n(sums + o, kTile, sum.begin());
      for (std::size_t i = 0; i < x.size(); ++i) {
        const float* weight = by_input_.data() + x.place(i) * m + o;
        for (std::size_t k = 0; k < sum.size(); ++k) {
          sum[k] += x.value(i) * weight[k];
        }
      }
      std::copy_n(sum.begin(), kTile, sums + o);
    }
    for (; o < m; ++o) {
      for (std::size_t i = 0; i < x.size(); ++i) {
        sums[o] += x.value(i) * by_input_(x.place(i), o);
      }
    }
  }

  /// Converts the sums to the layer's output, in place.
  void finish(float* sums) const {
    const std::int64_t m = width();
    double mean = 0, variance = 0;
    for (std::int64_t o = 0; o < m; ++o) {
      sums[o] += layer_.bias[at(o)];
      mean += sums[o];
    }
    mean /= static_cast<double>(m);
    for (std::int64_t o = 0; o < m; ++o) {
      variance += (sums[o] - mean) * (sums[o] - mean);
    }
    variance /= static_cast<double>(m);
    const double unit = 1 / std::sqrt(variance + NormedLayer::kEpsilon);
    for (std::int64_t o = 0; o < m; ++o) {
      const auto score = static_cast<float>((sums[o] - mean) * unit);
      sums[o] =
          std::max(0.0F, score * layer_.scale[at(o)] + layer_.shift[at(o)]);
    }
  }

 private:
  static constexpr std::int64_t kTile = 16;  // outputs at a time

  const NormedLayer& layer_;
  Matrix by_input_;  // (in, out)
};

}  // namespace musl
