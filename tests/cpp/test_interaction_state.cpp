// The parts of a model of interactions but its networks, in a file.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <string>
#include <tuple>
#include <vector>

#include "base/error.h"
#include "muse/interaction_state.h"
#include "muse/node_fields.h"
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
  EXPECT_EQ(archive.tensors.count("kernels"), 0u);
  state.kernels = numbers(2, 4).features;
  for (auto& weight : state.fusion.weights.weight) weight.push_back(0.75);
  Archive other;
  put_interactions(state, &other);
  const InteractionState again = take_interactions(other);
  EXPECT_TRUE((again.kernels.array() == state.kernels.array()).all());
  EXPECT_EQ(again.fusion.weights.weight, state.fusion.weights.weight);
  EXPECT_EQ(again.fusion.weights.constant, state.fusion.weights.constant);
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
  state.threshold = {0.4, 0.3, 0.2, 0.1, 0.6, 0.7};
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
  EXPECT_EQ(again.threshold.links, 0.7);
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
    put(name, values, &archive);
    EXPECT_THROW((void)take_interactions(archive), FormatError) << name;
  };
  const double nan = std::nan("");
  forged("fusion/level", {1, 2});
  forged("fusion/level", {1, 2, 3, 4});
  forged("fusion/level", {1, nan});
  forged("fusion/level", {1, 2, 3, 4, 5, nan});
  forged("fusion/threshold", {0.5, 0.5, 0.5, 0.5, 0.5});
  forged("fusion/threshold", {0.5, 0.5, 0.5, 0.5, 0.5, 1.5});
  forged("fusion/threshold", {nan, 0.5, 0.5, 0.5, 0.5, 0.5});
  forged("fusion", std::vector<double>(15, nan));
}

/// Whether the state's archive is refused after a change.
bool is_refused(const std::function<void(Archive*)>& change) {
  Archive archive;
  put_interactions(labelled_state(), &archive);
  change(&archive);
  try {
    (void)take_interactions(archive);
    return false;
  } catch (const FormatError&) {
    return true;
  }
}

TEST(InteractionState, EdgesBetweenNoTwoNodesAreRefused) {
  // Two edges, 0-2 and 1-4, of five nodes.
  const auto ends = [](std::int32_t from, std::int32_t to) {
    return is_refused([&](Archive* x) {
      put("graph/from", std::vector<std::int32_t>{0, from}, x);
      put("graph/to", std::vector<std::int32_t>{2, to}, x);
    });
  };
  EXPECT_FALSE(ends(1, 4));
  EXPECT_FALSE(ends(0, 1));
  EXPECT_TRUE(ends(-1, 4));
  EXPECT_TRUE(ends(1, 5));
  EXPECT_TRUE(ends(4, 1));
  EXPECT_TRUE(ends(3, 3));
}

TEST(InteractionState, EdgesWithoutACommonLengthAreRefused) {
  using Bytes = std::vector<std::uint8_t>;
  using Ints = std::vector<std::int32_t>;
  for (const std::size_t n : {1, 3}) {
    EXPECT_TRUE(
        is_refused([&](Archive* x) { put("graph/from", Ints(n, 0), x); }));
    EXPECT_TRUE(
        is_refused([&](Archive* x) { put("graph/to", Ints(n, 4), x); }));
    EXPECT_TRUE(
        is_refused([&](Archive* x) { put("graph/link", Bytes(n, 1), x); }));
    EXPECT_TRUE(
        is_refused([&](Archive* x) { put("graph/labelled", Bytes(n, 1), x); }));
    EXPECT_TRUE(is_refused(
        [&](Archive* x) { put("graph/mean", std::vector<float>(n, 0), x); }));
    const auto rows = static_cast<Eigen::Index>(n);
    EXPECT_TRUE(is_refused([&](Archive* x) {
      put("graph/label", Matrix(Matrix::Zero(rows, 2)), x);
    }));
    EXPECT_TRUE(is_refused([&](Archive* x) {
      put("graph/label", Matrix(Matrix::Zero(2, rows)), x);
    }));
  }
  EXPECT_TRUE(is_refused([](Archive* x) {
    put("graph/label", Matrix(Matrix::Zero(2, 0)), x);
    put("graph/mean", std::vector<float>(), x);
  }));
}

