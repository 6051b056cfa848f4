#include <gtest/gtest.h>

#include <Eigen/SVD>
#include <algorithm>
#include <cmath>

#include "expression/profile.h"
#include "expression_fixture.h"
#include "musl/atlas.h"
#include "partners_fixture.h"

namespace musl {
namespace {

using testing::config_of;
using testing::kGenes;
using testing::normal_matrix;
using testing::some_known;
using testing::some_spaces;
using testing::sparse_counts;

using Row = std::vector<double>;

// ---- A plain reference of what the features are made of ----

/// Cohorts of some of the genes, whose rows are in another order.
ExpressionCohort cohort_of(const Eigen::MatrixXd& values,
                           const std::vector<std::int32_t>& genes, int bins) {
  ExpressionInput input;
  input.name = "toy";
  input.assays.emplace_back(values.data(), values.rows(), values.cols());
  input.gene_of_row = genes;
  return make_expression_cohort(input, config_of(bins), kGenes, nullptr,
                                /*compact=*/false, /*threads=*/1);
}

/// Genes 0, 5 and 13 are in one cohort each; gene 12 is in none.
Dataset some_data() {
  Dataset data;
  data.n_genes = kGenes;
  data.cohorts.push_back(cohort_of(normal_matrix(12, 45, 1),
                                   {3, 1, 2, 0, 4, 6, 7, 8, 10, 9, 11, 13},
                                   /*bins=*/32));
  data.cohorts.push_back(cohort_of(sparse_counts(11, 70, 2),
                                   {11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1},
                                   /*bins=*/11));
  data.network = make_graph(kGenes, {0, 1, 2, 0, 5}, {1, 2, 3, 4, 1},
                            std::vector<float>(5, .5F));
  return data;
}

/// Columns around 0 of sd 1, those that are constant 0.
Eigen::MatrixXd standardised(Eigen::MatrixXd x) {
  for (Eigen::Index c = 0; c < x.cols(); ++c) {
    x.col(c).array() -= x.col(c).mean();
    const double sd = std::sqrt(x.col(c).squaredNorm() / x.rows());
    if (sd > 1e-9) x.col(c) /= sd;
  }
  return x;
}

/// Gene vectors, then the marginals of each cohort and whether it has a gene.
Eigen::MatrixXd table_of(const Dataset& data, const Matrix& gene_vectors) {
  const auto n_cohorts = static_cast<Eigen::Index>(data.cohorts.size());
  const Eigen::Index n = gene_vectors.cols();
  Eigen::MatrixXd out = Eigen::MatrixXd::Zero(kGenes, n + 8 * n_cohorts);
  out.leftCols(n) = gene_vectors.cast<double>();
  for (Eigen::Index s = 0; s < n_cohorts; ++s) {
    const auto& cohort = data.cohorts[static_cast<std::size_t>(s)];
    for (int g = 0; g < kGenes; ++g) {
      const int row = cohort.row_of_gene[static_cast<std::size_t>(g)];
      if (row < 0) continue;
      for (int m = 0; m < 7; ++m) {
        out(g, n + 8 * s + m) = cohort.marginals(row, m);
      }
      out(g, n + 8 * s + 7) = 1;
    }
  }
  return standardised(out);
}

void add_cohort(const ExpressionCohort& cohort, int a, int b, Row* out) {
  if (!cohort.has_pair(a, b)) {
    out->insert(out->end(), 3, 0);
    return;
  }
  const int i = cohort.row_of_gene[static_cast<std::size_t>(a)];
  const int j = cohort.row_of_gene[static_cast<std::size_t>(b)];
  out->push_back(1);
  out->push_back(cohort.standardised.row(i).dot(cohort.standardised.row(j)));
  out->push_back(cohort.ranked.row(i).dot(cohort.ranked.row(j)));
}

void add_known(const KnownPartners& partners, int a, int b, Row* out) {
  const int seen = (partners.seen(a) ? 1 : 0) + (partners.seen(b) ? 1 : 0);
  out->push_back(seen);
  out->push_back(seen == 2 ? 1 : 0);
  const auto known = testing::features_of(partners, a, b);
  const auto side = static_cast<std::size_t>(partners.columns());
  for (std::size_t k = 0; k < side; ++k) {
    out->push_back(known[k] + known[side + k]);
    out->push_back(std::abs(known[k] - known[side + k]));
  }
  out->insert(out->end(), known.begin() + 2 * partners.columns(), known.end());
}

Row slow_features(const Dataset& data, const KnownPartners& partners,
                  const Matrix& gene_vectors, int a, int b) {
  const Eigen::MatrixXd table = table_of(data, gene_vectors);
  const auto x = table.row(a), y = table.row(b);
  Row out;
  for (Eigen::Index k = 0; k < x.size(); ++k) out.push_back(x[k] + y[k]);
  for (Eigen::Index k = 0; k < x.size(); ++k) {
    out.push_back(std::abs(x[k] - y[k]));
  }
  for (Eigen::Index k = 0; k < x.size(); ++k) out.push_back(x[k] * y[k]);
  add_known(partners, a, b, &out);
  for (const auto& cohort : data.cohorts) add_cohort(cohort, a, b, &out);
  if (data.network.empty()) return out;
  std::vector<float> topology(kTopology);
  pair_topology(data.network, a, b, topology.data());
  out.insert(out.end(), topology.begin(), topology.end());
  return out;
}

/// All pairs, of either order, those of a gene together.
PairSet all_pairs() {
  PairSet out;
  for (std::int32_t a = 0; a < kGenes; ++a) {
    for (std::int32_t b = 0; b < kGenes; ++b) {
      if (a == b) continue;
      out.a.push_back(a);
      out.b.push_back(b);
    }
  }
  return out;
}

void expect_features(const Dataset& data, const Matrix& gene_vectors) {
  const KnownPartners partners(some_spaces(), some_known(), kGenes);
  const StudentFeatures features(data, partners, gene_vectors);
  const PairSet pairs = all_pairs();
  // Not all, so that the pairs do not begin at 0.
  const std::int64_t first = 5, n = pairs.size() - first - 2;
  Matrix found = Matrix::Constant(n + 1, features.columns(), -99);
  features.make(pairs, first, n, found.data());
  for (std::int64_t i = 0; i < n; ++i) {
    const auto at = static_cast<std::size_t>(first + i);
    const Row expected =
        slow_features(data, partners, gene_vectors, pairs.a[at], pairs.b[at]);
    ASSERT_EQ(static_cast<std::size_t>(found.cols()), expected.size());
    for (std::size_t k = 0; k < expected.size(); ++k) {
      EXPECT_NEAR(found(i, static_cast<Eigen::Index>(k)), expected[k], 2e-4)
          << pairs.a[at] << " " << pairs.b[at] << " " << k;
    }
  }
  EXPECT_TRUE((found.row(n).array() == -99).all());
}

// ---- Tests ----

TEST(StudentFeatures, AreThoseOfThePlainReference) {
  const Dataset data = some_data();
  Matrix gene_vectors = normal_matrix(kGenes, 3, 4).cast<float>();
  gene_vectors.col(1).setConstant(2);
  expect_features(data, gene_vectors);
}

TEST(StudentFeatures, GoWithTheirInputs) {
  Dataset data = some_data();
  data.network = {};
  expect_features(data, Matrix(kGenes, 0));
  data.cohorts.clear();
  expect_features(data, normal_matrix(kGenes, 2, 4).cast<float>());
}

/// (G, axes) of gene vectors alone, whose pairs with gene 0, of zeros after all
/// columns are standardised, have them as their sum.
struct Axes {
  Axes(int genes, int columns, std::uint64_t seed, int rank) {
    const Eigen::MatrixXd half = normal_matrix(genes, rank, seed) *
                                 normal_matrix(rank, columns, seed + 1);
    // A gene and its mirror have opposite vectors, so that all means are 0.
    Matrix vectors(2 * genes + 1, columns);
    vectors.row(0).setZero();
    vectors.middleRows(1, genes) = half.cast<float>();
    vectors.bottomRows(genes) = -half.cast<float>();
    table = standardised(vectors.cast<double>());
    Dataset data;
    data.n_genes = vectors.rows();
    const KnownPartners nobody;
    const StudentFeatures features(data, nobody, vectors);
    PairSet pairs;
    for (std::int32_t g = 0; g < data.n_genes; ++g) {
      pairs.a.push_back(0);
      pairs.b.push_back(g);
    }
    Matrix out(pairs.size(), features.columns());
    features.make(pairs, 0, pairs.size(), out.data());
    const Eigen::Index n = (out.cols() - 2 - nobody.width()) / 3;
    found = out.leftCols(n).cast<double>();
  }
  Eigen::MatrixXd table, found;
};

double largest_error(const Eigen::MatrixXd& x, const Eigen::MatrixXd& y) {
  return (x - y).cwiseAbs().maxCoeff() / y.cwiseAbs().maxCoeff();
}

TEST(StudentFeatures, OfUpTo48ColumnsAreTheColumnsThemselves) {
  const Axes axes(15, 48, 1, 48);
  ASSERT_EQ(axes.found.cols(), 48);
  EXPECT_LT(largest_error(axes.found, axes.table), 1e-4);
}

TEST(StudentFeatures, OfMoreColumnsAreThe48LeadingAxes) {
  for (const int columns : {49, 200, 512}) {
    const Axes axes(70, columns, 3, columns);
    ASSERT_EQ(axes.found.cols(), 48);
    // The best approximation of that rank (Eckart and Young).
    const Eigen::JacobiSVD<Eigen::MatrixXd> svd(
        axes.table, Eigen::ComputeThinU | Eigen::ComputeThinV);
    const Eigen::MatrixXd left =
        svd.matrixU().leftCols(48) * svd.singularValues().head(48).asDiagonal();
    const Eigen::MatrixXd products = axes.found * axes.found.transpose();
    EXPECT_LT(largest_error(products, left * left.transpose()), 1e-3)
        << columns;
    for (int k = 0; k < 48; ++k) {  // the largest first
      EXPECT_NEAR(axes.found.col(k).norm() / svd.singularValues()[k], 1, 1e-3);
    }
  }
}

}  // namespace
}  // namespace musl
