// What kinds of evidence write of a pair: their columns, and facts.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "evidence_fixture.h"
#include "features/feature_group.h"

namespace musl {
namespace {

using testing::Inputs;
using testing::row_of;

// The columns of the next kind, or of another pair, stand behind them.
TEST(PairColumns, EachKindWritesItsColumnsAlone) {
  Inputs inputs;
  inputs.input.terms.branches.resize(12, "none");
  const auto store = make_evidence_store(inputs.input, 1, 1);
  constexpr float kUntouched = 12345;
  for (const auto& kind : feature_groups()) {
    const auto group = kind.columns == nullptr ? nullptr : kind.columns(store);
    if (!group) continue;
    const std::size_t n = group->columns().size();
    const std::string& name = group->columns()[0].name;
    std::vector<float> row(n + 200, kUntouched);
    PairFacts facts;
    group->write(0, 1, row.data(), &facts);
    EXPECT_EQ(std::count(row.begin(), row.end(), kUntouched), 200) << name;
    for (std::size_t j = n; j < row.size(); ++j) {
      ASSERT_EQ(row[j], kUntouched) << name << " " << j - n;
    }
  }
}

// What scaled columns are computed from.
TEST(PairColumns, FactsAreThoseOfTheColumns) {
  Inputs inputs;
  // The largest information is that of the first branch.
  inputs.input.terms.branch_of_set = {0, 1};
  inputs.input.terms.gene = {0, 1, 0, 1, 2, 3};
  inputs.input.terms.set = {0, 0, 1, 1, 1, 2};
  inputs.input.terms.branch_of_set.push_back(1);
  const auto store = make_evidence_store(inputs.input, 1, 1);
  auto row = row_of(store, 0, 1);
  EXPECT_GT(row["term_max"], row["term_max:CC"]);
  PairFacts facts;
  for (const auto& kind : feature_groups()) {
    const auto group = kind.columns == nullptr ? nullptr : kind.columns(store);
    if (!group) continue;
    std::vector<float> out(group->columns().size());
    group->write(0, 1, out.data(), &facts);
  }
  const std::map<std::string, float> expected{
      {"adamic_adar", facts.adamic_adar},
      {"edge", facts.edge},
      {"term_cosine", facts.term_cosine},
      {"term_sum", facts.term_sum},
      {"term_max", facts.term_max},
      {"family_smallest", facts.family_smallest},
      {"family_sum", facts.family_sum},
      {"family_jaccard", facts.family_jaccard},
      {"module_shared", facts.module_shared},
      {"module_sum", facts.module_sum},
      {"word_containment", facts.words},
      {"paralog_identity", facts.paralog_identity},
      {"paralog_coverage", facts.paralog_coverage},
      {"paralog_rank_worst", facts.paralog_rank},
      {"other_expressed_paralogs_min", facts.other_paralogs},
      {"pearson_mean", facts.correlation},
      {"percentile_mean_min", facts.expressed}};
  for (const auto& [name, fact] : expected) {
    ASSERT_EQ(row.count(name), 1u) << name;
    EXPECT_EQ(row[name], fact) << name;
  }
}

}  // namespace
}  // namespace musl
