#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/error.h"
#include "base/rng.h"
#include "dense_solvers.h"
#include "graph/csr_graph.h"
#include "graph/spectral.h"
#include "random_graph.h"
#include "store/leading_axes.h"

namespace musl {
namespace {

using testing::dense_eigen;
using testing::dense_svd;
using testing::random_graph;

/// V |Lambda| V^T of the `rank` largest eigenvalues by size, which no rotation
/// inside an eigenspace and no sign changes.
Eigen::MatrixXd dense_product(const Eigen::MatrixXd& dense, int rank) {
  const Eigen::VectorXd scale = dense.rowwise().sum().unaryExpr(
      [](double s) { return s > 0 ? 1 / std::sqrt(s) : 0; });
  const auto exact =
      dense_eigen(scale.asDiagonal() * dense * scale.asDiagonal());
  std::vector<Eigen::Index> order;
  for (Eigen::Index i = 0; i < dense.rows(); ++i) order.push_back(i);
  std::sort(order.begin(), order.end(), [&](auto x, auto y) {
    return std::abs(exact.values[x]) > std::abs(exact.values[y]);
  });
  Eigen::MatrixXd out = Eigen::MatrixXd::Zero(dense.rows(), dense.rows());
  for (int k = 0; k < rank; ++k) {
    const Eigen::Index at = order[static_cast<std::size_t>(k)];
    const Eigen::VectorXd v = exact.vectors.col(at);
    out += std::abs(exact.values[at]) * v * v.transpose();
  }
  return out;
}

/// Two triangles and a pair, apart, and an isolated node.
CsrGraph components() {
  return make_graph(9, {0, 1, 2, 3, 4, 5, 6}, {1, 2, 0, 4, 5, 3, 7},
                    {1, 1, 1, 2, 2, 2, 1});
}

TEST(Spectral, SpansTheLeadingEigenvectorsOfADenseSolver) {
  const auto [graph, dense] = random_graph(60, 0.15, 4, 5);
  for (const int rank : {1, 5, 20}) {
    const Matrix z = spectral_embedding(graph, rank, 1, 1);
    ASSERT_EQ(z.rows(), 60);
    ASSERT_EQ(z.cols(), rank);
    const Eigen::MatrixXd found =
        z.cast<double>() * z.cast<double>().transpose();
    // Neighbouring eigenvalues differ by a few per cent: 36 products leave
    // errors of this size in the last directions.
    EXPECT_LT((found - dense_product(dense, rank)).norm(), 0.02) << rank;
  }
}

TEST(Spectral, AtFullRankTheGramMatrixIsExact) {
  const auto [graph, dense] = random_graph(40, 0.3, 3, 6);
  const Matrix z = spectral_embedding(graph, 40, 2, 1);
  const Eigen::MatrixXd found = z.cast<double>() * z.cast<double>().transpose();
  EXPECT_LT((found - dense_product(dense, 40)).cwiseAbs().maxCoeff(), 1e-5);
}

TEST(Spectral, ColumnsAreOrderedOrthogonalAndOfFixedSign) {
  const auto random = random_graph(80, 0.2, 0, 8);
  const Matrix z = spectral_embedding(random.graph, 6, 3, 1);
  for (Eigen::Index k = 0; k < z.cols(); ++k) {
    Eigen::Index largest = 0;
    z.col(k).cwiseAbs().maxCoeff(&largest);
    EXPECT_GT(z(largest, k), 0);
    if (k == 0) continue;
    EXPECT_LE(z.col(k).squaredNorm(), z.col(k - 1).squaredNorm() + 1e-5f);
    EXPECT_NEAR(z.col(k).dot(z.col(k - 1)), 0, 1e-4);
  }
}

TEST(Spectral, EqualEigenvaluesGiveTheirWholeSpace) {
  // Eigenvalue 1 three times (a component each), -1 once (the pair).
  const Matrix z = spectral_embedding(components(), 4, 1, 1);
  const Eigen::MatrixXd found = z.cast<double>() * z.cast<double>().transpose();
  Eigen::MatrixXd expected = Eigen::MatrixXd::Zero(9, 9);
  expected.block(0, 0, 3, 3).setConstant(1.0 / 3);
  expected.block(3, 3, 3, 3).setConstant(1.0 / 3);
  expected(6, 6) = expected(7, 7) = 1;  // (1 1)/2 + (1 -1; -1 1)/2
  EXPECT_LT((found - expected).cwiseAbs().maxCoeff(), 1e-5);
}

TEST(Spectral, IsolatedNodesAndMissingDirectionsAreZero) {
  const Matrix z = spectral_embedding(components(), 12, 1, 1);
  EXPECT_EQ(z.cols(), 12);
  EXPECT_TRUE((z.row(8).array() == 0).all());
  EXPECT_TRUE((z.rightCols(4).array() == 0).all());  // 8 nodes have edges
  // A star of two leaves has eigenvalues 1, -1 and 0.
  const CsrGraph star = make_graph(3, {0, 0}, {1, 2}, {1, 1});
  const Matrix s = spectral_embedding(star, 3, 1, 1);
  EXPECT_GT(s.col(1).norm(), 0.9f);
  EXPECT_TRUE((s.col(2).array() == 0).all());
}

TEST(Spectral, HasTheSameBitsForAnyThreadsAndAnotherSeedAgrees) {
  const auto random = random_graph(300, 0.05, 2, 9);
  const Matrix one = spectral_embedding(random.graph, 3, 4, 1);
  EXPECT_EQ(spectral_embedding(random.graph, 3, 4, 2), one);
  EXPECT_EQ(spectral_embedding(random.graph, 3, 4, 5), one);
  EXPECT_LT((spectral_embedding(random.graph, 1, 5, 1).col(0) - one.col(0))
                .cwiseAbs()
                .maxCoeff(),
            1e-4f);
}

TEST(Spectral, WithoutEdgesOrRankThereIsNothing) {
  EXPECT_TRUE(
      (spectral_embedding(make_graph(3, {}, {}, {}), 2, 1, 1).array() == 0)
          .all());
  EXPECT_EQ(spectral_embedding(CsrGraph{}, 2, 1, 1).rows(), 0);
  EXPECT_EQ(spectral_embedding(components(), 0, 1, 1).cols(), 0);
}

/// Unit rows (n, columns) whose axes matter less and less.
Matrix decaying_rows(Eigen::Index n, Eigen::Index columns) {
  Rng rng(7);
  const auto draw = [&](Eigen::Index height, Eigen::Index width) {
    Matrix out(height, width);
    for (Eigen::Index i = 0; i < out.size(); ++i) {
      out.data()[i] = static_cast<float>(rng.normal());
    }
    return out;
  };
  Matrix scores = draw(n, 200);
  for (Eigen::Index k = 0; k < 200; ++k) {
    scores.col(k) /= std::sqrt(static_cast<float>(k + 1));
  }
  Matrix rows = scores * draw(200, columns) + .1F * draw(n, columns);
  rows.rowwise().normalize();
  return rows;
}

/// Sum of the largest squared singular values, and of all.
std::pair<double, double> squares_of(const Matrix& rows) {
  const Eigen::ArrayXd squares =
      dense_svd(rows.cast<double>()).values.array().square();
  return {squares.head(kProfileAxes).sum(), squares.sum()};
}

TEST(LeadingAxes, FewColumnsStay) {
  const Matrix rows = decaying_rows(20, kProfileAxes);
  EXPECT_EQ(on_leading_axes(rows, 2), rows);
}

TEST(LeadingAxes, KeepTheMostThatSoManyAxesCan) {
  for (const Eigen::Index columns : {kExactColumns, kExactColumns + 1}) {
    const Matrix rows = decaying_rows(300, columns);
    const Matrix kept = on_leading_axes(rows, 2);
    ASSERT_EQ(kept.cols(), kProfileAxes);
    const auto [most, all] = squares_of(rows);
    ASSERT_LT(most, .99 * all);
    EXPECT_LE(kept.squaredNorm(), most * 1.0001);
    EXPECT_GE(kept.squaredNorm(), most * .999);
  }
}

TEST(LeadingAxes, IterationGivesTheProductsOfTheExactAxes) {
  const Matrix rows = decaying_rows(300, kExactColumns + 200);
  const auto svd = dense_svd(rows.cast<double>());
  const Matrix exact = rows * svd.v.leftCols(kProfileAxes).cast<float>();
  const Matrix kept = on_leading_axes(rows, 2);
  const Matrix difference = kept * kept.transpose() - exact * exact.transpose();
  // Of products between -1 and 1.
  EXPECT_LT(difference.norm() / 300, .003);
}

TEST(LeadingAxes, BitsDoNotDependOnThreads) {
  const Matrix rows = decaying_rows(1500, kExactColumns + 100);
  EXPECT_EQ(on_leading_axes(rows, 1), on_leading_axes(rows, 3));
}

}  // namespace
}  // namespace musl
