#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "features/expression_evidence.h"
#include "features/gene_status.h"
#include "features/label_doubts.h"
#include "learners/expression_gate.h"
#include "learners/measured_scorer.h"
#include "store/cohorts.h"
#include "store/gene_columns.h"
#include "store/line_expression.h"
#include "store/paralogs.h"

namespace musl {
namespace {

using Floats = std::vector<float>;

const float kNaN = std::nanf("");

void expect_near(const Floats& found, const Floats& expected) {
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    EXPECT_EQ(std::isnan(found[i]), std::isnan(expected[i])) << i;
    if (std::isnan(expected[i])) continue;
    EXPECT_NEAR(found[i], expected[i], 1e-6) << i;
  }
}

/// Three genes and one outside in three lines, of which the last is not kept.
EvidenceInput with_lines() {
  static const std::vector<double> value{0,  1, 2,
                                         5,  // "A549"
                                         .5, 1, std::nan(""),
                                         5,  // "HeLa"
                                         3,  9, std::nan(""),
                                         5};
  EvidenceInput out;
  out.n_genes = 4;
  out.part<LinesInput>() = {
      value.data(), {2, 0, 1, 7}, {"A549", "HeLa", "PC9"}, {1, 1, 0}};
  return out;
}

TEST(GeneFacts, ShareOfLinesAboveOneAndLevelsOfThoseKept) {
  const auto store = make_evidence_store(with_lines(), 1, 1);
  // Gene 0 is above 1 in PC9 alone, 1 in A549, where alone it is known.
  expect_near(expressed_share(store), {1 / 3.F, 1, 1 / 3.F, kNaN});
  const LineExpression& lines = store.part<LineExpression>();
  EXPECT_EQ(lines.names, (std::vector<std::string>{"A549", "HeLa"}));
  EXPECT_EQ(lines.level(0, 0), 1);
  EXPECT_EQ(lines.level(1, 0), 2);
  EXPECT_TRUE(std::isnan(lines.level(1, 1)));
  EXPECT_EQ(lines.level(2, 0), 0);
  EXPECT_EQ(lines.level(2, 1), .5F);
  EXPECT_TRUE(std::isnan(lines.level(3, 0)));
}

TEST(GeneFacts, LevelsAreRoundedToASixteenth) {
  const std::vector<double> value{.03, .04, 15.9, 100};
  EvidenceInput input;
  input.n_genes = 4;
  input.part<LinesInput>() = {value.data(), {0, 1, 2, 3}, {"x"}, {1}};
  const LineExpression lines =
      make_evidence_store(input, 1, 1).part<LineExpression>();
  EXPECT_EQ(lines.level(0, 0), 0);
  EXPECT_EQ(lines.level(1, 0), 1 / 16.F);
  EXPECT_EQ(lines.level(2, 0), 15.875F);
  EXPECT_EQ(lines.level(3, 0), 15.875F);
}

TEST(GeneFacts, WithoutLinesCohortsAndColumnsTell) {
  GeneStore store;
  store.n_genes = 4;
  store.part<Cohorts>() = {{"counts", {}, {}, {}, {.25F, 1, kNaN, kNaN}},
                           {"array", {5, 5, 5, 5}, {}, {}, {}}};
  store.part<GeneColumns>() = {{"hap1_tpm", "expression", {1, kNaN, 0, kNaN}}};
  const float none = 1 / (1 + std::exp(3.F));
  const Floats expected{(.25F + .5F) / 2, 1, none, kNaN};
  expect_near(expressed_share(store), expected);
  // Lines come first; what they do not know stays.
  store.part<LineExpression>().expressed = {.9F, kNaN, .1F, kNaN};
  expect_near(expressed_share(store), {.9F, 1, .1F, kNaN});
}

TEST(GeneFacts, OfContradictoryCohortsOfDependenceTheHighestCounts) {
  GeneStore store;
  store.n_genes = 4;
  expect_near(dependent_share(store), {kNaN, kNaN, kNaN, kNaN});
  store.part<GeneColumns>() = {{"depmap", "dependent", {.1F, .8F, kNaN, kNaN}},
                               {"drive", "dependent", {.4F, .2F, kNaN, kNaN}},
                               {"core", "essential", {1, 0, 1, kNaN}},
                               {"fitness", "fitness", {-1, -1, -1, -1}}};
  expect_near(dependent_share(store), {.4F, .8F, 1, kNaN});
}

/// The share of samples that express each of two genes.
Floats expressed_in(const std::vector<double>& values, bool linear) {
  const auto n = static_cast<Eigen::Index>(values.size() / 2);
  const ExpressionInput input{
      "x", {AssayView(values.data(), 2, n)}, {0, 1}, linear};
  return make_expression_evidence(input, 2, 1).expressed;
}

TEST(GeneFacts, CohortsTellWhereValuesBeginAtZero) {
  // Two genes in four samples, by samples.
  const std::vector<double> counts{0, 2, 1.5, 3, .5, 1, 4, 4};
  expect_near(expressed_in(counts, false), {.5F, .75F});
  expect_near(expressed_in(counts, true), {.5F, .75F});
  // An array, a centred cohort, single cells.
  EXPECT_TRUE(expressed_in({2, 2, 3, 3, 4, 4, 5, 5}, false).empty());
  EXPECT_TRUE(expressed_in({0, 2, -1, 3, 1, 1, 4, 4}, false).empty());
  EXPECT_TRUE(expressed_in({0, 2, 0, 0, 0, 0, 4, 4}, false).empty());
}

constexpr float kNone = std::numeric_limits<float>::quiet_NaN();

TEST(GeneStatus, FollowsFromShares) {
  const GeneFacts facts{{0.91F, 0.9F, 0.5F, kNone, 0.95F, 0, kNone},
                        {1, 1, kNone, 1, 0, 0.09F, kNone},
                        {1, 1, 1, 1, 1, 1, 0}};
  std::vector<std::string> names;
  std::vector<int> tiers;
  std::vector<double> handicaps;
  for (const int status : gene_status(facts)) {
    const StatusKind kind =
        status == 0 ? StatusKind{}
                    : status_kinds()[static_cast<std::size_t>(status) - 1];
    names.push_back(kind.name);
    tiers.push_back(kind.tier);
    handicaps.push_back(kind.handicap);
  }
  EXPECT_EQ(names, (std::vector<std::string>{"lethal_alone", "often_lethal",
                                             "selective", "", "lethal_alone",
                                             "not_expressed", "not_judged"}));
  EXPECT_EQ(tiers, (std::vector<int>{1, 0, 0, 0, 1, 1, 1}));
  EXPECT_EQ(handicaps, (std::vector<double>{0, 0.5, 0, 0, 0, 0, 0}));
}

TEST(GeneStatus, CountsAsExpressedWhatSomeLinesNeed) {
  GeneFacts facts{{0.009F, 0.001F, kNone}, {0, 0, 0}, {1, 1, 1}};
  const int silent = status_code("not_expressed");
  EXPECT_EQ(gene_status(facts),
            (std::vector<int>{status_code("selective"), silent, silent}));
  facts.in_line = true;
  EXPECT_EQ(gene_status(facts)[0], silent);
}

TEST(GeneStatus, RanksWhatSamplesExpressAndFewLinesDoNot) {
  GeneFacts facts{{0, 0, 0, kNone}, {0, 0, 0.2F, 0}, {1, 1, 1, 1}};
  facts.sampled = {0.3F, 0.009F, 0.3F, kNone};
  const int silent = status_code("not_expressed");
  const int selective = status_code("selective");
  EXPECT_EQ(gene_status(facts),
            (std::vector<int>{silent, silent, selective, silent}));
  facts.few_lines = 9;
  EXPECT_EQ(gene_status(facts), (std::vector<int>{status_code("restricted"),
                                                  silent, selective, silent}));
  EXPECT_EQ(status_kind(status_code("restricted")).tier, 0);
  facts.in_line = true;
  EXPECT_EQ(gene_status(facts)[0], silent);
}

TEST(GeneFacts, CountFewLinesAndSamples) {
  const auto of = [](std::vector<float> share, std::size_t n) {
    GeneStore store;
    store.n_genes = 3;
    store.part<LineExpression>().expressed = std::move(share);
    store.part<LineExpression>().names.resize(n);
    store.part<LineExpression>().code.resize(3 * n);
    return gene_facts(store).few_lines;
  };
  EXPECT_EQ(of({0.5F, kNone, 1}, 0), 0);
  EXPECT_EQ(of({0.5F, kNone, 1}, 4), 4);
  EXPECT_EQ(of({0.5F, kNone, 1}, 50), 0);
  EXPECT_EQ(of({0.1F, 0.6F, 1}, 4), 0);  // shares of other data
  GeneStore store;
  store.n_genes = 3;
  store.part<Cohorts>().resize(2);
  store.part<Cohorts>()[0].expressed = {0.1F, kNone, 0.4F};
  store.part<Cohorts>()[1].expressed = {0.2F, kNone, 0.3F};
  const auto sampled = gene_facts(store).sampled;
  EXPECT_FLOAT_EQ(sampled[0], 0.2F);
  EXPECT_TRUE(std::isnan(sampled[1]));
  EXPECT_FLOAT_EQ(sampled[2], 0.4F);
}

TEST(GeneFacts, KnowWhatAStoreTells) {
  GeneStore store;
  store.n_genes = 3;
  store.part<GeneColumns>() = {{"fitness", "fitness", {-1, kNone, kNone}},
                               {"share", "dependent", {kNone, 0.3F, kNone}}};
  const GeneFacts facts = gene_facts(store);
  EXPECT_EQ(facts.judged, (std::vector<std::uint8_t>{1, 1, 0}));
  EXPECT_FLOAT_EQ(facts.dependent[1], 0.3F);
}

/// Four genes: in all lines, in a tenth, in none, unknown. In the line "x"
/// their levels are 3, 0, 1 and unknown.
GeneStore some_lines() {
  GeneStore out;
  out.n_genes = 4;
  out.part<LineExpression>() = {{1, .1F, 0, kNaN}, {"x"}, {49, 1, 17, 0}};
  return out;
}

TEST(ExpressionGate, FallsWithTheShareOfLinesThatExpressTheLowerGene) {
  const GeneStore store = some_lines();
  const ExpressionGate gate(store, -1);
  EXPECT_NEAR(gate.of(0, 1), .25 * std::log(.12), 1e-7);
  EXPECT_NEAR(gate.of(1, 2), .25 * std::log(.02), 1e-7);
  // Unknown is one half.
  EXPECT_NEAR(gate.of(0, 3), .25 * std::log(.52), 1e-7);
  EXPECT_NEAR(gate.of(2, 3), .25 * std::log(.02), 1e-7);
  for (std::int32_t a = 0; a < 4; ++a) {
    for (std::int32_t b = 0; b < 4; ++b)
      EXPECT_EQ(gate.of(a, b), gate.of(b, a));
  }
  EXPECT_FALSE(gate.lower(0, 1).in_line);
  EXPECT_FLOAT_EQ(static_cast<float>(gate.lower(0, 1).value), .1F);
  EXPECT_TRUE(std::isnan(gate.lower(0, 3).value));
}

TEST(ExpressionGate, ReadsTheLineWhereItKnowsBothGenes) {
  const GeneStore store = some_lines();
  const ExpressionGate gate(store, 0);
  const double none = 1 / (1 + std::exp(3.));
  EXPECT_NEAR(gate.of(0, 1), .5 * std::log(.02 + none), 1e-6);
  EXPECT_NEAR(gate.of(2, 0), .5 * std::log(.52), 1e-6);
  EXPECT_TRUE(gate.lower(2, 0).in_line);
  EXPECT_EQ(gate.lower(2, 0).value, 1);
  EXPECT_EQ(gate.of(1, 3), ExpressionGate(store, -1).of(1, 3));
}

TEST(ExpressionGate, TakesNothingOffWhereNothingIsKnown) {
  GeneStore store;
  store.n_genes = 2;
  EXPECT_EQ(ExpressionGate(store, -1).of(0, 1), 0);
  store.part<GeneColumns>() = {{"length", "gene", {1, 2}}};
  EXPECT_EQ(ExpressionGate(store, -1).of(0, 1), 0);
}

TEST(GeneFacts, DoubtLabelsOfUnexpressedAndOfLikeGenes) {
  GeneStore store;
  store.n_genes = 4;
  store.part<LineExpression>().expressed = {.05F, 0, .1F, kNaN};
  store.part<Paralogs>() = {
      {0, 0, 2, 3, 4},        {2, 3, 1, 1}, {.95F, .99F, .95F, .99F},
      {.95F, .9F, .95F, .9F}, {1, 2, 1, 1}, {0, 2, 1, 1}};
  const PairSet pairs{{0, 0, 1, 2, 1, 0}, {1, 2, 2, 1, 3, 3}, {}};
  const auto found = label_doubts(store, pairs);
  EXPECT_EQ(found, (std::vector<Doubt>{Doubt::unexpressed, Doubt::none,
                                       Doubt::identical, Doubt::identical,
                                       Doubt::none, Doubt::none}));
}

}  // namespace
}  // namespace musl
