#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "expression_fixture.h"
#include "musl/error.h"
#include "musl/expression.h"
#include "musl/half.h"

namespace musl {
namespace {

using testing::config_of;
using testing::make_cohort;
using testing::normal_matrix;

constexpr std::uint8_t kLow = 1, kHigh = 2, kDetected = 4;

TEST(Expression, MarginalsFollowTheirFormulas) {
  Eigen::MatrixXd x(1, 5);
  x << 0, 1, 2, 3, 9;
  const auto cohort = make_cohort({x});
  // mean 3, deviations -3 -2 -1 0 6, second to fourth moments below.
  const double m2 = 50.0 / 5, m3 = 180.0 / 5, m4 = 1394.0 / 5;
  EXPECT_FLOAT_EQ(cohort.marginals(0, 0), 3);
  EXPECT_NEAR(cohort.marginals(0, 1), std::sqrt(m2), 1e-6);
  // Linear values 2^x - 1: 0 1 3 7 511.
  const double mean = 522.0 / 5;
  double ss = 0;
  for (const double v : {0.0, 1.0, 3.0, 7.0, 511.0}) {
    ss += (v - mean) * (v - mean);
  }
  EXPECT_NEAR(cohort.marginals(0, 2), std::sqrt(ss / 5) / mean, 1e-6);
  EXPECT_NEAR(cohort.marginals(0, 3), m3 / std::pow(m2, 1.5), 1e-6);
  EXPECT_NEAR(cohort.marginals(0, 4), m4 / (m2 * m2) - 3, 1e-6);
  EXPECT_FLOAT_EQ(cohort.marginals(0, 5), 0.8f);
  EXPECT_FLOAT_EQ(cohort.marginals(0, 6), 2);
}

TEST(Expression, LinearValuesAreLoggedAndTheirOwnVariationKept) {
  Eigen::MatrixXd x(1, 4);
  x << 0, 0, 10, 30;
  const auto cohort = make_cohort({x}, {}, /*linear=*/true);
  const double mean =
      (2 * std::log10(0.01) + std::log10(10.01) + std::log10(30.01)) / 4;
  EXPECT_NEAR(cohort.marginals(0, 0), mean, 1e-6);
  EXPECT_NEAR(cohort.marginals(0, 2), std::sqrt(150.0) / 10, 1e-6);
  EXPECT_FLOAT_EQ(cohort.marginals(0, 5), 0.5f);
  EXPECT_FLOAT_EQ(cohort.assays[0].edges.lower[0], -2.0f);
}

TEST(Expression, LowAndHighAreTheOuterFifthsByMidRank) {
  Eigen::MatrixXd x(3, 10);
  x << 1, 2, 3, 4, 5, 6, 7, 8, 9, 10,  //
      0, 0, 0, 0, 0, 0, 0, 1, 2, 3,    //
      5, 5, 5, 5, 5, 5, 5, 5, 5, 5;
  const auto flags = make_cohort({x}).flags;
  const auto count = [&](int row, std::uint8_t bit) {
    int n = 0;
    for (int s = 0; s < 10; ++s) n += (flags(row, s) & bit) != 0 ? 1 : 0;
    return n;
  };
  EXPECT_EQ(count(0, kLow), 2);
  EXPECT_TRUE(flags(0, 1) & kLow);
  EXPECT_EQ(count(0, kHigh), 2);
  EXPECT_TRUE(flags(0, 8) & kHigh);
  // Seven tied zeros have mid-rank 4, that is (4 - .5) / 10 >= .2.
  EXPECT_EQ(count(1, kLow), 0);
  EXPECT_EQ(count(1, kHigh), 2);
  EXPECT_EQ(count(1, kDetected), 3);
  EXPECT_EQ(count(2, kLow) + count(2, kHigh), 0);
}

TEST(Expression, ZerosCanHaveABinOfTheirOwn) {
  Eigen::MatrixXd x(1, 6);
  x << 0, 0, 1, 2, 4, 5;
  const auto cohort = make_cohort({x}, config_of(5, ZeroPolicy::own_bin));
  const auto& codes = cohort.assays[0].codes;
  const int expected[] = {0, 0, 1, 2, 4, 4};
  for (int s = 0; s < 6; ++s) EXPECT_EQ(codes(0, s), expected[s]) << s;
}

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
  EXPECT_THROW((void)make_cohort({x}, config_of(65)), InputError);
  EXPECT_THROW((void)make_cohort({Eigen::MatrixXd(2, 0)}), InputError);
  EXPECT_THROW((void)make_cohort({x, normal_matrix(2, 5, 1)}), ShapeError);
  EXPECT_THROW((void)make_cohort({x}, {}, /*linear=*/true), InputError);
  for (const double bad :
       {std::nan(""), std::numeric_limits<double>::infinity()}) {
    x(1, 2) = bad;
    EXPECT_THROW((void)make_cohort({x}), InputError);
  }
  ExpressionInput input;
  input.name = "toy";
  x(1, 2) = 0;
  input.assays.emplace_back(x.data(), 2, 4);
  const auto make = [&] {
    (void)make_expression_cohort(input, {}, 5, nullptr, false, 1);
  };
  EXPECT_THROW(make(), ShapeError);
  input.gene_of_row = {1, 5};
  EXPECT_THROW(make(), GeneError);
  input.gene_of_row = {1, 1};
  EXPECT_THROW(make(), InputError);
}

TEST(Expression, NoGeneIsAnEmptyCohort) {
  const auto cohort = make_cohort({Eigen::MatrixXd(0, 4)});
  EXPECT_EQ(cohort.n_rows(), 0);
}

}  // namespace
}  // namespace musl
