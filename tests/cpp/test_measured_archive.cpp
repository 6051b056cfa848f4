#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/error.h"
#include "io/archive.h"
#include "learners/measured_archive.h"
#include "learners/measured_model.h"
#include "learners/scorer_kind.h"
#include "store/gene_columns.h"
#include "store/gene_sets.h"

namespace musl {
namespace {

/// Six genes in families of two, with a column.
GeneStore some_store() {
  EvidenceInput input;
  input.n_genes = 6;
  input.part<SetInputs>().families = {
      {0, 1, 2, 3, 4, 5}, {0, 0, 1, 1, 2, 2}, {0, 0, 0}, {"family"}};
  input.part<GeneColumns>() = {{"length", "gene", {1, 2, 3, 4, 5, 6}}};
  return make_evidence_store(input, 1, 1);
}

/// A model of two trees that nobody fitted.
MeasuredModel some_model() {
  MeasuredModel out;
  out.store = some_store();
  out.columns = evidence_columns(out.store);
  std::int64_t n_raw = 0;
  for (const auto& column : out.columns) n_raw += column.evidence ? 0 : 1;
  out.scores.quantile.setZero(n_raw, NormalScores::kQuantiles);
  out.reach.lowest.assign(static_cast<std::size_t>(n_raw), -HUGE_VALF);
  out.reach.highest.assign(static_cast<std::size_t>(n_raw), 2.5F);
  for (std::size_t j = 0; j < out.columns.size(); ++j) {
    out.part<LinearScorer>().path.coefficient.push_back(.5 *
                                                        static_cast<double>(j));
    if (out.columns[j].evidence) {
      out.part<RelationScorer>().path.coefficient.push_back(
          -1.0 * static_cast<double>(j));
    }
  }
  out.part<LinearScorer>().path.intercept = .25;
  out.part<RelationScorer>().path.intercept = -2;
  const auto last = static_cast<std::int32_t>(n_raw) - 1;
  out.part<BoostingScorer>().trees.base = .75;
  out.part<BoostingScorer>().trees.n_features = n_raw;
  out.part<BoostingScorer>().trees.trees = {{{0, 1.5F, true, 1, 2, .1},
                                             {-1, 0, false, -1, -1, .2},
                                             {last, 2.5F, false, 3, 4, .3},
                                             {-1, 0, false, -1, -1, .4},
                                             {-1, 0, false, -1, -1, .5}},
                                            {{-1, 0, false, -1, -1, .6}}};
  out.rates = {{"study", {1, 2, 3, 4, 5, 6}}, {"line", {6, 5, 4, 3, 2, 1}}};
  out.weights = {{"linear", .4},
                 {"boosting", .6},
                 {"pair_net", 0},
                 {"recorded", .1},
                 {"relation", .3}};
  out.unexplained = .125;
  out.measured_key = {1, 8, 9};
  out.measured_hit = {1, 0, 1};
  return out;
}

Archive archived(const MeasuredModel& model) {
  Archive out;
  put_measured("m/", model, &out);
  return out;
}

MeasuredModel read(const Archive& archive) {
  return read_measured("m/", archive);
}

/// Whether a model with this change cannot be read back.
bool is_refused(const std::function<void(MeasuredModel*)>& change) {
  MeasuredModel model = some_model();
  change(&model);
  try {
    (void)read(archived(model));
    return false;
  } catch (const FormatError&) {
    return true;
  }
}

TEST(MeasuredArchive, HoldsAllPartsOfAModel) {
  const MeasuredModel model = some_model(), back = read(archived(model));
  EXPECT_EQ(back.reach.lowest, model.reach.lowest);
  EXPECT_EQ(back.reach.highest, model.reach.highest);
  EXPECT_TRUE(
      is_refused([](MeasuredModel* x) { x->reach.highest.pop_back(); }));
  EXPECT_EQ(back.part<LinearScorer>().path.coefficient,
            model.part<LinearScorer>().path.coefficient);
  EXPECT_EQ(back.part<LinearScorer>().path.intercept, .25);
  EXPECT_EQ(back.part<RelationScorer>().path.coefficient,
            model.part<RelationScorer>().path.coefficient);
  EXPECT_EQ(back.part<RelationScorer>().path.intercept, -2);
  EXPECT_EQ(back.part<BoostingScorer>().trees.base, .75);
  EXPECT_EQ(back.part<BoostingScorer>().trees.n_features,
            model.part<BoostingScorer>().trees.n_features);
  ASSERT_EQ(back.part<BoostingScorer>().trees.trees.size(), 2u);
  for (std::size_t t = 0; t < 2; ++t) {
    const auto &x = back.part<BoostingScorer>().trees.trees[t],
               &y = model.part<BoostingScorer>().trees.trees[t];
    ASSERT_EQ(x.size(), y.size());
    for (std::size_t i = 0; i < x.size(); ++i) {
      EXPECT_EQ(x[i].feature, y[i].feature);
      EXPECT_EQ(x[i].threshold, y[i].threshold);
      EXPECT_EQ(x[i].missing_left, y[i].missing_left);
      EXPECT_EQ(x[i].left, y[i].left);
      EXPECT_EQ(x[i].right, y[i].right);
      EXPECT_EQ(x[i].value, y[i].value);
    }
  }
  ASSERT_EQ(back.rates.size(), 2u);
  EXPECT_EQ(back.rates[1].name, "line");
  EXPECT_EQ(back.rates[1].log_ratio, model.rates[1].log_ratio);
  EXPECT_EQ(back.weights.of("linear"), .4);
  EXPECT_EQ(back.weights.of("boosting"), .6);
  EXPECT_EQ(back.weights.of("recorded"), .1);
  EXPECT_EQ(back.weights.of("relation"), .3);
  EXPECT_EQ(back.unexplained, .125);
  EXPECT_EQ(back.measured_key, model.measured_key);
  EXPECT_EQ(back.measured_hit, model.measured_hit);
  EXPECT_EQ(scorer_names(back),
            (std::vector<std::string>{"linear", "boosting", "relation"}));
}

TEST(MeasuredArchive, IsRefusedWhereTreesLeadNowhere) {
  const auto bent = [](const std::function<void(TreeNode*)>& change) {
    return is_refused([&](MeasuredModel* x) {
      change(&x->part<BoostingScorer>()
                  .trees.trees[0][2]);  // its leaves are 3 and 4 of 5
    });
  };
  EXPECT_FALSE(bent([](TreeNode*) {}));
  EXPECT_FALSE(bent([](TreeNode* x) { x->left = 4; }));
  EXPECT_TRUE(bent([](TreeNode* x) { x->left = 2; }));
  EXPECT_TRUE(bent([](TreeNode* x) { x->left = 5; }));
  EXPECT_FALSE(bent([](TreeNode* x) { x->right = 3; }));
  EXPECT_TRUE(bent([](TreeNode* x) { x->right = 2; }));
  EXPECT_TRUE(bent([](TreeNode* x) { x->right = 5; }));
  EXPECT_TRUE(bent([](TreeNode* x) { ++x->feature; }));
  EXPECT_FALSE(bent([](TreeNode* x) { x->feature = -1; }));
  EXPECT_TRUE(is_refused([](MeasuredModel* x) {
    x->part<BoostingScorer>().trees.trees[0].clear();
  }));
  EXPECT_TRUE(is_refused([](MeasuredModel* x) {
    x->measured_key = {8, 1, 9};
  }));
}

/// Whether the archive is refused with one entry more or less of a part.
template <class Value>
bool needs_size(const std::string& name) {
  for (const int change : {-1, 1}) {
    Archive archive = archived(some_model());
    auto& tensor = archive.tensors.at(name);
    tensor.shape[0] += change;
    tensor.bytes.resize(static_cast<std::size_t>(tensor.shape[0]) *
                        sizeof(Value));
    try {
      (void)read(archive);
      return false;
    } catch (const FormatError&) {
    }
  }
  return true;
}

TEST(MeasuredArchive, IsRefusedWherePartsHaveOtherSizes) {
  EXPECT_TRUE(needs_size<std::int32_t>("m/boosting/feature"));
  EXPECT_TRUE(needs_size<float>("m/boosting/threshold"));
  EXPECT_TRUE(needs_size<std::uint8_t>("m/boosting/missing_left"));
  EXPECT_TRUE(needs_size<std::int32_t>("m/boosting/left"));
  EXPECT_TRUE(needs_size<std::int32_t>("m/boosting/right"));
  EXPECT_TRUE(needs_size<double>("m/boosting/value"));
  EXPECT_TRUE(needs_size<double>("m/boosting/base"));
  EXPECT_TRUE(needs_size<double>("m/linear/intercept"));
  EXPECT_TRUE(needs_size<double>("m/linear/coefficient"));
  EXPECT_TRUE(needs_size<double>("m/evidence/coefficient"));
  EXPECT_TRUE(needs_size<std::int64_t>("m/measured_key"));
  EXPECT_TRUE(needs_size<std::uint8_t>("m/measured_hit"));
  EXPECT_TRUE(needs_size<float>("m/rate/1"));
  EXPECT_TRUE(is_refused([](MeasuredModel* x) {
    x->scores.quantile.resize(x->scores.quantile.rows() + 1,
                              NormalScores::kQuantiles);
  }));
  EXPECT_TRUE(is_refused([](MeasuredModel* x) {
    x->scores.quantile.resize(x->scores.quantile.rows(),
                              NormalScores::kQuantiles - 1);
  }));
}

/// What is said of a changed description; "" if it is fine.
std::string fault(const std::function<void(nlohmann::json*)>& change) {
  Archive archive = archived(some_model());
  auto& text = archive.metadata.at("m/members");
  auto json = nlohmann::json::parse(text);
  change(&json);
  text = json.dump();
  try {
    (void)read(archive);
    return "";
  } catch (const FormatError& error) {
    return error.what();
  }
}

TEST(MeasuredArchive, IsRefusedWithAnotherDescription) {
  EXPECT_EQ(fault([](auto*) {}), "");
  const std::string damaged = "The scorers of features are damaged: ";
  EXPECT_EQ(fault([](auto* x) { (*x)["weights"].push_back(0); }),
            damaged + "they have another number of weights.");
  EXPECT_EQ(fault([](auto* x) { (*x)["weights"][2] = .1; }),
            damaged + "their pair network is not there.");
  EXPECT_EQ(fault([](auto* x) { (*x)["columns"].push_back("age"); }),
            damaged + "their columns are not those of their evidence.");
  for (const char* key : {"measured", "rates", "columns", "weights"}) {
    EXPECT_NE(fault([&](auto* x) { x->erase(key); }), "") << key;
  }
}

}  // namespace
}  // namespace musl
