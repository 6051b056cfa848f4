#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <vector>

#include "musl/bagged_boosting.h"
#include "musl/error.h"
#include "musl/rng.h"

namespace musl {
namespace {

constexpr Eigen::Index kRows = 300, kColumns = 10;

/// Labels follow column 0; column 1 is a noisy copy of it.
struct Table {
  Matrix x{kRows, kColumns};
  std::vector<float> label;

  Table() {
    Rng rng(5);
    for (Eigen::Index i = 0; i < kRows; ++i) {
      for (Eigen::Index j = 0; j < kColumns; ++j) {
        x(i, j) = static_cast<float>(rng.uniform());
      }
      x(i, 1) = x(i, 0) + .3F * x(i, 1);
      label.push_back(x(i, 0) > .5F ? 1 : 0);
    }
  }
};

BoostingConfig small_config() {
  BoostingConfig config;
  config.trees = 5;
  config.leaves = 4;
  return config;
}

std::set<std::int32_t> features(const BoostedTrees& model, std::size_t first,
                                std::size_t last) {
  std::set<std::int32_t> out;
  for (std::size_t t = first; t < last; ++t) {
    for (const TreeNode& node : model.trees[t]) {
      if (node.feature >= 0) out.insert(node.feature);
    }
  }
  return out;
}

TEST(BaggedBoosting, OneModelOfAllColumnsIsThatOfBoosting) {
  const Table table;
  const auto one = fit_boosting(table.x, table.label, small_config(), 1);
  const auto bag = fit_bagged_boosting(table.x, table.label, {}, small_config(),
                                       {1, 1.0}, 3, 1);
  EXPECT_EQ(predict_boosting(bag, table.x), predict_boosting(one, table.x));
}

TEST(BaggedBoosting, ScoresAreMeansOfModelsOfTheirColumns) {
  const Table table;
  const auto bag = fit_bagged_boosting(table.x, table.label, {}, small_config(),
                                       {4, 0.3}, 3, 1);
  ASSERT_EQ(bag.trees.size(), 20U);
  std::vector<double> expected(kRows, 0);
  for (std::size_t k = 0; k < 4; ++k) {
    const auto used = features(bag, 5 * k, 5 * k + 5);
    ASSERT_LE(used.size(), 3U);
    // Columns that were drawn and never split on do not change a model.
    Matrix x(kRows, static_cast<Eigen::Index>(used.size()));
    Eigen::Index j = 0;
    for (const std::int32_t column : used) x.col(j++) = table.x.col(column);
    const auto alone = fit_boosting(x, table.label, small_config(), 1);
    const auto score = predict_boosting(alone, x);
    for (std::size_t i = 0; i < score.size(); ++i) expected[i] += score[i] / 4;
  }
  const auto score = predict_boosting(bag, table.x);
  for (std::size_t i = 0; i < score.size(); ++i) {
    EXPECT_NEAR(score[i], expected[i], 1e-9);
  }
}

TEST(BaggedBoosting, FollowsTheSeedAndNotTheThreads) {
  const Table table;
  const auto fitted = [&](std::uint64_t seed, int threads) {
    return predict_boosting(
        fit_bagged_boosting(table.x, table.label, {}, small_config(), {3, 0.4},
                            seed, threads),
        table.x);
  };
  EXPECT_EQ(fitted(1, 1), fitted(1, 3));
  EXPECT_NE(fitted(1, 1), fitted(2, 1));
}

TEST(BaggedBoosting, KeepsEachColumnsWay) {
  const Table table;
  BoostingConfig config = small_config();
  config.monotone.assign(kColumns, 0);
  config.monotone[0] = -1;  // against the labels: never split on
  const auto bag =
      fit_bagged_boosting(table.x, table.label, {}, config, {6, 0.5}, 2, 1);
  EXPECT_EQ(features(bag, 0, bag.trees.size()).count(0), 0U);
}

TEST(BaggedBoosting, RefusesWhatIsOutOfRange) {
  const Table table;
  const auto fitted = [&](Bagging bagging, BoostingConfig config) {
    return fit_bagged_boosting(table.x, table.label, {}, config, bagging, 1, 1);
  };
  EXPECT_THROW(fitted({0, 0.5}, small_config()), InputError);
  EXPECT_THROW(fitted({2, 0}, small_config()), InputError);
  EXPECT_THROW(fitted({2, 1.1}, small_config()), InputError);
  EXPECT_THROW(fitted({2, std::nan("")}, small_config()), InputError);
  BoostingConfig config = small_config();
  config.monotone = {1};
  EXPECT_THROW(fitted({2, 0.5}, config), ShapeError);
}

}  // namespace
}  // namespace musl
