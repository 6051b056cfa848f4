#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "expression/contingency.h"
#include "expression_fixture.h"
#include "musl/descriptors.h"
#include "musl/error.h"
#include "slow_descriptors.h"

namespace musl {
namespace {

using testing::config_of;
using testing::make_cohort;
using testing::normal_matrix;
using testing::SlowDescriptors;
using testing::sparse_counts;

using Row = std::array<float, kDescriptors>;

Row describe(const ExpressionCohort& cohort, int a, int b) {
  Row out;
  out.fill(-77);
  pair_descriptors(cohort, a, b, out.data());
  return out;
}

testing::Values row_of(const Eigen::MatrixXd& x, int row) {
  testing::Values out;
  for (int s = 0; s < x.cols(); ++s) out.push_back(x(row, s));
  return out;
}

int index_of(const std::string& name) {
  const auto& names = descriptor_names();
  const auto found = std::find(names.begin(), names.end(), name);
  return static_cast<int>(found - names.begin());
}

float value_of(const Row& row, const std::string& name) {
  return row[static_cast<std::size_t>(index_of(name))];
}

void expect_as_defined(const Eigen::MatrixXd& x, bool linear, int bins) {
  const auto cohort = make_cohort({x}, config_of(bins), linear);
  const Row got = describe(cohort, 0, 1);
  const auto expected =
      SlowDescriptors(row_of(x, 0), row_of(x, 1), linear, bins).all();
  ASSERT_EQ(expected.size(), got.size());
  for (std::size_t d = 0; d < got.size(); ++d) {
    // Rows are kept in single precision.
    EXPECT_NEAR(got[d], expected[d], 2e-5 * (1 + std::abs(expected[d])))
        << descriptor_names()[d] << ", " << x.cols() << " samples";
  }
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
  EXPECT_THROW((void)parse_descriptor_set("all"), InputError);
}

TEST(Descriptors, AgreeWithTheirDefinitionsOnCorrelatedProfiles) {
  for (const int samples : {2, 3, 5, 16, 31, 200, 1025}) {
    Eigen::MatrixXd x =
        normal_matrix(2, samples, static_cast<std::uint64_t>(samples));
    x.row(1) = 0.7 * x.row(0) - 0.5 * x.row(1);
    x.row(1).array() += 2;
    expect_as_defined(x, /*linear=*/false, 16);
  }
}

TEST(Descriptors, AgreeWithTheirDefinitionsOnCountsWithTies) {
  for (const int samples : {4, 60, 500}) {
    expect_as_defined(
        sparse_counts(2, samples, static_cast<std::uint64_t>(samples)),
        /*linear=*/true, 32);
  }
}

TEST(Descriptors, AgreeWithTheirDefinitionsOnAnOppositeAndAnEqualPair) {
  Eigen::MatrixXd x = normal_matrix(2, 101, 4);
  x.row(1) = x.row(0);
  expect_as_defined(x, false, 32);
  x.row(1) = -x.row(0);
  expect_as_defined(x, false, 32);
}

TEST(Descriptors, AgreeWithTheirDefinitionsWhereOneGeneIsConstant) {
  Eigen::MatrixXd x = normal_matrix(2, 50, 4);
  x.row(1).setConstant(0.1);
  expect_as_defined(x, false, 32);
  x.row(1).setZero();
  expect_as_defined(x, false, 32);
}

TEST(Descriptors, AgreeWithTheirDefinitionsOnOneSampleAndAllZeros) {
  Eigen::MatrixXd one(2, 1);
  one << 1.5, -2;
  expect_as_defined(one, false, 32);
  expect_as_defined(Eigen::MatrixXd::Zero(2, 20), false, 32);
  expect_as_defined(Eigen::MatrixXd::Zero(2, 20), true, 32);
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

TEST(Descriptors, SwappingThePairKeepsTheBits) {
  for (const auto set : kSets) {
    const auto cohort = make_cohort({sparse_counts(6, 133, 3)},
                                    config_of_set(set), true, /*compact=*/true);
    for (int a = 0; a < 6; ++a) {
      for (int b = 0; b < 6; ++b) {
        EXPECT_EQ(describe(cohort, a, b), describe(cohort, b, a));
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
  const PairSet pairs{{2, 0, 0}, {2, 2, 1}, {}};
  std::vector<float> out(2 * 2 * kDescriptors, -1);
  descriptor_batch({first, second}, pairs, 1, 2, out.data());
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

TEST(Descriptors, CodetectedPearsonIgnoresSamplesThatMissAGene) {
  Eigen::MatrixXd x(2, 6);
  x << 0, 0, 5, 1, 2, 3,  //
      9, 0, 0, 2, 4, 6;
  EXPECT_NEAR(value_of(describe(make_cohort({x}), 0, 1), "pearson_codetected"),
              1, 1e-5);
  // Constant where both are detected.
  x << 0, 0, 5, 1, 1, 1,  //
      9, 0, 0, 2, 4, 6;
  EXPECT_EQ(value_of(describe(make_cohort({x}), 0, 1), "pearson_codetected"),
            0);
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

float paper_value(const Row& row, const std::string& name) {
  const auto& names = descriptor_names(DescriptorSet::paper);
  const auto at = std::find(names.begin(), names.end(), name) - names.begin();
  return row.at(static_cast<std::size_t>(at));
}

// Lin (1989), Biometrics 45:255 (concordance).
TEST(PaperDescriptors, AgreementOfValuesReadsTheirMeans) {
  Eigen::MatrixXd x = normal_matrix(2, 300, 5);
  x.row(1) = 0.8 * x.row(0) + 0.3 * x.row(1);
  x.row(1).array() += 3;
  const auto cohort =
      make_cohort({x}, config_of_set(DescriptorSet::paper), /*linear=*/false);
  const Row got = describe(cohort, 0, 1);
  const Eigen::ArrayXd a = x.row(0), b = x.row(1);
  const double shift = a.mean() - b.mean();
  const double covariance = ((a - a.mean()) * (b - b.mean())).mean();
  const double variances =
      (a - a.mean()).square().mean() + (b - b.mean()).square().mean();
  EXPECT_NEAR(paper_value(got, "concordance"),
              2 * covariance / (variances + shift * shift), 1e-5);
  EXPECT_NEAR(paper_value(got, "cosine"),
              (a * b).sum() / std::sqrt(a.square().sum() * b.square().sum()),
              1e-5);
  EXPECT_NEAR(paper_value(got, "euclidean_values"),
              std::sqrt((a - b).square().mean()), 1e-4);
}

TEST(PaperDescriptors, DivergencesOfNormalsFollowTheirFormulas) {
  Eigen::MatrixXd x = normal_matrix(2, 400, 3).array() + 8;
  x.row(1) = x.row(1).array() * 0.5 + 2.5;
  const auto moments = [&](int row) {
    const Eigen::ArrayXd values = x.row(row).array();
    const double mean = values.mean();
    return std::pair(mean, (values - mean).square().mean());
  };
  const auto [m1, v1] = moments(0);
  const auto [m2, v2] = moments(1);
  const auto divergence = [](double m, double v, double m_of, double v_of) {
    return std::log(v_of / v) / 2 + (v + (m - m_of) * (m - m_of)) / (2 * v_of) -
           0.5;
  };
  const double one = std::log1p(divergence(m1, v1, m2, v2));
  const double two = std::log1p(divergence(m2, v2, m1, v1));
  const double overlap = std::sqrt(2 * std::sqrt(v1 * v2) / (v1 + v2)) *
                         std::exp(-(m1 - m2) * (m1 - m2) / (4 * (v1 + v2)));
  const auto cohort =
      make_cohort({x}, config_of_set(DescriptorSet::paper), /*linear=*/false);
  const Row got = describe(cohort, 0, 1);
  const auto expect = [&](const std::string& name, double expected) {
    EXPECT_NEAR(paper_value(got, name), expected, 2e-4) << name;
  };
  expect("kl_normal_min", std::min(one, two));
  expect("kl_normal_max", std::max(one, two));
  expect("hellinger_normal", std::sqrt(1 - overlap));
}

}  // namespace
}  // namespace musl
