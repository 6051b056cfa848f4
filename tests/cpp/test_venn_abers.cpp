#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "base/rng.h"
#include "judge/calibration.h"
#include "judge/venn_abers.h"

namespace musl {
namespace {

const double kNaN = std::numeric_limits<double>::quiet_NaN();

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

/// Calibration pairs with one unseen gene: n_sl and n_non_sl normal scores,
/// rounded to halves where ties are wanted.
ScoresByUnseen random_unseen(int n_sl, int n_non_sl, bool ties,
                             std::uint64_t seed) {
  Rng rng(seed);
  const auto draw = [&](double mean) {
    const double x = mean + rng.normal();
    return ties ? std::round(2 * x) / 2 : x;
  };
  ScoresByUnseen out;
  for (int i = 0; i < n_sl; ++i) out[1].sl.push_back(draw(1));
  for (int i = 0; i < n_non_sl; ++i) out[1].non_sl.push_back(draw(0));
  std::sort(out[1].sl.begin(), out[1].sl.end());
  std::sort(out[1].non_sl.begin(), out[1].non_sl.end());
  return out;
}

TEST(Conformal, PValuesCountPairsThatAreAsOddOrOdder) {
  for (const bool ties : {false, true}) {
    const auto scores = random_unseen(150, 120, ties, 1);
    for (double s = -3; s <= 3; s += 0.5) {
      double low = 1, high = 1;
      for (const double x : scores[1].sl) low += x <= s ? 1 : 0;
      for (const double x : scores[1].non_sl) high += x >= s ? 1 : 0;
      const auto p = conformal_p_values(scores, {s}, {1});
      EXPECT_DOUBLE_EQ(p.sl[0], low / 151);
      EXPECT_DOUBLE_EQ(p.non_sl[0], high / 121);
    }
  }
}

TEST(Conformal, FewPairsAndMissingScoresGiveNoPValue) {
  auto scores = random_unseen(100, 100, false, 2);
  const auto p = conformal_p_values(scores, {0, 0, kNaN}, {0, 1, 1});
  EXPECT_TRUE(std::isnan(p.sl[0]));
  EXPECT_TRUE(std::isnan(p.non_sl[0]));
  EXPECT_FALSE(std::isnan(p.sl[1]));
  EXPECT_TRUE(std::isnan(p.sl[2]));
  scores[1].sl.pop_back();
  EXPECT_TRUE(std::isnan(conformal_p_values(scores, {0}, {1}).non_sl[0]));
  EXPECT_TRUE(conformal_p_values(scores, {}, {}).sl.empty());
}

TEST(Conformal, ALabelWithoutCalibrationPairsIsAlwaysPlausible) {
  const auto scores = random_unseen(0, 300, false, 3);
  EXPECT_EQ(conformal_p_values(scores, {-50}, {1}).sl[0], 1);
  EXPECT_EQ(conformal_p_values(scores, {50}, {1}).non_sl[0], 1.0 / 301);
}

}  // namespace
}  // namespace musl