TEST(InteractionState, OtherPartsOfAnotherSizeAreRefused) {
  for (const std::size_t n : {14, 16}) {
    EXPECT_TRUE(is_refused(
        [&](Archive* x) { put("fusion", std::vector<double>(n, 0), x); }));
  }
  for (const std::size_t n : {1, 3}) {
    EXPECT_TRUE(is_refused(
        [&](Archive* x) { put("affinity", std::vector<double>(n, 1), x); }));
  }
  EXPECT_TRUE(is_refused([](Archive* x) { x->metadata.clear(); }));
  EXPECT_TRUE(
      is_refused([](Archive* x) { x->metadata["interactions"] = "{"; }));
  const auto types = [](const char* list) {
    return is_refused([&](Archive* x) {
      std::string& text = x->metadata["interactions"];
      const std::string before = "\"types\":[\"features\",\"features\"]";
      ASSERT_NE(text.find(before), std::string::npos);
      text.replace(text.find(before), before.size(),
                   std::string("\"types\":") + list);
    });
  };
  EXPECT_TRUE(types("[]"));
  EXPECT_TRUE(types("[\"features\",\"features\",\"features\"]"));
  EXPECT_TRUE(types("[\"features\",\"words\"]"));
}

TEST(InteractionState, AllFieldsComeBack) {
  InteractionState state = labelled_state();
  state.config.width = 24;
  state.config.dropout = .125;
  state.config.crop = 77;
  state.is_joint = true;
  state.members = 4;
  state.mean = -3;
  state.scale = 8;
  Archive archive;
  put_interactions(state, &archive);
  const InteractionState again = take_interactions(archive);
  EXPECT_EQ(again.config.task, "multilabel");
  EXPECT_EQ(again.config.width, 24);
  EXPECT_EQ(again.config.dropout, .125);
  EXPECT_EQ(again.config.crop, 77);
  EXPECT_TRUE(again.is_joint);
  EXPECT_EQ(again.members, 4);
  EXPECT_EQ(again.mean, -3);
  EXPECT_EQ(again.scale, 8);
  EXPECT_EQ(again.fusion.level, state.fusion.level);
  EXPECT_EQ(again.threshold.fused, 0.4);
  EXPECT_EQ(again.threshold.structure, 0.3);
  EXPECT_EQ(again.threshold.network, 0.2);
  EXPECT_EQ(again.threshold.node_mean, 0.1);
  EXPECT_EQ(again.threshold.profile, 0.6);
  EXPECT_EQ(again.threshold.links, 0.7);
  EXPECT_EQ(again.graph.from, state.graph.from);
  EXPECT_EQ(again.graph.to, state.graph.to);
  EXPECT_EQ(again.graph.link, state.graph.link);
  EXPECT_EQ(again.graph.labelled, state.graph.labelled);
  EXPECT_EQ(again.graph.label, state.graph.label);
  EXPECT_EQ(again.graph.mean, state.graph.mean);
  ASSERT_EQ(again.nodes.size(), 2u);
  for (std::size_t t = 0; t < 2; ++t) {
    EXPECT_EQ(again.nodes[t].features, state.nodes[t].features);
    EXPECT_EQ(again.scalers[t].mean, state.scalers[t].mean);
    EXPECT_EQ(again.scalers[t].scale, state.scalers[t].scale);
  }
}

TEST(NodeFile, HoldsChainsWithCoordinatesAndColumns) {
  NodeSet nodes;
  nodes.kind = NodeKind::residues;
  nodes.text = {"MKW", "AC"};
  for (const Eigen::Index n : {3, 2}) {
    // A C-alpha every 3.8 Angstrom.
    Matrix chain = Matrix::Zero(n, 3), columns(n, 2);
    for (Eigen::Index i = 0; i < n; ++i) {
      chain(i, 0) = 3.8F * static_cast<float>(i);
      columns.row(i) << static_cast<float>(n), static_cast<float>(i);
    }
    nodes.coordinates.push_back(chain);
    nodes.columns.push_back(columns);
  }
  Archive archive;
  put_nodes("x", nodes, &archive);
  const NodeSet again = take_nodes("x", NodeKind::residues, archive);
  EXPECT_EQ(again.text, nodes.text);
  ASSERT_EQ(again.coordinates.size(), 2u);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(again.coordinates[i], nodes.coordinates[i]);
    EXPECT_EQ(again.columns[i], nodes.columns[i]);
  }
  for (const Eigen::Index rows : {4, 6}) {
    for (const char* part : {"x/coordinates", "x/columns"}) {
      Archive bent = archive;
      put(part, Matrix(Matrix::Zero(rows, 3)), &bent);
      EXPECT_THROW((void)take_nodes("x", NodeKind::residues, bent), FormatError)
          << part << rows;
    }
  }
  Archive bent = archive;
  put("x", std::vector<std::uint8_t>{'A', 'C'}, &bent);
  EXPECT_THROW((void)take_nodes("x", NodeKind::sequence, bent), FormatError);
  put("x", std::vector<std::uint8_t>{'A', '1', '\n'}, &bent);
  EXPECT_THROW((void)take_nodes("x", NodeKind::sequence, bent), FormatError);
}

}  // namespace
}  // namespace musl
