#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/error.h"
#include "base/rng.h"
#include "judge/intervals.h"
#include "judge/label_metrics.h"
#include "judge/metrics.h"

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

TEST(AurocInterval, RefusesScoresThatAreNone) {
  EXPECT_THROW((void)auroc_interval({1, std::nan("")}, {0, 1}, 2), InputError);
}

}  // namespace
}  // namespace musl
