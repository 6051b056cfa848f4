#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "musl/model.h"
#include "nn/base/weights.h"
#include "nn/learn/strategy.h"
#include "small_world.h"

namespace musl::nn {
namespace {

using test::small_architecture;
using test::small_control;
using test::small_world;

ArchitectureConfig with_genes() {
  ArchitectureConfig arch = small_architecture();
  arch.encoders = {"descriptors", "genes", "graph", "partners"};
  return arch;
}

TEST(LateBranch, IsTrainedBeforeWhatIsFused) {
  const auto phases = make_phases(with_genes(), small_control());
  ASSERT_EQ(phases.size(), 2U);
  EXPECT_EQ(phases[0].name, "branch:genes");
  EXPECT_EQ(phases[1].name, "joint");
  for (const auto& prefix : phases[1].trained) {
    EXPECT_EQ(prefix.find("genes"), std::string::npos) << prefix;
  }
}

TEST(LateBranch, IsKeptFromTheGateAndHeardInTheScore) {
  const ArchitectureConfig arch = with_genes();
  const auto world = small_world(arch);
  const auto result =
      fit(arch, small_control(), world.data, world.training, world.validation,
          /*init=*/nullptr);
  PredictOptions options;
  options.parts = true;
  const auto& model = result.model;
  const auto found = model.predict(model.kept(), world.validation, options);
  EXPECT_EQ(found.gates.col(1).cwiseAbs().sum(), 0);
  for (Eigen::Index i = 0; i < found.gates.rows(); ++i) {
    EXPECT_NEAR(found.gates.row(i).sum(), 1, 1e-5);
  }
  EXPECT_GT(found.branch_scores.col(1).cwiseAbs().sum(), 0);
  EXPECT_GT(model.stack().weight[0][2], 0);
  options.encoders = {"descriptors", "graph", "partners"};
  const auto without = model.predict(model.kept(), world.validation, options);
  EXPECT_NE(found.score, without.score);
  EXPECT_EQ(without.branch_scores.col(1).cwiseAbs().sum(), 0);
}

TEST(LateBranch, AloneIsAModelOfItsOwn) {
  ArchitectureConfig arch = with_genes();
  arch.encoders = {"genes"};
  const auto world = small_world(arch);
  const auto result =
      fit(arch, small_control(), world.data, world.training, world.validation,
          /*init=*/nullptr);
  EXPECT_EQ(result.history.back().phase, "joint");
  for (const double score : result.valid_score) {
    EXPECT_TRUE(std::isfinite(score));
  }
}

TEST(LateBranch, ScoresSwappedPairsTheSame) {
  const ArchitectureConfig arch = with_genes();
  const auto world = small_world(arch);
  const auto model = fit(arch, small_control(), world.data, world.training,
                         world.validation, /*init=*/nullptr)
                         .model;
  PairSet swapped = world.validation;
  std::swap(swapped.a, swapped.b);
  EXPECT_EQ(model.predict(model.kept(), world.validation, {}).score,
            model.predict(model.kept(), swapped, {}).score);
}

// With joined_by "sum" nothing is fused: the score of each pair is the sum of
// its branches' logits, by the weights of its number of unseen genes.
TEST(JoinedBySum, ScoresByTheBranchesLogitsAlone) {
  const ArchitectureConfig arch = with_genes();
  const auto world = small_world(arch);
  ControlConfig control = small_control();
  control.strategy = "branches";
  control.joined_by = "sum";
  EXPECT_EQ(make_phases(arch, control).back().name, "branch:partners");
  const auto model = fit(arch, control, world.data, world.training,
                         world.validation, /*init=*/nullptr)
                         .model;
  PredictOptions options;
  options.parts = true;
  const auto found = model.predict(model.kept(), world.validation, options);
  const auto& stack = model.stack();
  for (const auto& weight : stack.weight) EXPECT_EQ(weight.front(), 0);
  for (std::size_t i = 0; i < found.score.size(); ++i) {
    const auto row = found.branch_scores.row(static_cast<Eigen::Index>(i));
    double nearest = std::numeric_limits<double>::infinity();
    for (std::size_t unseen = 0; unseen < 3; ++unseen) {
      double sum = stack.constant[unseen];
      for (Eigen::Index m = 0; m < row.size(); ++m) {
        sum += stack.weight[unseen][static_cast<std::size_t>(m) + 1] *
               static_cast<double>(row[m]);
      }
      nearest = std::min(nearest, std::abs(sum - found.score[i]));
    }
    EXPECT_LT(nearest, 1e-5);
  }
}

}  // namespace
}  // namespace musl::nn
