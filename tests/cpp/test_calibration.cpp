#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>

#include "base/rng.h"
#include "judge/calibration.h"

namespace musl {
namespace {

const double kNaN = std::numeric_limits<double>::quiet_NaN();

struct Sample {
  std::vector<double> score;
  std::vector<float> label;
  std::vector<int> n_unseen;

  /// n pairs of one class whose true log odds are slope * score + intercept.
  void add(int n, int unseen, double slope, double intercept,
           std::uint64_t seed) {
    Rng rng(seed);
    for (int i = 0; i < n; ++i) {
      const double s = 2 * rng.normal() + 1;
      const double p = 1 / (1 + std::exp(-(slope * s + intercept)));
      score.push_back(s);
      label.push_back(rng.uniform() < p ? 1.0f : 0.0f);
      n_unseen.push_back(unseen);
    }
  }
  [[nodiscard]] Calibration fit(double prior = 0.5) const {
    return fit_calibration(score, label, n_unseen, prior);
  }
};

/// Gradient of Platt's objective at a line: zero in its minimum.
std::pair<double, double> gradient(const Sample& sample, double slope,
                                   double intercept) {
  double positives = 0;
  for (const float l : sample.label) positives += static_cast<double>(l);
  const double n = static_cast<double>(sample.label.size());
  const double high = (positives + 1) / (positives + 2);
  const double low = 1 / (n - positives + 2);
  double gs = 0, gi = 0;
  for (std::size_t i = 0; i < sample.score.size(); ++i) {
    const double p = 1 / (1 + std::exp(-(slope * sample.score[i] + intercept)));
    const double difference = p - (sample.label[i] > 0.5f ? high : low);
    gs += difference * sample.score[i];
    gi += difference;
  }
  return {gs / n, gi / n};
}

TEST(Calibration, EachClassHasItsOwnLine) {
  Sample sample;
  sample.add(2000, 0, 2, 0, 1);
  sample.add(2000, 1, 1, 1, 2);
  sample.add(2000, 2, 0.5, -1, 3);
  const Calibration fit = sample.fit();
  EXPECT_NEAR(fit.slope[0], 2, 0.3);
  EXPECT_NEAR(fit.slope[1], 1, 0.2);
  EXPECT_NEAR(fit.slope[2], 0.5, 0.1);
  EXPECT_NEAR(fit.intercept[2], -1, 0.2);
  EXPECT_EQ(fit.scores[1].size(), 2000);
}

TEST(Calibration, SmallOrOneSidedClassesUseThePooledLine) {
  Sample sample;
  sample.add(1000, 0, 1, 0, 1);
  sample.add(199, 1, 3, 2, 2);
  for (int i = 0; i < 300; ++i) {
    sample.score.push_back(i / 100.0);
    sample.label.push_back(0);
    sample.n_unseen.push_back(2);
  }
  const Calibration fit = sample.fit();
  const auto [gs, gi] = gradient(sample, fit.slope[1], fit.intercept[1]);
  EXPECT_NEAR(gs, 0, 1e-6);
  EXPECT_NEAR(gi, 0, 1e-6);
  EXPECT_EQ(fit.slope[2], fit.slope[1]);
  EXPECT_EQ(fit.intercept[2], fit.intercept[1]);
  EXPECT_NE(fit.slope[0], fit.slope[1]);
  EXPECT_EQ(fit.scores[1].size(), 199);
}

TEST(Calibration, WithoutPairsOrWithOneLabelItIsTheIdentity) {
  for (const Sample& sample :
       {Sample{}, Sample{{1, 2}, {1, 1}, {0, 1}}, Sample{{1}, {0}, {2}}}) {
    const Calibration fit = sample.fit();
    EXPECT_EQ(fit.slope, (std::array<double, 3>{1, 1, 1}));
    EXPECT_EQ(fit.intercept, (std::array<double, 3>{0, 0, 0}));
  }
}

TEST(Calibration, SeparatedScoresGiveFiniteLines) {
  Sample sample;
  for (int i = 0; i < 500; ++i) {
    sample.score.push_back(i < 250 ? -1000.0 - i : 1000.0 + i);
    sample.label.push_back(i < 250 ? 0.0f : 1.0f);
    sample.n_unseen.push_back(0);
  }
  const Calibration fit = sample.fit();
  EXPECT_TRUE(std::isfinite(fit.slope[0]));
  EXPECT_GT(fit.slope[0], 0);
  const auto [gs, gi] = gradient(sample, fit.slope[0], fit.intercept[0]);
  EXPECT_NEAR(gs / 1000, 0, 1e-6);
  EXPECT_NEAR(gi, 0, 1e-6);
  const auto p = calibrate(fit, {-1000, 1000}, {0, 0}, kNaN);
  EXPECT_LT(p[0], 0.05);
  EXPECT_GT(p[1], 0.95);
}

TEST(Calibration, AScoreThatPointsTheWrongWayKeepsItsOrder) {
  Sample sample;
  sample.add(1000, 0, -2, 0, 4);
  const Calibration fit = sample.fit();
  EXPECT_GT(fit.slope[0], 0);
  double mean = 0, share = 0;
  const auto p = calibrate(fit, sample.score, sample.n_unseen, fit.prior[0]);
  for (std::size_t i = 0; i < p.size(); ++i) {
    mean += p[i] / 1000;
    share += static_cast<double>(sample.label[i]) / 1000;
  }
  EXPECT_NEAR(mean, share, 0.01);
}

TEST(Calibration, TheSlopeHasALowerBoundInTheUnitsOfTheScores) {
  // Of scores of this spread, .0004 is less than the least slope of .001, and
  // .004 is more.
  for (const double slope : {.0004, .004}) {
    Sample sample;
    Rng rng(8);
    for (int i = 0; i < 4000; ++i) {
      sample.score.push_back(1000 * rng.normal());
      const double p = 1 / (1 + std::exp(-slope * sample.score.back()));
      sample.label.push_back(rng.uniform() < p ? 1.0f : 0.0f);
      sample.n_unseen.push_back(0);
    }
    const Calibration fit = sample.fit();
    if (slope < .001) {
      EXPECT_NEAR(fit.slope[0], .001, 1e-12);
    } else {
      EXPECT_NEAR(fit.slope[0], slope, .0005);
    }
  }
}

TEST(Calibration, PairsWithoutAScoreAreLeftOut) {
  Sample with;
  with.add(500, 0, 1, 0, 5);
  const Calibration expected = with.fit();
  with.score.push_back(kNaN);
  with.label.push_back(1);
  with.n_unseen.push_back(0);
  EXPECT_EQ(with.fit().slope, expected.slope);
  EXPECT_EQ(with.fit().scores[0].size(), 500);
  EXPECT_TRUE(std::isnan(calibrate(expected, {kNaN}, {0}, kNaN)[0]));
}

TEST(Calibration, AnotherPriorShiftsTheLogit) {
  Calibration calibration;
  calibration.training_prior = 0.2;
  // By Bayes: odds 1 at equal shares become the prior's odds.
  EXPECT_NEAR(calibrate(calibration, {0}, {0}, 0.02)[0], 0.02, 1e-12);
  EXPECT_NEAR(calibrate(calibration, {std::log(3.0)}, {2}, 0.1)[0],
              (3.0 / 9) / (1 + 3.0 / 9), 1e-12);
  EXPECT_NEAR(calibrate(calibration, {1}, {0}, 0.2)[0],
              calibrate(calibration, {1}, {0}, kNaN)[0], 1e-12);
}

/// Pairs of each class whose share of SL is 1 / every[class].
Sample with_shares(int n, const std::array<int, 3>& every) {
  Sample sample;
  for (std::size_t k = 0; k < every.size(); ++k) {
    for (int i = 0; i < n; ++i) {
      sample.score.push_back(i % 7);
      sample.label.push_back(i % every[k] == 0 ? 1.0f : 0.0f);
      sample.n_unseen.push_back(static_cast<int>(k));
    }
  }
  return sample;
}

TEST(Calibration, ThePriorIsTheShareAmongTheLinesOwnPairs) {
  Sample sample = with_shares(400, {2, 5, 4});
  const Calibration fit = sample.fit(/*prior=*/0.3);
  EXPECT_NEAR(fit.prior[0], 0.5, 1e-12);
  EXPECT_NEAR(fit.prior[1], 0.2, 1e-12);
  EXPECT_NEAR(fit.prior[2], 0.25, 1e-12);
  EXPECT_EQ(fit.training_prior, 0.3);
  const Calibration few = with_shares(100, {2, 5, 4}).fit();  // pooled
  EXPECT_NEAR(few.prior[1], (50 + 20 + 25) / 300.0, 1e-12);
  sample.label.assign(sample.label.size(), 1.0f);
  EXPECT_EQ(sample.fit(/*prior=*/0.4).prior[1], 0.4);
}

TEST(Calibration, AShortageOfNegativesInOneClassDoesNotMoveIt) {
  // The same scores in both classes; every second negative is missing in one.
  Sample sample;
  sample.add(20000, 1, 1.5, -1.5, 1);
  const std::size_t n = sample.score.size();
  for (std::size_t i = 0; i < n; ++i) {
    if (sample.label[i] < 0.5f && i % 2 == 0) continue;
    sample.score.push_back(sample.score[i]);
    sample.label.push_back(sample.label[i]);
    sample.n_unseen.push_back(2);
  }
  const Calibration fit = sample.fit();
  EXPECT_GT(fit.prior[2], fit.prior[1] + 0.1);
  const auto p = calibrate(fit, {-1, 1, 3, -1, 1, 3}, {1, 1, 1, 2, 2, 2}, kNaN);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(p[i], p[i + 3], 0.02);
}

TEST(Calibration, ScoresAreKeptByLabelAndUnseenGenesInOrder) {
  const Calibration fit = fit_calibration(
      {3, 1, 2, kNaN, 0, 1}, {1, 1, 0, 1, 1, 0}, {1, 1, 1, 1, 2, 1}, 0.5);
  EXPECT_EQ(fit.scores[0].size(), 0);
  EXPECT_EQ(fit.scores[1].sl, (std::vector<double>{1, 3}));
  EXPECT_EQ(fit.scores[1].non_sl, (std::vector<double>{1, 2}));
  EXPECT_EQ(fit.scores[2].sl, (std::vector<double>{0}));
}

TEST(ShiftPrior, FollowsBayesAndKeepsCertainty) {
  Calibration calibration;
  calibration.prior = {0.2, 0.5, 0.8};
  // Odds 1/4 at a share of 1/5: likelihood ratio 1, so the share of the prior.
  const auto p = shift_prior(calibration, {0, 0.2, 0.5, 1, 0.3, 0.8},
                             {0, 0, 0, 0, 1, 2}, 0.5);
  EXPECT_EQ(p[0], 0);
  EXPECT_NEAR(p[1], 0.5, 1e-12);
  EXPECT_NEAR(p[2], 0.8, 1e-12);
  EXPECT_EQ(p[3], 1);
  EXPECT_EQ(p[4], 0.3);
  EXPECT_NEAR(p[5], 0.5, 1e-12);
  EXPECT_NEAR(shift_prior(calibration, {0.2}, {0}, kNaN)[0], 0.5, 1e-12);
}

TEST(ShiftToMean, GivesTheReferenceThePrior) {
  const std::vector<double> reference{.9, .5, .99, NAN, .2};
  const auto shifted = shift_to_mean(reference, reference, .05);
  double sum = 0;
  for (const std::size_t i : {0U, 1U, 2U, 4U}) sum += shifted[i];
  EXPECT_NEAR(sum / 4, .05, 1e-9);
  // One number is added to all log-odds.
  const auto odds = [](double p) { return std::log(p / (1 - p)); };
  EXPECT_NEAR(odds(shifted[0]) - odds(.9), odds(shifted[4]) - odds(.2), 1e-9);
  EXPECT_TRUE(std::isnan(shifted[3]));
}

TEST(ShiftToMean, KeepsCertainValuesAndNeedsAReference) {
  const std::vector<double> p{0, .3, 1};
  EXPECT_EQ(shift_to_mean(p, {NAN, 0, 1}, .1), p);
  const auto shifted = shift_to_mean(p, {.3}, .1);
  EXPECT_EQ(shifted[0], 0);
  EXPECT_NEAR(shifted[1], .1, 1e-12);
  EXPECT_EQ(shifted[2], 1);
}

}  // namespace
}  // namespace musl
