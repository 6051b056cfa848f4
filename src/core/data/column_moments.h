#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/numbers.h"
#include "data/preprocess.h"

namespace musl {

/// Running mean and sum of squared deviations of each column.
/// Source: Chan, Golub and LeVeque (1983), Am Stat 37:242.
class ColumnMoments {
 public:
  explicit ColumnMoments(std::int64_t columns) : columns_(at(columns)) {}

  void add(std::size_t column, double x) {
    One& one = columns_[column];
    one.n += 1;
    const double delta = x - one.mean;
    one.mean += delta / one.n;
    one.squares += delta * (x - one.mean);
  }
  template <class Row>
  void add_row(const Row& row) {
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      add(c, row[static_cast<std::int64_t>(c)]);
    }
  }
  void add(const ColumnMoments& others) {
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      One& one = columns_[c];
      const One& other = others.columns_[c];
      if (other.n == 0) continue;
      const double total = one.n + other.n;
      const double delta = other.mean - one.mean;
      one.squares += other.squares + delta * delta * one.n * other.n / total;
      one.mean += delta * other.n / total;
      one.n = total;
    }
  }

  [[nodiscard]] Scaler scaler() const {
    // Rounding errors of a constant column are not variation.
    constexpr double kRounding = 1e-6;
    Scaler out;
    for (const One& one : columns_) {
      const double sd = one.n > 0 ? std::sqrt(one.squares / one.n) : 0;
      const bool constant = sd <= kRounding * std::abs(one.mean);
      out.mean.push_back(static_cast<float>(one.mean));
      out.scale.push_back(constant ? 1.0f : static_cast<float>(sd));
    }
    return out;
  }

 private:
  struct One {
    double n = 0, mean = 0, squares = 0;
  };
  std::vector<One> columns_;
};

}  // namespace musl
