#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "base/numbers.h"
#include "base/rng.h"
#include "judge/reliability.h"

namespace musl {
namespace {

const double kNaN = std::numeric_limits<double>::quiet_NaN();

TEST(Reliability, TiesStayTogetherWhateverTheOrder) {
  const auto there = reliability_bins({0.2, 0.2, 0.2, 0.8}, {1, 0, 0, 1}, 2);
  const auto back = reliability_bins({0.8, 0.2, 0.2, 0.2}, {1, 0, 0, 1}, 2);
  ASSERT_EQ(there.size(), 2u);
  EXPECT_EQ(there[0].n_pairs, 3);
  EXPECT_EQ(back[0].n_pairs, 3);
  EXPECT_EQ(there[0].observed, back[0].observed);
  const auto constant = reliability_bins({0.5, 0.5, 0.5}, {1, 1, 0}, 10);
  ASSERT_EQ(constant.size(), 1u);
  EXPECT_NEAR(calibration_error(constant), 2.0 / 3 - 0.5, 1e-12);
}

TEST(Ascending, TiesKeepTheirOrder) {
  EXPECT_EQ(ascending({2, 1, 3, 1, 2, 1}),
            (std::vector<std::size_t>{1, 3, 5, 0, 4, 2}));
  EXPECT_TRUE(ascending({}).empty());
}

TEST(Reliability, ItMeetsNoPairsOnePairAndMoreBinsThanPairs) {
  EXPECT_TRUE(reliability_bins({}, {}, 10).empty());
  EXPECT_TRUE(std::isnan(calibration_error({})));
  const auto one = reliability_bins({0.3}, {1}, 10);
  ASSERT_EQ(one.size(), 1u);
  EXPECT_NEAR(calibration_error(one), 0.7, 1e-12);
  EXPECT_EQ(reliability_bins({0.1, 0.2}, {0, 1}, 10).size(), 2u);
}

constexpr int kApart = 400;

/// The error of kApart pairs without a gene in common, a quarter of them 1.
double error_of_pairs_apart(int replicates, std::uint64_t seed) {
  std::vector<double> value;
  std::vector<std::int32_t> a, b;
  for (int i = 0; i < kApart; ++i) {
    value.push_back(i % 4 == 0 ? 1.0 : 0.0);
    a.push_back(2 * i);
    b.push_back(2 * i + 1);
  }
  return node_bootstrap_error(value, a, b, 2 * kApart, replicates, seed);
}

TEST(NodeBootstrap, OfPairsThatShareNoGeneIsThatOfPairsDrawnByBothGenes) {
  // 2 n genes in n pairs: a pair's weight is the product of two independent
  // draws with mean 1 and variance (nearly) 1, so that the weights have
  // variance 2 * 2 - 1 = 3 and the error is sqrt(3 p (1 - p) / n).
  const double found = error_of_pairs_apart(2000, 1);
  EXPECT_NEAR(found / std::sqrt(3 * 0.25 * 0.75 / kApart), 1, 0.1);
  EXPECT_EQ(found, error_of_pairs_apart(2000, 1));
  EXPECT_NE(found, error_of_pairs_apart(2000, 2));
}

TEST(NodeBootstrap, DoesNotDependOnAShiftOfAllValues) {
  std::vector<double> value, shifted;
  std::vector<std::int32_t> a, b;
  for (int i = 0; i < 50; ++i) {
    value.push_back(i % 4);
    shifted.push_back(1e8 + i % 4);
    a.push_back(i);
    b.push_back(i + 1);
  }
  const double wanted = node_bootstrap_error(value, a, b, 51, 500, 1);
  EXPECT_GT(wanted, 0.01);
  EXPECT_NEAR(node_bootstrap_error(shifted, a, b, 51, 500, 1), wanted, 1e-6);
}

TEST(NodeBootstrap, ConstantValuesHaveNoErrorAndOnePairHasNone) {
  EXPECT_NEAR(node_bootstrap_error({1, 1, 1}, {0, 1, 2}, {1, 2, 0}, 3, 100, 1),
              0, 1e-15);
  EXPECT_TRUE(std::isnan(node_bootstrap_error({1}, {0}, {1}, 2, 100, 1)));
  EXPECT_TRUE(std::isnan(node_bootstrap_error({}, {}, {}, 0, 100, 1)));
}

}  // namespace
}  // namespace musl
