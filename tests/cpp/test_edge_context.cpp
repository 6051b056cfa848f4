// What known edges tell of the labels of others.
#include <gtest/gtest.h>

#include <cmath>

#include "muse/edge_context.h"
#include "musl/error.h"
#include "musl/metrics.h"
#include "musl/rng.h"

namespace musl {
namespace {

InteractionConfig known_edges() {
  InteractionConfig config;
  config.task = "multilabel";
  config.known_edges = true;
  return config;
}

/// 240 nodes on a ring, each linked to the next four. Edges of a quarter of the
/// ring have the first label, those of the next the second, and so on; a tenth
/// of the labels are turned. The labels of a stretch of each quarter are held
/// out.
struct Ring {
  InteractionData data;
  Matrix held_label;

  explicit Ring(std::uint64_t seed) {
    Rng rng(seed);
    data.nodes.resize(1);
    data.nodes[0].features = Matrix::Ones(240, 1);
    std::vector<float> known, held;
    for (std::int32_t a = 0; a < 240; ++a) {
      for (std::int32_t step = 1; step <= 4; ++step) {
        const bool is_held = a % 60 >= 25 && a % 60 < 37;
        LabelledPairs& part = is_held ? data.held_out : data.training;
        part.a.push_back(a);
        part.b.push_back((a + step) % 240);
        for (const int label : {0, 1}) {
          const bool right = rng.uniform() < 0.9;
          (is_held ? held : known)
              .push_back((a / 60 % 2 == label) == right ? 1.0F : 0.0F);
        }
      }
    }
    data.training.label = Eigen::Map<Matrix>(
        known.data(), static_cast<Eigen::Index>(known.size()) / 2, 2);
    held_label = Eigen::Map<Matrix>(
        held.data(), static_cast<Eigen::Index>(held.size()) / 2, 2);
  }
};

// A triangle 0 1 2 with a tail 2 3: labels of 0-1 and 2-3 are known.
TEST(EdgeContext, CountsLinksLabelsAndTriangles) {
  InteractionData data;
  data.nodes.resize(1);
  data.nodes[0].features = Matrix::Ones(4, 1);
  data.training.a = {0, 2};
  data.training.b = {1, 3};
  data.training.label = (Matrix(2, 1) << 1, 0).finished();
  data.held_out.a = {0, 1};
  data.held_out.b = {2, 2};
  const LabelGraph graph = make_label_graph(known_edges(), data);
  const EdgeMask mask(4, 0);
  const Matrix x = edge_context(graph, mask, {graph.find(1, 2)});
  ASSERT_EQ(x.cols(), n_context(1));
  // Carried along: y of both open edges, by 0-1 (.5) and 2-3 (-.5), solves
  // 2 y = .97 (.5 + (y - .5) / 2).
  EXPECT_NEAR(x(0, 0), 0.97 * 0.25 / (2 - 0.97 / 2), 1e-5);
  // Half of a step comes from the triangle: (.5 + y) / 2.
  const double open = (0.5 + (0 - 0.5) / 2) / 2;
  EXPECT_NEAR(x(0, 1), 0.97 * (open + 0.25) / 2 / (1 - 0.97 * 0.375), 1e-5);
  const double one = 0.5 / 4;  // shrunk means of 0 and 1; -.125 of 2 and 3
  EXPECT_NEAR(x(0, 2), (one - one) / 2 + (one + one - one) / 3, 1e-6);
  const std::vector<double> smaller{std::log(2.0), 1 / 3.0, std::log(3.0),
                                    1 / 3.0, 5 / 3.0};
  const std::vector<double> larger{std::log(2.0), 0.5, std::log(4.0), 1, 2.5};
  for (Eigen::Index k = 0; k < 5; ++k) {
    EXPECT_NEAR(x(0, 4 + k), smaller[static_cast<std::size_t>(k)], 1e-6) << k;
    EXPECT_NEAR(x(0, 9 + k), larger[static_cast<std::size_t>(k)], 1e-6) << k;
  }
  EXPECT_NEAR(x(0, 14), std::log(2.0), 1e-6);
  EXPECT_NEAR(x(0, 15), 1 / 2.0, 1e-6);  // of the neighbours 0 and 3
}

TEST(EdgeContext, HiddenLabelsAreNotRead) {
  const Ring ring(1);
  LabelGraph graph = make_label_graph(known_edges(), ring.data);
  EdgeMask mask(graph.from.size(), 0);
  std::vector<std::int32_t> edges;
  for (std::int32_t e = 0; e < 200; ++e) {
    mask[static_cast<std::size_t>(e)] = 1;
    edges.push_back(e);
  }
  const Matrix before = edge_context(graph, mask, edges);
  graph.label.topRows(200) *= -3;
  EXPECT_EQ(edge_context(graph, mask, edges), before);
  graph.label *= -3;
  EXPECT_NE(edge_context(graph, mask, edges), before);
}

TEST(EdgeContext, TellsLabelsOfARegion) {
  const Ring ring(2);
  LabelGraph graph = make_label_graph(known_edges(), ring.data);
  const auto trees = fit_edge_context(graph, 3, 1, {});
  EXPECT_EQ(trees.front().trees.size(),
            fit_edge_context(graph, 3, 2, {}).front().trees.size());
  LabelledPairs asked = ring.data.held_out;
  const Matrix found = score_edge_context(trees, graph, asked, 1);
  std::swap(asked.a, asked.b);
  EXPECT_EQ(score_edge_context(trees, graph, asked, 2), found);
  for (const Eigen::Index c : {0, 1}) {
    std::vector<double> score;
    std::vector<float> label;
    for (Eigen::Index i = 0; i < found.rows(); ++i) {
      score.push_back(found(i, c));
      label.push_back(ring.held_label(i, c));
    }
    EXPECT_GT(auroc(score, label), 0.8) << c;  // .9 of right labels
  }
  EXPECT_THROW((void)fit_edge_context(graph, 3, 1, [] { return false; }),
               CancelledError);
}

TEST(EdgeContext, APairsOwnLabelIsHidden) {
  const Ring ring(4);
  LabelGraph graph = make_label_graph(known_edges(), ring.data);
  const auto trees = fit_edge_context(graph, 5, 1, {});
  LabelledPairs asked;
  asked.a = {0, 61};
  asked.b = {1, 63};
  const Matrix found = score_edge_context(trees, graph, asked, 1);
  for (std::size_t i = 0; i < 2; ++i) {
    graph.label.row(graph.find(asked.a[i], asked.b[i])) *= -1;
  }
  EXPECT_EQ(score_edge_context(trees, graph, asked, 1), found);
}

}  // namespace
}  // namespace musl
