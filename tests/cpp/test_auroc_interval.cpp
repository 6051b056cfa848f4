#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "musl/error.h"
#include "musl/intervals.h"
#include "musl/rng.h"

namespace musl {
namespace {

/// DeLong's components by their definition, every positive against every
/// negative.
AurocInterval plain_interval(const std::vector<double>& score,
                             const std::vector<float>& label, double z) {
  std::vector<double> positive, negative;
  for (std::size_t i = 0; i < score.size(); ++i) {
    (label[i] == 1.0f ? positive : negative).push_back(score[i]);
  }
  const auto wins = [](double x, double y) {
    return x > y ? 1.0 : x == y ? 0.5 : 0.0;
  };
  const auto m = static_cast<double>(positive.size());
  const auto n = static_cast<double>(negative.size());
  std::vector<double> by_positive(positive.size(), 0);
  std::vector<double> by_negative(negative.size(), 0);
  double area = 0;
  for (std::size_t i = 0; i < positive.size(); ++i) {
    for (std::size_t j = 0; j < negative.size(); ++j) {
      const double won = wins(positive[i], negative[j]);
      by_positive[i] += won / n;
      by_negative[j] += won / m;
      area += won / m / n;
    }
  }
  double variance = 0;
  for (const double v : by_positive) {
    variance += (v - area) * (v - area) / (m - 1) / m;
  }
  for (const double v : by_negative) {
    variance += (v - area) * (v - area) / (n - 1) / n;
  }
  const double sd = std::sqrt(variance);
  return {area, sd, std::max(0.0, area - z * sd), std::min(1.0, area + z * sd)};
}

TEST(AurocInterval, IsDeLongsWithTies) {
  for (const std::uint64_t levels : {2, 5, 1000}) {
    Rng rng(levels);
    std::vector<double> score;
    std::vector<float> label;
    for (int i = 0; i < 80; ++i) {
      label.push_back(rng.below(4) == 0 ? 1.0f : 0.0f);
      score.push_back(static_cast<double>(rng.below(levels)) + label.back());
    }
    const AurocInterval ours = auroc_interval(score, label, 1.96);
    const AurocInterval plain = plain_interval(score, label, 1.96);
    EXPECT_NEAR(ours.auroc, plain.auroc, 1e-12);
    EXPECT_NEAR(ours.sd, plain.sd, 1e-12);
    EXPECT_NEAR(ours.lower, plain.lower, 1e-12);
    EXPECT_NEAR(ours.upper, plain.upper, 1e-12);
  }
}

TEST(AurocInterval, IsUnknownWithOneOfAClass) {
  const AurocInterval one = auroc_interval({1, 2, 3}, {0, 0, 1}, 1.96);
  EXPECT_EQ(one.auroc, 1);
  EXPECT_TRUE(std::isnan(one.sd) && std::isnan(one.lower));
  EXPECT_TRUE(std::isnan(auroc_interval({1, 2}, {0, 0}, 1.96).auroc));
  EXPECT_TRUE(std::isnan(auroc_interval({}, {}, 1.96).auroc));
}

TEST(AurocInterval, StaysBetweenNoneAndAll) {
  const AurocInterval best =
      auroc_interval({1, 2, 3, 4, 2.5}, {0, 0, 1, 1, 1}, 1.96);
  EXPECT_EQ(best.upper, 1);
  EXPECT_EQ(best.sd, 0);
  const AurocInterval constant =
      auroc_interval({1, 1, 1, 1}, {0, 0, 1, 1}, 1.96);
  EXPECT_EQ(constant.auroc, 0.5);
  EXPECT_EQ(constant.sd, 0);
}

TEST(AurocInterval, RefusesLabelsAndScoresThatAreNone) {
  EXPECT_THROW((void)auroc_interval({1, 2}, {0, 0.5f}, 2), InputError);
  EXPECT_THROW((void)auroc_interval({1, std::nan("")}, {0, 1}, 2), InputError);
  EXPECT_THROW((void)auroc_interval({1}, {0, 1}, 2), ShapeError);
}

}  // namespace
}  // namespace musl
