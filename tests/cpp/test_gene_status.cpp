#include <gtest/gtest.h>

#include <limits>

#include "musl/error.h"
#include "musl/gene_status.h"

namespace musl {
namespace {

constexpr float kNone = std::numeric_limits<float>::quiet_NaN();

TEST(GeneStatus, FollowsFromShares) {
  const GeneFacts facts{{0.91F, 0.9F, 0.5F, kNone, 0.95F, 0, kNone},
                        {1, 1, kNone, 1, 0, 0.09F, kNone},
                        {1, 1, 1, 1, 1, 1, 0}};
  const std::vector<GeneStatus> expected{
      GeneStatus::lethal_alone, GeneStatus::often_lethal,
      GeneStatus::selective,    GeneStatus::unknown,
      GeneStatus::lethal_alone, GeneStatus::not_expressed,
      GeneStatus::not_judged};
  EXPECT_EQ(gene_status(facts, StatusCuts{}), expected);
  std::vector<int> tiers;
  std::vector<double> handicaps;
  for (const auto status : expected) {
    tiers.push_back(status_tier(status));
    handicaps.push_back(status_handicap(status));
  }
  EXPECT_EQ(tiers, (std::vector<int>{1, 0, 0, 0, 1, 1, 1}));
  EXPECT_EQ(handicaps, (std::vector<double>{0, 0.5, 0, 0, 0, 0, 0}));
}

TEST(GeneStatus, RefusesCutsThatAreNoShares) {
  EXPECT_THROW((void)gene_status({}, {0.5, 0.4, 0.1}), InputError);
  EXPECT_THROW((void)gene_status({}, {0.5, 1.1, 0.1}), InputError);
  EXPECT_THROW((void)gene_status({}, {0, 0.9, 0.1}), InputError);
  EXPECT_THROW((void)gene_status({}, {0.5, 0.9, -1}), InputError);
}

TEST(GeneFacts, KnowWhatAStoreTells) {
  EvidenceStore store;
  store.n_genes = 3;
  store.genes = {{"fitness", "fitness", {-1, kNone, kNone}},
                 {"share", "dependent", {kNone, 0.3F, kNone}}};
  const GeneFacts facts = gene_facts(store);
  EXPECT_EQ(facts.judged, (std::vector<std::uint8_t>{1, 1, 0}));
  EXPECT_FLOAT_EQ(facts.dependent[1], 0.3F);
}

}  // namespace
}  // namespace musl
