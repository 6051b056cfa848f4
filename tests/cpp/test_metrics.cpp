#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
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

/// F1 and area from the points of the curve, threshold by threshold.
struct Points {
  double f1_max = 0, trapezoid = 0;
};
Points brute_points(const Scores& score, const Labels& label) {
  Scores thresholds = score;
  std::sort(thresholds.rbegin(), thresholds.rend());
  double positives = 0;
  for (const float y : label) positives += y;
  double last_recall = 0, last_precision = 1;
  Points out;
  for (const double threshold : thresholds) {
    double called = 0, hits = 0;
    for (std::size_t i = 0; i < score.size(); ++i) {
      if (score[i] < threshold) continue;
      ++called;
      hits += label[i];
    }
    const double precision = hits / called, recall = hits / positives;
    out.trapezoid += (recall - last_recall) * (precision + last_precision) / 2;
    if (hits > 0) {
      out.f1_max =
          std::max(out.f1_max, 2 * precision * recall / (precision + recall));
    }
    last_recall = recall;
    last_precision = precision;
  }
  return out;
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
    const CurveMetrics curve =
        curve_metrics(score_steps(order_scores(score), label, {}));
    const Points points = brute_points(score, label);
    EXPECT_NEAR(curve.auprc_trapezoid, points.trapezoid, 1e-12);
    EXPECT_NEAR(curve.f1_max, points.f1_max, 1e-12);
  }
}

TEST(Metrics, AConstantScoreKnowsOnlyTheShareOfPositives) {
  const Scores score(5, 0.3);
  const Labels label = {1, 0, 0, 1, 0};
  EXPECT_DOUBLE_EQ(auroc(score, label), 0.5);
  EXPECT_DOUBLE_EQ(auprc(score, label), 0.4);
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

TEST(Metrics, WeightsStandForRepeatedRows) {
  // The first and the third count for nothing.
  const Scores score = {4, 3, 1, 2, 2, 0}, weight = {0, 2, 0, 1, 3, 1};
  const Labels label = {0, 1, 1, 0, 1, 0};
  const Scores long_score = {3, 3, 2, 2, 2, 2, 0};
  const Labels long_label = {1, 1, 0, 1, 1, 1, 0};
  const CurveMetrics curve =
      curve_metrics(score_steps(order_scores(score), label, weight));
  EXPECT_DOUBLE_EQ(curve.auroc, auroc(long_score, long_label));
  EXPECT_DOUBLE_EQ(curve.auprc, auprc(long_score, long_label));
}

TEST(Metrics, BrierAndF1ByHand) {
  const Labels label = {1, 0, 1, std::nanf("")};
  EXPECT_DOUBLE_EQ(brier_score({1, 0.5, 0, 0.9}, label, {}), 1.25 / 3);
  EXPECT_DOUBLE_EQ(brier_score({1, 0.5, 0, 0.9}, label, {2, 4, 0, 5}), 1.0 / 6);
  EXPECT_DOUBLE_EQ(f1_score({1, 1, 0, 1}, label, {}), 0.5);
  EXPECT_DOUBLE_EQ(f1_score({1, 1, 0, 1}, label, {3, 1, 2, 1}), 6.0 / 9);
  EXPECT_DOUBLE_EQ(f1_score({0, 0}, {1, 0}, {}), 0);
  EXPECT_TRUE(std::isnan(f1_score({1, 0}, {0, 0}, {})));
  EXPECT_TRUE(std::isnan(brier_score({}, {}, {})));
}

TEST(Metrics, MatthewsByTheCountsOfTheFourCells) {
  // TP 3, FP 1, FN 2, TN 4: one row each, with weights, one left out.
  const Labels label = {1, 0, 1, 0, std::nanf("")};
  const Scores weight = {3, 1, 2, 4, 9};
  EXPECT_DOUBLE_EQ(matthews({1, 1, 0, 0, 1}, label, weight),
                   (3.0 * 4 - 1 * 2) / std::sqrt(4.0 * 5 * 5 * 6));
  EXPECT_DOUBLE_EQ(matthews({1, 0, 1, 0, 1}, label, weight), 1);
  EXPECT_DOUBLE_EQ(matthews({0, 1, 0, 1, 1}, label, weight), -1);
  EXPECT_DOUBLE_EQ(matthews({1, 1, 1, 1, 1}, label, weight), 0);
  EXPECT_DOUBLE_EQ(matthews({0, 0, 0, 0, 0}, label, weight), 0);
  EXPECT_TRUE(std::isnan(matthews({1, 0}, {1, 1}, {})));
}

double ece(const Scores& probability, const Labels& label,
           const Scores& weight = {}, int bins = kCalibrationBins) {
  return calibration_error(order_scores(probability), probability, label,
                           weight, bins);
}

TEST(CalibrationError, IsTheMeanGapOfBinsOfOneSize) {
  Rng rng(1);
  Scores probability;
  Labels label;
  for (int i = 0; i < 200; ++i) {
    probability.push_back((i + rng.uniform()) / 200);
    label.push_back(rng.uniform() < 0.3 ? 1.0f : 0.0f);
  }
  double expected = 0;
  for (int bin = 0; bin < 10; ++bin) {
    double gap = 0;
    for (int i = 20 * bin; i < 20 * (bin + 1); ++i) {
      const auto at = static_cast<std::size_t>(i);
      gap += label[at] - probability[at];
    }
    expected += std::abs(gap) / 200;
  }
  EXPECT_NEAR(ece(probability, label), expected, 1e-12);
}

TEST(CalibrationError, SharesTiesOverTheBinsTheyCross) {
  // Two bins: 0.8 fills the first and shares its half of positives with the
  // second, whatever the order of the rows.
  const Scores probability = {0.8, 0.8, 0.8, 0.8, 0.1, 0.1};
  const double expected = (3 * 0.3 + std::abs(0.5 - 0.8 + 0 - 0.2)) / 6;
  EXPECT_NEAR(ece(probability, {1, 1, 0, 0, 0, 0}, {}, 2), expected, 1e-12);
  EXPECT_NEAR(ece(probability, {0, 1, 0, 1, 0, 0}, {}, 2), expected, 1e-12);
  EXPECT_NEAR(ece({0.8, 0.8, 0.1}, {1, 0, 0}, {2, 2, 2}, 2), expected, 1e-12);
  EXPECT_NEAR(ece(Scores(7, 0.25), {1, 0, 0, 0, 1, 0, 0}), 2.0 / 7 - 0.25,
              1e-12);
  EXPECT_NEAR(ece({0.9, 0.2, 0.4}, {1, 0, 1}, {}, 3), 0.9 / 3, 1e-12);
  EXPECT_TRUE(std::isnan(ece({}, {})));
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
