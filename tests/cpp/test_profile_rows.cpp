// Rows of large cohorts, which are looked up by their steps.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "data/coexpression.h"
#include "expression/descriptors.h"
#include "expression/profile.h"
#include "expression_fixture.h"

namespace musl {
namespace {

using testing::make_cohort;
using testing::normal_matrix;
using testing::sparse_counts;

constexpr int kGenes = 12, kSamples = 90;
constexpr ProfileKind kKinds[] = {ProfileKind::standardised,
                                  ProfileKind::ranked, ProfileKind::biweight};

/// The same values, stored and looked up.
struct Twins {
  ExpressionCohort stored, looked_up;

  explicit Twins(const Eigen::MatrixXd& values, bool linear = true,
                 ExpressionConfig config = {}) {
    stored = make_cohort({values}, config, linear, /*compact=*/true);
    config.most_stored = 0;
    looked_up = make_cohort({values}, config, linear, /*compact=*/true);
  }
};

void expect_same_rows(const ExpressionCohort& stored,
                      const ExpressionCohort& looked_up) {
  ASSERT_EQ(stored.tables, nullptr);
  ASSERT_NE(looked_up.tables, nullptr);
  EXPECT_EQ(looked_up.standardised.size(), 0);
  EXPECT_EQ(looked_up.flags.size(), 0);
  EXPECT_EQ(looked_up.assays[0].codes, stored.assays[0].codes);
  for (std::int64_t row = 0; row < stored.n_rows(); ++row) {
    for (const auto kind : kKinds) {
      EXPECT_EQ(profile_row(looked_up, kind, row),
                profile_row(stored, kind, row));
    }
    const std::uint8_t* found = flag_row(looked_up, row);
    EXPECT_TRUE(
        std::equal(found, found + stored.n_samples, flag_row(stored, row)));
  }
}

TEST(ProfileRows, AreThoseStored) {
  const Twins counts(sparse_counts(kGenes, kSamples, 1));
  expect_same_rows(counts.stored, counts.looked_up);
  const Twins logged(normal_matrix(kGenes, kSamples, 2), /*linear=*/false);
  expect_same_rows(logged.stored, logged.looked_up);
}

TEST(ProfileRows, OfAFileAreThoseStored) {
  const Twins twins(sparse_counts(kGenes, kSamples, 3));
  ExpressionCohort read = twins.looked_up;
  read.tables.reset();
  read.assays[0].codes.resize(0, 0);
  ASSERT_TRUE(read.is_folded());
  unfold_levels(/*threads=*/2, &read);
  EXPECT_FALSE(read.is_folded());
  expect_same_rows(twins.stored, read);
}

TEST(ProfileRows, GiveTheSameDescriptors) {
  for (const auto set : {DescriptorSet::own, DescriptorSet::paper}) {
    ExpressionConfig config;
    config.descriptors = set;
    const Twins twins(sparse_counts(kGenes, kSamples, 8), true, config);
    for (std::int32_t a = 0; a < kGenes; ++a) {
      for (std::int32_t b = 0; b < kGenes; ++b) {
        EXPECT_EQ(describe_pair(twins.looked_up, a, b),
                  describe_pair(twins.stored, a, b));
      }
    }
  }
}

// Sums over blocks of rows round differently.
TEST(ProfileRows, HaveTheSameLeadingVectors) {
  Eigen::MatrixXd values = normal_matrix(200, 150, 10);
  for (int g = 0; g < 200; ++g) {
    values.row(g) +=
        (g % 3 - 1) * 2 * values.row(0) + (g % 5 - 2) * values.row(1);
  }
  const Twins twins(values, /*linear=*/false);
  const auto block = [&](const ExpressionCohort& cohort) {
    std::vector<NodeBlock> blocks;
    add_expression_blocks({cohort}, 2, nullptr, {}, 200, /*seed=*/1,
                          /*threads=*/1, &blocks);
    return blocks[0].values;
  };
  const Matrix found = block(twins.looked_up), plain = block(twins.stored);
  EXPECT_GT(plain.cwiseAbs().maxCoeff(), 1);
  EXPECT_LT((found - plain).cwiseAbs().maxCoeff(), 2e-3);
}

}  // namespace
}  // namespace musl
