#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "features/evidence.h"
#include "features/gene_facts.h"
#include "features/place_candidates.h"
#include "store/gene_sets.h"

namespace musl {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr float kNoShare = std::numeric_limits<float>::quiet_NaN();

/// Genes 0 to 3 are selective, 4 and 5 lethal alone, 6 is often lethal.
GeneFacts some_facts() {
  return {{0, 0, 0, 0, 1, 1, .6F},
          std::vector<float>(7, 1),
          std::vector<std::uint8_t>(7, 1)};
}

/// Genes 1 to 6 as candidates of one anchor, by falling order.
Candidates some_candidates() {
  Candidates x;
  x.list.assign(6, 1);
  x.gene = {1, 2, 3, 4, 5, 6};
  x.order = {5, 4, 3, 2, 1, .2};
  x.hit.assign(6, 0);
  return x;
}

PairDifference difference(std::int64_t row, float z, float altered,
                          float other) {
  PairDifference x;
  x.row = row;
  x.n_lines = 100;
  x.z = z;
  x.effect_size = z < 0 ? -1.F : 1.F;
  x.altered = altered;
  x.other = other;
  return x;
}

TEST(PlaceCandidates, RanksByTierThenByOrder) {
  const Candidates x = some_candidates();
  const Placement found = place_candidates(x, some_facts(), {}, {});
  EXPECT_EQ(found.tier, (std::vector<int>{0, 0, 0, 1, 1, 0}));
  EXPECT_EQ(found.rank, (std::vector<std::int32_t>{1, 2, 3, 5, 6, 4}));
  EXPECT_EQ(status_kind(found.status[3]).name, "lethal_alone");
  EXPECT_EQ(status_kind(found.status[5]).name, "often_lethal");
  PlaceConfig config;
  config.lethal = LethalPlace::drop;
  EXPECT_EQ(place_candidates(x, some_facts(), {}, config).rank,
            (std::vector<std::int32_t>{1, 2, 3, 0, 0, 4}));
  config.lethal = LethalPlace::rank;
  EXPECT_EQ(place_candidates(x, some_facts(), {}, config).rank,
            (std::vector<std::int32_t>{1, 2, 3, 4, 5, 6}));
}

TEST(PlaceCandidates, GivesOddsWhoseUsualMeanIsOne) {
  const Placement found =
      place_candidates(some_candidates(), some_facts(), {}, {});
  const auto& odds = found.ratio;
  EXPECT_NEAR((odds[0] + odds[1] + odds[2] + odds[5]) / 4, 1, 1e-12);
  EXPECT_NEAR(odds[0] / odds[2], std::exp(2.0), 1e-9);  // odds of logits
  EXPECT_NEAR(odds[3] / odds[4], std::exp(1.0), 1e-9);
  EXPECT_NEAR(odds[3], .99 * odds[5], 1e-12);  // below all others
}

TEST(PlaceCandidates, LowersTheOrderOfGenesThatAreOftenLethal) {
  PlaceConfig config;
  config.combined = true;
  const Placement found =
      place_candidates(some_candidates(), some_facts(), {}, config);
  EXPECT_NEAR(found.order[5], .2 - .5, 1e-12);
  EXPECT_EQ(found.order[0], 5);
}

TEST(PlaceCandidates, ListsNoCandidateWithoutAScoreAndNothingWithoutFacts) {
  Candidates x = some_candidates();
  x.order[1] = kNone;
  x.gene[2] = -1;
  const Placement found = place_candidates(x, some_facts(), {}, {});
  EXPECT_EQ(found.rank[1], 0);
  EXPECT_TRUE(std::isnan(found.ratio[1]));
  EXPECT_EQ(found.status[2], 0);
  const Placement bare = place_candidates(x, {}, {}, {});
  EXPECT_EQ(bare.tier, std::vector<int>(6, 0));
}

TEST(PlaceCandidates, RanksHitsAndCloseTwinsThatAreLethal) {
  Candidates x = some_candidates();
  x.hit[4] = 1;
  EXPECT_EQ(place_candidates(x, some_facts(), {}, {}).tier,
            (std::vector<int>{0, 0, 0, 1, 0, 0}));
  x.hit[4] = 0;
  // Of a larger family the first alone.
  x.twins = {kNone, kNone, kNone, 9, 9, kNone};
  EXPECT_EQ(place_candidates(x, some_facts(), {}, {}).tier,
            (std::vector<int>{0, 0, 0, 0, 1, 0}));
  x.twins = {kNone, kNone, kNone, 2, 4, kNone};
  EXPECT_EQ(place_candidates(x, some_facts(), {}, {}).tier,
            std::vector<int>(6, 0));
}

TEST(PlaceCandidates, KeepsListsApart) {
  Candidates x = some_candidates();
  x.list = {1, 2, 1, 2, 1, 2};
  const Placement found = place_candidates(x, some_facts(), {}, {});
  EXPECT_EQ(found.rank, (std::vector<std::int32_t>{1, 1, 2, 3, 3, 2}));
}

TEST(PlaceCandidates, FollowsWhatLinesTell) {
  KnownDifferences known;
  known.found = {difference(0, 8, 0, -.5F), difference(3, -8, -1, 0),
                 difference(2, -8, -1, 0)};
  known.significant = {-1, -1, 1};
  known.fdr = {kNone, kNone, .001};
  PlaceConfig config;
  config.combined = true;
  const Placement found =
      place_candidates(some_candidates(), some_facts(), known, config);
  EXPECT_EQ(found.direction, (std::vector<Direction>{Direction::needed_less,
                                                     Direction::needed_more,
                                                     Direction::needed_more}));
  EXPECT_EQ(status_kind(found.status[0]).name, "rescued");
  // Rescued last, lethal but needed more among the others, tested first.
  EXPECT_EQ(found.tier, (std::vector<int>{1, 0, -1, 0, 1, 0}));
  EXPECT_EQ(found.rank[2], 1);
  EXPECT_NEAR(found.order[3], 2 + direction_bonus(known.found[1]), 1e-12);
  EXPECT_GT(found.ratio[2], found.ratio[3]);
}

TEST(CloseTwins, AreAlignedOrShareAllFamilies) {
  EvidenceInput input;
  input.n_genes = 7;
  // Genes 0, 4 and 1 have the same families, 5 has one of them.
  input.part<SetInputs>().families = {
      {0, 0, 1, 1, 4, 4, 5}, {0, 1, 0, 1, 0, 1, 0}, {0, 0}, {"family"}};
  const GeneStore store = make_evidence_store(input, 1, 1);
  GeneFacts facts = some_facts();
  const PairSet pairs{{0, 0, 0}, {4, 5, 1}, {}};
  const auto twins = close_twins(store, pairs, facts);
  EXPECT_EQ(twins[0], 3);
  EXPECT_TRUE(std::isnan(twins[1]));
  EXPECT_TRUE(std::isnan(twins[2]));  // cells can lose it
  facts.expressed[0] = kNoShare;
  EXPECT_EQ(close_twins(store, pairs, facts)[0], 3);
}

}  // namespace
}  // namespace musl
