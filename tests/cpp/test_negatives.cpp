#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <set>
#include <string>

#include "base/error.h"
#include "data/negatives.h"

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

}  // namespace
}  // namespace musl
