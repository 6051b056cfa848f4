#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string>

#include "musl/error.h"
#include "musl/negatives.h"
#include "musl/rng.h"

namespace musl {
namespace {

using Genes = std::vector<std::int32_t>;
using Keys = std::vector<std::int64_t>;

std::set<std::int64_t> keys_of(const PairSet& pairs, std::int64_t n_genes) {
  std::set<std::int64_t> keys;
  for (std::size_t i = 0; i < pairs.a.size(); ++i) {
    keys.insert(pair_key(pairs.a[i], pairs.b[i], n_genes));
  }
  return keys;
}

Genes upto(std::int32_t n) {
  Genes genes;
  for (std::int32_t g = 0; g < n; ++g) genes.push_back(g);
  return genes;
}

// Both ends of every pair, in both lists.
NegativeRequest request(NegativePolicy policy, const PairSet& positives,
                        std::int64_t count, std::int64_t n_genes,
                        std::uint64_t seed = 1) {
  Genes ends = positives.a;
  ends.insert(ends.end(), positives.b.begin(), positives.b.end());
  return {policy, ends,    ends, pair_keys(positives, n_genes),
          count,  n_genes, seed};
}

NegativeRequest random_request(const Genes& ends_a, const Genes& ends_b,
                               std::int64_t count, std::int64_t n_genes,
                               std::uint64_t seed = 1) {
  return {NegativePolicy::random, ends_a, ends_b, {}, count, n_genes, seed};
}

TEST(Negatives, AreDistinctOrderedUnknownAndAllowed) {
  const PairSet positives{{0, 1, 5}, {1, 2, 3}, {1, 1, 1}};
  const Keys excluded = {pair_key(0, 2, 10), pair_key(1, 5, 10)};
  for (const auto policy :
       {NegativePolicy::random, NegativePolicy::degree_matched}) {
    auto asked = request(policy, positives, 5, 10);
    asked.forbidden.insert(asked.forbidden.end(), excluded.begin(),
                           excluded.end());
    const PairSet drawn = sample_negatives(asked);
    ASSERT_EQ(drawn.size(), 5);
    EXPECT_EQ(drawn.label, std::vector<float>(5, 0.0f));
    EXPECT_EQ(keys_of(drawn, 10).size(), 5u);
    for (std::size_t i = 0; i < drawn.a.size(); ++i) {
      EXPECT_LT(drawn.a[i], drawn.b[i]);
    }
    for (const std::int64_t key : keys_of(drawn, 10)) {
      EXPECT_EQ(keys_of(positives, 10).count(key), 0u);
      EXPECT_EQ(std::count(excluded.begin(), excluded.end(), key), 0);
    }
  }
}

TEST(Negatives, TheVeryLastPairsAreFound) {
  const PairSet positives{{0, 1}, {1, 2}, {1, 1}};
  // 4 genes, 6 pairs, 2 known, 1 excluded: 3 are left.
  auto asked = random_request(upto(4), upto(4), 3, 4, 9);
  asked.forbidden = {pair_key(0, 3, 4), pair_key(1, 2, 4), pair_key(0, 1, 4)};
  const PairSet drawn = sample_negatives(asked);
  EXPECT_EQ(keys_of(drawn, 4),
            (std::set<std::int64_t>{pair_key(0, 2, 4), pair_key(1, 3, 4),
                                    pair_key(2, 3, 4)}));
  // Of the ends 0, 1, 2 only 0-2 is left.
  const PairSet matched = sample_negatives(
      request(NegativePolicy::degree_matched, positives, 1, 4));
  EXPECT_EQ(keys_of(matched, 4), (std::set<std::int64_t>{pair_key(0, 2, 4)}));
}

TEST(Negatives, RarePairsAreFoundBesideACliqueOfKnownOnes) {
  // All pairs of 0-199 are known, and 200-0, 201-0: a draw by degree hits one
  // of the 399 free pairs once in ten thousand times.
  PairSet positives;
  for (std::int32_t a = 0; a < 202; ++a) {
    for (std::int32_t b = a + 1; b < 202; ++b) {
      if (b >= 200 && a > 0) continue;
      positives.a.push_back(a);
      positives.b.push_back(b);
    }
  }
  const PairSet drawn = sample_negatives(
      request(NegativePolicy::degree_matched, positives, 399, 202));
  EXPECT_EQ(keys_of(drawn, 202).size(), 399u);
  for (std::size_t i = 0; i < drawn.a.size(); ++i) {
    EXPECT_GT(drawn.a[i], 0);
    EXPECT_LT(drawn.a[i], drawn.b[i]);
    EXPECT_GE(drawn.b[i], 200);
    EXPECT_LT(drawn.b[i], 202);
  }
}

TEST(Negatives, TooFewAreRefusedWithTheirNumber) {
  auto asked = random_request(upto(4), upto(4), 5, 4);
  asked.forbidden = {pair_key(0, 1, 4), pair_key(1, 2, 4)};
  try {
    (void)sample_negatives(asked);
    FAIL() << "five of four pairs were drawn";
  } catch (const InputError& e) {
    EXPECT_NE(std::string(e.what()).find("only 4 exist"), std::string::npos);
  }
  EXPECT_THROW((void)sample_negatives(random_request({}, {}, 1, 4)),
               InputError);
  EXPECT_THROW((void)sample_negatives(random_request({4}, {0}, 0, 4)),
               GeneError);
  EXPECT_THROW((void)sample_negatives(random_request({1}, {0}, -1, 4)),
               InputError);
  EXPECT_EQ(sample_negatives(random_request({}, {}, 0, 4)).size(), 0);
}

TEST(Negatives, ForbiddenPairsOfTwoSidesAreCountedOut) {
  // Six pairs meet, each in one order alone; one of them may not be drawn.
  auto asked = random_request({0, 1}, {2, 3, 4}, 6, 5);
  asked.forbidden = {pair_key(1, 3, 5)};
  EXPECT_THROW((void)sample_negatives(asked), InputError);
  asked.count = 5;
  EXPECT_EQ(keys_of(sample_negatives(asked), 5).size(), 5u);
}

TEST(Negatives, AllThereAreCanBeTakenInstead) {
  auto asked = random_request(upto(4), upto(4), 5, 4);
  asked.forbidden = {pair_key(0, 1, 4), pair_key(1, 2, 4)};
  asked.allow_fewer = true;
  EXPECT_EQ(keys_of(sample_negatives(asked), 4).size(), 4u);
  asked.ends_a.clear();
  EXPECT_EQ(sample_negatives(asked).size(), 0);
}

TEST(Negatives, EndsOfTwoSidesMeet) {
  // One seen (0-2), one unseen (3-5): all 9 cross pairs and no others.
  const PairSet drawn =
      sample_negatives(random_request({0, 1, 2}, {3, 4, 5}, 9, 6, 3));
  for (std::size_t i = 0; i < drawn.a.size(); ++i) {
    EXPECT_LT(drawn.a[i], 3);
    EXPECT_GE(drawn.b[i], 3);
  }
  EXPECT_EQ(keys_of(drawn, 6).size(), 9u);
}

TEST(Negatives, RandomPairsAreEquallyFrequentWhenSidesOverlap) {
  // Sides {0, 1, 2} and {1, 2, 3}: 01 02 03 12 13 23; 12 has two orders.
  std::map<std::int64_t, int> times;
  const int draws = 12000;
  for (int seed = 0; seed < draws; ++seed) {
    const PairSet drawn = sample_negatives(random_request(
        {0, 1, 2}, {1, 2, 3}, 1, 4, static_cast<std::uint64_t>(seed)));
    ++times[pair_key(drawn.a[0], drawn.b[0], 4)];
  }
  ASSERT_EQ(times.size(), 6u);
  // 2,000 expected with a standard deviation of 41.
  for (const auto& item : times) EXPECT_NEAR(item.second, draws / 6, 5 * 41);
}

TEST(Negatives, DegreeMatchedPairsFollowTheProductOfDegrees) {
  // Degrees: 0: 3, 1: 2, 2: 1, 3: 2, 4: 2. Free: 0-4 (6), 1-2 (2), 1-3 (4),
  // 2-3 (2), 2-4 (2).
  const PairSet positives{{0, 0, 0, 3, 1}, {1, 2, 3, 4, 4}, {1, 1, 1, 1, 1}};
  std::map<std::int64_t, int> times;
  const int draws = 16000;
  for (int seed = 0; seed < draws; ++seed) {
    const PairSet drawn =
        sample_negatives(request(NegativePolicy::degree_matched, positives, 1,
                                 5, static_cast<std::uint64_t>(seed)));
    ++times[pair_key(drawn.a[0], drawn.b[0], 5)];
  }
  const std::map<std::int64_t, double> expected = {{pair_key(0, 4, 5), 6.0},
                                                   {pair_key(1, 2, 5), 2.0},
                                                   {pair_key(1, 3, 5), 4.0},
                                                   {pair_key(2, 3, 5), 2.0},
                                                   {pair_key(2, 4, 5), 2.0}};
  ASSERT_EQ(times.size(), expected.size());
  for (const auto& [key, weight] : expected) {
    const double p = weight / 16;
    EXPECT_NEAR(times[key], draws * p, 5 * std::sqrt(draws * p * (1 - p)));
  }
}

TEST(Negatives, KeysOfPairsAscendAndForgetTheOrder) {
  const PairSet pairs{{5, 1, 2}, {2, 0, 5}, {}};
  EXPECT_EQ(pair_keys(pairs, 10), (Keys{1, 25, 25}));
  EXPECT_TRUE(pair_keys({}, 10).empty());
  EXPECT_THROW((void)pair_keys({{0}, {10}, {}}, 10), GeneError);
}

std::vector<int> ends_per_gene(const Genes& ends, std::size_t n_genes) {
  std::vector<int> times(n_genes, 0);
  for (const std::int32_t gene : ends) ++times[static_cast<std::size_t>(gene)];
  return times;
}

Genes both_ends(const PairSet& pairs) {
  Genes ends = pairs.a;
  ends.insert(ends.end(), pairs.b.begin(), pairs.b.end());
  return ends;
}

/// Random pairs of which gene 0 has `hub`.
PairSet hub_pairs(std::int32_t n_genes, std::int32_t hub, std::size_t n,
                  std::uint64_t seed) {
  Rng rng(seed);
  std::set<std::pair<std::int32_t, std::int32_t>> pairs;
  for (std::int32_t g = 1; g <= hub; ++g) pairs.insert({0, g});
  while (pairs.size() < n) {
    const auto a = static_cast<std::int32_t>(rng.below(n_genes));
    const auto b = static_cast<std::int32_t>(rng.below(n_genes));
    if (a < b) pairs.insert({a, b});
  }
  PairSet out;
  for (const auto& [a, b] : pairs) {
    out.a.push_back(a);
    out.b.push_back(b);
  }
  return out;
}

TEST(BalancedNegatives, GiveEachGeneAsManyPairsAsItHas) {
  const PairSet known = hub_pairs(200, 60, 500, 1);
  const Genes ends = both_ends(known);
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    const PairSet drawn =
        balance_negatives(ends, {}, pair_keys(known, 200), 200, seed);
    EXPECT_EQ(drawn.size(), 500);
    EXPECT_EQ(ends_per_gene(both_ends(drawn), 200), ends_per_gene(ends, 200));
    EXPECT_EQ(keys_of(drawn, 200).size(), 500u);
    for (const std::int64_t key : keys_of(known, 200)) {
      EXPECT_EQ(keys_of(drawn, 200).count(key), 0u);
    }
  }
}

TEST(BalancedNegatives, PartnersAreDrawnInProportionToTheirEnds) {
  // Gene 0 has the most ends, and takes three of four partners that have one
  // or two ends each.
  const Genes ends{1, 2, 2, 5, 6, 6};
  const std::map<std::int32_t, double> weight{{1, 1}, {2, 2}, {5, 1}, {6, 2}};
  std::map<std::int32_t, int> left_out;
  constexpr int kDraws = 6000;
  for (std::uint64_t seed = 0; seed < kDraws; ++seed) {
    const PairSet drawn = balance_negatives({0, 0, 0}, ends, {}, 7, seed);
    ASSERT_EQ(drawn.size(), 3);
    std::map<std::int32_t, double> others = weight;
    for (std::size_t i = 0; i < 3; ++i) {
      EXPECT_EQ(drawn.a[i], 0);
      EXPECT_EQ(others.erase(drawn.b[i]), 1u);
    }
    ++left_out[others.begin()->first];
  }
  // Over all orders in which the three others can be drawn.
  for (const auto& [last, its_weight] : weight) {
    Genes order;
    for (const auto& item : weight) {
      if (item.first != last) order.push_back(item.first);
    }
    double p = 0;
    do {
      double all = 6, one = 1;
      for (const std::int32_t gene : order) {
        one *= weight.at(gene) / all;
        all -= weight.at(gene);
      }
      p += one;
    } while (std::next_permutation(order.begin(), order.end()));
    EXPECT_NEAR(left_out[last], kDraws * p, 5 * std::sqrt(kDraws * p * (1 - p)))
        << last << " " << its_weight;
  }
}

TEST(BalancedNegatives, BalanceEitherSideApart) {
  // Genes 0-49 seen, 50-99 not; gene 0 has thirty of the pairs.
  PairSet known;
  Rng rng(2);
  std::set<std::pair<std::int32_t, std::int32_t>> pairs;
  for (std::int32_t g = 0; g < 30; ++g) pairs.insert({0, 50 + g});
  for (std::int32_t g = 30; g < 50; ++g) pairs.insert({g, 50 + g});
  while (pairs.size() < 200) {
    pairs.insert({static_cast<std::int32_t>(1 + rng.below(49)),
                  static_cast<std::int32_t>(50 + rng.below(50))});
  }
  for (const auto& [a, b] : pairs) {
    known.a.push_back(a);
    known.b.push_back(b);
  }
  const PairSet drawn =
      balance_negatives(known.a, known.b, pair_keys(known, 100), 100, 1);
  // Gene 0 has 30 known partners, so 20 genes are left for its 30 ends; the
  // others are placed.
  EXPECT_EQ(drawn.size(), 190);
  const auto got = ends_per_gene(drawn.a, 100);
  const auto wanted = ends_per_gene(known.a, 100);
  EXPECT_EQ(got[0], 20);
  for (std::size_t g = 0; g < 50; ++g) EXPECT_LE(got[g], wanted[g]);
  for (const std::int32_t gene : drawn.b) EXPECT_GE(gene, 50);
}

TEST(BalancedNegatives, TakeWhatThereIs) {
  // A triangle has no other pair; a path of four has three others, each end
  // once.
  const PairSet triangle{{0, 1, 0}, {1, 2, 2}, {}};
  EXPECT_EQ(
      balance_negatives(both_ends(triangle), {}, pair_keys(triangle, 3), 3, 1)
          .size(),
      0);
  const PairSet path{{0, 1, 2}, {1, 2, 3}, {}};
  const PairSet drawn =
      balance_negatives(both_ends(path), {}, pair_keys(path, 4), 4, 1);
  const auto got = ends_per_gene(both_ends(drawn), 4);
  EXPECT_LE(got[0], 1);
  EXPECT_EQ(drawn.size(), 2);
  EXPECT_EQ(balance_negatives({}, {}, {}, 4, 1).size(), 0);
  EXPECT_THROW((void)balance_negatives({4}, {}, {}, 4, 1), GeneError);
}

// Which pairs are placed first decides whether the rest has a place; either way
// the same pairs are the only ones that place all ends.
TEST(BalancedNegatives, BreakUpAPairWhereOthersHaveNoPlace) {
  const auto key = [](std::int32_t a, std::int32_t b) {
    return pair_key(a, b, 4);
  };
  const std::set<std::int64_t> one_pool{key(0, 1), key(2, 3)};
  const std::set<std::int64_t> two_pools{key(0, 3), key(1, 2)};
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    // Only 0 - 1, 2 - 3 and 0 - 2 may be drawn.
    const PairSet one = balance_negatives(
        {0, 1, 2, 3}, {}, {key(0, 3), key(1, 2), key(1, 3)}, 4, seed);
    EXPECT_EQ(keys_of(one, 4), one_pool) << seed;
    // Only 0 - 2, 0 - 3 and 1 - 2.
    const PairSet two = balance_negatives({0, 1}, {2, 3}, {key(1, 3)}, 4, seed);
    EXPECT_EQ(keys_of(two, 4), two_pools) << seed;
    EXPECT_EQ(two.size(), 2) << seed;
  }
}

