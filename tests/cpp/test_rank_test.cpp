#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "base/rng.h"
#include "dependency/rank_test.h"

namespace musl {
namespace {

const double kNaN = std::numeric_limits<double>::quiet_NaN();
const double kInf = std::numeric_limits<double>::infinity();

TEST(SortRow, LeavesOutWhatIsMissing) {
  const std::vector<double> row = {0.5, kNaN, -kInf, 0.5, kInf, -0.5};
  const SortedRow sorted = sort_row(row.data(), 6);
  EXPECT_EQ(sorted.value, (std::vector<double>{-kInf, -0.5, 0.5, 0.5, kInf}));
  EXPECT_EQ(sorted.sample, (std::vector<std::int32_t>{2, 5, 0, 3, 4}));
}

RankSums sums_of(const std::vector<double>& row,
                 const std::vector<Group>& group) {
  const SortedRow sorted =
      sort_row(row.data(), static_cast<std::int64_t>(row.size()));
  return rank_sums(sorted.value.data(), sorted.sample.data(),
                   static_cast<std::int64_t>(sorted.value.size()),
                   group.data());
}

/// Third central moment of the rank sum over all choices of `n_loss` lines.
double plain_third_moment(const std::vector<double>& row, int n_loss) {
  std::vector<double> sums;
  const int n = static_cast<int>(row.size());
  for (int chosen = 0; chosen < (1 << n); ++chosen) {
    std::vector<Group> group;
    for (int i = 0; i < n; ++i) {
      group.push_back((chosen >> i & 1) != 0 ? kLoss : kRest);
    }
    if (std::count(group.begin(), group.end(), kLoss) != n_loss) continue;
    const RankSums found = sums_of(row, group);
    sums.push_back(static_cast<double>(found.twice_deviation()) / 2);
  }
  double cubes = 0;
  for (const double s : sums) cubes += s * s * s;
  return cubes / static_cast<double>(sums.size());
}

TEST(RankTest, TheThirdMomentIsThatOfAllPermutations) {
  const std::vector<double> row = {-2, 0, 0, 0, -1, 0, 0, -1, 3};
  for (const int n_loss : {1, 3, 4, 7}) {
    std::vector<Group> group(row.size(), kRest);
    std::fill_n(group.begin(), n_loss, kLoss);
    EXPECT_NEAR(rank_sum_third_moment(sums_of(row, group)),
                plain_third_moment(row, n_loss), 1e-10);
  }
  const std::vector<double> few = {0, 0, 1};
  EXPECT_NEAR(rank_sum_third_moment(sums_of(few, {kRest, kRest, kLoss})),
              plain_third_moment(few, 1), 1e-10);
  EXPECT_EQ(rank_sum_third_moment(sums_of({1, 2, 3, 4}, {1, 0, 0, 0})), 0);
  // Of two lines both sums are as likely.
  EXPECT_EQ(rank_sum_third_moment(sums_of({1, 2}, {kLoss, kRest})), 0);
}

/// n lines of which `low` have the value -1 and the others 0; n_loss lost the
/// anchor, `hit` of them among the low ones.
RankSums two_values(int n, int low, int n_loss, int hit) {
  std::vector<double> row;
  std::vector<Group> group;
  for (int i = 0; i < n; ++i) {
    row.push_back(i < low ? -1 : 0);
    const bool lost = i < low ? i < hit : i - low < n_loss - hit;
    group.push_back(lost ? kLoss : kRest);
  }
  return sums_of(row, group);
}

/// The arguments of two_values(), and the p of fewer low lines that R tells.
struct TwoValues {
  int n, low, n_loss, hit;
  double p;

