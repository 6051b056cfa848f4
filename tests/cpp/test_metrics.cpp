#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "musl/baselines.h"
#include "musl/error.h"
#include "musl/metrics.h"
#include "musl/rng.h"

namespace musl {
namespace {

using Scores = std::vector<double>;
using Labels = std::vector<float>;

/// Share of positive-negative pairs in the right order, ties one half.
double brute_auroc(const Scores& score, const Labels& label) {
  double won = 0, all = 0;
  for (std::size_t i = 0; i < score.size(); ++i) {
    for (std::size_t j = 0; j < score.size(); ++j) {
      if (label[i] < 0.5f || label[j] > 0.5f) continue;
      ++all;
      won += score[i] > score[j] ? 1 : score[i] == score[j] ? 0.5 : 0;
    }
  }
  return won / all;
}

/// Mean over positives of the precision among all scores not below theirs.
double brute_auprc(const Scores& score, const Labels& label) {
  double sum = 0, positives = 0;
  for (std::size_t i = 0; i < score.size(); ++i) {
    if (label[i] < 0.5f) continue;
    double above = 0, hits = 0;
    for (std::size_t j = 0; j < score.size(); ++j) {
      if (score[j] < score[i]) continue;
      ++above;
      hits += label[j] > 0.5f ? 1 : 0;
    }
    sum += hits / above;
    ++positives;
  }
  return sum / positives;
}

TEST(Metrics, AgreeWithTheirDefinitionsWithAndWithoutTies) {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    Rng rng(seed);
    const std::size_t n = 2 + rng.below(60);
    const double levels = seed % 2 == 0 ? 4 : 1e9;
    Scores score;
    Labels label;
    for (std::size_t i = 0; i < n; ++i) {
      score.push_back(std::floor(rng.uniform() * levels));
      label.push_back(rng.below(2) == 0 ? 0.0f : 1.0f);
    }
    label[0] = 0;
    label[1] = 1;
    EXPECT_NEAR(auroc(score, label), brute_auroc(score, label), 1e-12);
    EXPECT_NEAR(auprc(score, label), brute_auprc(score, label), 1e-12);
  }
}

TEST(Metrics, SmallCasesByHand) {
  // scikit-learn's documentation: average_precision_score is 0.8333.
  const Labels label = {0, 0, 1, 1};
  const Scores score = {0.1, 0.4, 0.35, 0.8};
  EXPECT_DOUBLE_EQ(auroc(score, label), 0.75);
  EXPECT_DOUBLE_EQ(auprc(score, label), (1.0 + 2.0 / 3.0) / 2.0);
  EXPECT_DOUBLE_EQ(auroc({1, 2, 3, 4}, label), 1.0);
  EXPECT_DOUBLE_EQ(auprc({1, 2, 3, 4}, label), 1.0);
  EXPECT_DOUBLE_EQ(auroc({4, 3, 2, 1}, label), 0.0);
}

TEST(Metrics, AConstantScoreKnowsOnlyTheShareOfPositives) {
  const Scores score(5, 0.3);
  const Labels label = {1, 0, 0, 1, 0};
  EXPECT_DOUBLE_EQ(auroc(score, label), 0.5);
  EXPECT_DOUBLE_EQ(auprc(score, label), 0.4);
}

TEST(Metrics, InfiniteScoresAreOrderedLikeOthers) {
  const double infinity = std::numeric_limits<double>::infinity();
  EXPECT_DOUBLE_EQ(auroc({-infinity, 0, infinity}, {0, 0, 1}), 1.0);
  EXPECT_DOUBLE_EQ(auroc({infinity, infinity}, {0, 1}), 0.5);
}

TEST(Metrics, AMissingClassGivesNaN) {
  EXPECT_TRUE(std::isnan(auroc({}, {})));
  EXPECT_TRUE(std::isnan(auprc({}, {})));
  EXPECT_TRUE(std::isnan(auroc({1, 2}, {1, 1})));
  EXPECT_TRUE(std::isnan(auroc({1}, {0})));
  EXPECT_TRUE(std::isnan(auprc({1, 2}, {0, 0})));
  EXPECT_DOUBLE_EQ(auprc({1, 2}, {1, 1}), 1.0);
}

TEST(Metrics, RefuseOtherSizesNaNAndOtherLabels) {
  EXPECT_THROW((void)auroc({1, 2}, {1}), ShapeError);
  EXPECT_THROW((void)auroc({std::nan(""), 2}, {0, 1}), InputError);
  EXPECT_THROW((void)auprc({1, 2}, {0, 2}), InputError);
  EXPECT_THROW((void)auprc({1, 2}, {0, std::nanf("")}), InputError);
}

TEST(Baselines, DegreeScoreIsTheProductOfDegreesPlusOne) {
  // Positives 0-1, 0-2, 1-2 are known, 0-3 is a negative; gene 4 is unseen.
  const PairSet training{{0, 0, 1, 0}, {1, 2, 2, 3}, {1, 1, 1, 0}};
  const PairSet pairs{{0, 0, 3, 4}, {1, 4, 4, 0}, {}};
  const std::vector<double> score = degree_score(training, pairs, 5);
  EXPECT_NEAR(std::exp(score[0]), 9, 1e-12);
  EXPECT_NEAR(std::exp(score[1]), 3, 1e-12);
  EXPECT_EQ(score[2], 0);
  EXPECT_EQ(score[3], score[1]);
}

TEST(Baselines, DegreeScoreNeedsLabelsAndKnownGenes) {
  EXPECT_THROW((void)degree_score({{0}, {1}, {}}, {{0}, {1}, {}}, 2),
               ShapeError);
  EXPECT_THROW((void)degree_score({{0}, {1}, {1}}, {{0}, {2}, {}}, 2),
               GeneError);
}

}  // namespace
}  // namespace musl
