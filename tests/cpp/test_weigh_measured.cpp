#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "musl/error.h"
#include "musl/measured_model.h"

namespace musl {
namespace {

constexpr float kNone = std::numeric_limits<float>::quiet_NaN();

/// A screen of the pairs 0-1, 0-2, ...: labels and effects one after another.
struct Screen {
  std::vector<float> label, effect;
  std::int32_t query = -1;
};

MeasuredPairs measured(const std::vector<Screen>& screens) {
  MeasuredPairs out;
  for (std::size_t s = 0; s < screens.size(); ++s) {
    out.sources.push_back("s" + std::to_string(s));
    for (std::size_t i = 0; i < screens[s].label.size(); ++i) {
      out.pairs.a.push_back(0);
      out.pairs.b.push_back(static_cast<std::int32_t>(i) + 1);
      out.pairs.label.push_back(screens[s].label[i]);
      out.effect.push_back(screens[s].effect[i]);
      out.source.push_back(static_cast<std::int32_t>(s));
      out.query.push_back(screens[s].query);
    }
  }
  out.context.assign(out.source.size(), -1);
  out.weight.assign(out.source.size(), 1);
  return out;
}

TrainingRows weighed(const std::vector<Screen>& screens) {
  WeighingConfig config;
  config.least_effect = 0.01;
  config.most_effect = 100;
  return weigh_measured(measured(screens), config, 20, 1);
}

/// Weights of the hits by their partner, over that of the partner 1.
std::vector<double> hit_ratios(const TrainingRows& rows) {
  std::vector<std::pair<std::int32_t, double>> hits;
  for (std::size_t i = 0; i < rows.weight.size(); ++i) {
    if (rows.pairs.label[i] > 0.5F) {
      hits.emplace_back(rows.pairs.b[i], rows.weight[i]);
    }
  }
  std::sort(hits.begin(), hits.end());
  std::vector<double> out;
  for (const auto& hit : hits) out.push_back(hit.second / hits[0].second);
  return out;
}

TEST(WeighMeasured, HitsWeighTheirStandardScoreWhereMostNonHitsHaveEffects) {
  // Two of three non-hits tell their effect.
  const auto ratios =
      hit_ratios(weighed({{{1, 1, 0, 0, 0}, {-5, -2, 0, 1, kNone}}}));
  const double mean = (-5 - 2 + 0 + 1) / 4.0;
  ASSERT_EQ(ratios.size(), 2u);
  EXPECT_NEAR(ratios[1], std::abs(-2 - mean) / std::abs(-5 - mean), 1e-6);
}

TEST(WeighMeasured, HitsWeighTheirEffectWhereFewNonHitsHaveOne) {
  // Two of four non-hits do, which is half of them.
  const Screen half{{1, 1, 1, 0, 0, 0, 0},
                    {-1, -4, -2, 0.5, -0.5, kNone, kNone}};
  const auto ratios = hit_ratios(weighed({half}));
  EXPECT_NEAR(ratios[1], 4, 1e-6);
  EXPECT_NEAR(ratios[2], 2, 1e-6);
  // Of a hit without an effect it is that of the median: of -1, -4 and -2.
  const Screen lacking{{1, 1, 1, 1, 0}, {kNone, -1, -4, -2, kNone}};
  const auto by_median = hit_ratios(weighed({lacking}));
  EXPECT_NEAR(by_median[1], 0.5, 1e-6);
  EXPECT_NEAR(by_median[2], 2, 1e-6);
  EXPECT_NEAR(by_median[3], 1, 1e-6);
}

TEST(WeighMeasured, HitsOfAllSourcesWeighAsMuchAsAllNonHits) {
  const auto rows = weighed({{{1, 0, 0, 0, 1}, {kNone, 0, 0, 0, kNone}},
                             {{1, 0, 0}, {kNone, kNone, kNone}}});
  ASSERT_EQ(rows.weight.size(), 8u);
  for (std::size_t i = 0; i < rows.weight.size(); ++i) {
    const bool hit = rows.pairs.label[i] > 0.5F;
    EXPECT_NEAR(rows.weight[i], hit ? 4.0 / 3 : 4.0 / 5, 1e-6) << i;
  }
}

TEST(WeighMeasured, EachQueryOfASourceIsAGroup) {
  auto pairs = measured({{{1, 0, 0, 1}, {kNone, kNone, kNone, kNone}},
                         {{1, 0, 0, 0}, {kNone, kNone, kNone, kNone}}});
  pairs.query = {7, 7, 8, 8, 7, 7, 7, 7};
  const auto rows = weigh_measured(pairs, {}, 20, 1);
  ASSERT_EQ(rows.group.size(), rows.weight.size());
  for (std::size_t i = 0; i < rows.group.size(); ++i) {
    for (std::size_t j = 0; j < rows.group.size(); ++j) {
      const bool same =
          rows.source[i] == rows.source[j] && rows.query[i] == rows.query[j];
      EXPECT_EQ(rows.group[i] == rows.group[j], same) << i << " " << j;
    }
  }
  EXPECT_EQ(*std::max_element(rows.group.begin(), rows.group.end()), 2);
}

}  // namespace
}  // namespace musl
