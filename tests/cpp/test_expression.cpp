#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/error.h"
#include "base/matrix.h"
#include "expression/expression.h"
#include "expression_fixture.h"

namespace musl {
namespace {

using testing::config_of;
using testing::make_cohort;
using testing::normal_matrix;

TEST(Expression, CompactRowsAreHalvesAndOthersAreNot) {
  const Eigen::MatrixXd x = normal_matrix(3, 40, 5);
  const auto full = make_cohort({x});
  const auto compact = make_cohort({x}, {}, false, /*compact=*/true);
  for (int g = 0; g < 3; ++g) {
    for (int s = 0; s < 40; ++s) {
      for (const Matrix* rows :
           {&compact.standardised, &compact.ranked, &compact.biweight}) {
        EXPECT_EQ((*rows)(g, s), round_to_half((*rows)(g, s)));
      }
    }
    for (int m = 0; m < kMarginals; ++m) {
      EXPECT_EQ(compact.marginals(g, m), round_to_half(full.marginals(g, m)));
    }
  }
  EXPECT_TRUE(
      (compact.assays[0].codes.array() == full.assays[0].codes.array()).all());
}

TEST(Expression, ThreadsDoNotChangeTheBits) {
  const Eigen::MatrixXd x = normal_matrix(37, 50, 6);
  const auto one = make_cohort({x}, {}, false, true, /*threads=*/1);
  const auto two = make_cohort({x}, {}, false, true, /*threads=*/2);
  EXPECT_TRUE((one.standardised.array() == two.standardised.array()).all());
  EXPECT_TRUE((one.biweight.array() == two.biweight.array()).all());
  EXPECT_TRUE((one.flags.array() == two.flags.array()).all());
}

TEST(Expression, KnownEdgesBinNewSamples) {
  Eigen::MatrixXd old_values(1, 2), values(2, 3);
  old_values << 0, 8;
  values << 0, 3, 16,  //
      1, 2, 3;
  ExpressionInput input;
  input.name = "toy";
  input.assays.emplace_back(old_values.data(), 1, 2);
  input.gene_of_row = {2};
  const auto known =
      make_expression_cohort(input, config_of(8), 3, nullptr, false, 1);
  input.assays.clear();
  input.assays.emplace_back(values.data(), 2, 3);
  input.gene_of_row = {2, 0};
  const auto cohort =
      make_expression_cohort(input, config_of(8), 3, &known, false, 1);
  EXPECT_EQ(cohort.row_of_gene, (std::vector<std::int32_t>{1, -1, 0}));
  EXPECT_EQ(cohort.assays[0].codes(0, 1), 3);
  EXPECT_EQ(cohort.assays[0].codes(0, 2), 7);
  EXPECT_FLOAT_EQ(cohort.assays[0].edges.upper[0], 8);
  EXPECT_EQ(cohort.assays[0].codes(1, 1), 4);
  EXPECT_FLOAT_EQ(cohort.assays[0].edges.upper[1], 3);
}

TEST(Expression, BadInputIsRefused) {
  Eigen::MatrixXd x = normal_matrix(2, 4, 1);
  EXPECT_THROW((void)make_cohort({Eigen::MatrixXd(2, 0)}), InputError);
  EXPECT_THROW((void)make_cohort({x}, {}, /*linear=*/true), InputError);
  for (const double bad :
       {std::nan(""), std::numeric_limits<double>::infinity()}) {
    x(1, 2) = bad;
    EXPECT_THROW((void)make_cohort({x}), InputError);
  }
}

TEST(Expression, NoGeneIsAnEmptyCohort) {
  const auto cohort = make_cohort({Eigen::MatrixXd(0, 4)});
  EXPECT_EQ(cohort.n_rows(), 0);
}

}  // namespace
}  // namespace musl
