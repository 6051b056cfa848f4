#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "base/error.h"
#include "base/rng.h"
#include "learners/boosting.h"

namespace musl {
namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

BoostingConfig one_tree(int leaves) {
  BoostingConfig config;
  config.trees = 1;
  config.rate = 1;
  config.leaves = leaves;
  config.min_leaf = 1;
  config.l2 = 0;
  return config;
}

Matrix column(const std::vector<float>& values) {
  return Eigen::Map<const Matrix>(values.data(),
                                  static_cast<Eigen::Index>(values.size()), 1);
}

Matrix random_table(int rows, int columns, std::uint64_t seed) {
  Rng rng(seed);
  Matrix x(rows, columns);
  for (Eigen::Index i = 0; i < x.size(); ++i) {
    x.data()[i] = rng.uniform() < 0.1 ? kNan : static_cast<float>(rng.normal());
  }
  return x;
}

std::vector<float> random_labels(int rows, std::uint64_t seed) {
  Rng rng(seed);
  std::vector<float> label;
  for (int i = 0; i < rows; ++i) label.push_back(rng.uniform() < 0.4f);
  return label;
}

TEST(Boosting, LearnsNothingFromConstantColumns) {
  const Matrix x = Matrix::Constant(10, 3, 2);
  const std::vector<float> label = {1, 0, 0, 1, 0, 0, 1, 0, 0, 1};
  const auto model = fit_boosting(x, label, {}, one_tree(4), 1);
  EXPECT_EQ(model.trees[0].size(), 1u);
  for (const double score : predict_boosting(model, x)) {
    EXPECT_NEAR(score, std::log(4.0 / 6.0), 1e-12);
  }
}

TEST(Boosting, GivesTheSameBitsForAnyNumberOfThreads) {
  const Matrix x = random_table(20000, 60, 3);
  const auto label = random_labels(20000, 4);
  BoostingConfig config;
  config.trees = 3;
  const auto one = predict_boosting(fit_boosting(x, label, {}, config, 1), x);
  const auto two = predict_boosting(fit_boosting(x, label, {}, config, 2), x);
  EXPECT_EQ(one, two);
}

TEST(Boosting, StopsWhenAsked) {
  const Matrix x = random_table(50, 2, 1);
  int asked = 0;
  const auto go_on = [&asked] { return ++asked < 3; };
  EXPECT_THROW((void)fit_boosting(x, random_labels(50, 2), {}, {}, 1, go_on),
               CancelledError);
  EXPECT_EQ(asked, 3);
}

TEST(Boosting, RefusesWhatItCannotLearnFrom) {
  const Matrix x = column({1, 2});
  EXPECT_THROW((void)fit_boosting(x, {1, 1}, {}, {}, 1), InputError);
  const float infinite = std::numeric_limits<float>::infinity();
  EXPECT_THROW((void)fit_boosting(column({1, infinite}), {0, 1}, {}, {}, 1),
               InputError);
}

TEST(Boosting, AWeightOfTwoIsARowTwice) {
  const Matrix x = random_table(120, 3, 5);
  const auto label = random_labels(120, 6);
  std::vector<float> weight(120, 1);
  weight[11] = 2;
  Matrix longer = x;
  longer.conservativeResize(121, Eigen::NoChange);
  longer.row(120) = x.row(11);
  auto longer_label = label;
  longer_label.push_back(label[11]);
  BoostingConfig config = one_tree(4);
  config.trees = 5;
  config.rate = 0.3;
  config.bins = 254;
  const auto a = predict_boosting(fit_boosting(x, label, weight, config, 1), x);
  const auto b =
      predict_boosting(fit_boosting(longer, longer_label, {}, config, 1), x);
  for (std::size_t i = 0; i < a.size(); ++i) EXPECT_NEAR(a[i], b[i], 1e-9);
}

TEST(Boosting, MonotoneColumnsNeverTurn) {
  Rng rng(9);
  Matrix x(400, 2);
  std::vector<float> label;
  for (int i = 0; i < 400; ++i) {
    x(i, 0) = static_cast<float>(rng.uniform());
    x(i, 1) = static_cast<float>(rng.uniform());
    // Falls, then rises: a free fit would follow.
    const double p = 0.1 + 0.8 * std::abs(x(i, 0) - 0.5) * 2;
    label.push_back(rng.uniform() < p ? 1 : 0);
  }
  BoostingConfig config;
  config.trees = 60;
  config.leaves = 6;
  for (const int way : {1, -1}) {
    config.monotone = {way, 0};
    const auto model = fit_boosting(x, label, {}, config, 1);
    for (const float other : {0.1F, 0.5F, 0.9F}) {
      Matrix line(101, 2);
      for (int i = 0; i <= 100; ++i) line.row(i) << i / 100.0F, other;
      const auto score = predict_boosting(model, line);
      for (std::size_t i = 1; i < score.size(); ++i) {
        EXPECT_GE(way * (score[i] - score[i - 1]), -1e-12);
      }
    }
  }
}

TEST(Boosting, PartsOfColumnsAddUp) {
  const Matrix x = random_table(300, 4, 10);
  const auto label = random_labels(300, 11);
  const auto model = fit_boosting(x, label, {}, {}, 1);
  const auto score = predict_boosting(model, x);
  const auto halves = boosting_parts(model, x, {1, 0, 1, 0});
  EXPECT_EQ(halves.score, score);
  const auto& one = halves.part;
  const auto two = boosting_parts(model, x, {0, 1, 0, 1}).part;
  double constant = model.base;
  for (const auto& tree : model.trees) constant += tree[0].value;
  for (std::size_t i = 0; i < score.size(); ++i) {
    EXPECT_NEAR(constant + one[i] + two[i], score[i], 1e-9);
  }
}

/// A row's leaf and what the chosen columns add on the way, node by node.
std::pair<double, double> followed(const std::vector<TreeNode>& tree,
                                   const Matrix& x, Eigen::Index row,
                                   const std::vector<std::uint8_t>& chosen) {
  std::size_t at = 0;
  double part = 0;
  while (tree[at].feature >= 0) {
    const TreeNode& node = tree[at];
    const float value = x(row, node.feature);
    const bool left =
        std::isnan(value) ? node.missing_left : value <= node.threshold;
    const auto next = static_cast<std::size_t>(left ? node.left : node.right);
    if (chosen[static_cast<std::size_t>(node.feature)] != 0) {
      part += tree[next].value - node.value;
    }
    at = next;
  }
  return {tree[at].value, part};
}

TEST(Boosting, ScoresAreTheSumsOfLeavesOfRowsThatWalkAlone) {
  const Matrix x = random_table(700, 6, 41);
  BoostingConfig config;
  config.trees = 12;
  config.min_leaf = 3;
  auto model = fit_boosting(x, random_labels(700, 42), {}, config, 1);
  model.trees.emplace_back(1);  // of one leaf
  model.trees.back()[0].value = 0.25;
  const std::vector<std::uint8_t> chosen = {1, 0, 0, 1, 1, 0};
  for (const Eigen::Index n : {0, 1, 2, 255, 256, 257, 600}) {
    Matrix some = random_table(600, 6, 43).topRows(n);
    for (Eigen::Index i = 0; i < n; ++i) {  // on a threshold
      const TreeNode& root = model.trees[static_cast<std::size_t>(i) % 12][0];
      if (i % 3 == 0) some(i, root.feature) = root.threshold;
    }
    const auto score = predict_boosting(model, some, 2);
    const auto parts = boosting_parts(model, some, chosen, 2);
    ASSERT_EQ(score.size(), static_cast<std::size_t>(n));
    EXPECT_EQ(parts.score, score);
    for (Eigen::Index i = 0; i < n; ++i) {
      double sum = model.base, part = 0;
      for (const auto& tree : model.trees) {
        const auto [value, gained] = followed(tree, some, i, chosen);
        sum += value;
        part += gained;
      }
      EXPECT_EQ(score[static_cast<std::size_t>(i)], sum);
      EXPECT_NEAR(parts.part[static_cast<std::size_t>(i)], part, 1e-12);
    }
  }
}

TEST(Boosting, TreesWithoutColumnsAreTheirLeaves) {
  BoostedTrees model;
  model.base = 1;
  model.trees = {{TreeNode{}}, {TreeNode{}}};
  model.trees[0][0].value = 2;
  model.trees[1][0].value = -0.5;
  const Matrix x(3, 0);
  EXPECT_EQ(predict_boosting(model, x), std::vector<double>(3, 2.5));
  EXPECT_EQ(boosting_parts(model, x, {}).part, std::vector<double>(3, 0.0));
}

}  // namespace
}  // namespace musl
