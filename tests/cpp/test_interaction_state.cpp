// The parts of a model of interactions but its networks, in a file.
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <tuple>
#include <vector>

#include "interactions/interaction_state.h"
#include "interactions/node_file.h"
#include "musl/error.h"
#include "random_nodes.h"

namespace musl {
namespace {

/// A state of two types with the fewest parts.
InteractionState small_state() {
  InteractionState state;
  state.config.task = "affinity";
  InteractionData data;
  data.nodes = {numbers(2, 1), numbers(3, 2)};
  data.training.a = {0, 1};
  data.training.b = {2, 4};
  data.training.label = Matrix::Ones(2, 1);
  standardise_nodes(data, &state);
  state.graph = make_label_graph(state.config, data);
  for (std::size_t unseen = 0; unseen < 3; ++unseen) {
    state.fusion.weights.weight[unseen] = {0, 0.5, 0.25};
    state.fusion.weights.constant[unseen] = static_cast<double>(unseen);
  }
  return state;
}

TEST(InteractionState, StatesComeBackWithKernelsAndWithout) {
  InteractionState state = small_state();
  Archive archive;
  put_interactions(state, &archive);
  EXPECT_EQ(take_interactions(archive).kernels.size(), 0);
  state.kernels = numbers(2, 4).features;
  for (auto& weight : state.fusion.weights.weight) weight.push_back(0.75);
  Archive other;
  put_interactions(state, &other);
  const InteractionState again = take_interactions(other);
  EXPECT_TRUE((again.kernels.array() == state.kernels.array()).all());
  EXPECT_EQ(again.fusion.weights.weight, state.fusion.weights.weight);
  EXPECT_EQ(again.fusion.weights.constant, state.fusion.weights.constant);
}

TEST(InteractionState, FilesFromBeforeKernelsAreRead) {
  const InteractionState state = small_state();
  Archive archive;
  put_interactions(state, &archive);
  std::string& text = archive.metadata["interactions"];
  const std::string field = "\"kernels\":false,";
  ASSERT_NE(text.find(field), std::string::npos);
  text.erase(text.find(field), field.size());
  const InteractionState again = take_interactions(archive);
  EXPECT_EQ(again.kernels.size(), 0);
  EXPECT_EQ(again.fusion.weights.weight, state.fusion.weights.weight);
}

// Means over no networks would be tables without rows.
TEST(InteractionState, FilesWithoutNetworksAreRefused) {
  InteractionState state = small_state();
  for (const int members : {0, -1}) {
    state.members = members;
    Archive archive;
    put_interactions(state, &archive);
    EXPECT_THROW((void)take_interactions(archive), FormatError);
  }
}

TEST(InteractionState, KernelsOfOtherNodesAreRefused) {
  InteractionState state = small_state();
  state.kernels = numbers(3, 4).features;  // (3, 3) of 2 x 3 nodes
  for (auto& weight : state.fusion.weights.weight) weight.push_back(0);
  Archive archive;
  put_interactions(state, &archive);
  EXPECT_THROW((void)take_interactions(archive), FormatError);
}

TEST(InteractionState, PowersOfProfilesComeBackAndOthersAreRefused) {
  for (const auto& [task, power, is_read] :
       {std::tuple{"binary", 4, true}, std::tuple{"binary", 0, true},
        std::tuple{"binary", 3, false}, std::tuple{"binary", -1, false},
        std::tuple{"affinity", 4, false}}) {
    InteractionState state = small_state();
    state.config.task = task;
    state.profile_power = power;
    for (auto& weight : state.fusion.weights.weight) {
      weight.assign(power == 0 ? 4 : 5, 0.25);  // with node means
    }
    Archive archive;
    put_interactions(state, &archive);
    if (!is_read) {
      EXPECT_THROW((void)take_interactions(archive), FormatError) << power;
      continue;
    }
    const InteractionState again = take_interactions(archive);
    EXPECT_EQ(again.profile_power, power);
    EXPECT_TRUE(again.fuses_means());
    EXPECT_EQ(again.fusion.weights.weight, state.fusion.weights.weight);
  }
}

/// As small_state(), of two labels.
InteractionState labelled_state() {
  InteractionState state = small_state();
  state.config.task = "multilabel";
  InteractionData data;
  data.nodes = state.nodes;
  data.training.a = {0, 1};
  data.training.b = {2, 4};
  data.training.label = (Matrix(2, 2) << 1, 0, 1, 1).finished();
  state.graph = make_label_graph(state.config, data);
  for (auto& weight : state.fusion.weights.weight) weight.push_back(0.1);
  state.fusion.level = {{{-1.5, 0.25}, {1, 2}, {-3, 0}}};
  state.threshold = {0.4, 0.3, 0.2, 0.1, 0.6};
  return state;
}

TEST(InteractionState, LevelsAndThresholdsComeBack) {
  const InteractionState state = labelled_state();
  Archive archive;
  put_interactions(state, &archive);
  const InteractionState again = take_interactions(archive);
  EXPECT_EQ(again.fusion.level, state.fusion.level);
  EXPECT_EQ(again.threshold.fused, 0.4);
  EXPECT_EQ(again.threshold.structure, 0.3);
  EXPECT_EQ(again.threshold.network, 0.2);
  EXPECT_EQ(again.threshold.node_mean, 0.1);
  EXPECT_EQ(again.threshold.profile, 0.6);
}

TEST(InteractionState, FilesFromBeforeLevelsAreRead) {
  InteractionState state = labelled_state();
  state.fusion.level = {};  // writes neither
  Archive archive;
  put_interactions(state, &archive);
  const InteractionState again = take_interactions(archive);
  for (const auto& level : again.fusion.level) EXPECT_TRUE(level.empty());
  EXPECT_EQ(again.threshold.fused, 0.5);
}

TEST(InteractionState, OneLevelALabelInOlderFilesIsThatOfAllPairs) {
  Archive archive;
  put_interactions(labelled_state(), &archive);
  put_vector("fusion/level", std::vector<double>{-1.5, 0.25}, &archive);
  const InteractionState again = take_interactions(archive);
  for (const auto& level : again.fusion.level) {
    EXPECT_EQ(level, (std::vector<double>{-1.5, 0.25}));
  }
}

/// Two types whose features, and labels, are in units of `unit`; the second
/// feature is constant.
InteractionData in_units(float unit) {
  InteractionData data;
  data.nodes = {numbers(20, 1), numbers(20, 2)};
  for (auto& block : data.nodes) {
    block.features.col(1).setConstant(3);
    block.features *= unit;
  }
  data.training.label = Matrix(20, 1);
  for (std::int32_t i = 0; i < 20; ++i) {
    data.training.a.push_back(i);
    data.training.b.push_back(20 + i);
    data.training.label(i, 0) = unit * static_cast<float>(i + 100);
  }
  data.validation = data.training;
  return data;
}

TEST(InteractionState, UnitsOfFeaturesAndAffinitiesDoNotMatter) {
  InteractionConfig config;
  config.task = "affinity";
  InteractionState plain;
  standardise_nodes(in_units(1), &plain);
  const auto label = standardise_labels(config, in_units(1), &plain);
  EXPECT_NEAR(plain.scale, std::sqrt(33.25), 1e-5);  // of 20 whole numbers
  for (const float unit : {1e-9f, 1e-5f, 1e6f}) {
    InteractionState state;
    standardise_nodes(in_units(unit), &state);
    for (std::size_t t = 0; t < 2; ++t) {
      const Matrix& found = state.nodes[t].features;
      EXPECT_TRUE(found.isApprox(plain.nodes[t].features, 1e-4f)) << unit;
      EXPECT_LT(found.col(1).cwiseAbs().maxCoeff(), 1e-4f) << unit;
    }
    const auto other = standardise_labels(config, in_units(unit), &state);
    EXPECT_TRUE(other.training.label.isApprox(label.training.label, 1e-4f));
    EXPECT_NEAR(state.scale / unit, plain.scale, 1e-4) << unit;
  }
}

TEST(InteractionState, ForgedLevelsAndThresholdsAreRefused) {
  const auto forged = [](const char* name, const std::vector<double>& values) {
    Archive archive;
    put_interactions(labelled_state(), &archive);
    put_vector(name, values, &archive);
    EXPECT_THROW((void)take_interactions(archive), FormatError) << name;
  };
  const double nan = std::nan("");
  forged("fusion/level", {1});
  forged("fusion/level", {1, 2, 3, 4});
  forged("fusion/level", {1, nan});
  forged("fusion/level", {1, 2, 3, 4, 5, nan});
  forged("fusion/threshold", {0.5, 0.5, 0.5});
  forged("fusion/threshold", {0.5, 0.5, 0.5, 1.5});
  forged("fusion/threshold", {nan, 0.5, 0.5, 0.5});
  forged("fusion", std::vector<double>(15, nan));
}

}  // namespace
}  // namespace musl
