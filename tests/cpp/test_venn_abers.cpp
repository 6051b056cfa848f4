#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "musl/rng.h"
#include "musl/venn_abers.h"

namespace musl {
namespace {

const double kNaN = std::numeric_limits<double>::quiet_NaN();

/// Max-min formula of isotonic regression, O(n^3), with one pair added.
double slow_value(const CalibrationScores& known, double score, bool is_sl) {
  std::map<double, std::pair<double, double>> groups;  // pairs, positives
  for (const double x : known.sl) groups[x].first += 1, groups[x].second += 1;
  for (const double x : known.non_sl) groups[x].first += 1;
  groups[score].first += 1;
  groups[score].second += is_sl ? 1 : 0;
  std::vector<std::pair<double, double>> step;
  std::size_t at = 0;
  for (const auto& [x, group] : groups) {
    if (x == score) at = step.size();
    step.push_back(group);
  }
  double best = 0;
  for (std::size_t from = 0; from <= at; ++from) {
    double least = 1;
    for (std::size_t to = at; to < step.size(); ++to) {
      double pairs = 0, positives = 0;
      for (std::size_t i = from; i <= to; ++i) {
        pairs += step[i].first;
        positives += step[i].second;
      }
      least = std::min(least, positives / pairs);
    }
    best = std::max(best, least);
  }
  return best;
}

CalibrationScores random_scores(int n, int distinct, std::uint64_t seed) {
  Rng rng(seed);
  CalibrationScores out;
  for (int i = 0; i < n; ++i) {
    const auto s =
        static_cast<double>(rng.below(static_cast<std::uint64_t>(distinct)));
    (rng.uniform() < s / distinct ? out.sl : out.non_sl).push_back(s);
  }
  std::sort(out.sl.begin(), out.sl.end());
  std::sort(out.non_sl.begin(), out.non_sl.end());
  return out;
}

TEST(VennAbers, EndsAreTheIsotonicValuesWithThePairAdded) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    const int n = static_cast<int>(seed % 13) + 1;
    const auto known = random_scores(n, seed % 2 == 0 ? 4 : 20, seed);
    const VennAbers predictor(known);
    for (double score = -1; score <= 21; score += 0.5) {
      const Interval found = predictor.at(score);
      EXPECT_NEAR(found.lower, slow_value(known, score, false), 1e-12);
      EXPECT_NEAR(found.upper, slow_value(known, score, true), 1e-12);
      EXPECT_LT(found.lower, found.upper);
    }
  }
}

TEST(VennAbers, WithoutPairsNothingIsKnown) {
  const Interval found = VennAbers(CalibrationScores{}).at(0);
  EXPECT_EQ(found.lower, 0);
  EXPECT_EQ(found.upper, 1);
}

TEST(VennAbers, OneLabelOrOneScoreGivesTheShareWithThePairAdded) {
  const Interval sl = VennAbers({{0, 0, 0}, {}}).at(0);
  EXPECT_NEAR(sl.lower, 3.0 / 4, 1e-12);
  EXPECT_NEAR(sl.upper, 1, 1e-12);
  const Interval tied = VennAbers({{2, 2}, {2, 2, 2}}).at(2);
  EXPECT_NEAR(tied.lower, 2.0 / 6, 1e-12);
  EXPECT_NEAR(tied.upper, 3.0 / 6, 1e-12);
}

TEST(VennAbers, FewPairsAndMissingScoresGiveNoInterval) {
  ScoresByUnseen scores;
  scores[2] = random_scores(200, 10, 3);
  scores[1] = random_scores(199, 10, 3);
  const auto found = venn_abers(scores, {1, 1, 1, kNaN}, {0, 1, 2, 2});
  EXPECT_TRUE(std::isnan(found[0].lower) && std::isnan(found[0].upper));
  EXPECT_TRUE(std::isnan(found[1].lower));
  EXPECT_FALSE(std::isnan(found[2].lower));
  EXPECT_TRUE(std::isnan(found[3].upper));
}

}  // namespace
}  // namespace musl
