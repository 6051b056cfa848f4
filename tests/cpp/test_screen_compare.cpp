#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include "base/error.h"
#include "base/rng.h"
#include "dependency/screen_compare.h"
#include "judge/intervals.h"

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

TEST(ScreenJudge, RefusesWhatIsNoRanking) {
  EXPECT_THROW(ScreenJudge({{kNaN}, {1}, {0}}, {1}), InputError);
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

}  // namespace
}  // namespace musl
