#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>
#include <string>

#include "base/error.h"
#include "model/model.h"
#include "small_world.h"

namespace musl {
namespace {

using test::kGenes;
using test::small_architecture;
using test::small_control;
using test::small_world;
using test::SmallWorld;

double total(const AttributedInput& input) {
  return std::accumulate(input.contribution.begin(), input.contribution.end(),
                         0.0);
}

double total(const Attribution& why) {
  double sum = 0;
  for (const auto& input : why.inputs) sum += total(input);
  return sum;
}

const AttributedInput* find_input(const Attribution& why,
                                  const std::string& name) {
  const auto found =
      std::find_if(why.inputs.begin(), why.inputs.end(),
                   [&](const auto& input) { return input.name == name; });
  return found == why.inputs.end() ? nullptr : &*found;
}

/// A model of two members that reads everything, and the world it is of.
class Explained : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    world_ = std::make_unique<SmallWorld>(small_world(small_architecture()));
    const std::vector<TrainingPart> parts{
        {world_->training, world_->validation},
        {world_->training, world_->validation}};
    // One model wherever it is explained: a device draws masks of its own.
    ControlConfig control = small_control();
    control.device = "cpu";
    result_ = std::make_unique<FitResult>(
        fit(small_architecture(), control, world_->data, parts));
  }
  static void TearDownTestSuite() {
    result_.reset();
    world_.reset();
  }
  static const Model& model() { return result_->model; }
  static Attribution explain(const Dataset& data, std::int32_t a,
                             std::int32_t b, int threads = 1) {
    PredictOptions options;
    options.device = test::test_device();
    options.threads = threads;
    const PairSet asked{{a}, {b}, {}};
    return make_pair_scorer(model(), data, asked, options)->attribute(a, b);
  }

  static std::unique_ptr<SmallWorld> world_;
  static std::unique_ptr<FitResult> result_;
};
std::unique_ptr<SmallWorld> Explained::world_;
std::unique_ptr<FitResult> Explained::result_;

TEST_F(Explained, ContributionsAddUpToTheScoreThatPredictGives) {
  for (std::int32_t b = 1; b < 6; ++b) {
    const auto why = explain(model().kept(), 0, b);
    const auto score =
        model().predict(model().kept(), {{0}, {b}, {}}, {}).score;
    EXPECT_NEAR(why.score, score[0], 1e-5);
    const double change = why.score - why.reference_score;
    EXPECT_NEAR(total(why), change, 0.01 * std::max(std::abs(change), 0.1));
    double branches = 0;
    for (const auto& branch : why.branches) {
      branches += branch.weight * branch.logit;
    }
    EXPECT_NEAR(branches, why.score, 1e-4);
  }
}

TEST_F(Explained, TheOrderOfTheGenesAndTheThreadsDoNotMatter) {
  const auto one = explain(model().kept(), 2, 7),
             two = explain(model().kept(), 7, 2, 2);
  ASSERT_EQ(one.inputs.size(), two.inputs.size());
  for (std::size_t i = 0; i < one.inputs.size(); ++i) {
    EXPECT_EQ(one.inputs[i].contribution, two.inputs[i].contribution);
  }
}

// The reference pair's histogram has the marginals of the pair's own.
TEST_F(Explained, HistogramsAreComparedWithIndependentGenes) {
  const auto& cohort = model().kept().cohorts.front();
  const auto why = explain(model().kept(), 0, 1);
  const auto* input = find_input(why, "histogram");
  ASSERT_NE(input, nullptr);
  const int bins = cohort.config.bins;
  for (int i = 0; i < bins; ++i) {
    double share = 0, expected = 0;
    for (int j = 0; j < bins; ++j) {
      const auto at = static_cast<std::size_t>(i * bins + j);
      share += input->value[at];
      expected += input->reference[at];
    }
    EXPECT_NEAR(share, expected, 1e-3);
  }
}

// Similarities to partners are means over them: shares add up to the columns.
TEST_F(Explained, KnownPartnersShareWhatTheirSimilaritiesAdd) {
  const auto& known = model().kept().known;
  const std::int32_t a = known.a[0];
  std::int32_t b = 0;
  const auto is_known = [&](std::int32_t x, std::int32_t y) {
    for (std::size_t i = 0; i < known.a.size(); ++i) {
      if (std::min(x, y) == std::min(known.a[i], known.b[i]) &&
          std::max(x, y) == std::max(known.a[i], known.b[i])) {
        return true;
      }
    }
    return false;
  };
  while (b == a || is_known(a, b)) ++b;
  ASSERT_LT(b, kGenes);
  const auto why = explain(model().kept(), a, b);
  const auto n = std::count_if(
      why.partners.begin(), why.partners.end(),
      [&](const AttributedGene& share) { return share.gene == a; });
  std::int64_t expected = 0;
  for (std::size_t i = 0; i < known.a.size(); ++i) {
    expected += known.a[i] == a || known.b[i] == a ? 1 : 0;
  }
  EXPECT_EQ(n, expected);
  for (const auto& share : why.partners) {
    EXPECT_TRUE(std::isfinite(share.contribution));
  }
}

// With node features at hand genes count block by block, neighbours one by one.
TEST_F(Explained, NodeFeaturesAreReadWhereTheDataHasThem) {
  if (world_->data.blocks.empty()) GTEST_SKIP() << "no node features";
  Dataset data = world_->data;
  data.known = model().kept().known;
  const auto why = explain(data, 0, 1);
  const double change = why.score - why.reference_score;
  EXPECT_NEAR(total(why), change, 0.01 * std::max(std::abs(change), 0.1));
  EXPECT_EQ(find_input(why, "gene_a"), nullptr);
  EXPECT_NE(find_input(why, "gene_a:" + data.blocks.front().name), nullptr);
  const auto neighbours = std::count_if(
      why.neighbours.begin(), why.neighbours.end(),
      [](const AttributedGene& share) { return share.gene == 0; });
  EXPECT_EQ(neighbours, data.network.degree(0) + 1);  // and itself
}

TEST_F(Explained, RefusesPairsThatAreNone) {
  EXPECT_THROW(explain(model().kept(), 1, 1), InputError);
  EXPECT_THROW(explain(model().kept(), 0, kGenes), Error);
}

}  // namespace
}  // namespace musl
