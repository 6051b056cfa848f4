#pragma once

#include <Eigen/Core>
#include <algorithm>
#include <cmath>

#include "base/numbers.h"
#include "musl/preprocess.h"

namespace musl {

/// Mean and sd of columns, row by row.
class ColumnSums {
 public:
  explicit ColumnSums(Eigen::Index columns)
      : sum_(Eigen::RowVectorXd::Zero(columns)), squares_(sum_) {}

  template <class Row>
  void add(const Row& row) {
    sum_ += row.template cast<double>();
    squares_ += row.template cast<double>().cwiseAbs2();
    ++n_;
  }

  [[nodiscard]] Scaler scaler() const {
    Scaler out;
    const double n = std::max(n_, 1.0);
    for (Eigen::Index c = 0; c < sum_.size(); ++c) {
      const double mean = sum_[c] / n, square = squares_[c] / n;
      const double sd = std::sqrt(std::max(square - mean * mean, 0.0));
      out.mean.push_back(static_cast<float>(mean));
      out.scale.push_back(static_cast<float>(usable_sd(sd, std::sqrt(square))));
    }
    return out;
  }

 private:
  Eigen::RowVectorXd sum_, squares_;
  double n_ = 0;
};

}  // namespace musl
