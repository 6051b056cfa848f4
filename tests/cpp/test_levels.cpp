#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "base/matrix.h"
#include "expression/levels.h"
#include "expression_fixture.h"

namespace musl {
namespace {

using testing::config_of;
using testing::make_cohort;
using testing::normal_matrix;
using testing::sparse_counts;

/// The cohort as a file gives it back.
ExpressionCohort folded(const ExpressionCohort& cohort) {
  ExpressionCohort out = cohort;
  for (Matrix* m : {&out.standardised, &out.ranked, &out.biweight}) {
    m->resize(0, 0);
  }
  out.flags.resize(0, 0);
  out.assays[0].codes.resize(0, 0);
  return out;
}

void expect_same_rows(const ExpressionCohort& x, const ExpressionCohort& y) {
  EXPECT_EQ(x.standardised, y.standardised);
  EXPECT_EQ(x.ranked, y.ranked);
  EXPECT_EQ(x.biweight, y.biweight);
  EXPECT_EQ(x.flags, y.flags);
  EXPECT_EQ(x.marginals, y.marginals);
  EXPECT_EQ(x.assays[0].codes, y.assays[0].codes);
  EXPECT_EQ(x.assays[0].edges.lower, y.assays[0].edges.lower);
  EXPECT_EQ(x.assays[0].edges.upper, y.assays[0].edges.upper);
}

/// A gene over some samples whose values are hard: constant, two values,
/// negative, with one far away.
Eigen::MatrixXd odd_genes() {
  Eigen::MatrixXd x = normal_matrix(6, 40, 2);
  x.row(0).setConstant(3.5);
  x.row(1) = (x.row(1).array() > 0).cast<double>();
  x.row(2).setZero();
  x(3, 7) = 1e6;
  x.row(4) = x.row(4).array().max(0.0);
  return x;
}

TEST(Levels, UnfoldToTheSameBits) {
  for (const int bins : {2, 8, 16, 24, 32, 64}) {
    for (const auto binning : {BinMethod::value, BinMethod::rank}) {
      const auto config = config_of(bins, binning);
      for (const bool linear : {false, true}) {
        const Eigen::MatrixXd x =
            linear ? sparse_counts(9, 50, 4) : odd_genes();
        const auto cohort = make_cohort({x}, config, linear, true);
        auto back = folded(cohort);
        ASSERT_TRUE(back.is_folded());
        unfold_levels(/*threads=*/2, &back);
        expect_same_rows(back, cohort);
        EXPECT_FALSE(back.is_folded());
      }
    }
  }
}

TEST(Levels, RowsAreThoseOfTheProfileOfTheirValues) {
  for (const bool linear : {false, true}) {
    const Eigen::MatrixXd x = linear ? sparse_counts(8, 61, 5) : odd_genes();
    const auto cohort = make_cohort({x}, {}, linear, /*compact=*/true);
    for (std::int64_t g = 0; g < cohort.n_rows(); ++g) {
      const auto logged = values_of_levels(cohort, g);
      Profile plain;
      describe_profile({logged, logged, /*linear=*/false}, &plain);
      for (std::int64_t s = 0; s < cohort.n_samples; ++s) {
        const auto i = static_cast<std::size_t>(s);
        EXPECT_NEAR(cohort.standardised(g, s), plain.standardised[i], 1e-3);
        EXPECT_NEAR(cohort.ranked(g, s), plain.ranked[i], 1e-3);
        EXPECT_NEAR(cohort.biweight(g, s), plain.biweight[i], 1e-3);
        EXPECT_EQ(cohort.flags(g, s) | kDetected, plain.flags[i] | kDetected);
      }
    }
  }
}

TEST(Levels, AreTabledWhereTheCohortIsLargerThanWhatIsStored) {
  auto cohort = make_cohort({odd_genes()}, config_of(8), false, true);
  const std::int64_t values = cohort.n_rows() * cohort.n_samples;
  cohort.config.most_stored = values;
  EXPECT_EQ(tables_for(cohort), nullptr);
  cohort.config.most_stored = values - 1;
  EXPECT_NE(tables_for(cohort), nullptr);
}

TEST(Levels, RepresentValuesWithinTheRangeOfTheGene) {
  for (const int bins : {2, 16, 64}) {
    const Eigen::MatrixXd x = odd_genes();
    const auto cohort = make_cohort({x}, config_of(bins), false, true);
    for (Eigen::Index g = 0; g < x.rows(); ++g) {
      const double low = x.row(g).minCoeff(), high = x.row(g).maxCoeff();
      const double width = (high - low) / cohort.n_levels + 1e-5;
      const auto values = values_of_levels(cohort, g);
      for (Eigen::Index s = 0; s < x.cols(); ++s) {
        const double value = values[static_cast<std::size_t>(s)];
        EXPECT_NEAR(value, x(g, s), width) << g << " " << s;
        EXPECT_LE(value, high + 1e-5) << g << " " << s;
      }
    }
  }
}

TEST(Levels, TellBinsAndFlagsAsTheValuesDo) {
  for (const int bins : {3, 8, 16, 24, 32, 50, 64}) {
    for (const bool linear : {false, true}) {
      const Eigen::MatrixXd x =
          linear ? sparse_counts(20, 200, 6)
                 : Eigen::MatrixXd(normal_matrix(20, 200, 7).array().max(0.0));
      const auto exact = make_cohort({x}, config_of(bins), linear);
      const auto compact = make_cohort({x}, config_of(bins), linear, true);
      EXPECT_EQ(compact.assays[0].codes, exact.assays[0].codes);
      EXPECT_EQ(compact.flags, exact.flags);
    }
  }
}

}  // namespace
}  // namespace musl