  [[nodiscard]] RankSums sums() const {
    return two_values(n, low, n_loss, hit);
  }
};

// phyper(hit - 1, n_loss, n - n_loss, low, lower.tail = FALSE) of R 4.2.2. The
// normal approximation is 6e-6, 9e-16, 1e-11 and 1e-19 for the first four.
TEST(RankTest, FewLinesBesideACommonValueHaveNearlyTheExactP) {
  const TwoValues cases[] = {{723, 1, 36, 1, 0.049792531},
                             {100, 10, 12, 9, 1.1222214e-9},
                             {723, 10, 87, 8, 1.2005499e-6},
                             {723, 30, 36, 12, 1.5673434e-9},
                             {723, 200, 87, 40, 7.3701526e-5}};
  for (const auto& x : cases) {
    const RankSums sums = x.sums();
    const TailTest test = rank_sum_test(sums, false);
    EXPECT_GT(test.less, x.p / 5);
    EXPECT_LT(test.less, x.p * 200);
    EXPECT_EQ(test.two_sided, 2 * test.less);
  }
}

// Mean, variance and skewness of the rank sum are those of a hypergeometric
// number of low lines, and p is pgamma(k + hits * sqrt(k), k, lower.tail =
// FALSE) of R 4.2.2 with k = 4 / skewness^2 and standardised hits.
TEST(RankTest, TheLongTailIsThatOfAGammaDistribution) {
  const TwoValues cases[] = {{723, 1, 36, 1, 0.01020918049571283},
                             {100, 10, 12, 9, 1.6108534004713726e-07},
                             {723, 10, 87, 8, 6.7747178361672259e-06},
                             {723, 30, 36, 12, 3.5316592244039907e-08},
                             {40, 5, 8, 2, 0.12265274020556274},
                             {723, 200, 87, 31, 0.040797893995955063},
                             {723, 200, 87, 40, 5.5446880098344636e-05},
                             {723, 300, 300, 140, 0.0088384227781471269}};
  for (const auto& x : cases) {
    const RankSums sums = x.sums();
    EXPECT_NEAR(rank_sum_test(sums, false).less / x.p, 1, 1e-8) << x.p;
    StratifiedTest stratified;
    stratified.add(sums);
    EXPECT_NEAR(stratified.test().less / x.p, 1, 1e-8) << x.p;
  }
}

// Of the same gamma distribution .2604, .3328, .3478 and .3570 here: pnorm(-z)
// is larger, with z the standardised hits.
TEST(RankTest, NearTheMiddleTheNormalTailIsTheLarger) {
  const TwoValues cases[] = {{723, 10, 45, 1, 0.30946981510077365},
                             {100, 3, 25, 1, 0.36815184478062768},
                             {1000, 20, 40, 1, 0.40888293342310139},
                             {400, 4, 80, 1, 0.40092824543446215}};
  for (const auto& x : cases) {
    const RankSums sums = x.sums();
    EXPECT_NEAR(rank_sum_test(sums, false).less, x.p, 1e-12);
    EXPECT_NEAR(rank_sum_test(sums, false).two_sided, 2 * x.p, 1e-12);
  }
}

// In the other direction, and on the side of the short tail.
TEST(RankTest, TheLongTailOfTiesIsOnEitherSide) {
  std::vector<double> row(40, 0);
  row[0] = 1;
  std::vector<Group> group(40, kRest);
  group[0] = group[1] = kLoss;
  const TailTest high = rank_sum_test(sums_of(row, group), false);
  EXPECT_GT(high.two_sided, 0.05 / 5);  // by permutation 2 of 40
  EXPECT_GT(high.less, 0.99);
  row[0] = -1;
  EXPECT_EQ(rank_sum_test(sums_of(row, group), false).two_sided,
            high.two_sided);
}

TEST(RankTest, OneLineOfASmallStratumDecidesNothing) {
  StratifiedTest stratified;
  // The only low line is the only one of 58 that lost the anchor: p is 1 / 58,
  // whatever the strata without a low line.
  stratified.add(two_values(58, 1, 1, 1));
  for (int i = 0; i < 9; ++i) stratified.add(two_values(40, 0, 5, 0));
  EXPECT_GT(stratified.test().less, 1.0 / 58 / 10);
  EXPECT_LT(stratified.test().less, 0.1);
}

TEST(RankTest, AConstantRowAndAnEmptyOneHaveNoTest) {
  EXPECT_TRUE(
      std::isnan(rank_sum_test(sums_of({3, 3, 3}, {1, 0, 0}), true).two_sided));
  EXPECT_TRUE(std::isnan(rank_sum_test(sums_of({}, {}), true).less));
  EXPECT_TRUE(std::isnan(StratifiedTest().test().two_sided));
}

TEST(RankTest, OneStratumOfVanElterenIsThePlainTest) {
  const RankSums sums =
      sums_of({1, 2, 2, 5, 2, 3, 4, 6, 7}, {1, 1, 1, 1, 0, 0, 0, 0, 0});
  StratifiedTest stratified;
  stratified.add(sums);
  stratified.add(sums_of({1, 2}, {1, 1}));
  EXPECT_EQ(stratified.n_strata(), 1);
  EXPECT_NEAR(stratified.test().two_sided, rank_sum_test(sums, false).two_sided,
              1e-14);
  EXPECT_NEAR(stratified.test().less, rank_sum_test(sums, false).less, 1e-14);
}

}  // namespace
}  // namespace musl
