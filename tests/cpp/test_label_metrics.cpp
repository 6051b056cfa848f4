#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "musl/error.h"
#include "musl/label_metrics.h"
#include "musl/metrics.h"
#include "musl/rng.h"

namespace musl {
namespace {

double slow_concordance(const std::vector<double>& found,
                        const std::vector<double>& value) {
  double right = 0, all = 0;
  for (std::size_t i = 0; i < value.size(); ++i) {
    for (std::size_t j = 0; j < value.size(); ++j) {
      if (!(value[i] > value[j])) continue;
      all += 1;
      right += found[i] > found[j] ? 1 : (found[i] == found[j] ? 0.5 : 0);
    }
  }
  return right / all;
}

TEST(AffinityMetrics, ConcordanceIsThatOfAllPairsOfRows) {
  Rng rng(1);
  std::vector<double> found, value;
  for (int i = 0; i < 200; ++i) {
    value.push_back(static_cast<double>(rng.below(12)));
    found.push_back(std::round(value.back() + 4 * rng.normal()));
  }
  EXPECT_NEAR(affinity_metrics(found, value).concordance,
              slow_concordance(found, value), 1e-12);
}

TEST(AffinityMetrics, OfThreeRowsByHand) {
  const auto out = affinity_metrics({1, 2, 4}, {1, 3, 3});
  EXPECT_NEAR(out.mse, 2.0 / 3, 1e-12);
  EXPECT_NEAR(out.concordance, 1.0, 1e-12);
  EXPECT_NEAR(out.pearson, 24 / std::sqrt(42.0 * 24.0), 1e-12);
  EXPECT_TRUE(std::isnan(affinity_metrics({1, 1}, {1, 2}).pearson));
  EXPECT_TRUE(std::isnan(affinity_metrics({1, 2}, {1, 1}).concordance));
  EXPECT_THROW((void)affinity_metrics({1}, {1, 2}), ShapeError);
}

TEST(LabelMetrics, AreMeansAndSumsOverLabels) {
  Matrix score(4, 3), label(4, 3);
  score << 0.9f, 0.2f, 0.1f, 0.4f, 0.8f, 0.2f, 0.6f, 0.7f, 0.3f, 0.1f, 0.1f,
      0.9f;
  label << 1, 0, 0, 1, 1, 0, 0, 1, 0, 0, 0, 0;
  const auto out = label_metrics(score, label, 0.5);
  // Called: rows 1 and 3 of the first, 2 and 3 of the second, 4 of the third.
  EXPECT_NEAR(out.micro_f1, 2.0 * 3 / (5 + 4), 1e-12);
  const double first = auroc({.9, .4, .6, .1}, {1, 1, 0, 0});
  EXPECT_NEAR(out.macro_auroc, (first + 1) / 2, 1e-12);
  const double precision = auprc({.9, .4, .6, .1}, {1, 1, 0, 0});
  EXPECT_NEAR(out.macro_auprc, (precision + 1) / 2, 1e-12);
}

TEST(LabelMetrics, BestThresholdIsThatOfASearch) {
  Rng rng(4);
  for (int draw = 0; draw < 20; ++draw) {
    Matrix score(30, 2), label(30, 2);
    for (Eigen::Index i = 0; i < score.size(); ++i) {
      // Eleven values: many ties.
      score.data()[i] = static_cast<float>(rng.below(11)) / 10;
      label.data()[i] = rng.uniform() < score.data()[i] / 2 ? 1.0f : 0.0f;
    }
    double best = 0;
    for (int step = 0; step <= 20; ++step) {
      const double at = (2 * step - 1) / 40.0;  // between the values
      best = std::max(best, label_metrics(score, label, at).micro_f1);
    }
    const double found = best_threshold(score, label);
    EXPECT_DOUBLE_EQ(label_metrics(score, label, found).micro_f1, best);
  }
}

TEST(LabelMetrics, BestThresholdLiesHalfwayBetweenScores) {
  Matrix score(4, 1), label(4, 1);
  score << 0.9f, 0.7f, 0.4f, 0.2f;
  label << 1, 1, 0, 0;
  EXPECT_NEAR(best_threshold(score, label), 0.55, 1e-7);
  label << 1, 1, 1, 1;
  EXPECT_NEAR(best_threshold(score, label), 0.2, 1e-7);
  label.setZero();
  EXPECT_EQ(best_threshold(score, label), 0.5);
  EXPECT_THROW((void)best_threshold(score, Matrix(3, 1)), ShapeError);
}

TEST(AffinityMetrics, Rm2FollowsItsFormula) {
  const std::vector<double> x = {1, 2, 4, 5.5}, y = {1, 3, 3, 7};
  double xy = 0, xx = 0, y_sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    xy += x[i] * y[i];
    xx += x[i] * x[i];
    y_sum += y[i];
  }
  // The determination of the line through the origin (Roy et al. 2009).
  double off = 0, all = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    off += std::pow(y[i] - xy / xx * x[i], 2);
    all += std::pow(y[i] - y_sum / 4, 2);
  }
  const auto out = affinity_metrics(x, y);
  const double r2 = out.pearson * out.pearson;
  EXPECT_NEAR(out.rm2, r2 * (1 - std::sqrt(std::abs(r2 - (1 - off / all)))),
              1e-12);
}

}  // namespace
}  // namespace musl