// 0 has an end more than it can have pairs, beside one of 2.
TEST(BalancedNegatives, NoGeneIsPairedWithItself) {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const PairSet drawn =
        balance_negatives({0, 0, 1, 2}, {}, {pair_key(0, 2, 3)}, 3, seed);
    ASSERT_EQ(drawn.size(), 1) << seed;
    EXPECT_EQ(drawn.a[0], 0) << seed;
    EXPECT_EQ(drawn.b[0], 1) << seed;
  }
}

TEST(BalancedNegatives, DependOnTheSeedAlone) {
  const PairSet known = hub_pairs(60, 10, 100, 3);
  const auto draw = [&](std::uint64_t seed) {
    const PairSet drawn =
        balance_negatives(both_ends(known), {}, pair_keys(known, 60), 60, seed);
    return std::make_pair(drawn.a, drawn.b);
  };
  EXPECT_EQ(draw(1), draw(1));
  EXPECT_NE(draw(1), draw(2));
}

TEST(Negatives, EndsBeyondTheGenesAreRefusedWithTheirRange) {
  auto asked = random_request({0, 5}, {2, 3}, 2, 5);
  try {
    (void)sample_negatives(asked);
    FAIL();
  } catch (const GeneError& e) {
    const std::string what = e.what();
    EXPECT_NE(what.find("index 5 "), std::string::npos) << what;
    EXPECT_NE(what.find("outside 0 to 4."), std::string::npos) << what;
  }
}

}  // namespace
}  // namespace musl
