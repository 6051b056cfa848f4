#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/error.h"
#include "base/rng.h"
#include "judge/metrics.h"

namespace musl {
namespace {

using Scores = std::vector<double>;
using Labels = std::vector<float>;

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

TEST(Metrics, RefuseNaN) {
  EXPECT_THROW((void)auroc({std::nan(""), 2}, {0, 1}), InputError);
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

}  // namespace
}  // namespace musl
