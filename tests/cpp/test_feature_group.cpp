// A kind of features that this file alone knows: scorers, explanations and
// archives read it like any other.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "evidence_fixture.h"
#include "features/feature_group.h"
#include "learners/measured_archive.h"
#include "learners/measured_fit.h"
#include "learners/measured_model.h"
#include "learners/measured_scorer.h"
#include "learners/weigh_measured.h"
#include "store/gene_columns.h"
#include "store/unit_rows.h"

namespace musl {
namespace {

constexpr std::int64_t kGenes = 40;

// ---- The kind: genes lie on a circle, and a pair is so far apart ----

constexpr char kCircle[] = "circle";

class CircleColumns : public PairColumns {
 public:
  explicit CircleColumns(const GeneStore& store) {
    const auto found = store.part<KindVectors>().find(kCircle);
    if (found == store.part<KindVectors>().end()) return;
    place_ = &found->second;
    add("circle_cosine", kCircle, "how near two genes are on the circle");
  }
  void write(std::int32_t a, std::int32_t b, float* out,
             PairFacts* /*facts*/) const override {
    *out = place_->product(a, b);
  }

 private:
  const UnitRows* place_ = nullptr;
};

/// From a column of the gene table: the angle of each gene.
void make_circle(const EvidenceInput& input, std::uint64_t /*seed*/,
                 int /*threads*/, GeneStore* store) {
  for (const auto& column : input.part<GeneColumns>()) {
    if (column.name != "circle_angle") continue;
    Matrix place(input.n_genes, 2);
    for (std::int64_t g = 0; g < input.n_genes; ++g) {
      const float angle = column.value[static_cast<std::size_t>(g)];
      place.row(g) << std::cos(angle), std::sin(angle);
    }
    store->part<KindVectors>()[kCircle] = make_unit_rows(place);
  }
}

const bool kCircleIsRegistered = register_feature_group(
    {kCircle, 1000, make_circle, make_columns<CircleColumns>});

// ---- What reads it ----

float angle_of(std::int64_t gene) {
  return 2.4F * static_cast<float>(gene);  // well spread
}

/// Nothing but the angles is known of the genes.
GeneStore circle_store() {
  EvidenceInput input;
  input.n_genes = kGenes;
  GeneColumn column{"circle_angle", "gene", {}};
  for (std::int64_t g = 0; g < kGenes; ++g) column.value.push_back(angle_of(g));
  input.part<GeneColumns>() = {column};
  return make_evidence_store(input, 1, 1);
}

/// All pairs; those near on the circle are hits.
MeasuredPairs near_pairs() {
  MeasuredPairs out;
  for (std::int32_t a = 0; a < kGenes; ++a) {
    for (std::int32_t b = a + 1; b < kGenes; ++b) {
      out.pairs.a.push_back(a);
      out.pairs.b.push_back(b);
      const bool near = std::cos(angle_of(a) - angle_of(b)) > .8F;
      out.pairs.label.push_back(near ? 1 : 0);
    }
  }
  const std::size_t n = out.pairs.a.size();
  out.study.assign(n, 0);
  out.line.assign(n, -1);
  out.query.assign(n, -1);
  out.weight.assign(n, 1);
  out.effect.assign(n, std::nanf(""));
  out.studies = {"circle"};
  return out;
}

MeasuredModel near_model() {
  return fit_measured(circle_store(), near_pairs(), {}, {}, 1, 1, {});
}

std::vector<double> scores_of(const MeasuredModel& model) {
  PairSet pairs = near_pairs().pairs;
  pairs.label.clear();
  return predict_measured(model, model.store, {}, pairs, {}).score;
}

std::size_t place_of(const std::vector<EvidenceColumn>& columns) {
  return static_cast<std::size_t>(
      std::find_if(columns.begin(), columns.end(),
                   [](const auto& x) { return x.name == "circle_cosine"; }) -
      columns.begin());
}

TEST(FeatureGroup, IsAColumnOfPairsInWords) {
  const auto store = circle_store();
  const auto columns = evidence_columns(store);
  const auto place = place_of(columns);
  ASSERT_LT(place, columns.size());
  EXPECT_EQ(columns[place].group, kCircle);
  EXPECT_EQ(columns[place].words, "how near two genes are on the circle");
  const Matrix x = pair_evidence(store, {{3}, {8}, {}}, 1);
  EXPECT_NEAR(x(0, static_cast<Eigen::Index>(place)),
              std::cos(angle_of(3) - angle_of(8)), .01);
}

// The columns of the next kind, or of another pair, stand behind them.
TEST(FeatureGroup, WritesItsColumnsAlone) {
  const testing::Inputs inputs;
  const auto store = make_evidence_store(inputs.input, 1, 1);
  constexpr float kUntouched = 12345;
  for (const auto& kind : feature_groups()) {
    const auto columns =
        kind.columns == nullptr ? nullptr : kind.columns(store);
    if (!columns || columns->columns().empty()) continue;
    const auto n = static_cast<std::ptrdiff_t>(columns->columns().size());
    std::vector<float> row(static_cast<std::size_t>(n) + 200, kUntouched);
    PairFacts facts;
    columns->write(0, 1, row.data(), &facts);
    EXPECT_EQ(std::count(row.begin(), row.begin() + n, kUntouched), 0);
    EXPECT_EQ(std::count(row.begin() + n, row.end(), kUntouched), 200)
        << kind.name;
  }
}

TEST(FeatureGroup, StandsWhereItsPlaceIs) {
  const auto& groups = feature_groups();
  EXPECT_TRUE(std::is_sorted(
      groups.begin(), groups.end(),
      [](const auto& x, const auto& y) { return x.place < y.place; }));
  EXPECT_EQ(groups.back().name, kCircle);
}

TEST(FeatureGroup, IsWhatScorersLearnAndExplainBy) {
  const MeasuredModel model = near_model();
  const auto pairs = near_pairs().pairs;
  const auto score = scores_of(model);
  double lowest_hit = 1e9, highest_other = -1e9;
  for (std::size_t i = 0; i < score.size(); ++i) {
    if (pairs.label[i] > .5F) lowest_hit = std::min(lowest_hit, score[i]);
    if (pairs.label[i] < .5F) highest_other = std::max(highest_other, score[i]);
  }
  EXPECT_GT(lowest_hit, highest_other);
  const auto place = place_of(model.columns);
  EXPECT_GT(std::abs(model.part<LinearScorer>().path.coefficient[place]), .1);
  const auto shares = MeasuredScorer(model, model.store, {}).explain(0, 5, {});
  EXPECT_EQ(shares[place].words, "how near two genes are on the circle");
  EXPECT_NEAR(shares[place].value, std::cos(angle_of(0) - angle_of(5)), .01);
  EXPECT_NE(shares[place].contribution, 0);
}

TEST(FeatureGroup, ComesBackFromAnArchive) {
  const MeasuredModel model = near_model();
  Archive archive;
  put_measured("m/", model, &archive);
  EXPECT_EQ(scores_of(read_measured("m/", archive)), scores_of(model));
}

TEST(FeatureGroup, MovesToOtherGenesAndCompletesAStore) {
  const auto store = circle_store();
  const auto moved = remap_evidence(store, {8, -1, 3});
  const auto place =
      static_cast<Eigen::Index>(place_of(evidence_columns(moved)));
  EXPECT_EQ(pair_evidence(moved, {{2}, {0}, {}}, 1)(0, place),
            pair_evidence(store, {{3}, {8}, {}}, 1)(0, place));
  EXPECT_TRUE(std::isnan(pair_evidence(moved, {{0}, {1}, {}}, 1)(0, place)));
  GeneStore empty;
  empty.n_genes = kGenes;
  const auto completed = complete_evidence(empty, store);
  EXPECT_EQ(completed.part<KindVectors>().at(kCircle).code,
            store.part<KindVectors>().at(kCircle).code);
}

}  // namespace
}  // namespace musl
