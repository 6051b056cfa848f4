#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "musl/csr_graph.h"
#include "musl/error.h"
#include "random_graph.h"

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

TEST(CsrGraph, RefusesEdgesThatCanNotBe) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const float infinity = std::numeric_limits<float>::infinity();
  EXPECT_THROW((void)make_graph(2, {0}, {2}, {1}), GeneError);
  EXPECT_THROW((void)make_graph(2, {-1}, {1}, {1}), GeneError);
  EXPECT_THROW((void)make_graph(2, {0}, {}, {1}), ShapeError);
  EXPECT_THROW((void)make_graph(2, {0}, {1}, {}), ShapeError);
  for (const float weight : {0.0f, -1.0f, nan, infinity}) {
    EXPECT_THROW((void)make_graph(2, {0}, {1}, {weight}), InputError);
  }
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

TEST(CsrGraph, PropagationRefusesOtherRowNumbers) {
  const CsrGraph graph = normalise(make_graph(3, {0}, {1}, {1}));
  EXPECT_THROW((void)propagate(graph, Matrix::Zero(4, 2), 1), ShapeError);
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
  EXPECT_THROW(fill_from_neighbours(CsrGraph{}, {1}, &x), ShapeError);
}

}  // namespace
}  // namespace musl
