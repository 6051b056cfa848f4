#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/matrix.h"
#include "data/coexpression.h"
#include "dense_solvers.h"
#include "expression_fixture.h"

namespace musl {
namespace {

using testing::dense_svd;
using testing::normal_matrix;
using Genes = std::vector<std::int32_t>;

/// (rows, columns) whose singular values are those given.
Matrix with_values(int rows, int columns, const Eigen::VectorXd& values,
                   std::uint64_t seed) {
  const auto basis = [&](int n, std::uint64_t own) {
    return dense_svd(normal_matrix(n, static_cast<int>(values.size()), own)).u;
  };
  return (basis(rows, seed) * values.asDiagonal() *
          basis(columns, seed + 1).transpose())
      .cast<float>();
}

Eigen::VectorXd falling(int n, double factor) {
  Eigen::VectorXd values(n);
  for (int i = 0; i < n; ++i) values[i] = std::pow(factor, i);
  return values;
}

Matrix left_vectors(const Matrix& x, int rank) {
  ExpressionCohort cohort;
  cohort.n_samples = x.cols();
  cohort.standardised = x;
  cohort.marginals = Matrix::Zero(x.rows(), kMarginals);
  return leading_left_vectors(cohort, rank, /*seed=*/1);
}

/// Columns of unit variance around zero, largest entry positive, against the
/// vectors of a dense solver.
void expect_left_vectors(const Matrix& x, const Matrix& found, int n) {
  const auto svd = dense_svd(x.cast<double>());
  for (int k = 0; k < n; ++k) {
    const Eigen::VectorXd column = found.col(k).cast<double>();
    EXPECT_NEAR(column.squaredNorm() / static_cast<double>(x.rows()), 1, 1e-4);
    EXPECT_FLOAT_EQ(found.col(k).maxCoeff(),
                    found.col(k).cwiseAbs().maxCoeff());
    const double cosine = svd.u.col(k).dot(column) / column.norm();
    EXPECT_NEAR(std::abs(cosine), 1, 1e-4) << k;
  }
}

TEST(LeadingLeftVectors, AreThoseOfADenseSolverUpToSign) {
  const Matrix small = normal_matrix(30, 12, 1).cast<float>();
  expect_left_vectors(small, left_vectors(small, 5), 5);
  const Matrix wide = normal_matrix(12, 30, 2).cast<float>();
  expect_left_vectors(wide, left_vectors(wide, 12), 12);
  // More columns than the iteration looks at.
  const Matrix large = with_values(120, 90, falling(60, 0.9), 3);
  expect_left_vectors(large, left_vectors(large, 6), 6);
}

TEST(LeadingLeftVectors, BeyondTheRankAreZero) {
  const Matrix x = with_values(25, 20, falling(3, 0.5), 4);
  const Matrix found = left_vectors(x, 6);
  ASSERT_EQ(found.cols(), 6);
  expect_left_vectors(x, found, 3);
  EXPECT_TRUE(found.rightCols(3).isZero(0));
}

TEST(LeadingLeftVectors, MayBeMoreThanSamplesOrGenes) {
  for (const auto& x : {normal_matrix(20, 4, 5), normal_matrix(4, 20, 6)}) {
    const Matrix values = x.cast<float>();
    const Matrix found = left_vectors(values, 9);
    ASSERT_EQ(found.rows(), x.rows());
    expect_left_vectors(values, found, 4);
    EXPECT_TRUE(found.rightCols(5).isZero(0));
  }
}

TEST(LeadingLeftVectors, OfNothingAreZero) {
  EXPECT_TRUE(left_vectors(Matrix::Zero(5, 7), 2).isZero(0));
  EXPECT_EQ(left_vectors(Matrix(0, 7), 2).cols(), 2);
  EXPECT_EQ(left_vectors(Matrix(5, 0), 2).rows(), 5);
  EXPECT_EQ(left_vectors(Matrix::Ones(5, 7), 0).cols(), 0);
  const Matrix one = left_vectors(Matrix::Constant(1, 1, -3), 1);
  EXPECT_FLOAT_EQ(one(0, 0), 1);
}

// ---- Blocks ----

/// A cohort whose rows belong to `genes` of a universe.
ExpressionCohort cohort_of(const Eigen::MatrixXd& values, const Genes& genes,
                           std::int64_t n_genes) {
  ExpressionInput input;
  input.name = "one";
  input.assays.emplace_back(values.data(), values.rows(), values.cols());
  input.gene_of_row = genes;
  return make_expression_cohort(input, {}, n_genes, /*known=*/nullptr,
                                /*compact=*/true, /*threads=*/1);
}

std::vector<NodeBlock> blocks_of(const ExpressionCohort& cohort, int rank,
                                 const std::vector<NodeBlock>* known = nullptr,
                                 const Genes& gene_of = {}, int threads = 1) {
  std::vector<NodeBlock> blocks;
  add_expression_blocks({cohort}, rank, known, gene_of,
                        static_cast<std::int64_t>(cohort.row_of_gene.size()),
                        /*seed=*/1, threads, &blocks);
  return blocks;
}

TEST(ExpressionBlocks, HoldTheVectorsAndMarginalsOfMeasuredGenes) {
  const Genes genes = {5, 0, 3, 2};
  const auto cohort = cohort_of(normal_matrix(4, 25, 1), genes, 7);
  const auto blocks = blocks_of(cohort, 2);
  ASSERT_EQ(blocks.size(), 2U);
  EXPECT_EQ(blocks[0].name, "coexpression:one");
  EXPECT_EQ(blocks[1].name, "marginals:one");
  EXPECT_TRUE(is_reference_block(blocks[0].name));
  EXPECT_FALSE(is_reference_block(blocks[1].name));
  Matrix rows(4, 2);
  for (const std::int32_t gene : genes) {
    const auto r = cohort.row_of_gene[static_cast<std::size_t>(gene)];
    rows.row(r) = blocks[0].values.row(gene);
    EXPECT_EQ(blocks[1].values.row(gene), cohort.marginals.row(r));
  }
  EXPECT_EQ(rows, rows.unaryExpr(&round_to_half));
  const auto svd = dense_svd(cohort.standardised.cast<double>());
  for (int k = 0; k < 2; ++k) {
    const double cosine = svd.u.col(k).dot(rows.col(k).cast<double>());
    EXPECT_NEAR(std::abs(cosine), 2, 2e-3);  // sqrt(4)
  }
  for (const auto& block : blocks) {
    EXPECT_EQ(block.present, (std::vector<std::uint8_t>{1, 0, 1, 1, 0, 1, 0}));
    for (const int absent : {1, 4, 6}) {
      EXPECT_TRUE(block.values.row(absent).isZero(0));
    }
  }
  EXPECT_TRUE(blocks_of(cohort, 0).empty());
}

/// What a model knows of 30 genes, and 33 genes of new samples: the old ones
/// turned round, then three new ones. Old gene 4 has no row; new gene 31 has
/// none among the new samples.
struct NewSamples {
  NewSamples() : values(normal_matrix(32, 40, 12)) {
    Rng rng(10);
    NodeBlock rows{"coexpression:one", Matrix(30, 3),
                   std::vector<std::uint8_t>(30, 1)};
    for (Eigen::Index i = 0; i < rows.values.size(); ++i) {
      rows.values.data()[i] = static_cast<float>(rng.normal());
    }
    rows.values.row(4).setZero();
    rows.present[4] = 0;
    known = {rows};
    for (std::int32_t g = 0; g < 33; ++g) {
      gene_of.push_back(g < 30 ? 29 - g : -1);
      if (g != 31) genes.push_back(g);
    }
  }

