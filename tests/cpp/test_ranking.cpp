#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <vector>

#include "base/rng.h"
#include "judge/metrics.h"
#include "judge/ranking.h"

namespace musl {
namespace {

using Hits = std::vector<int>;

double discount(std::size_t place) {
  return 1 / std::log2(static_cast<double>(place) + 1);
}

/// The metrics of a list without ties, from their definitions.
RankMetrics plain_metrics(const Hits& hits, std::size_t k) {
  const int positives = std::accumulate(hits.begin(), hits.end(), 0);
  const std::size_t shown = std::min(k, hits.size());
  double gain = 0, ideal = 0, found = 0, precisions = 0;
  for (std::size_t i = 0; i < shown; ++i) {
    gain += hits[i] * discount(i + 1);
    found += hits[i];
    precisions += hits[i] * found / static_cast<double>(i + 1);
  }
  const std::size_t best = std::min(k, static_cast<std::size_t>(positives));
  for (std::size_t i = 0; i < best; ++i) ideal += discount(i + 1);
  return {gain / ideal, found / static_cast<double>(shown), found / positives,
          precisions / static_cast<double>(best)};
}

std::vector<Step> untied(const Hits& hits) {
  std::vector<Step> steps;
  for (const int hit : hits) steps.push_back({1.0 * hit, 1.0 - hit});
  return steps;
}

void expect_same(const RankMetrics& found, const RankMetrics& expected) {
  EXPECT_NEAR(found.ndcg, expected.ndcg, 1e-12);
  EXPECT_NEAR(found.precision, expected.precision, 1e-12);
  EXPECT_NEAR(found.recall, expected.recall, 1e-12);
  EXPECT_NEAR(found.map, expected.map, 1e-12);
}

TEST(Ranking, TiesCountAsTheMeanOverAllTheirOrders) {
  const std::vector<Step> steps = {{1, 0}, {2, 3}, {0, 1}, {1, 1}};
  RankCurve curve;
  rank_curve(steps, 9, &curve);
  for (const std::size_t k : {1, 2, 3, 4, 7, 9}) {
    RankMetrics mean{0, 0, 0, 0};
    double orders = 0;
    Hits second = {0, 0, 0, 1, 1};
    do {
      for (const Hits& last : {Hits{0, 1}, Hits{1, 0}}) {
        Hits hits = {1};
        hits.insert(hits.end(), second.begin(), second.end());
        hits.push_back(0);
        hits.insert(hits.end(), last.begin(), last.end());
        const RankMetrics one = plain_metrics(hits, k);
        mean.ndcg += one.ndcg;
        mean.precision += one.precision;
        mean.recall += one.recall;
        mean.map += one.map;
        ++orders;
      }
    } while (std::next_permutation(second.begin(), second.end()));
    expect_same(rank_metrics(curve, static_cast<std::int64_t>(k)),
                {mean.ndcg / orders, mean.precision / orders,
                 mean.recall / orders, mean.map / orders});
  }
}

TEST(Ranking, ListsHoldEachPairTwiceAndFallInScore) {
  const PairSet pairs{{0, 1, 0, 2}, {1, 2, 2, 4}, {1, 0, 0, std::nanf("")}};
  const ScoreOrder order = order_scores({0.5, 2, 0.5, 1});
  const AnchorLists lists = anchor_lists(pairs, order, 5);
  EXPECT_EQ(lists.start, (std::vector<std::int64_t>{0, 2, 4, 7, 7, 8}));
  EXPECT_EQ(lists.partner, (std::vector<std::int32_t>{1, 2, 2, 0, 1, 4, 0, 2}));
  EXPECT_EQ(lists.step, (std::vector<std::int32_t>{2, 2, 0, 2, 0, 1, 2, 1}));

  std::vector<Step> steps;
  anchor_steps(lists, 0, {}, &steps);
  ASSERT_EQ(steps.size(), 1u);
  EXPECT_EQ(steps[0].positives, 1);
  EXPECT_EQ(steps[0].negatives, 1);
  anchor_steps(lists, 2, {}, &steps);
  EXPECT_EQ(steps.size(), 2u);
  anchor_steps(lists, 2, {3, 0, 1, 1, 2}, &steps);
  ASSERT_EQ(steps.size(), 1u);
  EXPECT_EQ(steps[0].negatives, 3);
  anchor_steps(lists, 3, {}, &steps);
  EXPECT_TRUE(steps.empty());
}

TEST(Ranking, RecallAtAShareIsThatOfItsPlaces) {
  Hits hits(37, 0);
  for (const int i : {0, 2, 3, 9, 20, 36})
    hits[static_cast<std::size_t>(i)] = 1;
  for (const double share : {.001, .013, .02, .1, .25, .5, 1.0}) {
    const auto places = std::max(1L, std::lround(share * 37));
    const double found =
        std::accumulate(hits.begin(), hits.begin() + places, 0.0) / 6;
    EXPECT_DOUBLE_EQ(recall_at_share(untied(hits), share), found) << share;
  }
  // Of tied places each has its part.
  const std::vector<Step> tied = {{1, 1}, {2, 6}, {0, 10}};
  EXPECT_DOUBLE_EQ(recall_at_share(tied, .2), (1 + 2 * 2 / 8.0) / 3);
}

}  // namespace
}  // namespace musl
