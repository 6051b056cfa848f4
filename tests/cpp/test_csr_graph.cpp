#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/rng.h"
#include "graph/csr_graph.h"
#include "random_graph.h"
#include "store/graph_archive.h"

namespace musl {
namespace {

using testing::random_graph;

Eigen::MatrixXd dense_of(const CsrGraph& graph) {
  Eigen::MatrixXd out = Eigen::MatrixXd::Zero(graph.n_nodes(), graph.n_nodes());
  for (std::int64_t i = 0; i < graph.n_nodes(); ++i) {
    const auto row = static_cast<std::size_t>(i);
    for (auto e = graph.offset[row]; e < graph.offset[row + 1]; ++e) {
      const auto k = static_cast<std::size_t>(e);
      out(i, graph.neighbour[k]) = static_cast<double>(graph.weight[k]);
    }
  }
  return out;
}

TEST(CsrGraph, HoldsBothDirectionsWithAscendingNeighbours) {
  const auto [graph, dense] = random_graph(40, 0.2, 3, 1);
  EXPECT_EQ(dense_of(graph), dense);
  for (std::size_t i = 0; i + 1 < graph.offset.size(); ++i) {
    for (auto e = graph.offset[i] + 1; e < graph.offset[i + 1]; ++e) {
      EXPECT_LT(graph.neighbour[static_cast<std::size_t>(e) - 1],
                graph.neighbour[static_cast<std::size_t>(e)]);
    }
  }
  EXPECT_EQ(graph.degree(39), 0);
}

TEST(CsrGraph, DropsLoopsAndKeepsTheHeaviestOfDuplicates) {
  const CsrGraph graph = make_graph(3, {0, 1, 0, 2, 1}, {1, 0, 1, 2, 2},
                                    {0.5f, 0.9f, 0.2f, 1.0f, 0.3f});
  Eigen::MatrixXd expected = Eigen::MatrixXd::Zero(3, 3);
  expected(0, 1) = expected(1, 0) = static_cast<double>(0.9f);
  expected(1, 2) = expected(2, 1) = static_cast<double>(0.3f);
  EXPECT_EQ(dense_of(graph), expected);
  EXPECT_EQ(graph.n_edges(), 2);
}

TEST(CsrGraph, MayHaveNoEdgesOrNoNodes) {
  const CsrGraph none = make_graph(0, {}, {}, {});
  EXPECT_EQ(none.n_nodes(), 0);
  EXPECT_TRUE(none.empty());
  const CsrGraph lone = make_graph(4, {2}, {2}, {1.0f});
  EXPECT_EQ(lone.n_nodes(), 4);
  EXPECT_TRUE(lone.empty());
}

TEST(CsrGraph, NormalisationIsKipfAndWellings) {
  const auto [graph, dense] = random_graph(30, 0.2, 2, 2);
  const Eigen::MatrixXd with_loops = dense + Eigen::MatrixXd::Identity(30, 30);
  const Eigen::VectorXd scale =
      with_loops.rowwise().sum().array().rsqrt().matrix();
  const Eigen::MatrixXd expected =
      scale.asDiagonal() * with_loops * scale.asDiagonal();
  EXPECT_LT((dense_of(normalise(graph)) - expected).cwiseAbs().maxCoeff(),
            1e-7);
}

TEST(CsrGraph, PropagationIsTheDenseProduct) {
  const auto [graph, dense] = random_graph(150, 0.1, 5, 3);
  const CsrGraph normalised = normalise(graph);
  for (const int columns : {0, 1, 3, 17}) {
    const Matrix x = Matrix::Random(150, columns);
    const Eigen::MatrixXd expected = dense_of(normalised) * x.cast<double>();
    const Matrix out = propagate(normalised, x, 1);
    ASSERT_EQ(out.cols(), columns);
    if (columns == 0) continue;
    EXPECT_LT((out.cast<double>() - expected).cwiseAbs().maxCoeff(), 1e-6);
  }
}

TEST(CsrGraph, PropagationHasTheSameBitsForAnyThreads) {
  const auto random = random_graph(200, 0.1, 0, 4);
  const CsrGraph normalised = normalise(random.graph);
  const Matrix x = Matrix::Random(200, 9);
  const Matrix one = propagate(normalised, x, 1);
  for (const int threads : {2, 3, 8}) {
    EXPECT_EQ(propagate(normalised, x, threads), one) << threads;
  }
}

TEST(CsrGraph, MissingRowsBecomeTheWeightedMeanOfPresentNeighbours) {
  // 0 - 1 (weight 1), 0 - 2 (3), 0 - 3 (5, absent itself), 4 apart.
  const CsrGraph graph = make_graph(5, {0, 0, 0}, {1, 2, 3}, {1, 3, 5});
  Matrix x(5, 2);
  x << 9, 9, 4, 8, 8, 0, 7, 7, 6, 6;
  fill_from_neighbours(graph, {0, 1, 1, 0, 0}, &x);
  Matrix expected(5, 2);
  expected << 7, 2,  // (1 * 4 + 3 * 8) / 4, (1 * 8 + 3 * 0) / 4
      4, 8, 8, 0, 0, 0, 0, 0;
  EXPECT_EQ(x, expected);
}

TEST(CsrGraph, FillingWithoutANetworkGivesZeros) {
  Matrix x = Matrix::Constant(2, 3, 5.0f);
  fill_from_neighbours(CsrGraph{}, {1, 0}, &x);
  EXPECT_EQ(x.row(0), (Matrix::Constant(1, 3, 5.0f)));
  EXPECT_EQ(x.row(1), (Matrix::Zero(1, 3)));
}

TEST(EdgeTable, KeepsTheLargestWeightOfEachEdge) {
  const auto edges = merge_edges({0, 1, 2, 3, 0, 4}, {1, 0, 3, 2, 2, 1},
                                 {.2, .7, .5, .1, .9, 1}, {5, 2, 7, 7, -1});
  EXPECT_EQ(edges.from, (std::vector<std::int32_t>{2, 5}));
  EXPECT_EQ(edges.to, (std::vector<std::int32_t>{5, 7}));
  EXPECT_EQ(edges.weight, (std::vector<double>{.7, .9}));
  EXPECT_EQ(edges.n_unmapped, 1);
  EXPECT_EQ(edges.n_loops, 2);
  EXPECT_EQ(edges.n_rows, (std::vector<std::int32_t>{2, 1}));
}

TEST(EdgeTable, AgreesWithAMapOnRandomEdges) {
  Rng rng(5);
  std::vector<std::int32_t> from, to, node_of;
  std::vector<double> weight;
  for (int i = 0; i < 60; ++i) {
    node_of.push_back(static_cast<std::int32_t>(rng.below(30)) - 1);
  }
  std::map<std::pair<int, int>, double> expected;
  for (int i = 0; i < 2000; ++i) {
    from.push_back(static_cast<std::int32_t>(rng.below(60)));
    to.push_back(static_cast<std::int32_t>(rng.below(60)));
    weight.push_back(rng.uniform());
    const int a = node_of[static_cast<std::size_t>(from.back())];
    const int b = node_of[static_cast<std::size_t>(to.back())];
    if (a < 0 || b < 0 || a == b) continue;
    double& best = expected[{std::min(a, b), std::max(a, b)}];
    best = std::max(best, weight.back());
  }
  const auto edges = merge_edges(from, to, weight, node_of);
  ASSERT_EQ(edges.from.size(), expected.size());
  std::size_t i = 0;
  for (const auto& [ends, best] : expected) {
    EXPECT_EQ(edges.from[i], ends.first);
    EXPECT_EQ(edges.to[i], ends.second);
    EXPECT_EQ(edges.weight[i], best);
    ++i;
  }
}

TEST(EdgeTable, TakesNodesThatNeedNoNames) {
  const auto edges = merge_edges({3, 0, 1}, {1, 0, 3}, {});
  EXPECT_EQ(edges.from, (std::vector<std::int32_t>{1}));
  EXPECT_EQ(edges.to, (std::vector<std::int32_t>{3}));
  EXPECT_EQ(edges.weight, (std::vector<double>{1}));
  EXPECT_EQ(edges.n_rows, (std::vector<std::int32_t>{2}));
  EXPECT_EQ(edges.n_loops, 1);
  EXPECT_TRUE(merge_edges({}, {}, {}).from.empty());
}

/// Every pair of 40 nodes is an edge with probability .2; two nodes have none.
CsrGraph random_graph() {
  std::vector<std::int32_t> from, to;
  std::vector<float> weight;
  Rng rng(3);
  for (int i = 0; i < 40; ++i) {
    for (int j = 0; j < i; ++j) {
      if (rng.below(5) > 0 || i == 20 || j == 20 || i == 39) continue;
      from.push_back(i);
      to.push_back(j);
      weight.push_back(static_cast<float>(1 + rng.below(999)) / 1000);
    }
  }
  return make_graph(40, from, to, weight);
}

void expect_same(const CsrGraph& x, const CsrGraph& y) {
  EXPECT_EQ(x.offset, y.offset);
  EXPECT_EQ(x.neighbour, y.neighbour);
  EXPECT_EQ(x.weight, y.weight);
}

TEST(GraphArchive, HoldsEachEdgeOnce) {
  const CsrGraph graph = random_graph();
  ASSERT_GT(graph.n_edges(), 100);
  Archive archive;
  put_graph("n/", graph, &archive);
  EXPECT_EQ(archive.tensors.size(), 3u);
  const auto offset = archive.longs("n/half/offset");
  const auto neighbour = archive.ints("n/half/neighbour");
  const auto weight = archive.floats("n/half/weight");
  std::size_t found = 0;
  for (std::int32_t i = 0; i < 40; ++i) {
    for (auto k = graph.offset[std::size_t(i)];
         k < graph.offset[std::size_t(i) + 1]; ++k) {
      if (graph.neighbour[std::size_t(k)] < i) continue;
      ASSERT_LT(found, neighbour.size());
      EXPECT_LE(offset[std::size_t(i)], std::int64_t(found));
      EXPECT_EQ(neighbour[found], graph.neighbour[std::size_t(k)]);
      EXPECT_EQ(weight[found], graph.weight[std::size_t(k)]);
      ++found;
    }
    EXPECT_EQ(offset[std::size_t(i) + 1], std::int64_t(found));
  }
  EXPECT_EQ(std::int64_t(found), graph.n_edges());
  expect_same(read_graph("n/", archive), graph);
}

TEST(GraphArchive, GivesBackGraphsWithoutEdgesOrNodes) {
  for (const auto& offset : {std::vector<std::int64_t>{}, {0}, {0, 0, 0}}) {
    CsrGraph graph;
    graph.offset = offset;
    Archive archive;
    put_graph("", graph, &archive);
    expect_same(read_graph("", archive), graph);
  }
}

TEST(GraphArchive, RefusesHalvesThatDoNotAddUp) {
  const std::vector<CsrGraph> damaged = {
      {{0, 1, 1}, {0}, {1}},     // a loop
      {{0, 0, 1}, {0}, {1}},     // a smaller node
      {{0, 1, 1}, {2}, {1}},     // no such node
      {{0, 1, 1}, {-1}, {1}},    // nor this
      {{0, 1, 1}, {1}, {}},      // no weight
      {{0, 1, 2}, {1}, {1}},     // rows beyond the edges
      {{0, 2, 1}, {1}, {1}},     // descending rows
      {{1, 1, 1}, {1}, {1}},     // an edge of no row
      {{}, {1}, {1}},            // no rows
      {{0, -1, 1}, {1}, {1}},    // a negative row
      {{0, 9, 1, 1}, {1}, {1}},  // a row beyond the end
  };
  for (const CsrGraph& half : damaged) {
    Archive archive;
    archive.put("half/offset", {std::int64_t(half.offset.size())},
                half.offset.data());
    archive.put("half/neighbour", {std::int64_t(half.neighbour.size())},
                half.neighbour.data());
    archive.put("half/weight", {std::int64_t(half.weight.size())},
                half.weight.data());
    EXPECT_THROW((void)read_graph("", archive), FormatError);
  }
  Archive lacking;
  put_graph("", random_graph(), &lacking);
  for (const char* name : {"half/offset", "half/neighbour", "half/weight"}) {
    Archive archive = lacking;
    archive.tensors.erase(name);
    EXPECT_THROW((void)read_graph("", archive), FormatError) << name;
  }
}

}  // namespace
}  // namespace musl
