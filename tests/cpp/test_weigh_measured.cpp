#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "learners/weigh_measured.h"

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
    out.studies.push_back("s" + std::to_string(s));
    for (std::size_t i = 0; i < screens[s].label.size(); ++i) {
      out.pairs.a.push_back(0);
      out.pairs.b.push_back(static_cast<std::int32_t>(i) + 1);
      out.pairs.label.push_back(screens[s].label[i]);
      out.effect.push_back(screens[s].effect[i]);
      out.study.push_back(static_cast<std::int32_t>(s));
      out.query.push_back(screens[s].query);
    }
  }
  out.line.assign(out.study.size(), -1);
  out.weight.assign(out.study.size(), 1);
  return out;
}

/// Natural rates, without random pairs.
WeighingConfig uncapped() {
  constexpr double kAny = std::numeric_limits<double>::infinity();
  WeighingConfig config;
  config.background = 0;
  config.non_hits_of_pairs = config.non_hits_of_queries = kAny;
  config.most_hits = kAny;
  return config;
}

TrainingRows weighed(const std::vector<Screen>& screens) {
  WeighingConfig config = uncapped();
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

/// A pair 0-1 in three lines, a hit with effect -4 in the last alone, and 0-2,
/// which is none.
MeasuredPairs three_lines(const std::vector<float>& weight) {
  MeasuredPairs out = measured({{{0, 0, 1, 0}, {-1, -1, -4, 0}}});
  out.pairs.b = {1, 1, 1, 2};
  std::copy(weight.begin(), weight.end(), out.weight.begin());
  return out;
}

TEST(WeighMeasured, LinesVoteByTheirWeights) {
  const WeighingConfig config = uncapped();
  const auto label_of_first = [&](const std::vector<float>& weight) {
    MeasuredPairs lines = three_lines(weight);
    // Another hit, so that both classes are there.
    lines.pairs.a.push_back(0);
    lines.pairs.b.push_back(3);
    lines.pairs.label.push_back(1);
    lines.effect.push_back(-3);
    lines.study.push_back(0);
    lines.query.push_back(-1);
    lines.line.push_back(-1);
    lines.weight.push_back(1);
    const TrainingRows rows = weigh_measured(lines, config, 20, 1);
    for (std::size_t i = 0; i < rows.pairs.b.size(); ++i) {
      if (rows.pairs.b[i] == 1) return rows.pairs.label[i];
    }
    return kNone;
  };
  EXPECT_EQ(label_of_first({1, 1, 1}), 0.0F);
  EXPECT_EQ(label_of_first({0.2F, 0.2F, 1}), 1.0F);
  // Half of the weight makes a hit, also of weights that are no binary numbers.
  EXPECT_EQ(label_of_first({0.1F, 0.2F, 0.3F}), 1.0F);
  // A label of weight 0 does not count, whatever it says.
  EXPECT_EQ(label_of_first({0, 0, 1}), 1.0F);
  EXPECT_EQ(label_of_first({1, 1, 0}), 0.0F);
  EXPECT_TRUE(std::isnan(label_of_first({0, 0, 0})));
}

TEST(WeighMeasured, LabelsOfWeightZeroAreAsIfTheyWereNotThere) {
  const WeighingConfig config = uncapped();
  MeasuredPairs with = measured({{{1, 1, 0, 0, 0}, {-5, -2, 0, 1, 0}},
                                 {{1, 1, 1, 1, 0}, {-9, 9, 5, 4, 2}}});
  with.study.assign(with.study.size(), 0);
  std::fill(with.weight.begin() + 5, with.weight.end(), 0.0F);
  const auto found = weigh_measured(with, config, 20, 1);
  const auto expected = weigh_measured(
      measured({{{1, 1, 0, 0, 0}, {-5, -2, 0, 1, 0}}}), config, 20, 1);
  EXPECT_EQ(found.pairs.label, expected.pairs.label);
  EXPECT_EQ(found.weight, expected.weight);
  with.lines = {"line"};
  std::fill(with.line.begin(), with.line.end(), 0);
  const auto rates = partner_rates(with, 20);
  MeasuredPairs alone = measured({{{1, 1, 0, 0, 0}, {-5, -2, 0, 1, 0}}});
  EXPECT_EQ(rates.at(0).log_ratio, partner_rates(alone, 20).at(0).log_ratio);
}

TEST(WeighMeasured, HitsOfAllStudiesWeighAsMuchAsAllNonHits) {
  const auto rows = weighed({{{1, 0, 0, 0, 1}, {kNone, 0, 0, 0, kNone}},
                             {{1, 0, 0}, {kNone, kNone, kNone}}});
  ASSERT_EQ(rows.weight.size(), 8u);
  for (std::size_t i = 0; i < rows.weight.size(); ++i) {
    const bool hit = rows.pairs.label[i] > 0.5F;
    EXPECT_NEAR(rows.weight[i], hit ? 4.0 / 3 : 4.0 / 5, 1e-6) << i;
  }
}

TEST(WeighMeasured, EachQueryOfAStudyIsAGroup) {
  auto pairs = measured({{{1, 0, 0, 1}, {kNone, kNone, kNone, kNone}},
                         {{1, 0, 0, 0}, {kNone, kNone, kNone, kNone}}});
  pairs.query = {7, 7, 8, 8, 7, 7, 7, 7};
  const auto rows = weigh_measured(pairs, {}, 20, 1);
  ASSERT_EQ(rows.group.size(), rows.weight.size());
  for (std::size_t i = 0; i < rows.group.size(); ++i) {
    for (std::size_t j = 0; j < rows.group.size(); ++j) {
      const bool same =
          rows.study[i] == rows.study[j] && rows.query[i] == rows.query[j];
      EXPECT_EQ(rows.group[i] == rows.group[j], same) << i << " " << j;
    }
  }
  EXPECT_EQ(*std::max_element(rows.group.begin(), rows.group.end()), 2);
}

/// Pairs 2 i and 2 i + 1 of 2 n genes, every tenth a hit.
MeasuredPairs library(std::int32_t n, std::int32_t query = -1) {
  MeasuredPairs out;
  out.studies = {"library"};
  for (std::int32_t i = 0; i < n; ++i) {
    out.pairs.a.push_back(2 * i);
    out.pairs.b.push_back(2 * i + 1);
    out.pairs.label.push_back(i % 10 == 0 ? 1.0F : 0.0F);
    out.query.push_back(query < 0 ? -1 : 2 * i);
  }
  out.study.assign(out.query.size(), 0);
  out.line.assign(out.query.size(), -1);
  out.weight.assign(out.query.size(), 1);
  out.effect.assign(out.query.size(), kNone);
  return out;
}

/// Weight of random pairs and of measured ones, by label.
struct Masses {
  double random[2] = {0, 0}, measured[2] = {0, 0};
};

Masses masses(const TrainingRows& rows) {
  Masses out;
  for (std::size_t i = 0; i < rows.weight.size(); ++i) {
    const int hit = rows.pairs.label[i] > 0.5F ? 1 : 0;
    (rows.study[i] < 0 ? out.random : out.measured)[hit] += rows.weight[i];
  }
  return out;
}

TEST(WeighMeasured, RandomPairsHaveTheAssumedShareOfHitsBesideALibrary) {
  const std::int32_t n = 1000;
  WeighingConfig config = uncapped();
  config.background = 2;
  config.background_rate = 0.02;
  const auto rows = weigh_measured(library(n), config, 2 * n, 1);
  const Masses mass = masses(rows);
  // The same factor brings each class to half of the rows, so rates of hits
  // relate as they did before: .1 of 1,000 pairs, .02 of 2,000.
  EXPECT_NEAR(mass.random[1] / mass.measured[1], 0.02 * 2 * n / (0.1 * n),
              1e-3);
  EXPECT_NEAR(mass.random[0] / mass.measured[0], 0.98 * 2 * n / (0.9 * n),
              1e-3);
  EXPECT_NEAR(mass.random[1] + mass.measured[1],
              static_cast<double>(rows.weight.size()) / 2, 1e-2);
}

TEST(WeighMeasured, RandomPairsAreUnmeasuredOnesOfTheSameGenesInGroupsApart) {
  const std::int32_t n = 500;
  const auto measured = library(n);
  const auto rows = weigh_measured(measured, {}, 2 * n, 3);
  const auto known = pair_keys(measured.pairs, 2 * n);
  std::vector<std::int64_t> random[2];
  for (std::size_t i = 0; i < rows.weight.size(); ++i) {
    if (rows.study[i] >= 0) {
      EXPECT_EQ(rows.group[i], 0);
      continue;
    }
    const bool hit = rows.pairs.label[i] > 0.5F;
    EXPECT_EQ(rows.group[i], hit ? 2 : 1);
    EXPECT_LT(rows.pairs.a[i], rows.pairs.b[i]);
    EXPECT_LT(rows.pairs.b[i], 2 * n);
    const auto key = pair_key(rows.pairs.a[i], rows.pairs.b[i], 2 * n);
    EXPECT_FALSE(std::binary_search(known.begin(), known.end(), key));
    random[hit ? 1 : 0].push_back(key);
  }
  EXPECT_EQ(random[0], random[1]);
  EXPECT_EQ(random[0].size(), 5000u);
  auto distinct = random[0];
  std::sort(distinct.begin(), distinct.end());
  EXPECT_EQ(std::unique(distinct.begin(), distinct.end()), distinct.end());
}

TEST(WeighMeasured, NoRandomPairsJoinQueriesOrAScreenThatCrossedItsGenes) {
  const auto by_query = weigh_measured(library(100, 1), {}, 200, 1);
  EXPECT_EQ(by_query.pairs.size(), 100);
  // Fewer than half of the pairs are of queries, then more.
  for (const std::int32_t n_queries : {40, 60}) {
    auto mixed = library(100);
    for (std::int32_t i = 0; i < n_queries; ++i) {
      mixed.query[static_cast<std::size_t>(i)] = 2 * i;
    }
    WeighingConfig config = uncapped();
    config.background = 1;
    const Masses mass = masses(weigh_measured(mixed, config, 200, 1));
    const double random =
        (mass.random[0] / mass.measured[0] * 90) / (1 - 0.0135);
    EXPECT_NEAR(random, std::max(0, 100 - 2 * n_queries), 0.1) << n_queries;
  }
  MeasuredPairs crossed = library(66);
  std::size_t i = 0;
  for (std::int32_t a = 0; a < 12; ++a) {
    for (std::int32_t b = a + 1; b < 12; ++b, ++i) {
      crossed.pairs.a[i] = a;
      crossed.pairs.b[i] = b;
    }
  }
  const auto rows = weigh_measured(crossed, {}, 12, 1);
  EXPECT_EQ(rows.pairs.size(), 66);
}

/// The weight of pair 0-b of a study, over that of its pair with `unit`.
double relative(const TrainingRows& rows, std::int32_t study, std::int32_t b,
                std::int32_t unit) {
  const auto of = [&](std::int32_t partner) {
    for (std::size_t i = 0; i < rows.weight.size(); ++i) {
      if (rows.study[i] == study && rows.pairs.b[i] == partner) {
        return static_cast<double>(rows.weight[i]);
      }
    }
    return 0.0;
  };
  return of(b) / of(unit);
}

TEST(WeighMeasured, HitsWeighWithinTheLeastAndTheMostOfTheirEffects) {
  // Of a median of 1; 0.3 and 3 are the limits.
  const Screen screen{{1, 1, 1, 1, 1, 0},
                      {-0.1F, -0.5F, -1, -2.5F, -10, kNone}};
  const WeighingConfig config = uncapped();
  const auto rows = weigh_measured(measured({screen}), config, 20, 1);
  EXPECT_NEAR(relative(rows, 0, 1, 3), .3, 1e-6);
  EXPECT_NEAR(relative(rows, 0, 2, 3), .5, 1e-6);
  EXPECT_NEAR(relative(rows, 0, 4, 3), 2.5, 1e-6);
  EXPECT_NEAR(relative(rows, 0, 5, 3), 3, 1e-6);
}

TEST(WeighMeasured, RowsWeighTheMeanWeightOfTheirLines) {
  // Pair 0-1 in three lines with effects -4 and -1 and none: their mean by
  // weight is -2. Pair 0-2 is a hit of effect -2, too.
  MeasuredPairs lines =
      measured({{{1, 1, 1, 1, 0, 0}, {-4, -1, kNone, -2, kNone, kNone}}});
  lines.pairs.b = {1, 1, 1, 2, 3, 4};
  lines.weight = {.5F, 1, .6F, 1, .25F, 1};
  const WeighingConfig config = uncapped();
  const auto rows = weigh_measured(lines, config, 20, 1);
  ASSERT_EQ(rows.pairs.b, (std::vector<std::int32_t>{1, 2, 3, 4}));
  EXPECT_NEAR(relative(rows, 0, 1, 2), .7, 1e-6);
  EXPECT_NEAR(relative(rows, 0, 3, 4), .25, 1e-6);
}

TEST(WeighMeasured, RowsOfAPairAreOneInEachStudy) {
  // Pair 0-1 twice in the first study, by two queries; and in the second.
  MeasuredPairs pairs =
      measured({{{1, 0, 1}, {kNone, kNone, kNone}}, {{0, 1}, {kNone, kNone}}});
  pairs.pairs.a = {1, 0, 0, 0, 0};
  pairs.pairs.b = {0, 2, 1, 1, 3};
  pairs.query = {5, 7, 3, 9, 9};
  const WeighingConfig config = uncapped();
  const auto rows = weigh_measured(pairs, config, 20, 1);
  EXPECT_EQ(rows.pairs.a, (std::vector<std::int32_t>{0, 0, 0, 0}));
  EXPECT_EQ(rows.study, (std::vector<std::int32_t>{0, 0, 1, 1}));
  std::vector<std::pair<std::int32_t, std::int32_t>> found;
  for (std::size_t i = 0; i < 4; ++i) {
    found.emplace_back(rows.pairs.b[i], rows.query[i]);
  }
  std::sort(found.begin(), found.begin() + 2);
  std::sort(found.begin() + 2, found.end());
  EXPECT_EQ(found, (std::vector<std::pair<std::int32_t, std::int32_t>>{
                       {1, 3}, {2, 7}, {1, 9}, {3, 9}}));
}

/// A study of `n` non-hits and two hits, and one of a hit and a non-hit.
TrainingRows sampled(int n, std::int64_t most) {
  std::vector<float> label(static_cast<std::size_t>(n), 0);
  label.insert(label.end(), {1, 1});
  const std::vector<float> none(label.size(), kNone);
  WeighingConfig config = uncapped();
  config.most_non_hits = most;
  return weigh_measured(measured({{label, none}, {{1, 0}, {kNone, kNone}}}),
                        config, 200, 3);
}

TEST(WeighMeasured, NonHitsBeyondTheMostAreASampleThatStandsForAll) {
  const auto all = sampled(10, 10);
  EXPECT_EQ(all.pairs.size(), 14);
  EXPECT_EQ(std::count(all.drawn.begin(), all.drawn.end(), 1), 0);
  const auto some = sampled(100, 10);
  ASSERT_EQ(some.pairs.size(), 14);
  std::vector<std::int32_t> partners;
  double of_sample = 0, of_other = 0;
  for (std::size_t i = 0; i < some.weight.size(); ++i) {
    EXPECT_EQ(some.drawn[i], some.study[i] == 0 ? 1 : 0);
    if (some.pairs.label[i] > 0.5F) continue;
    (some.study[i] == 0 ? of_sample : of_other) += some.weight[i];
    if (some.study[i] == 0) partners.push_back(some.pairs.b[i]);
  }
  EXPECT_NEAR(of_sample / of_other, 100, 1e-3);
  EXPECT_TRUE(std::is_sorted(partners.begin(), partners.end()));
  EXPECT_EQ(std::unique(partners.begin(), partners.end()), partners.end());
  EXPECT_EQ(partners.size(), 10u);
}

/// Partners of the drawn non-hits of the first study that has them.
std::vector<std::int32_t> drawn_partners(const MeasuredPairs& pairs) {
  WeighingConfig config = uncapped();
  config.most_non_hits = 10;
  const TrainingRows rows = weigh_measured(pairs, config, 200, 3);
  std::vector<std::int32_t> out;
  for (std::size_t i = 0; i < rows.drawn.size(); ++i) {
    if (rows.drawn[i] != 0 && rows.pairs.label[i] < 0.5F) {
      out.push_back(rows.pairs.b[i]);
    }
  }
  return out;
}

TEST(WeighMeasured, WhichNonHitsAreDrawnDoesNotDependOnOtherStudiesOrPairs) {
  Screen large{std::vector<float>(100, 0), std::vector<float>(100, kNone)};
  large.label[99] = 1;
  const auto drawn = drawn_partners(measured({large}));
  ASSERT_EQ(drawn.size(), 10u);
  const Screen small{{1, 0}, {kNone, kNone}};
  EXPECT_EQ(drawn_partners(measured({small, small, large})), drawn);
  // Without a fifth of the pairs the others that were drawn still are.
  MeasuredPairs fewer = measured({large});
  for (std::size_t i = 0; i < 100; i += 5) fewer.weight[i] = 0;
  const auto again = drawn_partners(fewer);
  ASSERT_EQ(again.size(), 10u);
  for (const std::int32_t partner : drawn) {
    EXPECT_EQ(std::count(again.begin(), again.end(), partner),
              (partner - 1) % 5 == 0 ? 0 : 1);
  }
}

/// Mass of non-hits over that of hits, of a study.
double odds(const TrainingRows& rows, std::int32_t study) {
  double mass[2] = {0, 0};
  for (std::size_t i = 0; i < rows.weight.size(); ++i) {
    if (rows.study[i] != study) continue;
    mass[rows.pairs.label[i] > 0.5F ? 1 : 0] += rows.weight[i];
  }
  return mass[0] / mass[1];
}

/// A study of `hits` hits and `non_hits` other pairs, of genes of its own.
Screen study_of(int hits, int non_hits, std::int32_t query = -1) {
  Screen out;
  out.label.assign(static_cast<std::size_t>(hits), 1);
  out.label.insert(out.label.end(), static_cast<std::size_t>(non_hits), 0);
  out.effect.assign(out.label.size(), kNone);
  out.query = query;
  return out;
}

TEST(WeighMeasured, NonHitsBeyondSomeForEachHitCountLess) {
  WeighingConfig config = uncapped();
  config.non_hits_of_pairs = 8;
  config.non_hits_of_queries = 20;
  // 1:5, 1:30, none of 30, and 1:30 by a query.
  const auto rows =
      weigh_measured(measured({study_of(2, 10), study_of(1, 30),
                               study_of(0, 30), study_of(1, 30, /*query=*/0)}),
                     config, 50, 1);
  EXPECT_NEAR(odds(rows, 1) / odds(rows, 0), 8.0 / 5, 1e-5);
  EXPECT_NEAR(odds(rows, 3) / odds(rows, 0), 20.0 / 5, 1e-5);
  const auto of_first_non_hit = [&](std::int32_t study) {
    for (std::size_t i = 0; i < rows.weight.size(); ++i) {
      if (rows.study[i] == study && rows.pairs.label[i] < 0.5F) {
        return static_cast<double>(rows.weight[i]);
      }
    }
    return 0.0;
  };
  // A study without hits counts like one with a single hit.
  EXPECT_NEAR(of_first_non_hit(2) / of_first_non_hit(0), 8.0 / 30, 1e-5);
}

TEST(WeighMeasured, AStudyWeighsAtMostSoManyHits) {
  WeighingConfig config = uncapped();
  config.most_hits = 5;
  const auto rows = weigh_measured(measured({study_of(20, 20), study_of(5, 5)}),
                                   config, 50, 1);
  double mass[2] = {0, 0};
  for (std::size_t i = 0; i < rows.weight.size(); ++i) {
    mass[rows.study[i]] += rows.weight[i];
  }
  EXPECT_NEAR(mass[0] / mass[1], 1, 1e-5);
}

TEST(WeighMeasured, RefusesScreensOfOneClass) {
  const auto said = [](const std::vector<float>& label) {
    try {
      (void)weighed({{label, {kNone, kNone}}});
    } catch (const InputError& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_EQ(said({1, 0}), "");
  EXPECT_EQ(said({1, 1}),
            "Measured pairs must hold hits and non-hits; there are no "
            "non-hits.");
  EXPECT_EQ(said({0, 0}),
            "Measured pairs must hold hits and non-hits; there are no hits.");
}

TEST(PartnerRates, CountGenesThatAreNotTheQuery) {
  // Query 0 with 1 to 3 in study s0; 1-2 and 2-3 without a query in s1.
  MeasuredPairs pairs;
  pairs.studies = {"s0", "s1"};
  pairs.study = {0, 0, 0, 1, 1};
  pairs.query = {0, 0, 0, -1, -1};
  pairs.pairs.label = {1, 0, 0, 1, 1};
  pairs.weight.assign(5, 1);
  pairs.effect.assign(5, std::nanf(""));
  pairs.pairs.a = {0, 0, 0, 1, 2};
  pairs.pairs.b = {1, 2, 3, 2, 3};
  pairs.lines = {"line", "s1"};
  pairs.line = {0, 0, -1, 1, -1};
  const auto rates = partner_rates(pairs, 5);
  const auto ratio = [](double hits, double n, double rate) {
    return std::log((hits + 10 * rate) / (n + 10) / rate);
  };
  ASSERT_EQ(rates.size(), 3u);  // a name stands for the study of that name
  const std::vector<std::vector<double>> expected{
      {0, ratio(1, 1, 1.0 / 3), ratio(0, 1, 1.0 / 3), ratio(0, 1, 1.0 / 3), 0},
      {0, ratio(1, 1, 1), ratio(2, 2, 1), ratio(1, 1, 1), 0},
      {0, ratio(1, 1, .5), ratio(0, 1, .5), 0, 0}};
  for (std::size_t k = 0; k < 3; ++k) {
    EXPECT_EQ(rates[k].name, (std::vector<std::string>{"s0", "s1", "line"})[k]);
    for (std::size_t g = 0; g < 5; ++g) {
      EXPECT_NEAR(rates[k].log_ratio[g], expected[k][g], 1e-6) << k << " " << g;
    }
  }
  // Without a hit there is no rate to compare with.
  pairs.pairs.label.assign(5, 0);
  EXPECT_EQ(partner_rates(pairs, 5)[0].log_ratio, std::vector<float>(5, 0));
}

}  // namespace
}  // namespace musl
