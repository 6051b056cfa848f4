#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "base/rng.h"
#include "muse/label_graph.h"
#include "random_nodes.h"

namespace musl {
namespace {

constexpr std::int32_t kNodes = 12;

/// Random training pairs of two labels, and a network, of which some pairs are.
InteractionData random_data(bool has_network) {
  Rng rng(6);
  InteractionData data;
  data.nodes = {numbers(kNodes, 1)};
  data.has_network = has_network;
  std::vector<float> label;
  for (std::int32_t a = 0; a < kNodes - 1; ++a) {  // the last has no pair
    for (std::int32_t b = a + 1; b < kNodes - 1; ++b) {
      const bool turned = rng.below(2) == 1;
      if (rng.below(3) == 0) {
        data.training.a.push_back(turned ? b : a);
        data.training.b.push_back(turned ? a : b);
        label.push_back(static_cast<float>(rng.below(2)));
        label.push_back(static_cast<float>(rng.below(2)));
      }
      if (!has_network || rng.below(3) > 0) continue;
      data.edge_from.push_back(turned ? a : b);
      data.edge_to.push_back(turned ? b : a);
    }
  }
  data.training.label = Eigen::Map<const Matrix>(
      label.data(), static_cast<Eigen::Index>(label.size() / 2), 2);
  data.validation.a = {0};
  data.validation.b = {kNodes - 1};
  data.validation.label = Matrix::Zero(1, 2);
  return data;
}

/// Links and labels between any two nodes, as dense matrices.
struct Dense {
  Eigen::MatrixXd link = Eigen::MatrixXd::Zero(kNodes, kNodes);
  Eigen::MatrixXd labelled = link;
  Eigen::MatrixXd label[2] = {link, link};

  explicit Dense(const InteractionData& data) {
    const Eigen::MatrixXd y = data.training.label.cast<double>();
    for (std::size_t i = 0; i < data.edge_from.size(); ++i) {
      put(&link, data.edge_from[i], data.edge_to[i], 1);
    }
    for (std::size_t i = 0; i < data.training.a.size(); ++i) {
      const auto a = data.training.a[i], b = data.training.b[i];
      const auto row = y.row(static_cast<Eigen::Index>(i));
      put(&labelled, a, b, 1);
      for (int c = 0; c < 2; ++c) {
        put(&label[c], a, b, row[c] - y.col(c).mean());
      }
      if (!data.has_network && row.sum() > 0) put(&link, a, b, 1);
    }
  }
  static void put(Eigen::MatrixXd* x, int a, int b, double value) {
    (*x)(a, b) = (*x)(b, a) = value;
  }
};

TEST(GraphMessages, AreThoseOfDenseMatrices) {
  for (const bool has_network : {false, true}) {
    const InteractionData data = random_data(has_network);
    InteractionConfig config;
    config.task = "multilabel";
    const LabelGraph graph = make_label_graph(config, data);
    Dense dense(data);
    // Without one edge of both kinds, if it is one.
    const auto a = data.training.a[3], b = data.training.b[3];
    for (auto* x :
         {&dense.link, &dense.labelled, &dense.label[0], &dense.label[1]}) {
      Dense::put(x, a, b, 0);
    }
    const GraphMessages found =
        graph_messages(graph, mask_pairs(graph, {a}, {b}));
    const Eigen::VectorXd links = dense.link.rowwise().sum();
    const Eigen::VectorXd labels = dense.labelled.rowwise().sum();
    for (int i = 0; i < kNodes; ++i) {
      for (int c = 0; c < 2; ++c) {
        EXPECT_NEAR(found.node(i, c),
                    dense.label[c].row(i).sum() / (labels[i] + 3), 1e-5);
      }
      EXPECT_NEAR(found.node(i, 2), std::log1p(labels[i]), 1e-5);
      EXPECT_NEAR(found.node(i, 3), std::log1p(links[i]), 1e-5);
      const auto first = graph.offset[static_cast<std::size_t>(i)];
      const auto last = graph.offset[static_cast<std::size_t>(i) + 1];
      for (auto k = first; k < last; ++k) {
        const int j = graph.neighbour[static_cast<std::size_t>(k)];
        EXPECT_NEAR(
            found.weight(0, k),
            dense.link(i, j) / std::sqrt((links[i] + 1) * (links[j] + 1)), 1e-5)
            << i << " " << j;
        for (int c = 0; c < 2; ++c) {
          EXPECT_NEAR(found.weight(1 + c, k),
                      dense.label[c](i, j) /
                          std::sqrt((labels[i] + 1) * (labels[j] + 1)),
                      1e-5)
              << i << " " << j;
        }
      }
    }
  }
}

}  // namespace
}  // namespace musl
