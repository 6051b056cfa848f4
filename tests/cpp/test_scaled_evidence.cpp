#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <string>
#include <vector>

#include "expression_fixture.h"
#include "features/feature_group.h"
#include "musl/rng.h"

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

/// Thirty genes with random inputs of every kind, among many with annotation.
EvidenceStore random_store() {
  constexpr std::int32_t kGenes = 30;
  Rng rng(4);
  EvidenceInput input;
  input.n_genes = kGenes;
  const auto add_sets = [&](std::int32_t n_sets, int members,
                            GeneSetsInput* sets) {
    for (std::int32_t set = 0; set < n_sets; ++set) {
      for (int i = 0; i < members; ++i) {
        sets->gene.push_back(static_cast<std::int32_t>(rng.below(kGenes)));
        sets->set.push_back(set);
      }
      sets->branch_of_set.push_back(0);
    }
    sets->branches = {"all"};
  };
  add_sets(60, 4, &input.terms);
  add_sets(12, 4, &input.families);
  add_sets(20, 5, &input.modules);
  // Others, in a term of their own.
  input.terms.branch_of_set.push_back(0);
  for (std::int32_t g = kGenes; g < 1500; ++g) {
    input.terms.gene.push_back(g);
    input.terms.set.push_back(60);
  }
  for (std::int32_t a = 0; a < kGenes; ++a) {
    std::string protein;
    for (int i = 0; i < 30; ++i) protein += "AC"[rng.below(2)];
    input.sequences.push_back(protein);
    for (std::int32_t b = a + 1; b < kGenes; ++b) {
      if (rng.below(4) > 0) continue;
      input.edge_from.push_back(a);
      input.edge_to.push_back(b);
      input.edge_weight.push_back(static_cast<float>(rng.uniform() + .1));
      if (rng.below(4) > 0) continue;
      input.paralogs.a.push_back(a);
      input.paralogs.b.push_back(b);
      for (auto* x : {&input.paralogs.identity, &input.paralogs.coverage,
                      &input.paralogs.score}) {
        x->push_back(static_cast<float>(rng.uniform()));
      }
    }
  }
  input.paralogs.searched.assign(kGenes, 1);
  GeneColumn level{"tissue", "expression", {}};
  for (std::int32_t g = 0; g < kGenes; ++g) {
    level.value.push_back(static_cast<float>(rng.normal()));
  }
  input.genes = {level};
  const Eigen::MatrixXd values = testing::normal_matrix(kGenes, 9, 5);
  std::vector<std::int32_t> genes(kGenes);
  std::iota(genes.begin(), genes.end(), 0);
  input.cohorts.push_back(
      {"a", {AssayView(values.data(), kGenes, 9)}, genes, false});
  return make_evidence_store(input, 1, 1);
}

TEST(ScaledEvidence, IsOfTheColumnsOfTheSamePair) {
  const EvidenceStore store = random_store();
  const auto columns = evidence_columns(store);
  PairSet pairs;
  for (std::int32_t a = 0; a < 30; ++a) {
    for (std::int32_t b = 0; b < a; ++b) {
      pairs.a.push_back(a);
      pairs.b.push_back(b);
    }
  }
  const Matrix x = pair_evidence(store, pairs, 1);
  // Which of two values a column has makes a difference only where both occur.
  int n_terms = 0, n_only = 0, n_closest = 0;
  for (Eigen::Index i = 0; i < x.rows(); ++i) {
    std::map<std::string, float> of;
    for (std::size_t j = 0; j < columns.size(); ++j) {
      of[columns[j].name] = x(i, static_cast<Eigen::Index>(j));
    }
    PairFacts facts;
    facts.adamic_adar = of["adamic_adar"];
    facts.edge = of["edge"];
    facts.term_cosine = of["term_cosine"];
    facts.term_sum = of["term_sum"];
    facts.term_max = of["term_max"];
    facts.family_smallest = of["family_smallest"];
    facts.family_sum = of["family_sum"];
    facts.family_jaccard = of["family_jaccard"];
    facts.module_shared = of["module_shared"];
    facts.module_sum = of["module_sum"];
    facts.words = of["word_containment"];
    facts.paralog_identity = of["paralog_identity"];
    facts.paralog_coverage = of["paralog_coverage"];
    facts.paralog_rank = of["paralog_rank_worst"];
    const bool aligned = of["paralog_rank_best"] < 9999;
    if (aligned) facts.other_paralogs = of["other_expressed_paralogs_min"];
    facts.correlation = of["pearson_mean"];
    facts.expressed = of["percentile_mean_min"];
    std::vector<float> expected(18);
    write_scaled_evidence(facts, /*aligned=*/true, expected.data());
    for (std::size_t k = 0; k < 18; ++k) {
      const auto j = columns.size() - 18 + k;
      EXPECT_EQ(x(i, static_cast<Eigen::Index>(j)), expected[k])
          << columns[j].name << " " << i;
    }
    n_terms += facts.term_max > 4 && facts.term_sum > facts.term_max ? 1 : 0;
    n_only += expected[17] > 0 ? 1 : 0;
    n_closest += expected[16] > 0 ? 1 : 0;
  }
  EXPECT_GT(n_terms, 5);
  EXPECT_GT(n_only, 0);
  EXPECT_GT(n_closest, 0);
}

}  // namespace
}  // namespace musl
