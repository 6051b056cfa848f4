#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "dependency/effect_sizes.h"
#include "dependency/rank_test.h"

namespace musl {
namespace {

const double kNone = std::numeric_limits<double>::quiet_NaN();

TEST(EffectSizes, AreThoseOfHedges) {
  // Means 2 and 5; one value is missing, one line is left out.
  const std::vector<double> row = {1, 2, 3, 4, 6, kNone, 9};
  const std::vector<Group> group = {kLoss, kLoss, kLoss,   kRest,
                                    kRest, kRest, kLeftOut};
  const GroupMeans x = group_means(row.data(), 7, group.data(), 2.5, 0);
  EXPECT_DOUBLE_EQ(x.loss, 2);
  EXPECT_DOUBLE_EQ(x.rest, 5);
  EXPECT_DOUBLE_EQ(x.share_loss, 2.0 / 3);
  EXPECT_DOUBLE_EQ(x.share_rest, 0);
  const double spread = std::sqrt((2.0 + 2.0) / 3);
  EXPECT_NEAR(x.hedges_g, -3 / spread * (1 - 3.0 / 11), 1e-12);
  EXPECT_LT(x.g_lower, x.hedges_g);
  EXPECT_NEAR(x.g_upper - x.hedges_g, x.hedges_g - x.g_lower, 1e-12);
  // The floor widens the variance by its square.
  const GroupMeans wide = group_means(row.data(), 7, group.data(), 2.5, 1);
  EXPECT_NEAR(wide.hedges_g, -3 / std::sqrt(4.0 / 3 + 1) * (1 - 3.0 / 11),
              1e-12);
}

TEST(EffectSizes, AdjustByWhatCovariatesExplain) {
  // y = 3 covariate - 2 loss, in one gene without a value of two lines.
  const std::vector<Group> group = {kLoss, kRest, kLoss, kRest,
                                    kRest, kLoss, kRest, kLeftOut};
  Eigen::MatrixXd covariates(8, 3), values(2, 8);
  const std::vector<double> covariate = {1, 2, 4, 3, 1, 2, 5, 9};
  for (Eigen::Index i = 0; i < 8; ++i) {
    const auto k = static_cast<std::size_t>(i);
    // The third column is the second one again.
    covariates.row(i) << 1, covariate[k], 2 * covariate[k];
    const double y = 3 * covariate[k] - (group[k] == kLoss ? 2 : 0);
    values.col(i) << y, y;
  }
  values(1, 2) = values(1, 3) = kNone;
  const auto found = adjusted_differences({values.data(), 2, 8}, group,
                                          {covariates.data(), 8, 3}, .1, 1);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_NEAR(found[0].value, -2, 1e-9);
  EXPECT_NEAR(found[1].value, -2, 1e-9);
  EXPECT_DOUBLE_EQ(found[0].df, 4);
  EXPECT_DOUBLE_EQ(found[1].df, 2);
  EXPECT_GT(found[0].error, 0);
}

TEST(EffectSizes, OfALossThatCovariatesExplainIsUnknown) {
  const std::vector<Group> group = {kLoss, kRest, kLoss, kRest, kRest};
  Eigen::MatrixXd covariates(5, 2), values(1, 5);
  for (Eigen::Index i = 0; i < 5; ++i) {
    covariates.row(i) << 1, group[static_cast<std::size_t>(i)] == kLoss ? 1 : 0;
    values(0, i) = static_cast<double>(i);
  }
  const auto found = adjusted_differences({values.data(), 1, 5}, group,
                                          {covariates.data(), 5, 2}, 0, 1);
  EXPECT_TRUE(std::isnan(found[0].value));
}

}  // namespace
}  // namespace musl
