#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "base/rng.h"
#include "learners/boosted_trees.h"
#include "learners/boosting.h"

namespace musl {
namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();

// ---- A plain reference: tries every split of every leaf's rows ----

struct Rows {
  std::vector<int> row;
  double lower = -kInf, upper = kInf;  // of the leaf's value
};

struct Halves {
  double gain = 1e-10;
  int way = 0;
  Rows left, right;
};

struct SlowTrees {
  const Matrix& x;
  const std::vector<float>& label;
  const std::vector<float>& weight;
  const BoostingConfig& config;
  std::vector<double> score, gradient, hessian;

  SlowTrees(const Matrix& table, const std::vector<float>& of_rows,
            const std::vector<float>& weights, const BoostingConfig& how)
      : x(table), label(of_rows), weight(weights), config(how) {
    double hits = 0, all = 0;
    for (std::size_t i = 0; i < label.size(); ++i) {
      hits += static_cast<double>(weight[i]) * label[i];
      all += weight[i];
    }
    score.assign(label.size(), std::log(hits / (all - hits)));
    for (int t = 0; t < config.trees; ++t) add_tree();
  }

  /// The Newton step of a leaf within its bounds.
  [[nodiscard]] double value(const Rows& leaf) const {
    double g = 0, h = config.l2;
    for (const int i : leaf.row) {
      g += gradient[static_cast<std::size_t>(i)];
      h += hessian[static_cast<std::size_t>(i)];
    }
    return std::clamp(-g / h, leaf.lower, leaf.upper);
  }

  /// Twice what a leaf's value takes off the loss, to second order.
  [[nodiscard]] double strength(const Rows& leaf) const {
    double g = 0, h = config.l2;
    for (const int i : leaf.row) {
      g += gradient[static_cast<std::size_t>(i)];
      h += hessian[static_cast<std::size_t>(i)];
    }
    const double v = value(leaf);
    return -2 * g * v - h * v * v;
  }

  void try_split(const Rows& leaf, int column, float cut, bool missing_left,
                 Halves* best) const {
    Halves now;
    now.way = config.monotone.empty()
                  ? 0
                  : config.monotone[static_cast<std::size_t>(column)];
    now.left = now.right = {{}, leaf.lower, leaf.upper};
    for (const int i : leaf.row) {
      const float v = x(i, column);
      const bool left = std::isnan(v) ? missing_left : v <= cut;
      (left ? now.left : now.right).row.push_back(i);
    }
    const auto least = static_cast<std::size_t>(config.min_leaf);
    if (now.left.row.size() < least || now.right.row.size() < least) return;
    if (now.way * (value(now.right) - value(now.left)) < 0) return;
    now.gain = strength(now.left) + strength(now.right) - strength(leaf);
    if (now.gain > best->gain + 1e-10) *best = now;
  }

  [[nodiscard]] Halves best_split(const Rows& leaf) const {
    Halves best;
    for (int column = 0; column < x.cols(); ++column) {
      for (const bool missing_left : {false, true}) {
        for (const int i : leaf.row) {
          if (std::isnan(x(i, column))) continue;
          try_split(leaf, column, x(i, column), missing_left, &best);
        }
      }
    }
    if (best.way != 0) {
      const double middle = (value(best.left) + value(best.right)) / 2;
      (best.way > 0 ? best.left : best.right).upper = middle;
      (best.way > 0 ? best.right : best.left).lower = middle;
    }
    return best;
  }

