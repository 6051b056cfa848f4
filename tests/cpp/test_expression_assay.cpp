#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <vector>

#include "base/error.h"
#include "expression/expression.h"
#include "expression_fixture.h"

namespace musl {
namespace {

using testing::config_of;
using testing::normal_matrix;
using testing::sparse_counts;

/// The compressed columns of a dense matrix.
struct Compressed {
  explicit Compressed(const Eigen::MatrixXd& x)
      : n_rows(x.rows()), n_cols(x.cols()), start{0} {
    for (Eigen::Index s = 0; s < x.cols(); ++s) {
      for (Eigen::Index g = 0; g < x.rows(); ++g) {
        if (x(g, s) == 0) continue;
        row.push_back(static_cast<std::int32_t>(g));
        values.push_back(x(g, s));
      }
      start.push_back(static_cast<std::int32_t>(row.size()));
    }
  }

  [[nodiscard]] SparseColumns view() const {
    return {values.data(), row.data(), start.data(), n_rows, n_cols};
  }

  std::int64_t n_rows, n_cols;
  std::vector<double> values;
  std::vector<std::int32_t> row, start;
};

AssayView by_blocks(const Eigen::MatrixXd& x) {
  return {x.rows(), x.cols(),
          [&x](std::int64_t first, std::int64_t n, double* out) {
            for (std::int64_t g = first; g < first + n; ++g) {
              for (Eigen::Index s = 0; s < x.cols(); ++s) *out++ = x(g, s);
            }
          }};
}

ExpressionCohort cohort_of(std::vector<AssayView> assays,
                           const ExpressionConfig& config, bool linear) {
  ExpressionInput input;
  input.name = "toy";
  input.linear = linear;
  input.gene_of_row.resize(static_cast<std::size_t>(assays[0].rows()));
  std::iota(input.gene_of_row.begin(), input.gene_of_row.end(), 0);
  const auto n_genes = assays[0].rows();
  input.assays = std::move(assays);
  return make_expression_cohort(input, config, n_genes, nullptr,
                                /*compact=*/true, /*threads=*/2);
}

void expect_same(const ExpressionCohort& a, const ExpressionCohort& b) {
  ASSERT_EQ(a.assays.size(), b.assays.size());
  for (std::size_t i = 0; i < a.assays.size(); ++i) {
    EXPECT_TRUE(a.assays[i].codes == b.assays[i].codes);
    EXPECT_EQ(a.assays[i].edges.lower, b.assays[i].edges.lower);
    EXPECT_EQ(a.assays[i].edges.upper, b.assays[i].edges.upper);
  }
  EXPECT_TRUE(a.standardised == b.standardised);
  EXPECT_TRUE(a.ranked == b.ranked);
  EXPECT_TRUE(a.biweight == b.biweight);
  EXPECT_TRUE(a.flags == b.flags);
  EXPECT_TRUE(a.marginals == b.marginals);
}

TEST(Assay, HasTheBitsOfItsDenseCopyForEveryBinning) {
  const Eigen::MatrixXd x = sparse_counts(19, 130, 1);
  const Compressed sparse(x);
  for (const auto binning : {BinMethod::value, BinMethod::rank}) {
    for (const bool linear : {true, false}) {
      const auto config = config_of(8, binning);
      const auto dense =
          cohort_of({{x.data(), x.rows(), x.cols()}}, config, linear);
      expect_same(dense, cohort_of({AssayView(sparse.view())}, config, linear));
      expect_same(dense, cohort_of({by_blocks(x)}, config, linear));
    }
  }
}

TEST(Assay, KindsMayDifferBetweenAssaysOfACohort) {
  const Eigen::MatrixXd x = sparse_counts(9, 40, 2);
  const Eigen::MatrixXd y = normal_matrix(9, 40, 3);
  const Compressed sparse(x);
  const auto dense = cohort_of({{x.data(), 9, 40}, {y.data(), 9, 40}},
                               config_of(8), /*linear=*/false);
  expect_same(dense, cohort_of({AssayView(sparse.view()), {y.data(), 9, 40}},
                               config_of(8), /*linear=*/false));
}

TEST(Assay, IsReadBlockByBlockWhereTheSamplesAreMany) {
  // 2^20 samples leave room for 8 rows at a time.
  const std::int64_t n = std::int64_t{1} << 20;
  std::vector<std::int64_t> firsts;
  const AssayView assay(
      12, n, [&](std::int64_t first, std::int64_t count, double* out) {
        firsts.push_back(first);
        for (std::int64_t i = 0; i < count; ++i) {
          out[i * n] = static_cast<double>(first + i + 1);
        }
      });
  ExpressionConfig config;
  const auto cohort = cohort_of({assay}, config, /*linear=*/false);
  EXPECT_EQ(firsts, (std::vector<std::int64_t>{0, 8}));
  for (int g = 0; g < 12; ++g) {
    EXPECT_EQ(cohort.assays[0].codes(g, 0), 31);
    EXPECT_EQ(cohort.assays[0].codes(g, 1), 0);
    EXPECT_EQ(cohort.assays[0].edges.upper[static_cast<std::size_t>(g)], g + 1);
  }
}

}  // namespace
}  // namespace musl