  [[nodiscard]] double correlation(int row, int other) const {
    const Eigen::VectorXd x = values.row(row).array() - values.row(row).mean();
    const Eigen::VectorXd y =
        values.row(other).array() - values.row(other).mean();
    return x.dot(y) / (x.norm() * y.norm());
  }

  /// The mean of the 10 best of the known genes, by plain correlations.
  [[nodiscard]] Eigen::VectorXd slow_row(int row) const {
    std::vector<std::pair<double, int>> best;
    for (int g = 0; g < 30; ++g) {
      if (g == 25) continue;  // old gene 4
      best.emplace_back(correlation(row, g), g);
    }
    std::sort(best.rbegin(), best.rend());
    EXPECT_GT(best[9].first, best[10].first + 1e-3);  // no matter of rounding
    EXPECT_GT(best[9].first, 0);
    Eigen::VectorXd sum = Eigen::VectorXd::Zero(3);
    double total = 0;
    for (int k = 0; k < 10; ++k) {
      const auto& [weight, g] = best[static_cast<std::size_t>(k)];
      sum += weight * known[0].values.row(29 - g).cast<double>().transpose();
      total += weight;
    }
    return sum / total;
  }

  Eigen::MatrixXd values;
  std::vector<NodeBlock> known;
  Genes gene_of, genes;
};

TEST(ExpressionBlocks, PlaceANewGeneByTheTenKnownGenesItCorrelatesWithBest) {
  const NewSamples fresh;
  const auto cohort = cohort_of(fresh.values, fresh.genes, 33);
  const auto blocks = blocks_of(cohort, 3, &fresh.known, fresh.gene_of);
  const NodeBlock& found = blocks[0];
  for (int g = 0; g < 30; ++g) {
    if (g == 25) continue;
    EXPECT_EQ(found.values.row(g), fresh.known[0].values.row(29 - g)) << g;
  }
  // Genes 25, 30 and 32 are in rows 25, 30 and 31.
  for (const auto& [gene, row] :
       {std::make_pair(25, 25), std::make_pair(30, 30),
        std::make_pair(32, 31)}) {
    const Eigen::VectorXd expected = fresh.slow_row(row);
    // The cohort's values are on levels.
    for (int k = 0; k < 3; ++k) {
      EXPECT_NEAR(found.values(gene, k), expected[k], 5e-3) << gene;
    }
  }
  EXPECT_TRUE(found.values.row(31).isZero(0));
  for (std::size_t g = 0; g < 33; ++g) {
    EXPECT_EQ(found.present[g], g == 31 ? 0 : 1) << g;
  }
  const auto threaded =
      blocks_of(cohort, 3, &fresh.known, fresh.gene_of, /*threads=*/3);
  EXPECT_EQ(threaded[0].values, found.values);
}

TEST(ExpressionBlocks, OfKnownGenesNeedNoSamples) {
  const NewSamples fresh;
  ExpressionCohort none;
  none.name = "one";
  none.row_of_gene.assign(33, -1);
  const NodeBlock found = blocks_of(none, 3, &fresh.known, fresh.gene_of)[0];
  EXPECT_EQ(found.values.row(0), fresh.known[0].values.row(29));
  EXPECT_EQ(found.present[25], 0);
  EXPECT_TRUE(found.values.bottomRows(3).isZero(0));
}

TEST(ExpressionBlocks, HaveNoRowOfANewGeneThatCorrelatesWithNone) {
  Eigen::MatrixXd values = normal_matrix(4, 20, 3);
  values.row(2) = -values.row(0);
  values.row(1) = values.row(0);
  values.row(3).setConstant(2);
  const auto cohort = cohort_of(values, {0, 1, 2, 3}, 5);
  const std::vector<NodeBlock> known = {
      {"coexpression:one", Matrix::Ones(2, 3), {1, 1}}};
  const NodeBlock found = blocks_of(cohort, 3, &known, {0, 1, -1, -1, -1})[0];
  EXPECT_EQ(found.present, (std::vector<std::uint8_t>{1, 1, 0, 0, 0}));
  EXPECT_TRUE(found.values.bottomRows(3).isZero(0));
}

}  // namespace
}  // namespace musl