  void add_tree() {
    gradient.clear();
    hessian.clear();
    Rows all;
    for (std::size_t i = 0; i < label.size(); ++i) {
      const double p = 1 / (1 + std::exp(-score[i]));
      gradient.push_back(weight[i] * (p - label[i]));
      hessian.push_back(weight[i] * p * (1 - p));
      all.row.push_back(static_cast<int>(i));
    }
    std::vector<Rows> leaves{all};
    while (static_cast<int>(leaves.size()) < config.leaves) {
      std::size_t at = 0;
      Halves best;
      for (std::size_t i = 0; i < leaves.size(); ++i) {
        const Halves now = best_split(leaves[i]);
        if (now.gain > best.gain) best = now, at = i;
      }
      if (best.left.row.empty()) break;
      leaves[at] = best.left;
      leaves.push_back(best.right);
    }
    for (const Rows& leaf : leaves) {
      const double step = config.rate * value(leaf);
      for (const int i : leaf.row) score[static_cast<std::size_t>(i)] += step;
    }
  }
};

/// Rows whose hits depend on the first column and on what is missing.
struct Drawn {
  Matrix x;
  std::vector<float> label, weight;
  Drawn(int rows, std::uint64_t seed) : x(rows, 3) {
    Rng rng(seed);
    for (int i = 0; i < rows; ++i) {
      for (int c = 0; c < 3; ++c) {
        x(i, c) = static_cast<float>(rng.normal());
        if (rng.below(6) == 0) x(i, c) = std::nanf("");
      }
      const double odds = std::isnan(x(i, 0)) ? 1 : 2 * std::sin(2 * x(i, 0));
      label.push_back(rng.uniform() < 1 / (1 + std::exp(-odds)) ? 1.0F : 0.0F);
      weight.push_back(static_cast<float>(0.5 + rng.uniform()));
    }
  }
};

void expect_trees(const Drawn& drawn, const BoostingConfig& config) {
  const auto model =
      fit_boosting(drawn.x, drawn.label, drawn.weight, config, 1);
  const auto found = predict_boosting(model, drawn.x);
  const SlowTrees slow(drawn.x, drawn.label, drawn.weight, config);
  for (std::size_t i = 0; i < found.size(); ++i) {
    EXPECT_NEAR(found[i], slow.score[i], 1e-6) << i;
  }
}

TEST(TreeGrower, GrowsTheTreesOfAPlainSearch) {
  for (std::uint64_t seed = 1; seed < 6; ++seed) {
    BoostingConfig config;
    config.trees = 4;
    config.rate = .4;
    config.leaves = 5;
    config.min_leaf = 6;
    config.l2 = .7;
    expect_trees(Drawn(60, seed), config);
    config.min_leaf = 1;
    config.l2 = 0.1;
    config.leaves = 9;
    expect_trees(Drawn(40, seed), config);
  }
}

TEST(TreeGrower, GrowsTheMonotoneTreesOfAPlainSearch) {
  for (std::uint64_t seed = 1; seed < 6; ++seed) {
    BoostingConfig config;
    config.trees = 4;
    config.rate = .4;
    config.leaves = 6;
    config.min_leaf = 3;
    config.l2 = .3;
    config.monotone = {1, -1, 0};
    expect_trees(Drawn(60, seed), config);
  }
}

// The labels of the second half are the opposite of those of the first, so that
// a split of either by the second column gains the same.
TEST(TreeGrower, OfTwoLeavesThatGainAlikeTheFirstIsSplit) {
  Matrix x(16, 2);
  std::vector<float> label{1, 1, 1, 1, 1, 1, 0, 0};
  for (int i = 0; i < 16; ++i) {
    x.row(i) << static_cast<float>(i / 8), static_cast<float>(i % 8 / 4);
    if (i >= 8) label.push_back(1 - label[static_cast<std::size_t>(i - 8)]);
  }
  BoostingConfig config;
  config.trees = 1;
  config.min_leaf = 1;
  config.leaves = 3;
  const auto found = predict_boosting(fit_boosting(x, label, {}, config, 1), x);
  EXPECT_GT(found[0], found[4]);
  EXPECT_GT(found[4], found[8]);
  EXPECT_EQ(found[8], found[12]);
  config.leaves = 4;
  const auto all = predict_boosting(fit_boosting(x, label, {}, config, 1), x);
  EXPECT_LT(all[8], all[12]);
  for (const std::size_t i : {0, 4}) EXPECT_DOUBLE_EQ(all[i], -all[i + 8]);
}

// The second column is the first, backwards: gains differ by rounding alone.
TEST(TreeGrower, OfColumnsThatGainAlikeTheFirstIsUsed) {
  for (std::uint64_t seed = 1; seed < 20; ++seed) {
    Rng rng(seed);
    Matrix x(200, 2);
    std::vector<float> label, weight;
    for (int i = 0; i < 200; ++i) {
      x(i, 0) = static_cast<float>(rng.normal());
      x(i, 1) = -x(i, 0);
      label.push_back(rng.uniform() < 0.4 ? 1.0F : 0.0F);
      weight.push_back(static_cast<float>(0.5 + rng.uniform()));
    }
    BoostingConfig config;
    config.trees = 10;
    config.min_leaf = 5;
    for (const auto& tree : fit_boosting(x, label, weight, config, 1).trees) {
      for (const TreeNode& node : tree) EXPECT_LT(node.feature, 1) << seed;
    }
  }
}

TEST(TreeGrower, LeavesMayHaveJustTheSmallestSize) {
  Matrix x(8, 1);
  x << 1, 2, 3, 4, 5, 6, 7, 8;
  const std::vector<float> label{0, 0, 0, 0, 1, 1, 1, 1};
  BoostingConfig config;
  config.trees = 1;
  config.min_leaf = 4;
  EXPECT_EQ(fit_boosting(x, label, {}, config, 1).trees[0].size(), 3u);
  config.min_leaf = 5;
  EXPECT_EQ(fit_boosting(x, label, {}, config, 1).trees[0].size(), 1u);
}

}  // namespace
}  // namespace musl
