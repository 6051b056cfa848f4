#include <gtest/gtest.h>

#include <cmath>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/pair_set.h"
#include "muse/label_graph.h"
#include "muse/unlabelled_pairs.h"

namespace musl {
namespace {

LabelledPairs pairs_of(std::vector<std::int32_t> a, std::vector<std::int32_t> b,
                       std::vector<float> label) {
  LabelledPairs out;
  out.a = std::move(a);
  out.b = std::move(b);
  out.label = Eigen::Map<Matrix>(label.data(),
                                 static_cast<Eigen::Index>(label.size()), 1);
  return out;
}

/// 0-1, 0-2, 1-2, 1-3 are positive, 2-3 is negative; 0-3 is validation.
InteractionData small_data() {
  InteractionData data;
  data.nodes.resize(1);
  data.nodes[0].features = Matrix::Ones(5, 2);
  data.training = pairs_of({0, 0, 1, 1, 2}, {1, 2, 2, 3, 3}, {1, 1, 1, 1, 0});
  data.validation = pairs_of({0}, {3}, {1});
  return data;
}

TEST(LabelGraph, LinksPositiveTrainingPairsAlone) {
  const auto data = small_data();
  const LabelGraph graph = make_label_graph({}, data);
  EXPECT_EQ(graph.n_edges(), 5);
  EXPECT_EQ(graph.neighbour,
            (std::vector<std::int32_t>{1, 2, 0, 2, 3, 0, 1, 3, 1, 2}));
  EXPECT_EQ(graph.link[static_cast<std::size_t>(graph.find(0, 1))], 1);
  EXPECT_EQ(graph.link[static_cast<std::size_t>(graph.find(3, 2))], 0);
  EXPECT_EQ(graph.find(0, 3), -1);
  EXPECT_EQ(graph.seen(), (std::vector<std::uint8_t>{1, 1, 1, 1, 0}));
}

TEST(LabelGraph, OrdersNeighboursWhateverTheOrderOfItsEdges) {
  LabelGraph graph;
  graph.n_nodes = 3;
  graph.from = {0, 0, 1};
  graph.to = {2, 1, 2};
  add_neighbours(&graph);
  EXPECT_EQ(graph.neighbour, (std::vector<std::int32_t>{1, 2, 0, 2, 0, 1}));
  EXPECT_EQ(graph.edge, (std::vector<std::int32_t>{1, 0, 1, 2, 0, 2}));
}

TEST(LabelGraph, LeavesHeldOutPairsOutOfTheNetwork) {
  auto data = small_data();
  data.has_network = true;
  data.edge_from = {0, 3, 4, 4};
  data.edge_to = {3, 4, 2, 4};
  data.held_out.a = {2};
  data.held_out.b = {4};
  const LabelGraph graph = make_label_graph({}, data);
  EXPECT_EQ(graph.find(0, 3), -1);
  EXPECT_EQ(graph.find(2, 4), -1);
  EXPECT_EQ(graph.link[static_cast<std::size_t>(graph.find(3, 4))], 1);
  EXPECT_EQ(graph.link[static_cast<std::size_t>(graph.find(0, 1))], 0);
}

TEST(LabelGraph, KnownEdgesKeepTheirLinksUnderAMask) {
  InteractionConfig config;
  config.task = "multilabel";
  config.known_edges = true;
  const auto data = small_data();
  const LabelGraph graph = make_label_graph(config, data);
  const auto own = static_cast<std::size_t>(graph.find(0, 3));
  EXPECT_EQ(graph.link[own], 1);
  EXPECT_EQ(graph.labelled[own], 0);
  EXPECT_EQ(graph.link[static_cast<std::size_t>(graph.find(2, 3))], 1);
  auto without = data;  // the label of 0-1 is not known
  without.training = pairs_of({0, 1, 1, 2}, {2, 2, 3, 3}, {1, 1, 1, 0});
  LabelGraph less =
      with_links(make_label_graph(config, without), pairs_of({0}, {1}, {0}));
  const EdgeMask mask = mask_pairs(graph, {0}, {1});
  const EdgeMask none(less.from.size(), 0);
  const Matrix found = graph_messages(graph, mask).weight.topRows(1);
  EXPECT_EQ(found, graph_messages(less, none).weight.topRows(1));
  EXPECT_EQ(common_neighbours(graph, mask, {0}, {2}, true).node,
            common_neighbours(less, none, {0}, {2}, true).node);
}

TEST(LabelGraph, ASumOverNodesIsThatOfTheirLabels) {
  const LabelGraph graph = make_label_graph({}, small_data());
  const auto found = graph_messages(graph, mask_pairs(graph, {}, {}));
  // Node 1 has three positive edges; the mean label is .8.
  EXPECT_NEAR(found.node(1, 0), 3 * 0.2 / (3 + kShrink), 1e-6);
  EXPECT_NEAR(found.node(3, 0), (0.2 - 0.8) / (2 + kShrink), 1e-6);
  EXPECT_NEAR(found.node(3, 1), std::log(3.0), 1e-6);
  EXPECT_NEAR(found.node(3, 2), std::log(2.0), 1e-6);
  EXPECT_EQ(found.node(4, 0), 0.0f);
}

/// What a batch sees must not tell whether its own edges are there.
TEST(LabelGraph, NodeMeansLeaveOutThePairsOwnEdgeAlone) {
  const LabelGraph graph = make_label_graph({}, small_data());
  // Without 1-2 node 1 has two positive edges, node 2 one of each label.
  const double both = 0.8 + 0.5 * (0.4 + (0.2 - 0.8)) / (2 + kShrink);
  const double one_new = 0.8 + 0.5 * 0.4 / (2 + kShrink);
  const Matrix found =
      node_means(graph, pairs_of({2, 0, 0, 1}, {1, 4, 2, 3}, {0, 0, 0, 0}),
                 /*is_sum=*/false);
  EXPECT_NEAR(found(0, 0), both, 1e-6);
  EXPECT_NEAR(found(1, 0), one_new, 1e-6);
  const auto alone = [&](std::int32_t a, std::int32_t b, bool is_sum) {
    return node_means(graph, pairs_of({a}, {b}, {0}), is_sum)(0, 0);
  };
  EXPECT_EQ(alone(1, 2, false), found(0, 0));
  EXPECT_EQ(alone(2, 1, false), found(0, 0));
  EXPECT_NEAR(alone(0, 4, true), 0.8 + 0.4 / (2 + kShrink), 1e-6);
}

TEST(LabelGraph, AMaskedEdgeIsAsOneThatIsNotThere) {
  const auto data = small_data();
  auto without = data;
  without.training = pairs_of({0, 0, 1, 1}, {1, 2, 3, 2}, {1, 1, 1, 1});
  auto more = without;
  more.training = pairs_of({0, 0, 1, 1, 2}, {1, 2, 3, 2, 4}, {1, 1, 1, 1, 1});
  const LabelGraph graph = make_label_graph({}, more);
  const LabelGraph less = make_label_graph({}, without);
  const EdgeMask mask = mask_pairs(graph, {4}, {2});
  const EdgeMask none = mask_pairs(less, {}, {});
  EXPECT_TRUE(graph_messages(graph, mask)
                  .node.isApprox(graph_messages(less, none).node));
  EXPECT_NEAR(graph_messages(graph, mask).weight.sum(),
              graph_messages(less, none).weight.sum(), 1e-5);
  const auto a = common_neighbours(graph, mask, {2, 0}, {4, 3}, true);
  const auto b = common_neighbours(less, none, {2, 0}, {4, 3}, true);
  EXPECT_EQ(a.node, b.node);
  EXPECT_TRUE(a.profile.isApprox(b.profile));
}

TEST(LabelGraph, CommonNeighboursAreThoseOfALoopOverAllNodes) {
  const LabelGraph graph = make_label_graph({}, small_data());
  const EdgeMask mask = mask_pairs(graph, {}, {});
  for (std::int32_t a = 0; a < 5; ++a) {
    for (std::int32_t b = 0; b < 5; ++b) {
      if (a == b) continue;
      std::vector<std::int64_t> expected;
      for (std::int32_t k = 0; k < 5; ++k) {
        const auto e = graph.find(a, k), f = graph.find(b, k);
        if (e < 0 || f < 0) continue;
        if (graph.link[static_cast<std::size_t>(e)] == 0) continue;
        if (graph.link[static_cast<std::size_t>(f)] == 0) continue;
        expected.push_back(k);
      }
      EXPECT_EQ(common_neighbours(graph, mask, {a}, {b}, true).node, expected);
      EXPECT_TRUE(common_neighbours(graph, mask, {a}, {b}, false).node.empty());
    }
  }
}

TEST(LabelGraph, ProfilesAreTheMeansOfCommonNeighboursLabels) {
  const LabelGraph graph = make_label_graph({}, small_data());
  const EdgeMask mask = mask_pairs(graph, {}, {});
  const auto found = common_neighbours(graph, mask, {0, 0}, {1, 3}, true);
  // Less the mean label .8: 0-2 and 1-2 are .2.
  EXPECT_NEAR(found.profile(0, 0), std::log(2.0), 1e-6);
  EXPECT_NEAR(found.profile(0, 1), 0.2, 1e-6);
  EXPECT_NEAR(found.profile(0, 2), 0.04, 1e-6);
  // By 1: .2 and .2; by 2: .2 and -.8, of which one is no link.
  EXPECT_NEAR(found.profile(1, 0), std::log(2.0), 1e-6);
  EXPECT_NEAR(found.profile(1, 1), (0.2 - 0.3) / 2, 1e-6);
  EXPECT_NEAR(found.profile(1, 2), (0.04 - 0.16) / 2, 1e-6);
}

TEST(LabelGraph, ProfilesHaveTwoNumbersAChannel) {
  auto data = small_data();
  data.training.label.conservativeResize(5, 2);
  data.training.label.col(1) << 0, 1, 0, 1, 0;
  data.validation.label = Matrix::Ones(1, 2);
  InteractionConfig config;
  config.task = "multilabel";
  const LabelGraph graph = make_label_graph(config, data);
  const EdgeMask mask = mask_pairs(graph, {}, {});
  // Centred, edges 0-2 and 1-2 are .2 and .6, .2 and -.4.
  const auto found = common_neighbours(graph, mask, {0}, {1}, true);
  ASSERT_EQ(found.profile.cols(), 5);
  EXPECT_NEAR(found.profile(0, 1), 0.2, 1e-6);
  EXPECT_NEAR(found.profile(0, 2), 0.1, 1e-6);
  EXPECT_NEAR(found.profile(0, 3), 0.04, 1e-6);
  EXPECT_NEAR(found.profile(0, 4), -0.24, 1e-6);
}

// 2 is next to both 0 and 4, and has a label with 0 alone.
TEST(LabelGraph, ProfilesAreOfNeighboursWithBothLabels) {
  auto data = small_data();
  data.has_network = true;
  data.edge_from = {0, 2};
  data.edge_to = {2, 4};
  const LabelGraph graph = make_label_graph({}, data);
  const EdgeMask mask = mask_pairs(graph, {}, {});
  for (const auto& [a, b] : {std::pair{0, 4}, std::pair{4, 0}}) {
    const auto found = common_neighbours(graph, mask, {a}, {b}, true);
    EXPECT_EQ(found.node, (std::vector<std::int64_t>{2}));
    EXPECT_NEAR(found.profile(0, 0), std::log(2.0), 1e-6);
    EXPECT_EQ(found.profile(0, 1), 0);
    EXPECT_EQ(found.profile(0, 2), 0);
  }
}

TEST(LabelGraph, ANodeWithoutEdgesHasNothingInCommon) {
  auto data = small_data();
  data.training = pairs_of({1, 2}, {2, 3}, {1, 1});
  data.validation = {};
  const LabelGraph graph = make_label_graph({}, data);
  const EdgeMask mask = mask_pairs(graph, {}, {});
  for (const std::int32_t b : {1, 2, 3, 4}) {
    EXPECT_TRUE(common_neighbours(graph, mask, {0}, {b}, true).node.empty());
    EXPECT_TRUE(common_neighbours(graph, mask, {b}, {0}, true).node.empty());
  }
}

TEST(LabelGraph, HiddenNodesHaveNoEdges) {
  const LabelGraph graph = make_label_graph({}, small_data());
  const auto found =
      graph_messages(graph, mask_pairs(graph, {}, {}, {0, 1, 0, 0, 0}));
  EXPECT_TRUE(found.node.row(1).isZero());
  EXPECT_NEAR(found.node(0, 1), std::log(2.0), 1e-6);
}

TEST(Unlabelled, ComesFromTrainingNodesAndNoPart) {
  auto data = small_data();
  const auto pool = draw_unlabelled_pairs(data, 50, 1);
  const LabelGraph graph = make_label_graph({}, data);
  EXPECT_EQ(pool.size(), 0);  // all pairs of seen nodes are in a part
  data.validation = pairs_of({1}, {4}, {1});
  const auto more = draw_unlabelled_pairs(data, 50, 1);
  EXPECT_EQ(more.a, (std::vector<std::int32_t>{0}));
  EXPECT_EQ(more.b, (std::vector<std::int32_t>{3}));
}

}  // namespace
}  // namespace musl
