#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "evidence/pair_columns.h"

namespace musl {
namespace {

const float kNaN = std::nanf("");

/// A store with or without a table of paralogs.
EvidenceStore store_of(bool aligned) {
  EvidenceStore out;
  if (aligned) out.paralogs.offset = {0};
  return out;
}

/// One of the columns of these facts.
float scaled(const PairFacts& facts, const std::string& name,
             bool aligned = true) {
  const auto columns = scaled_evidence_columns(store_of(aligned));
  std::vector<float> out(columns.size() + 1, -99);
  write_scaled_evidence(facts, aligned, out.data());
  EXPECT_EQ(out.back(), -99);
  const auto at = std::find_if(
      columns.begin(), columns.end(),
      [&](const auto& column) { return column.name == "evidence:" + name; });
  EXPECT_NE(at, columns.end()) << name;
  return out[static_cast<std::size_t>(at - columns.begin())];
}

/// The column where one of the facts is x and all others are unknown.
struct OfFact {
  float PairFacts::*fact;
  std::string name;
  float operator()(float x) const {
    PairFacts facts;
    facts.*fact = x;
    return scaled(facts, name);
  }
};

TEST(ScaledEvidence, OfNothingKnownIsZero) {
  for (const bool aligned : {false, true}) {
    const auto columns = scaled_evidence_columns(store_of(aligned));
    EXPECT_EQ(columns.size(), aligned ? 18u : 15u);
    std::vector<float> out(columns.size(), -99);
    write_scaled_evidence({}, aligned, out.data());
    EXPECT_EQ(out, std::vector<float>(columns.size(), 0));
    for (const auto& column : columns) {
      EXPECT_TRUE(column.evidence && column.of_pair) << column.name;
      EXPECT_EQ(column.monotone, 0) << column.name;
      EXPECT_EQ(column.name.rfind("evidence:", 0), 0u);
    }
  }
}

TEST(ScaledEvidence, OfFamiliesIsThreeUpToTheirSize) {
  for (const int most : {30, 10, 3}) {
    const OfFact of{&PairFacts::family_smallest,
                    "family_of_" + std::to_string(most)};
    const auto size = static_cast<float>(most);
    EXPECT_EQ(of(1), 3);
    EXPECT_EQ(of(size), 3);
    EXPECT_EQ(of(size + 1), 0);
    EXPECT_EQ(of(9999), 0);
  }
}

TEST(ScaledEvidence, OfSumsOfFamiliesEndsAtOne) {
  const OfFact of{&PairFacts::family_sum, "family_sum"};
  EXPECT_FLOAT_EQ(of(.25F), 1.25F);
  EXPECT_FLOAT_EQ(of(1), 5);
  EXPECT_FLOAT_EQ(of(1.5F), 5);
}

TEST(ScaledEvidence, OfAlikeFamiliesNeedsOneOfAtMostAHundredGenes) {
  const auto of = [](float smallest) {
    PairFacts facts;
    facts.family_jaccard = .5F;
    facts.family_smallest = smallest;
    return scaled(facts, "family_jaccard");
  };
  EXPECT_FLOAT_EQ(of(2), 1.5F);
  EXPECT_FLOAT_EQ(of(100), 1.5F);
  EXPECT_EQ(of(101), 0);
  EXPECT_EQ(of(kNaN), 0);
}

TEST(ScaledEvidence, OfModulesIsTheirNumberAndWhetherOneIsSmall) {
  const OfFact sum{&PairFacts::module_sum, "module_sum"};
  EXPECT_EQ(sum(0), 0);
  EXPECT_EQ(sum(.02F), 0);
  EXPECT_EQ(sum(.021F), 3);
  EXPECT_EQ(sum(2), 3);
  const OfFact shared{&PairFacts::module_shared, "module_shared"};
  EXPECT_FLOAT_EQ(shared(1), std::log(2.0F));
  EXPECT_FLOAT_EQ(shared(5), std::log(6.0F));
  EXPECT_FLOAT_EQ(shared(19), std::log(20.0F));
  EXPECT_FLOAT_EQ(shared(20), 3);  // exp(3) - 1 = 19.09
}

TEST(ScaledEvidence, OfTermsIsWhatExceedsThoseOfManyPairs) {
  const OfFact cosine{&PairFacts::term_cosine, "term_cosine"};
  EXPECT_FLOAT_EQ(cosine(.5F), 1);
  EXPECT_FLOAT_EQ(cosine(1), 4);
  EXPECT_EQ(cosine(-.5F), 0);
  const OfFact largest{&PairFacts::term_max, "term_max"};
  EXPECT_EQ(largest(3), 0);
  EXPECT_FLOAT_EQ(largest(4.5F), .5F);
  EXPECT_FLOAT_EQ(largest(8.5F), 4.5F);
  EXPECT_FLOAT_EQ(largest(9.5F), 5);
  const OfFact sum{&PairFacts::term_sum, "term_sum"};
  EXPECT_EQ(sum(1), 0);
  EXPECT_FLOAT_EQ(sum(9), .7F * (std::log(10.0F) - 1));
  EXPECT_FLOAT_EQ(sum(1000), .7F * (std::log(1001.0F) - 1));
  EXPECT_FLOAT_EQ(sum(1e6F), .7F * 6);
}

TEST(ScaledEvidence, OfANetworkIsSharedNeighboursAndTheEdge) {
  const OfFact shared{&PairFacts::adamic_adar, "adamic_adar"};
  EXPECT_FLOAT_EQ(shared(1), std::log(2.0F));
  EXPECT_FLOAT_EQ(shared(50), std::log(51.0F));
  EXPECT_FLOAT_EQ(shared(54), 4);  // exp(4) - 1 = 53.6
  const OfFact edge{&PairFacts::edge, "edge"};
  EXPECT_FLOAT_EQ(edge(.5F), 1.5F);
  EXPECT_FLOAT_EQ(edge(2), 6);
}

TEST(ScaledEvidence, OfWordsEndsAtThreeFifths) {
  const OfFact of{&PairFacts::words, "word_containment"};
  EXPECT_FLOAT_EQ(of(.5F), 2);
  EXPECT_FLOAT_EQ(of(.6F), 2.4F);
  EXPECT_FLOAT_EQ(of(.7F), 2.4F);
}

TEST(ScaledEvidence, OfCorrelationIsItsSquareIfItIsPositive) {
  const OfFact of{&PairFacts::correlation, "pearson_mean"};
  EXPECT_FLOAT_EQ(of(.5F), .75F);
  EXPECT_FLOAT_EQ(of(.1F), .03F);
  EXPECT_EQ(of(-.5F), 0);
}

TEST(ScaledEvidence, OfExpressedFamiliesNeedsBothGenesExpressed) {
  const auto of = [](float smallest, float expressed) {
    PairFacts facts;
    facts.family_smallest = smallest;
    facts.expressed = expressed;
    return scaled(facts, "expressed_family");
  };
  EXPECT_EQ(of(10, .41F), 3);
  EXPECT_EQ(of(11, .41F), 0);
  EXPECT_EQ(of(10, .4F), 0);
  EXPECT_EQ(of(10, kNaN), 0);
}

TEST(ScaledEvidence, OfParalogsIsTheAlignedShareAndTheirRank) {
  PairFacts facts;
  facts.paralog_identity = .5F;
  EXPECT_EQ(scaled(facts, "paralog_likeness"), 0);
  facts.paralog_coverage = .25F;
  EXPECT_FLOAT_EQ(scaled(facts, "paralog_likeness"), .5F);
  const OfFact rank{&PairFacts::paralog_rank, "closest_paralog"};
  EXPECT_EQ(rank(1), 3);
  EXPECT_EQ(rank(2), 0);
}

TEST(ScaledEvidence, OfTheOnlyParalogNeedsBothGenesExpressed) {
  const auto of = [](float others, float expressed) {
    PairFacts facts;
    facts.other_paralogs = others;
    facts.expressed = expressed;
    return scaled(facts, "only_expressed_paralog");
  };
  EXPECT_EQ(of(0, .41F), 3);
  EXPECT_EQ(of(1, .41F), 0);
  EXPECT_EQ(of(0, .4F), 0);
  EXPECT_EQ(of(kNaN, .41F), 0);
  EXPECT_EQ(of(0, kNaN), 0);
}

}  // namespace
}  // namespace musl
