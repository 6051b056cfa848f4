#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "musl/error.h"
#include "musl/intervals.h"
#include "musl/rng.h"
#include "musl/screen_compare.h"

namespace musl {
namespace {

const double kNaN = std::numeric_limits<double>::quiet_NaN();

ScreenedRanking random_ranking(int n) {
  Rng rng(3);
  ScreenedRanking out;
  for (int i = 0; i < n; ++i) {
    const double truth = rng.normal();
    out.score.push_back(std::round((truth + rng.normal()) * 4));
    out.strength.push_back(std::round((truth + rng.normal()) * 4));
    out.hit.push_back(out.strength.back() > 4 ? 1.0f : 0.0f);
  }
  return out;
}

/// Each row as often as it was drawn.
ScreenedRanking repeated(const ScreenedRanking& ranking,
                         const std::vector<std::int32_t>& times) {
  ScreenedRanking out;
  for (std::size_t i = 0; i < times.size(); ++i) {
    for (int t = 0; t < times[i]; ++t) {
      out.score.push_back(ranking.score[i]);
      out.strength.push_back(ranking.strength[i]);
      out.hit.push_back(ranking.hit[i]);
    }
  }
  return out;
}

/// Ranks by counting, then the plain formula.
double plain_spearman(const ScreenedRanking& ranking) {
  const auto ranks = [](const std::vector<double>& x) {
    std::vector<double> out;
    for (const double value : x) {
      double rank = 0.5;
      for (const double other : x) {
        rank += other < value ? 1 : other == value ? 0.5 : 0;
      }
      out.push_back(rank);
    }
    return out;
  };
  const auto a = ranks(ranking.score), b = ranks(ranking.strength);
  const double mean = (static_cast<double>(a.size()) + 1) / 2;
  double aa = 0, bb = 0, ab = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    aa += (a[i] - mean) * (a[i] - mean);
    bb += (b[i] - mean) * (b[i] - mean);
    ab += (a[i] - mean) * (b[i] - mean);
  }
  return ab / std::sqrt(aa * bb);
}

TEST(ScreenJudge, SpearmanIsThePearsonCorrelationOfRanks) {
  const ScreenedRanking ranking = random_ranking(60);
  const ScreenAgreement out = ScreenJudge(ranking, {10}).measure();
  EXPECT_NEAR(out.spearman, plain_spearman(ranking), 1e-13);
  EXPECT_NEAR(out.auroc, auroc(ranking.score, ranking.hit), 1e-15);
}

TEST(ScreenJudge, AMultiplicityIsWhatRepeatedRowsGive) {
  const ScreenedRanking ranking = random_ranking(50);
  const ScreenJudge judge(ranking, {5, 20});
  for (std::int64_t replicate = 0; replicate < 5; ++replicate) {
    const auto times = gene_multiplicity(50, 9, replicate);
    const ScreenAgreement drawn = judge.measure(times);
    const ScreenAgreement rows =
        ScreenJudge(repeated(ranking, times), {5, 20}).measure();
    EXPECT_NEAR(drawn.auroc, rows.auroc, 1e-13);
    EXPECT_NEAR(drawn.auprc, rows.auprc, 1e-13);
    EXPECT_NEAR(drawn.spearman, rows.spearman, 1e-13);
    EXPECT_NEAR(drawn.enrichment[0], rows.enrichment[0], 1e-13);
    EXPECT_NEAR(drawn.enrichment[1], rows.enrichment[1], 1e-13);
  }
}

TEST(ScreenJudge, CountsHitsAmongTheFirst) {
  const ScreenJudge judge({{4, 3, 2, 1}, {1, 2, 3, 4}, {1, 0, 1, 0}},
                          {1, 3, 9});
  const ScreenAgreement out = judge.measure();
  EXPECT_EQ(out.hits, (std::vector<double>{1, 2, 2}));
  EXPECT_NEAR(out.enrichment[0], 2, 1e-15);
  EXPECT_NEAR(out.enrichment[1], 4.0 / 3, 1e-15);
  EXPECT_NEAR(out.enrichment[2], 1, 1e-15);
  EXPECT_NEAR(out.spearman, -1, 1e-15);
}

TEST(ScreenJudge, TiesShareTheirHits) {
  const ScreenJudge judge({{1, 1, 1, 1}, {1, 2, 3, 4}, {1, 1, 0, 0}}, {1});
  const ScreenAgreement out = judge.measure();
  EXPECT_NEAR(out.hits[0], 0.5, 1e-15);
  EXPECT_NEAR(out.auroc, 0.5, 1e-15);
  EXPECT_TRUE(std::isnan(out.spearman));
}

TEST(ScreenJudge, JointWeighsBothRankingsAlike) {
  // Places 1/8, 3/8, 5/8, 7/8 from the best; quantiles of the standard normal.
  constexpr double kHigh = 1.1503493803760079, kLow = 0.31863936396437515;
  const ScreenJudge judge({{40, 3, 2, 1}, {2, 1, 1, 9}, {1, 0, 1, 0}}, {1});
  const auto joint = judge.joint();
  const double root = std::sqrt(2.0);
  ASSERT_EQ(joint.size(), 4u);
  EXPECT_NEAR(joint[0], (kHigh + kLow) / root, 1e-9);
  // Two that tie share the place 3/4.
  constexpr double kTied = -0.67448975019608171;
  EXPECT_NEAR(joint[1], (kLow + kTied) / root, 1e-9);
  EXPECT_NEAR(joint[2], (-kLow + kTied) / root, 1e-9);
  EXPECT_NEAR(joint[3], 0, 1e-9);
}

TEST(ScreenJudge, WithoutHitsThereIsNoEnrichment) {
  const ScreenAgreement out =
      ScreenJudge({{2, 1}, {1, 2}, {0, 0}}, {1}).measure();
  EXPECT_TRUE(std::isnan(out.auroc));
  EXPECT_TRUE(std::isnan(out.enrichment[0]));
  EXPECT_NEAR(out.spearman, -1, 1e-15);
}

TEST(ScreenJudge, RefusesWhatIsNoRanking) {
  EXPECT_THROW(ScreenJudge({{1}, {1, 2}, {0}}, {1}), ShapeError);
  EXPECT_THROW(ScreenJudge({{1}, {1}, {0.5f}}, {1}), InputError);
  EXPECT_THROW(ScreenJudge({{kNaN}, {1}, {0}}, {1}), InputError);
  EXPECT_THROW(ScreenJudge({{1}, {1}, {0}}, {0}), InputError);
}

TEST(ScreenJudge, BootstrapsAreTheSameOnAnyNumberOfThreads) {
  const ScreenJudge judge(random_ranking(40), {5});
  const auto one = bootstrap_agreement(judge, 20, 4, 1);
  EXPECT_EQ(one, bootstrap_agreement(judge, 20, 4, 3));
  ASSERT_EQ(one.size(), 80u);
  const ScreenAgreement first = judge.measure(gene_multiplicity(40, 4, 1));
  EXPECT_EQ(one[4], first.auroc);
  EXPECT_EQ(one[7], first.enrichment[0]);
}

TEST(Hypergeometric, SumsOverTheTail) {
  // Of 5 genes with 2 hits, 2 drawn: 3, 6 and 1 of 10 draws.
  const Hypergeometric chance{5, 2, 2};
  EXPECT_NEAR(chance.upper_tail(0), 1, 1e-12);
  EXPECT_NEAR(chance.upper_tail(1), 0.7, 1e-12);
  EXPECT_NEAR(chance.upper_tail(2), 0.1, 1e-12);
  EXPECT_EQ(chance.upper_tail(3), 0);
  EXPECT_EQ(chance.quantile(0.3), 0);
  EXPECT_EQ(chance.quantile(0.31), 1);
  EXPECT_EQ(chance.quantile(0.95), 2);
  EXPECT_NEAR((Hypergeometric{4, 4, 2}.upper_tail(2)), 1, 1e-12);
  EXPECT_EQ((Hypergeometric{4, 4, 2}.quantile(0.01)), 2);
}

}  // namespace
}  // namespace musl
