#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <string>
#include <vector>

#include "base/rng.h"
#include "expression_fixture.h"
#include "features/feature_group.h"
#include "features/scaled_evidence.h"
#include "store/gene_columns.h"
#include "store/gene_sets.h"
#include "store/paralogs.h"
#include "store/protein_words.h"

namespace musl {
namespace {

const float kNaN = std::nanf("");

/// A store with or without a table of paralogs.
GeneStore store_of(bool aligned) {
  GeneStore out;
  if (aligned) out.part<Paralogs>().offset = {0};
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

/// A column where one of the facts is x and all others are unknown.
struct OfOneFact {
  std::string name;
  float PairFacts::*fact;
  float x, expected;
};

TEST(ScaledEvidence, OfOneFactFollowsItsDefinition) {
  using F = PairFacts;
  const OfOneFact cases[] = {
      {"family_of_30", &F::family_smallest, 1, 3},
      {"family_of_30", &F::family_smallest, 30, 3},
      {"family_of_30", &F::family_smallest, 31, 0},
      {"family_of_10", &F::family_smallest, 10, 3},
      {"family_of_10", &F::family_smallest, 11, 0},
      {"family_of_3", &F::family_smallest, 3, 3},
      {"family_of_3", &F::family_smallest, 4, 0},
      {"family_sum", &F::family_sum, .25F, 1.25F},
      {"family_sum", &F::family_sum, 1.5F, 5},
      {"module_sum", &F::module_sum, .02F, 0},
      {"module_sum", &F::module_sum, .021F, 3},
      {"module_shared", &F::module_shared, 1, std::log(2.0F)},
      {"module_shared", &F::module_shared, 19, std::log(20.0F)},
      {"module_shared", &F::module_shared, 20, 3},  // exp(3) - 1 = 19.09
      {"term_cosine", &F::term_cosine, .5F, 1},
      {"term_cosine", &F::term_cosine, -.5F, 0},
      {"term_max", &F::term_max, 3, 0},
      {"term_max", &F::term_max, 8.5F, 4.5F},
      {"term_max", &F::term_max, 9.5F, 5},
      {"term_sum", &F::term_sum, 1, 0},
      {"term_sum", &F::term_sum, 9, .7F * (std::log(10.0F) - 1)},
      {"term_sum", &F::term_sum, 1e6F, .7F * 6},
      {"adamic_adar", &F::adamic_adar, 50, std::log(51.0F)},
      {"adamic_adar", &F::adamic_adar, 54, 4},  // exp(4) - 1 = 53.6
      {"edge", &F::edge, .5F, 1.5F},
      {"edge", &F::edge, 2, 6},
      {"word_containment", &F::words, .5F, 2},
      {"word_containment", &F::words, .7F, 2.4F},
      {"pearson_mean", &F::correlation, .5F, .75F},
      {"pearson_mean", &F::correlation, -.5F, 0},
      {"closest_paralog", &F::paralog_rank, 1, 3},
      {"closest_paralog", &F::paralog_rank, 2, 0}};
  for (const auto& one : cases) {
    PairFacts facts;
    facts.*one.fact = one.x;
    EXPECT_FLOAT_EQ(scaled(facts, one.name), one.expected)
        << one.name << " of " << one.x;
  }
}

/// A column where two of the facts are known.
struct OfTwoFacts {
  std::string name;
  float PairFacts::*first;
  float PairFacts::*second;
  float x, y, expected;
};

TEST(ScaledEvidence, OfTwoFactsNeedsBoth) {
  using F = PairFacts;
  const auto family = &F::family_smallest, expressed = &F::expressed;
  const auto likeness = &F::family_jaccard, others = &F::other_paralogs;
  const auto identity = &F::paralog_identity, coverage = &F::paralog_coverage;
  const OfTwoFacts cases[] = {
      {"family_jaccard", likeness, family, .5F, 100, 1.5F},
      {"family_jaccard", likeness, family, .5F, 101, 0},
      {"family_jaccard", likeness, family, .5F, kNaN, 0},
      {"expressed_family", family, expressed, 10, .41F, 3},
      {"expressed_family", family, expressed, 11, .41F, 0},
      {"expressed_family", family, expressed, 10, .4F, 0},
      {"expressed_family", family, expressed, 10, kNaN, 0},
      {"paralog_likeness", identity, coverage, .5F, .25F, .5F},
      {"paralog_likeness", identity, coverage, .5F, kNaN, 0},
      {"only_expressed_paralog", others, expressed, 0, .41F, 3},
      {"only_expressed_paralog", others, expressed, 1, .41F, 0},
      {"only_expressed_paralog", others, expressed, 0, .4F, 0},
      {"only_expressed_paralog", others, expressed, kNaN, .41F, 0},
      {"only_expressed_paralog", others, expressed, 0, kNaN, 0}};
  for (const auto& one : cases) {
    PairFacts facts;
    facts.*one.first = one.x;
    facts.*one.second = one.y;
    EXPECT_FLOAT_EQ(scaled(facts, one.name), one.expected)
        << one.name << " of " << one.x << " and " << one.y;
  }
}

/// Thirty genes with random inputs of every kind, among many with annotation.
GeneStore random_store() {
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
  add_sets(60, 4, &input.part<SetInputs>().terms);
  add_sets(12, 4, &input.part<SetInputs>().families);
  add_sets(20, 5, &input.part<SetInputs>().modules);
  // Others, in a term of their own.
  input.part<SetInputs>().terms.branch_of_set.push_back(0);
  for (std::int32_t g = kGenes; g < 1500; ++g) {
    input.part<SetInputs>().terms.gene.push_back(g);
    input.part<SetInputs>().terms.set.push_back(60);
  }
  for (std::int32_t a = 0; a < kGenes; ++a) {
    std::string protein;
    for (int i = 0; i < 30; ++i) protein += "AC"[rng.below(2)];
    input.part<Sequences>().push_back(protein);
    for (std::int32_t b = a + 1; b < kGenes; ++b) {
      if (rng.below(4) > 0) continue;
      input.edge_from.push_back(a);
      input.edge_to.push_back(b);
      input.edge_weight.push_back(static_cast<float>(rng.uniform() + .1));
      if (rng.below(4) > 0) continue;
      input.part<ParalogsInput>().a.push_back(a);
      input.part<ParalogsInput>().b.push_back(b);
      for (auto* x : {&input.part<ParalogsInput>().identity,
                      &input.part<ParalogsInput>().coverage,
                      &input.part<ParalogsInput>().score}) {
        x->push_back(static_cast<float>(rng.uniform()));
      }
    }
  }
  input.part<ParalogsInput>().searched.assign(kGenes, 1);
  GeneColumn level{"tissue", "expression", {}};
  for (std::int32_t g = 0; g < kGenes; ++g) {
    level.value.push_back(static_cast<float>(rng.normal()));
  }
  input.part<GeneColumns>() = {level};
  const Eigen::MatrixXd values = testing::normal_matrix(kGenes, 9, 5);
  std::vector<std::int32_t> genes(kGenes);
  std::iota(genes.begin(), genes.end(), 0);
  input.cohorts.push_back(
      {"a", {AssayView(values.data(), kGenes, 9)}, genes, false});
  return make_evidence_store(input, 1, 1);
}

TEST(ScaledEvidence, IsOfTheColumnsOfTheSamePair) {
  const GeneStore store = random_store();
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
