#include <gtest/gtest.h>

#include <cmath>

#include "base/rng.h"
#include "judge/calibration.h"
#include "judge/stacking.h"

namespace musl {
namespace {

struct Sample {
  Matrix logits;
  std::vector<float> label;
  std::vector<int> n_unseen;
};

/// Column 1 tells the label, column 2 tells nothing, column 3 the opposite.
Sample draw(std::int64_t n, int unseen, std::uint64_t seed) {
  Rng rng(seed);
  Sample sample;
  sample.logits = Matrix::Zero(n, 4);
  for (std::int64_t i = 0; i < n; ++i) {
    const bool sl = rng.uniform() < 0.5;
    const double sign = sl ? 1.0 : -1.0;
    sample.logits(i, 0) = static_cast<float>(0.3 * sign + rng.normal());
    sample.logits(i, 1) = static_cast<float>(2.0 * sign + 3.0 * rng.normal());
    sample.logits(i, 2) = static_cast<float>(5.0 * rng.normal());
    sample.logits(i, 3) = static_cast<float>(-sign + rng.normal());
    sample.label.push_back(sl ? 1.0f : 0.0f);
    sample.n_unseen.push_back(unseen);
  }
  return sample;
}

const std::vector<float> kAllFused{1, 1, 1};

double column_sd(const Matrix& x, Eigen::Index k) {
  const Eigen::VectorXd column = x.col(k).cast<double>();
  return std::sqrt((column.array() - column.mean()).square().mean());
}

TEST(Stacking, MeetsTheOptimalityConditions) {
  constexpr double kStrength = 10.0;
  const Sample sample = draw(400, 1, 1);
  const auto start = default_weights(kAllFused, 1.0);
  const auto found =
      fit_stack(sample.logits, sample.label, sample.n_unseen, start, kStrength);
  const auto& weight = found.weight[1];
  const auto slope_of = [&](double at, Eigen::Index k, double sd) {
    double slope = 0;
    for (Eigen::Index i = 0; i < sample.logits.rows(); ++i) {
      double value = at;
      for (Eigen::Index j = 0; j < 4; ++j) {
        value += weight[static_cast<std::size_t>(j)] * sample.logits(i, j);
      }
      const double x = k < 0 ? 1.0 : sample.logits(i, k) / sd;
      slope += (1 / (1 + std::exp(-value)) -
                sample.label[static_cast<std::size_t>(i)]) *
               x;
    }
    return slope;
  };
  const double constant = found.constant[1];
  EXPECT_NEAR(slope_of(constant, -1, 1), 0, 1e-3);
  for (Eigen::Index k = 0; k < 4; ++k) {
    const double sd = column_sd(sample.logits, k);
    const double own = weight[static_cast<std::size_t>(k)] * sd;
    const double slope = slope_of(constant, k, sd) + kStrength * (own - 1.0);
    EXPECT_GE(own, 0);
    if (own > 0) {
      EXPECT_NEAR(slope, 0, 1e-3) << k;
    } else {
      EXPECT_GT(slope, -1e-3) << k;
    }
  }
  EXPECT_EQ(weight[3], 0);  // what points the wrong way is not heard
}

// No pair has that logit, and without a ridge nothing moves its weight.
TEST(Stacking, KeepsTheStartOfALogitThatIsAlwaysZero) {
  Sample sample = draw(400, 1, 4);
  const auto fit = [&](const Matrix& logits, const std::vector<float>& fused) {
    return fit_stack(logits, sample.label, sample.n_unseen,
                     default_weights(fused, 1.0), /*strength=*/0);
  };
  const auto without = fit(sample.logits.leftCols(3), {1, 1});
  sample.logits.col(3).setZero();
  const auto found = fit(sample.logits, kAllFused);
  EXPECT_EQ(found.weight[1][3], 1);
  EXPECT_NEAR(found.constant[1], without.constant[1], 1e-6);
  for (std::size_t k = 0; k < 3; ++k) {
    EXPECT_NEAR(found.weight[1][k], without.weight[1][k], 1e-6);
  }
}

TEST(Stacking, KeepsTheStartOfAClassWithoutBothLabels) {
  Sample sample = draw(50, 1, 3);
  sample.label.assign(50, 1.0f);
  const auto start = default_weights({1, 0, 1}, 0.5);
  const auto found =
      fit_stack(sample.logits, sample.label, sample.n_unseen, start, 1);
  EXPECT_EQ(found.weight, start.weight);
  const auto none = fit_stack(Matrix::Zero(0, 4), {}, {}, start, 1);
  EXPECT_EQ(none.weight, start.weight);
}

TEST(Stacking, StartsFromTheFusedLogitWhereBothGenesAreSeen) {
  const auto start = default_weights({1, 0, 1}, 0.5);
  EXPECT_EQ(start.weight[0], (std::vector<double>{1, 0, 1, 0}));
  EXPECT_EQ(start.weight[1], (std::vector<double>{1, 0.5, 1, 0.5}));
  EXPECT_EQ(start.weight[2], start.weight[1]);
}

TEST(Stacking, PutsPairsOfAllKindsOnOneScale) {
  Sample sample = draw(600, 0, 5);
  const Sample more = draw(600, 1, 6);
  Matrix logits(1200, 4);
  logits << sample.logits, 5.0f * more.logits;  // the same, on another scale
  sample.label.insert(sample.label.end(), more.label.begin(), more.label.end());
  sample.n_unseen.insert(sample.n_unseen.end(), more.n_unseen.begin(),
                         more.n_unseen.end());
  auto stack = default_weights(kAllFused, 1.0);
  const auto score = [&] {
    std::vector<double> out;
    for (Eigen::Index i = 0; i < logits.rows(); ++i) {
      const auto k = static_cast<std::size_t>(
          sample.n_unseen[static_cast<std::size_t>(i)]);
      double sum = stack.constant[k];
      for (Eigen::Index j = 0; j < 4; ++j) {
        sum += stack.weight[k][static_cast<std::size_t>(j)] * logits(i, j);
      }
      out.push_back(sum);
    }
    return out;
  };
  const auto lines = [&] {
    return fit_calibration(score(), sample.label, sample.n_unseen, 0.5);
  };
  EXPECT_LT(lines().slope[1], 0.5 * lines().slope[0]);
  put_on_one_scale(lines(), &stack);
  for (const std::size_t k : {0, 1}) {
    EXPECT_NEAR(lines().slope[k], 1.0, 1e-4);
    EXPECT_NEAR(lines().intercept[k],
                std::log(lines().prior[k] / (1 - lines().prior[k])), 1e-4);
  }
}

}  // namespace
}  // namespace musl
