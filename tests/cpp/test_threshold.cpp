#include <gtest/gtest.h>

#include <cmath>

#include "musl/error.h"
#include "musl/label_metrics.h"
#include "musl/rng.h"

namespace musl {
namespace {

double f1_from(double threshold, const std::vector<double>& score,
               const std::vector<float>& label) {
  double hits = 0, called = 0, positives = 0;
  for (std::size_t i = 0; i < score.size(); ++i) {
    const bool positive = label[i] > 0.5f;
    positives += positive ? 1 : 0;
    called += score[i] >= threshold ? 1 : 0;
    hits += positive && score[i] >= threshold ? 1 : 0;
  }
  return 2 * hits / (called + positives);
}

TEST(BestF1Threshold, IsBestOfAllScoresWithAndWithoutTies) {
  Rng rng(1);
  for (const double digits : {0.1, 1.0, 1e6}) {
    std::vector<double> score;
    std::vector<float> label;
    for (int i = 0; i < 200; ++i) {
      label.push_back(rng.uniform() < 0.3);
      score.push_back(std::round((rng.normal() + label.back()) * digits) /
                      digits);
    }
    const double best = f1_from(best_f1_threshold(score, label), score, label);
    for (const double other : score) {
      EXPECT_GE(best + 1e-12, f1_from(other, score, label));
    }
  }
}

TEST(BestF1Threshold, IsTheHighestOfSeveral) {
  // From 3 on: 2 / (1 + 2); from 1 on: 4 / (4 + 2).
  EXPECT_EQ(best_f1_threshold({3, 2, 2, 1}, {1, 0, 0, 1}), 3);
  EXPECT_EQ(best_f1_threshold({2, 2, 1}, {1, 0, 0}), 2);
}

TEST(BestF1Threshold, IsMissingWithoutPositives) {
  EXPECT_TRUE(std::isnan(best_f1_threshold({1, 2}, {0, 0})));
  EXPECT_TRUE(std::isnan(best_f1_threshold({}, {})));
}

TEST(BestF1Threshold, RefusesNaNAndOtherLengths) {
  EXPECT_THROW((void)best_f1_threshold({NAN}, {1}), InputError);
  EXPECT_THROW((void)best_f1_threshold({1}, {}), ShapeError);
}

}  // namespace
}  // namespace musl
