// What known edges tell of the labels of others.
#include <gtest/gtest.h>

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>
#include <set>

#include "base/error.h"
#include "base/rng.h"
#include "judge/metrics.h"
#include "muse/link_kernel.h"

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

/// The kernel of all edges of a graph in double precision, from sets of nodes.
class DirectKernel {
 public:
  DirectKernel(const LabelGraph& graph, const Matrix& features)
      : graph_(graph),
        feature_(features.col(0).cast<double>()),
        near_(static_cast<std::size_t>(graph.n_nodes)) {
    const double mean = feature_.mean();
    mean_distance_ = 2 * (feature_.array() - mean).square().mean();
    for (std::size_t i = 0; i < near_.size(); ++i) {
      near_[i].insert(static_cast<std::int32_t>(i));
    }
    for (std::size_t e = 0; e < graph.from.size(); ++e) {
      near_[static_cast<std::size_t>(graph.from[e])].insert(graph.to[e]);
      near_[static_cast<std::size_t>(graph.to[e])].insert(graph.from[e]);
    }
  }

  /// (C) shares of an edge, learned from the labels of the edges `known`.
  [[nodiscard]] Eigen::RowVectorXd score(const std::vector<std::size_t>& known,
                                         std::size_t asked) const {
    const auto n = static_cast<Eigen::Index>(known.size());
    Eigen::MatrixXd kernel(n, n), y(n, graph_.n_channels());
    Eigen::RowVectorXd row(n);
    for (Eigen::Index i = 0; i < n; ++i) {
      const auto e = known[static_cast<std::size_t>(i)];
      row[i] = value(asked, e);
      y.row(i) = graph_.label.row(static_cast<Eigen::Index>(e)).cast<double>();
      for (Eigen::Index j = 0; j < n; ++j) {
        kernel(i, j) = value(e, known[static_cast<std::size_t>(j)]);
      }
    }
    kernel.diagonal().array() += 0.3;
    Eigen::RowVectorXd out = row * kernel.ldlt().solve(y);
    for (Eigen::Index c = 0; c < out.size(); ++c) {
      out[c] += graph_.mean[static_cast<std::size_t>(c)];
    }
    return out.cwiseMax(0.01).cwiseMin(0.99);
  }

 private:
  [[nodiscard]] double alike(std::int32_t a, std::int32_t b) const {
    const auto& x = near_[static_cast<std::size_t>(a)];
    const auto& y = near_[static_cast<std::size_t>(b)];
    std::vector<std::int32_t> both;
    std::set_intersection(x.begin(), x.end(), y.begin(), y.end(),
                          std::back_inserter(both));
    return 0.8 * static_cast<double>(both.size()) /
               std::sqrt(static_cast<double>(x.size() * y.size())) +
           0.2 * std::exp(-std::pow(feature_[a] - feature_[b], 2) /
                          mean_distance_);
  }

  [[nodiscard]] double value(std::size_t e, std::size_t f) const {
    const double ac = alike(graph_.from[e], graph_.from[f]);
    const double bd = alike(graph_.to[e], graph_.to[f]);
    const double ad = alike(graph_.from[e], graph_.to[f]);
    const double bc = alike(graph_.to[e], graph_.from[f]);
    return ac * bd + ad * bc + 0.1 * (ac + bd + ad + bc);
  }

  const LabelGraph& graph_;
  Eigen::VectorXd feature_;
  double mean_distance_ = 0;
  std::vector<std::set<std::int32_t>> near_;
};

std::vector<std::size_t> labelled_but(const LabelGraph& graph,
                                      const std::set<std::size_t>& hidden) {
  std::vector<std::size_t> out;
  for (std::size_t e = 0; e < graph.from.size(); ++e) {
    if (graph.labelled[e] != 0 && hidden.count(e) == 0) out.push_back(e);
  }
  return out;
}

LabelledPairs ends_of(const LabelGraph& graph,
                      const std::vector<std::size_t>& edges) {
  LabelledPairs out;
  for (const auto e : edges) {
    out.a.push_back(graph.from[e]);
    out.b.push_back(graph.to[e]);
  }
  return out;
}

