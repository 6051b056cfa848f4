#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "base/error.h"
#include "expression/contingency.h"
#include "expression/descriptors.h"
#include "expression_fixture.h"

namespace musl {
namespace {

using testing::make_cohort;
using testing::normal_matrix;
using testing::sparse_counts;

using Row = std::array<float, kDescriptors>;

Row describe(const ExpressionCohort& cohort, int a, int b) {
  Row out;
  out.fill(-77);
  pair_descriptors(cohort, a, b, out.data());
  return out;
}

const auto kSets = {DescriptorSet::own, DescriptorSet::paper};

ExpressionConfig config_of_set(DescriptorSet set) {
  ExpressionConfig config;
  config.descriptors = set;
  return config;
}

TEST(Descriptors, HaveThirtyFiveDistinctNames) {
  for (const auto set : kSets) {
    const auto& names = descriptor_names(set);
    EXPECT_EQ(std::set<std::string>(names.begin(), names.end()).size(), 35u);
  }
}

TEST(Descriptors, AreFiniteWhateverTheProfiles) {
  Eigen::MatrixXd x(5, 9);
  x.row(0).setZero();
  x.row(1).setConstant(-4);
  x.row(2) << 0, 0, 0, 0, 0, 0, 0, 0, 1;
  x.row(3) << 1e-300, 2e-300, 0, 0, 0, 0, 0, 0, 0;
  x.row(4) << 1e9, -1e9, 0, 0, 0, 0, 0, 0, 0;
  for (const auto set : kSets) {
    const auto cohort =
        make_cohort({x}, config_of_set(set), false, /*compact=*/true);
    for (int a = 0; a < 5; ++a) {
      for (int b = 0; b < 5; ++b) {
        for (const float v : describe(cohort, a, b)) {
          EXPECT_TRUE(std::isfinite(v));
        }
      }
    }
  }
}

TEST(Descriptors, DoNotDependOnWhichGeneComesFirst) {
  const Eigen::MatrixXd x = sparse_counts(2, 150, 8);
  for (const auto set : kSets) {
    const auto config = config_of_set(set);
    const Row row = describe(make_cohort({x}, config, true), 0, 1);
    const Row turned =
        describe(make_cohort({x.colwise().reverse()}, config, true), 0, 1);
    for (std::size_t d = 0; d < row.size(); ++d) {
      EXPECT_NEAR(row[d], turned[d], 1e-5) << descriptor_names(set)[d];
    }
  }
}

TEST(Descriptors, DoNotGrowWithTheNumberOfSamples) {
  // The same joint distribution at 200 and at 4000 samples: all but the
  // entropy-based and pseudo-counted ones are the same numbers.
  const Eigen::MatrixXd x = normal_matrix(2, 200, 2);
  const Row few = describe(make_cohort({x}), 0, 1);
  const Row many = describe(make_cohort({x.replicate(1, 20)}), 0, 1);
  for (std::size_t d = 0; d < few.size(); ++d) {
    const double tolerance =
        descriptor_names()[d].rfind("low_low_", 0) == 0 ? 0.25 : 1e-2;
    EXPECT_NEAR(few[d], many[d], tolerance) << descriptor_names()[d];
  }
}

TEST(Descriptors, ReadTheFirstAssayAlone) {
  const Eigen::MatrixXd x = normal_matrix(2, 40, 1);
  EXPECT_EQ(describe(make_cohort({x, normal_matrix(2, 40, 2)}), 0, 1),
            describe(make_cohort({x}), 0, 1));
}

TEST(Descriptors, LevelsAndHalfPrecisionCostLittle) {
  const Eigen::MatrixXd x = normal_matrix(2, 300, 12);
  const Row full = describe(make_cohort({x}), 0, 1);
  const Row compact = describe(make_cohort({x}, {}, false, true), 0, 1);
  for (std::size_t d = 0; d < full.size(); ++d) {
    // Half precision has 11 significant bits; a level is a 224th of the range.
    EXPECT_NEAR(full[d], compact[d], 2e-3 * (1 + std::abs(full[d])))
        << descriptor_names()[d];
  }
}

// On 100 pairs with zeros: those that count samples are told exactly.
TEST(Descriptors, LevelsLeaveCountsOfSamplesAlone) {
  const Eigen::MatrixXd x = sparse_counts(25, 90, 13);
  const auto exact = make_cohort({x}, {}, /*linear=*/true);
  const auto compact = make_cohort({x}, {}, /*linear=*/true, true);
  const auto& names = descriptor_names();
  for (std::int32_t a = 0; a < 5; ++a) {
    for (std::int32_t b = 5; b < 25; ++b) {
      const Row full = describe(exact, a, b), found = describe(compact, a, b);
      for (const char* name :
           {"detection_min", "kendall", "mutual_information", "low_low",
            "high_high", "discordant", "low_low_ratio", "low_low_odds",
            "low_low_phi", "low_low_residual", "detection_jaccard",
            "tail_lower", "tail_upper"}) {
        const auto d = static_cast<std::size_t>(
            std::find(names.begin(), names.end(), name) - names.begin());
        const double slack = d < 12 ? 1e-3 : 0;  // marginals are halves
        EXPECT_NEAR(full[d], found[d], slack) << name;
      }
    }
  }
}

TEST(Descriptors, BatchPutsCohortsSideBySideAndZerosWhereAGeneIsMissing) {
  const auto first = make_cohort({normal_matrix(3, 40, 1)});
  auto second = make_cohort({normal_matrix(3, 30, 2)});
  second.row_of_gene[1] = -1;
  const PairSet pairs{{0, 0}, {2, 1}, {}};
  std::vector<float> out(2 * 2 * kDescriptors, -1);
  descriptor_batch({first, second}, pairs, out.data());
  const auto part = [&](int k) {
    Row row;
    std::copy_n(out.begin() + k * kDescriptors, kDescriptors, row.begin());
    return row;
  };
  EXPECT_EQ(part(0), describe(first, 0, 2));
  EXPECT_EQ(part(1), describe(second, 0, 2));
  EXPECT_EQ(part(2), describe(first, 0, 1));
  EXPECT_EQ(part(3), Row{});
}

TEST(Association, OfAKnownTableFollowsFromItsCells) {
  // Agresti's job satisfaction by income; tau-b from the published table.
  const std::uint32_t counts[] = {1, 3, 10, 6,  2, 3, 10, 7,
                                  1, 6, 14, 12, 0, 1, 9,  11};
  EXPECT_NEAR(associate(counts, 4, 96).kendall, 0.1524, 1e-4);
}

TEST(Association, OfAnEmptyTableIsZero) {
  const std::uint32_t counts[4] = {0, 0, 0, 0};
  const auto result = associate(counts, 2, 0);
  EXPECT_EQ(result.kendall, 0);
  EXPECT_EQ(result.mutual_information, 0);
}

TEST(Association, OfIndependentAndOfEqualMarginsIsKnown) {
  const std::uint32_t independent[4] = {20000, 20000, 20000, 20000};
  EXPECT_NEAR(associate(independent, 2, 80000).mutual_information, 0, 1e-12);
  EXPECT_NEAR(associate(independent, 2, 80000).kendall, 0, 1e-12);
  const std::uint32_t equal[4] = {50, 0, 0, 50};
  EXPECT_NEAR(associate(equal, 2, 100).mutual_information, std::log(2), 1e-12);
  EXPECT_NEAR(associate(equal, 2, 100).kendall, 1, 1e-12);
}

}  // namespace
}  // namespace musl
