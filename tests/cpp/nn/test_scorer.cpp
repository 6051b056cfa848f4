#include <gtest/gtest.h>

#include <memory>

#include "base/error.h"
#include "model/model.h"
#include "small_world.h"

namespace musl {
namespace {

using test::all_pairs;
using test::kGenes;
using test::kUnknownGene;
using test::same_numbers;
using test::small_architecture;
using test::small_control;
using test::small_world;
using test::SmallWorld;

/// One model for all tests, of two members.
class Scorer : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    const SmallWorld world = small_world(small_architecture());
    const std::vector<TrainingPart> parts{{world.training, world.validation},
                                          {world.training, world.validation}};

    result_ = std::make_unique<FitResult>(
        fit(small_architecture(), small_control(), world.data, parts));
  }
  static void TearDownTestSuite() { result_.reset(); }
  static const Model& model() { return result_->model; }
  static const Dataset& data() { return result_->model.kept(); }
  static std::unique_ptr<PairScorer> scorer(int threads = 1,
                                            int micro_batch = 64) {
    PredictOptions options;
    options.device = test::test_device();
    options.threads = threads;
    options.micro_batch = micro_batch;
    return make_pair_scorer(model(), data(), data().known, options);
  }

  static std::unique_ptr<FitResult> result_;
};
std::unique_ptr<FitResult> Scorer::result_;

TEST_F(Scorer, GivesTheBitsOfPredictForEachTable) {
  const auto made = scorer();
  PairScorer& ready = *made;
  ready.prepare_all_genes();
  const PairSet all = all_pairs();
  PairSet some;
  for (std::size_t i = 3; i < all.a.size(); i += 7) {
    some.a.push_back(all.a[i]);
    some.b.push_back(all.b[i]);
  }
  some.b.back() = kUnknownGene;
  for (const PairSet& pairs : {some, all, PairSet{}}) {
    const auto expected = model().predict(data(), pairs, {}).score;
    EXPECT_TRUE(same_numbers(ready.score(pairs).score, expected));
    EXPECT_TRUE(same_numbers(scorer(3)->score(pairs).score, expected));
  }
}

TEST_F(Scorer, TellsHowFarItIsAndStopsWhenAsked) {
  // It tells every 100 ms: pair by pair there is time for that.
  const auto made = scorer(/*threads=*/1, /*micro_batch=*/1);
  PairScorer& ready = *made;
  std::int64_t last = 0, all = 0;
  EXPECT_THROW((void)ready.score(all_pairs(),
                                 [&](std::int64_t done, std::int64_t of) {
                                   last = done;
                                   all = of;
                                   return false;
                                 }),
               CancelledError);
  EXPECT_LT(last, all);
  EXPECT_EQ(all, 2 * all_pairs().size());  // two members
}

TEST_F(Scorer, RefusesGenesOutsideTheUniverse) {
  const auto made = scorer();
  PairScorer& ready = *made;
  EXPECT_THROW((void)ready.score({{0}, {kGenes}, {}}), GeneError);
}

}  // namespace
}  // namespace musl