void expect_scores(
    const Matrix& found, const DirectKernel& direct,
    const std::vector<std::size_t>& edges,
    const std::function<std::vector<std::size_t>(std::size_t)>& known_for) {
  for (std::size_t i = 0; i < edges.size(); ++i) {
    const auto expected = direct.score(known_for(edges[i]), edges[i]);
    for (Eigen::Index c = 0; c < found.cols(); ++c) {
      EXPECT_NEAR(found(static_cast<Eigen::Index>(i), c), expected[c], 2e-4)
          << edges[i];
    }
  }
}

TEST(LinkKernel, IsRidgeRegressionWithTheKernelOfPairs) {
  Ring ring(1);
  Matrix& features = ring.data.nodes[0].features;
  for (Eigen::Index i = 0; i < features.rows(); ++i) {
    features(i, 0) = static_cast<float>(i * 37 % 101) / 50.0F;
  }
  const LabelGraph graph = make_label_graph(known_edges(), ring.data);
  const Matrix alike = alike_features(ring.data.nodes, 1);
  const LinkRegression links(graph, alike, 1, {});
  const DirectKernel direct(graph, features);
  const auto score = [&](const std::vector<std::size_t>& edges) {
    return score_links(links.kernel(), graph, alike, ends_of(graph, edges), 2);
  };
  std::vector<std::size_t> open, known;
  for (std::size_t e = 0; e < graph.from.size(); e += 7) {
    (graph.labelled[e] != 0 ? known : open).push_back(e);
  }
  const auto all = labelled_but(graph, {});
  open.resize(5);
  expect_scores(score(open), direct, open, [&](std::size_t) { return all; });
  known.resize(5);
  expect_scores(score(known), direct, known,
                [&](std::size_t e) { return labelled_but(graph, {e}); });
  std::vector<std::size_t> hidden(all.begin() + 40, all.begin() + 140);
  const auto rest = labelled_but(graph, {hidden.begin(), hidden.end()});
  const Matrix found = links.without(ends_of(graph, hidden));
  hidden.resize(5);
  expect_scores(found.topRows(5), direct, hidden,
                [&](std::size_t) { return rest; });
}

TEST(LinkKernel, TellsLabelsOfARegion) {
  const Ring ring(2);
  const LabelGraph graph = make_label_graph(known_edges(), ring.data);
  const Matrix alike = alike_features(ring.data.nodes, 1);
  const LinkRegression links(graph, alike, 1, {});
  LabelledPairs asked = ring.data.held_out;
  const Matrix found = score_links(links.kernel(), graph, alike, asked, 1);
  std::swap(asked.a, asked.b);
  EXPECT_EQ(score_links(links.kernel(), graph, alike, asked, 2), found);
  for (const Eigen::Index c : {0, 1}) {
    std::vector<double> score;
    std::vector<float> label;
    for (Eigen::Index i = 0; i < found.rows(); ++i) {
      score.push_back(found(i, c));
      label.push_back(ring.held_label(i, c));
    }
    EXPECT_GT(auroc(score, label), 0.8) << c;  // .9 of right labels
  }
  EXPECT_THROW((void)LinkRegression(graph, alike, 1, [] { return false; }),
               CancelledError);
}

// A chain with more labelled edges than are learned from.
TEST(LinkKernel, LearnsFromEvenlySpreadEdgesOfMany) {
  const auto n = static_cast<std::int32_t>(2 * kMostLinkEdges);
  InteractionData data;
  data.nodes.resize(1);
  data.nodes[0].features = Matrix::Ones(n + 1, 1);
  for (std::int32_t i = 0; i < n; ++i) {
    data.training.a.push_back(i);
    data.training.b.push_back(i + 1);
  }
  data.training.label = Matrix::Ones(n, 1);
  const auto edges = learned_edges(make_label_graph(known_edges(), data));
  ASSERT_EQ(edges.size(), kMostLinkEdges);
  for (std::size_t i = 0; i < edges.size(); ++i) {
    ASSERT_EQ(edges[i], static_cast<std::int32_t>(2 * i));
  }
}

}  // namespace
}  // namespace musl
