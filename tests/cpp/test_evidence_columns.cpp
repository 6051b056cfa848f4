#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/rng.h"
#include "evidence_fixture.h"
#include "features/evidence.h"
#include "store/cohorts.h"
#include "store/gene_columns.h"
#include "store/gene_sets.h"
#include "store/paralogs.h"
#include "store/protein_words.h"

namespace musl {
namespace {

using testing::Inputs;
using testing::row_of;

const float kNaN = std::nanf("");

/// A column's group, whether it relates the two genes, and its direction.
struct Kind {
  std::string group;
  bool of_pair;
  int monotone;
};

/// Those that learners read of pairs.
std::map<std::string, Kind> columns_of_pairs() {
  return {{"adamic_adar", {"network", true, 1}},
          {"common_neighbours", {"network", true, 1}},
          {"resource_allocation", {"network", true, 1}},
          {"edge", {"network", true, 1}},
          {"network_jaccard", {"network", true, 1}},
          {"network_cosine", {"network", true, 0}},
          {"term_sum:BP", {"annotation", true, 1}},
          {"term_max:BP", {"annotation", true, 0}},
          {"term_sum:CC", {"annotation", true, 1}},
          {"term_max:CC", {"annotation", true, 0}},
          {"term_sum", {"annotation", true, 1}},
          {"term_max", {"annotation", true, 0}},
          {"term_cosine", {"annotation", true, 1}},
          {"family_shared", {"families", true, 1}},
          {"family_jaccard", {"families", true, 1}},
          {"family_smallest", {"families", true, -1}},
          {"family_sum", {"families", true, 0}},
          {"family_cosine", {"families", true, 0}},
          {"word_containment", {"sequence", true, 1}},
          {"paralog_identity", {"sequence", true, 1}},
          {"paralog_coverage", {"sequence", true, 1}},
          {"paralog_rank_best", {"sequence", true, -1}},
          {"paralog_rank_worst", {"sequence", true, -1}},
          {"module_shared", {"modules", true, 1}},
          {"module_sum", {"modules", true, 0}},
          {"layout_distance", {"modules", true, -1}},
          {"share:shared_neighbours", {"fitness", true, 1}},
          {"share:shared_neighbours_mean", {"fitness", true, 1}},
          {"share:shared_terms", {"fitness", true, 1}},
          {"share:shared_terms_mean", {"fitness", true, 1}},
          {"share:shared_modules", {"fitness", true, 1}},
          {"pearson:a", {"coexpression", true, 0}},
          {"pearson:b", {"coexpression", true, 0}},
          {"pearson_mean", {"coexpression", true, 0}},
          {"pearson_largest", {"coexpression", true, 0}}};
}

/// Those of genes; the direction is that of the lower of two values.
std::map<std::string, Kind> columns_of_genes() {
  return {{"degree", {"network", false, 0}},
          {"strength", {"network", false, 0}},
          {"terms", {"annotation", false, 0}},
          {"family_size", {"families", false, 0}},
          {"family_twins", {"families", false, 0}},
          {"paralogs", {"sequence", false, 0}},
          {"other_expressed_paralogs", {"sequence", false, 0}},
          {"modules", {"modules", false, 0}},
          {"share", {"fitness", false, 1}},
          {"effect", {"fitness", false, 0}},
          {"core", {"fitness", false, 0}},
          {"length", {"gene_table", false, 0}},
          {"share:neighbours", {"fitness", false, 1}},
          {"share:terms", {"fitness", false, 1}},
          {"share:modules", {"fitness", false, 1}},
          {"effect:neighbours", {"fitness", false, 0}},
          {"effect:terms", {"fitness", false, 0}},
          {"effect:modules", {"fitness", false, 0}},
          {"mean:a", {"expression", false, 1}},
          {"percentile:mean:a", {"expression", false, 1}},
          {"sd:a", {"expression", false, 0}},
          {"percentile:sd:a", {"expression", false, 0}},
          {"mean:b", {"expression", false, 1}},
          {"percentile:mean:b", {"expression", false, 1}},
          {"sd:b", {"expression", false, 0}},
          {"percentile:sd:b", {"expression", false, 0}},
          {"mean:tissue", {"expression", false, 1}},
          {"percentile:mean:tissue", {"expression", false, 1}},
          {"percentile_mean", {"expression", false, 1}},
          {"percentile_lowest", {"expression", false, 1}}};
}

std::map<std::string, Kind> expected_columns() {
  std::map<std::string, Kind> out = columns_of_pairs();
  for (const auto& [name, kind] : columns_of_genes()) {
    out[name + "_min"] = kind;
    out[name + "_max"] = {kind.group, false, 0};
  }
  return out;
}

TEST(EvidenceColumns, HaveTheirGroupAndDirection) {
  const Inputs inputs;
  const auto columns =
      evidence_columns(make_evidence_store(inputs.input, 1, 1));
  auto expected = expected_columns();
  std::size_t n_scaled = 0;
  for (const auto& column : columns) {
    if (column.evidence) {
      ++n_scaled;
      continue;
    }
    const auto found = expected.find(column.name);
    ASSERT_NE(found, expected.end()) << column.name;
    EXPECT_EQ(column.group, found->second.group) << column.name;
    EXPECT_EQ(column.of_pair, found->second.of_pair) << column.name;
    EXPECT_EQ(column.monotone, found->second.monotone) << column.name;
    expected.erase(found);
  }
  EXPECT_TRUE(expected.empty()) << expected.begin()->first;
  EXPECT_EQ(n_scaled, 18u);
}

void expect_row(const GeneStore& store, std::int32_t a, std::int32_t b,
                const std::map<std::string, double>& expected) {
  auto found = row_of(store, a, b);
  for (const auto& [name, value] : expected) {
    ASSERT_EQ(found.count(name), 1u) << name;
    const auto got = static_cast<double>(found[name]);
    if (std::isnan(value)) {
      EXPECT_TRUE(std::isnan(got)) << name << " " << got;
    } else {
      EXPECT_NEAR(got, value, 1e-5) << name;
    }
  }
}

TEST(EvidenceColumns, AreTheLowerAndTheHigherOfTwoGenes) {
  const Inputs inputs;
  const auto store = make_evidence_store(inputs.input, 1, 1);
  const auto log2 = [](double x) { return std::log2(x + 1); };
  const double mean_b = (log2(1) + log2(0) + log2(2)) / 3;
  expect_row(store, 1, 0,
             {{"degree_min", 2},
              {"degree_max", 2},
              {"strength_min", 1.5},
              {"strength_max", 2.5},
              {"terms_min", 2},
              {"family_size_min", 2},
              {"family_size_max", 2},
              {"family_twins_min", 1},
              {"family_twins_max", 1},
              {"modules_min", 2},
              {"modules_max", 2},
              {"effect_min", -2},
              {"effect_max", -1},
              {"core_min", 0},
              {"core_max", 1},
              {"length_min", 200},
              {"length_max", 300},
              {"mean:tissue_min", 6},
              {"mean:tissue_max", 8},
              {"percentile:mean:tissue_min", .5},
              {"percentile:mean:tissue_max", 2.5 / 3},
              {"mean:b_min", kNaN},
              {"sd:a_min", std::sqrt(5) / 2},
              {"sd:a_max", std::sqrt(2)},
              {"percentile:sd:a_min", .5},
              {"percentile:sd:a_max", 2.5 / 3}});
  expect_row(store, 1, 3,
             {{"degree_min", 0},
              {"degree_max", 2},
              {"family_size_min", 2},
              {"family_size_max", 3},
              {"family_twins_min", 1},
              {"family_twins_max", 2},
              {"terms_min", 1},
              {"terms_max", 2},
              {"modules_min", 1},
              {"mean:b_min", mean_b},
              {"mean:b_max", (log2(9) + log2(9) + log2(3)) / 3},
              {"mean:tissue_max", kNaN},
              {"effect_max", 0}});
}

TEST(EvidenceColumns, OfExpressionAreMeanAndLowestPercentiles) {
  const Inputs inputs;
  const auto store = make_evidence_store(inputs.input, 1, 1);
  // Of a: means 2.5, 2, 7; of b: .86, 1.2, 2.88; of tissue: 8, 6, 4.
  const double low = 1.0 / 6, middle = .5, high = 5.0 / 6;
  expect_row(store, 0, 1,
             {{"percentile_mean_min", (low + low + middle) / 3},
              {"percentile_mean_max", (middle + high) / 2},
              {"percentile_lowest_min", low},
              {"percentile_lowest_max", middle}});
  expect_row(store, 2, 3,
             {{"percentile_mean_min", (high + middle + low) / 3},
              {"percentile_mean_max", high},
              {"percentile_lowest_min", low},
              {"percentile_lowest_max", high}});
}

TEST(EvidenceColumns, OfPairsFollowTheirDefinitions) {
  const Inputs inputs;
  const auto store = make_evidence_store(inputs.input, 1, 1);
  const double bp = std::log(4.0 / 3), cc = std::log(4.0 / 3);
  expect_row(store, 0, 1,
             {{"common_neighbours", 1},
              {"edge", .5},
              {"network_jaccard", 1.0 / 3},
              {"resource_allocation", .5},
              {"adamic_adar", 1 / std::log(2)},
              {"term_sum:BP", bp},
              {"term_max:BP", bp},
              {"term_sum:CC", cc},
              {"term_sum", bp + cc},
              {"term_max", bp},
              {"family_shared", 1},
              {"family_jaccard", .5},
              {"family_smallest", 2},
              {"family_sum", .5},
              {"word_containment", 1},
              {"module_shared", 1},
              {"module_sum", .5},
              {"layout_distance", 13},
              {"paralog_identity", .5}});
  expect_row(store, 0, 3,
             {{"common_neighbours", 0},
              {"network_jaccard", 0},
              {"network_cosine", kNaN},
              {"term_sum:BP", 0},
              {"term_sum", cc},
              {"family_shared", 0},
              {"family_jaccard", 0},
              {"family_sum", 0},
              {"module_shared", 0},
              {"word_containment", kNaN},
              {"paralog_rank_worst", kNaN},
              {"pearson_mean", kNaN},
              {"pearson:b", kNaN}});
  // Of five letters, two words; ACDE is in both.
  expect_row(store, 0, 2, {{"word_containment", .5}});
  expect_row(store, 1, 3,
             {{"family_shared", 1},
              {"family_jaccard", .5},
              {"family_smallest", 3},
              {"family_sum", 1.0 / 3},
              {"module_sum", 1.0 / 3}});
  // The same family and no other.
  expect_row(store, 2, 3, {{"family_jaccard", 1}, {"family_cosine", 1}});
}

TEST(EvidenceColumns, OfTwoGenesThatHaveNothingAreZeroOrUnknown) {
  Inputs lonely;
  // Genes 2 and 3 without an edge, a term, a family or a module.
  lonely.input.edge_from = {0};
  lonely.input.edge_to = {1};
  lonely.input.edge_weight = {.5F};
  lonely.input.part<SetInputs>().terms = {{0, 1}, {0, 0}, {0}, {"BP"}};
  lonely.input.part<SetInputs>().families = {{0, 1}, {0, 0}, {0}, {"family"}};
  lonely.input.part<SetInputs>().modules = {{0, 1}, {0, 0}, {0}, {"module"}};
  expect_row(make_evidence_store(lonely.input, 1, 1), 2, 3,
             {{"common_neighbours", 0},
              {"adamic_adar", 0},
              {"resource_allocation", 0},
              {"edge", 0},
              {"network_jaccard", 0},
              {"network_cosine", kNaN},
              {"degree_max", 0},
              {"strength_max", 0},
              {"term_sum", 0},
              {"term_max", 0},
              {"terms_max", 0},
              {"family_shared", 0},
              {"family_jaccard", 0},
              {"family_sum", 0},
              {"family_cosine", 0},
              {"family_size_min", kNaN},
              {"family_size_max", kNaN},
              {"module_shared", 0},
              {"module_sum", 0},
              {"modules_max", 0}});
}

TEST(EvidenceColumns, AreAbsentWithoutTheirInputs) {
  using Change = void (*)(EvidenceInput*);
  struct Case {
    Change change;
    std::vector<std::string> absent, present;
  };
  const std::vector<Case> cases{
      {[](auto*) {},
       {},
       {"edge", "term_sum", "family_sum", "module_sum", "layout_distance",
        "word_containment", "paralog_identity", "share_min", "pearson:a",
        "pearson_mean", "percentile_mean_min", "share:terms_min"}},
      {[](EvidenceInput* x) { x->edge_from.clear(); }, {"edge"}, {}},
      {[](EvidenceInput* x) { x->part<SetInputs>().terms = {}; },
       {"term_sum"},
       {}},
      {[](EvidenceInput* x) { x->part<SetInputs>().families = {}; },
       {"family_sum"},
       {}},
      {[](EvidenceInput* x) { x->part<SetInputs>().modules = {}; },
       {"module_sum"},
       {"layout_distance"}},
      {[](EvidenceInput* x) { x->part<Layout>() = {}; },
       {"layout_distance"},
       {"module_sum"}},
      {[](EvidenceInput* x) { x->part<Sequences>().assign(4, ""); },
       {"word_containment"},
       {}},
      {[](EvidenceInput* x) { x->part<ParalogsInput>() = {}; },
       {"paralog_identity"},
       {}},
      {[](EvidenceInput* x) { x->cohorts.clear(); },
       {"pearson_mean"},
       {"percentile_mean_min"}},
      {[](EvidenceInput* x) {
         x->cohorts.clear(), x->part<GeneColumns>().pop_back();
       },
       {"percentile_mean_min"},
       {"share_min"}},
      {[](EvidenceInput* x) { x->part<GeneColumns>().clear(); },
       {"share_min"},
       {"percentile_mean_min"}},
      {[](EvidenceInput* x) {
         x->part<SetInputs>().terms = x->part<SetInputs>().modules = {},
         x->edge_from.clear();
       },
       {"share:terms_min"},
       {"share_min"}}};
  for (const auto& one : cases) {
    const Inputs whole;
    EvidenceInput input = whole.input;
    one.change(&input);
    const auto row = row_of(make_evidence_store(input, 1, 1), 0, 1);
    for (const auto& name : one.absent) EXPECT_EQ(row.count(name), 0u) << name;
    for (const auto& name : one.present) EXPECT_EQ(row.count(name), 1u) << name;
  }
}

TEST(EvidenceColumns, OfManyPairsAreThoseOfEach) {
  const Inputs inputs;
  const auto store = make_evidence_store(inputs.input, 1, 1);
  // More than a block of 256, of which the last is no whole one.
  PairSet pairs;
  Rng rng(4);
  for (int i = 0; i < 600; ++i) {
    pairs.a.push_back(static_cast<std::int32_t>(rng.below(4)));
    pairs.b.push_back(static_cast<std::int32_t>(rng.below(4)));
  }
  const Matrix all = pair_evidence(store, pairs, 2);
  ASSERT_EQ(all.rows(), 600);
  for (const std::size_t i : {0, 255, 256, 511, 512, 599}) {
    const Matrix one =
        pair_evidence(store, {{pairs.a[i]}, {pairs.b[i]}, {}}, 1);
    for (Eigen::Index j = 0; j < one.cols(); ++j) {
      const float p = all(static_cast<Eigen::Index>(i), j), q = one(0, j);
      EXPECT_TRUE(p == q || (std::isnan(p) && std::isnan(q))) << i << " " << j;
    }
  }
}

TEST(EvidenceColumns, OfCellsByTheThousandAreThoseOfEvenlySpreadOnes) {
  // Every third of them is kept, in which two genes are each other's opposite;
  // in the others they are equal, and of another mean.
  constexpr int kCells = 3 * 8192;
  Eigen::MatrixXd values(3, kCells);
  Rng rng(2);
  for (int s = 0; s < kCells; ++s) {
    const double x = rng.normal();
    const double shift = s % 3 == 0 ? 0 : 20;
    values.col(s) << x + shift, (s % 3 == 0 ? -x : x) + shift, rng.normal();
  }
  EvidenceInput input;
  input.n_genes = 3;
  input.cohorts.push_back(
      {"cells", {AssayView(values.data(), 3, kCells)}, {0, 1, 2}, false});
  const auto store = make_evidence_store(input, 1, 1);
  auto row = row_of(store, 0, 1);
  EXPECT_NEAR(row["pearson:cells"], -1, .02);
  // Means are those of all.
  EXPECT_NEAR(row["mean:cells_min"], values.topRows(2).rowwise().mean()[1],
              .05);
  EXPECT_NEAR(store.part<Cohorts>()[0].mean[0], values.row(0).mean(), 1e-5);
  const Eigen::RowVectorXd apart = values.row(0).array() - values.row(0).mean();
  EXPECT_NEAR(store.part<Cohorts>()[0].sd[0], apart.norm() / std::sqrt(kCells),
              1e-4);
  EXPECT_NEAR(row_of(store, 0, 2)["pearson:cells"], 0, .05);
}

}  // namespace
}  // namespace musl
