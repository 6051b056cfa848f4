#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "model/list_order.h"

namespace musl {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

TEST(ListShortlist, TakesTheHighestTiesByPlace) {
  EXPECT_EQ(list_shortlist({1, kNaN, 3, 1, 5}),
            (std::vector<std::size_t>{4, 2, 0, 3}));
  EXPECT_TRUE(list_shortlist({}).empty());
  std::vector<double> many(1000);
  std::iota(many.begin(), many.end(), 0);
  const auto best = list_shortlist(many);
  ASSERT_EQ(best.size(), 300);
  EXPECT_EQ(best.front(), 999);
  EXPECT_EQ(best.back(), 700);
}

TEST(TakeOffMeans, ChangesTheShortlistByAQuarterOfWhatMeansDiffer) {
  std::vector<double> order{3, 2.9, kNaN, 1};
  take_off_means({4, 0, 0, 2}, &order);
  // Means of the shortlist centre at 2.
  EXPECT_DOUBLE_EQ(order[0], 3 - .25 * 2);
  EXPECT_DOUBLE_EQ(order[1], 2.9 + .25 * 2);
  EXPECT_TRUE(std::isnan(order[2]));
  EXPECT_DOUBLE_EQ(order[3], 1);
}

TEST(TakeOffMeans, KeepsOthersBehindTheShortlistInTheirOrder) {
  std::vector<double> order(500), mean(500, 0);
  for (std::size_t i = 0; i < order.size(); ++i) {
    order[i] = -.001 * static_cast<double>(i);
  }
  mean[10] = 8;    // of the shortlist: falls to its end
  mean[400] = -8;  // not of it: unread
  take_off_means(mean, &order);
  const double last = order[10];
  for (std::size_t i = 0; i < 300; ++i) {
    EXPECT_GE(order[i], last) << i;
  }
  for (std::size_t i = 300; i < 500; ++i) {
    EXPECT_LE(order[i], last) << i;
    if (i > 300) EXPECT_LT(order[i], order[i - 1]) << i;
  }
}

TEST(TakeOffMeans, LeavesAListWithoutMeans) {
  std::vector<double> order{3, 1, 2};
  take_off_means({kNaN, kNaN, kNaN}, &order);
  EXPECT_EQ(order, (std::vector<double>{3, 1, 2}));
  std::vector<double> none;
  take_off_means({}, &none);
  EXPECT_TRUE(none.empty());
}

/// 10 a + b; NaN with gene 3.
std::vector<double> tell(const PairSet& pairs) {
  std::vector<double> out;
  for (std::size_t i = 0; i < pairs.a.size(); ++i) {
    const bool unknown = pairs.a[i] == 3 || pairs.b[i] == 3;
    out.push_back(unknown ? kNaN : 10 * pairs.a[i] + pairs.b[i]);
  }
  return out;
}

TEST(MeanScores, LeaveOutTheGeneItselfAndPairsWithoutAScore) {
  const auto mean = mean_scores({0, 1, 3}, {1, 2, 3}, tell);
  ASSERT_EQ(mean.size(), 3);
  EXPECT_EQ(mean[0], 1.5);  // with 1 and 2
  EXPECT_EQ(mean[1], 12);   // with 2
  EXPECT_TRUE(std::isnan(mean[2]));
}

TEST(MeanScores, ReadTheFirstEightOthers) {
  const auto mean =
      mean_scores({0}, {10, 11, 12, 13, 14, 15, 16, 17, 1000}, tell);
  EXPECT_EQ(mean[0], 13.5);
}

TEST(CrossScores, AreRowByRow) {
  const auto scores = cross_scores({2, 1}, {1, 4}, tell);
  ASSERT_EQ(scores.size(), 4);
  EXPECT_EQ(scores[0], 21);
  EXPECT_EQ(scores[1], 24);
  EXPECT_TRUE(std::isnan(scores[2]));
  EXPECT_EQ(scores[3], 14);
}

}  // namespace
}  // namespace musl
