#include <gtest/gtest.h>

#include <cmath>

#include "judge/baselines.h"

namespace musl {
namespace {

// Gene 0 in two positives and a negative, 1 in one of each, 4 in none.
const PairSet kTraining{{0, 0, 0, 1}, {1, 2, 3, 3}, {1, 1, 0, 0}};

TEST(LogOddsScore, AddsTheSmoothedLogOddsOfBothGenes) {
  const PairSet pairs{{0, 1, 3, 4}, {1, 4, 4, 4}, {}};
  const auto score = log_odds_score(kTraining, pairs, 5, /*smoothing=*/2);
  // Half of the pairs are positive: one pseudo-pair of each label a gene.
  const double gene_0 = std::log(3.0 / 2.0);
  const double gene_1 = std::log(2.0 / 2.0);
  const double gene_3 = std::log(1.0 / 3.0);
  EXPECT_NEAR(score[0], gene_0 + gene_1, 1e-12);
  EXPECT_NEAR(score[1], gene_1, 1e-12);
  EXPECT_NEAR(score[2], gene_3, 1e-12);
  EXPECT_NEAR(score[3], 0, 1e-12);
}

TEST(DegreeFeatures, LeaveOutThePairItselfWhenEachIsAFold) {
  const auto n = static_cast<int>(kTraining.size());
  const auto features = degree_features(kTraining, kTraining, 5, n, 1);
  // Degrees 2, 1, 1, 0, 0, less one at the ends of a positive.
  const double low[] = {0, 0, 0, 0};
  const double high[] = {1, 1, 2, 1};
  for (int i = 0; i < n; ++i) {
    EXPECT_FLOAT_EQ(features.training(i, 0), static_cast<float>(low[i]));
    EXPECT_FLOAT_EQ(features.training(i, 1), static_cast<float>(high[i]));
    EXPECT_FLOAT_EQ(
        features.training(i, 2),
        static_cast<float>(std::log1p(low[i]) + std::log1p(high[i])));
  }
}

TEST(DegreeFeatures, ScalesTheDegreesOfOtherPairsToThoseOfTraining) {
  const PairSet pairs{{0, 4}, {1, 0}, {}};
  const auto features = degree_features(kTraining, pairs, 5, 4, 1);
  EXPECT_FLOAT_EQ(features.pairs(0, 0), 0.75f);
  EXPECT_FLOAT_EQ(features.pairs(0, 1), 1.5f);
  EXPECT_FLOAT_EQ(features.pairs(1, 0), 0);
  EXPECT_FLOAT_EQ(features.pairs(1, 2), std::log1p(1.5f));
}

TEST(DegreeFeatures, CountEachFoldOnce) {
  // A star: over all folds each positive is left out of its own fold alone.
  PairSet star;
  for (std::int32_t leaf = 1; leaf <= 12; ++leaf) {
    star.a.push_back(0);
    star.b.push_back(leaf);
    star.label.push_back(1);
  }
  const auto features = degree_features(star, star, 13, 3, 7);
  for (int i = 0; i < 12; ++i) {
    EXPECT_FLOAT_EQ(features.training(i, 0), 0);
    EXPECT_FLOAT_EQ(features.training(i, 1), 8);
    EXPECT_FLOAT_EQ(features.pairs(i, 1), 8);
  }
}

}  // namespace
}  // namespace musl
