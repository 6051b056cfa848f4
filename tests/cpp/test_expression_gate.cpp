#include <gtest/gtest.h>

#include <cmath>

#include "learners/expression_gate.h"
#include "musl/error.h"
#include "musl/gene_facts.h"

namespace musl {
namespace {

const float kNaN = std::nanf("");

/// Four genes: in all lines, in a tenth, in none, unknown. In the line "x"
/// their levels are 3, 0, 1 and unknown.
EvidenceStore some_lines() {
  EvidenceStore out;
  out.n_genes = 4;
  out.lines = {{1, .1F, 0, kNaN}, {"x"}, {49, 1, 17, 0}};
  return out;
}

TEST(ExpressionGate, FallsWithTheShareOfLinesThatExpressTheLowerGene) {
  const EvidenceStore store = some_lines();
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
  const EvidenceStore store = some_lines();
  const ExpressionGate gate(store, 0);
  const double none = 1 / (1 + std::exp(3.));
  EXPECT_NEAR(gate.of(0, 1), .5 * std::log(.02 + none), 1e-6);
  EXPECT_NEAR(gate.of(2, 0), .5 * std::log(.52), 1e-6);
  EXPECT_TRUE(gate.lower(2, 0).in_line);
  EXPECT_EQ(gate.lower(2, 0).value, 1);
  EXPECT_EQ(gate.of(1, 3), ExpressionGate(store, -1).of(1, 3));
  EXPECT_THROW(ExpressionGate(store, 1), InputError);
}

TEST(ExpressionGate, TakesNothingOffWhereNothingIsKnown) {
  EvidenceStore store;
  store.n_genes = 2;
  EXPECT_EQ(ExpressionGate(store, -1).of(0, 1), 0);
  store.genes = {{"length", "gene", {1, 2}}};
  EXPECT_EQ(ExpressionGate(store, -1).of(0, 1), 0);
}

TEST(GeneFacts, DoubtLabelsOfUnexpressedAndOfLikeGenes) {
  EvidenceStore store;
  store.n_genes = 4;
  store.lines.expressed = {.05F, 0, .1F, kNaN};
  store.paralogs = {
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
