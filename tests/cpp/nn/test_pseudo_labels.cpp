// Pseudo-labels by which one scale of an interaction network teaches the other.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/rng.h"
#include "nn/muse/pseudo_labels.h"

namespace musl::nn {
namespace {

double sum(const std::vector<float>& x) {
  return std::accumulate(x.begin(), x.end(), 0.0);
}

TEST(PseudoLabels, AreShiftedToThePriorAndFilteredByConfidence) {
  PseudoRules rules;
  rules.temperature = 2;
  rules.shift = -1;
  rules.confidence = 0.5;
  rules.n_positive = 100;
  rules.total = 10;
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const auto labels = pseudo_labels({6, 2, 0, -4, nan}, rules);
  const auto p = [](double z) { return 1 / (1 + std::exp(-z)); };
  EXPECT_NEAR(labels.probability[0], p(2), 1e-6);  // 6 / 2 - 1
  EXPECT_NEAR(labels.probability[3], p(-3), 1e-6);
  EXPECT_EQ(labels.weight[1], 0);  // |2 p(0) - 1| = 0
  EXPECT_EQ(labels.weight[2], 0);  // |2 p(-1) - 1| = .46
  EXPECT_EQ(labels.weight[4], 0);
  EXPECT_NEAR(sum(labels.weight), 10, 1e-5);
  EXPECT_NEAR(labels.weight[0] / labels.weight[3],
              (2 * p(2) - 1) / (1 - 2 * p(-3)), 1e-5);
}

TEST(PseudoLabels, AreCappedByTheLabelledOnes) {
  PseudoRules rules;
  rules.n_positive = 2;
  rules.total = 8;
  std::vector<double> logit(40);
  for (std::size_t i = 0; i < logit.size(); ++i) {
    logit[i] = (i < 20 ? 1 : -1) * (5 + 0.01 * static_cast<double>(i % 20));
  }
  const auto labels = pseudo_labels(logit, rules);
  const auto kept = [&](std::size_t first) {
    return std::count_if(labels.weight.begin() + static_cast<long>(first),
                         labels.weight.begin() + static_cast<long>(first) + 20,
                         [](float w) { return w > 0; });
  };
  EXPECT_EQ(kept(0), 2);            // weights just below 1 each
  EXPECT_EQ(kept(20), 6);           // three times as much
  EXPECT_GT(labels.weight[19], 0);  // the most confident
  EXPECT_GT(labels.weight[39], 0);
}

// Logits that are k times the true log-odds have temperature k.
TEST(PseudoLabels, TemperatureUndoesAScale) {
  Rng rng(3);
  std::vector<double> logit;
  std::vector<float> label;
  for (int i = 0; i < 20000; ++i) {
    const double truth = 2 * rng.normal();
    label.push_back(rng.uniform() < 1 / (1 + std::exp(-truth)) ? 1.0f : 0.0f);
    logit.push_back(3 * truth);
  }
  EXPECT_NEAR(fit_temperature(logit, label), 3, 0.15);
  EXPECT_EQ(fit_temperature({1, 2}, {0, 1}), 1);
}

}  // namespace
}  // namespace musl::nn
