#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <memory>

#include "base/linear_algebra.h"
#include "musl/backend.h"
#include "musl/error.h"
#include "musl/list_order.h"
#include "musl/model.h"
#include "nn/model/networks.h"
#include "small_world.h"

namespace musl {
namespace {

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

/// Every pair of genes once, known ones among them.
PairSet all_pairs() {
  PairSet pairs;
  for (std::int32_t a = 0; a < kGenes; ++a) {
    for (std::int32_t b = a + 1; b < kGenes; ++b) {
      pairs.a.push_back(a);
      pairs.b.push_back(b);
    }
  }
  return pairs;
}

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

TEST_F(Scorer, HandsOutTheVectorsOfAllMembers) {
  const Matrix vectors = scorer()->gene_vectors();
  Matrix expected;
  for (const auto& net : nn::networks_of(model().state()).nets) {
    const nn::GeneStage genes(net->gene_encoders(), data(),
                              model().state().preprocess, torch::kCPU, 1);
    append_columns(genes.all_vectors(kGenes), &expected);
  }
  ASSERT_EQ(vectors.rows(), kGenes);
  ASSERT_EQ(vectors.cols(), expected.cols());
  ASSERT_GT(vectors.cols(), 0);
  EXPECT_LT((vectors - expected).cwiseAbs().maxCoeff(), 1e-5F);
}

TEST_F(Scorer, StudentFeaturesAreBlindToTheOrderOfGenes) {
  const auto made = scorer();
  PairScorer& ready = *made;
  const StudentFeatures features(data(), ready.partners(),
                                 ready.gene_vectors());
  const PairSet pairs = all_pairs();
  const PairSet swapped{pairs.b, pairs.a, {}};
  const auto n = pairs.size();
  std::vector<float> x(static_cast<std::size_t>(n * features.columns()));
  auto y = x;
  features.make(pairs, 0, n, x.data());
  features.make(swapped, 0, n, y.data());
  EXPECT_TRUE(same_numbers(x, y));
  for (const float value : x) ASSERT_TRUE(std::isfinite(value));
}

TEST_F(Scorer, StudentLearnsTheModel) {
  const auto made = scorer();
  PairScorer& ready = *made;
  const StudentFeatures features(data(), ready.partners(),
                                 ready.gene_vectors());
  const PairSet all = all_pairs();
  const auto target = ready.score(all).score;
  PairSet pairs;
  std::vector<double> known;
  for (std::size_t i = 0; i < target.size(); ++i) {
    if (!std::isfinite(target[i])) continue;
    pairs.a.push_back(all.a[i]);
    pairs.b.push_back(all.b[i]);
    known.push_back(target[i]);
  }
  const auto student =
      backend().train_student(features, pairs, known, 1, 1, {});
  const auto guess = student->score(pairs, 1);
  double mean = 0, error = 0, spread = 0;
  for (const double y : known) mean += y / static_cast<double>(known.size());
  for (std::size_t i = 0; i < known.size(); ++i) {
    error += std::pow(guess[i] - known[i], 2);
    spread += std::pow(known[i] - mean, 2);
  }
  EXPECT_LT(error, 0.3 * spread);

  EXPECT_TRUE(same_numbers(guess, student->score(pairs, 3)));
  const auto again = backend().train_student(features, pairs, known, 1, 3, {});
  EXPECT_TRUE(same_numbers(guess, again->score(pairs, 1)));
  const auto loaded = backend().read_student(student->to_archive(), features);
  EXPECT_TRUE(same_numbers(guess, loaded->score(pairs, 1)));
}

TEST_F(Scorer, ShortlistCountsWhatItMissesOfTheModelsBest) {
  const auto made = scorer();
  PairScorer& ready = *made;
  const StudentFeatures features(data(), ready.partners(),
                                 ready.gene_vectors());
  AtlasTile pool;
  for (std::int32_t g = 0; g < kGenes; ++g) pool.rows.push_back(g);
  pool.cols = pool.rows;
  ShortlistConfig config{/*top=*/0.2, /*pairs=*/1000, /*test=*/600, /*seed=*/1,
                         /*threads=*/1};
  const Shortlist shortlist = make_shortlist(ready, features, pool, config);
  EXPECT_GT(shortlist.report.n_test, 300);
  EXPECT_EQ(shortlist.report.n_best, 1);
  EXPECT_LE(shortlist.report.n_passed, 1);
  const auto pairs = all_pairs();
  const auto kept = passes(shortlist, pairs, 1);
  double share = 0;
  std::vector<int> partners(kGenes, 0);
  for (std::size_t i = 0; i < kept.size(); ++i) {
    share += kept[i];
    partners[static_cast<std::size_t>(pairs.a[i])] += kept[i];
    partners[static_cast<std::size_t>(pairs.b[i])] += kept[i];
  }
  share /= static_cast<double>(kept.size());
  EXPECT_NEAR(share, 0.2, 0.1);
  EXPECT_GE(*std::min_element(partners.begin(), partners.end()),
            std::ceil(0.1 * (kGenes - 1)));
  // The seed alone decides.
  const Shortlist again = make_shortlist(ready, features, pool, config);
  EXPECT_EQ(again.report.threshold, shortlist.report.threshold);
}

TEST_F(Scorer, ShortlistRefusesTooFewPairs) {
  const auto made = scorer();
  PairScorer& ready = *made;
  const StudentFeatures features(data(), ready.partners(),
                                 ready.gene_vectors());
  const AtlasTile pool{{0, 1, 2}, {0, 1, 2}};
  EXPECT_THROW((void)make_shortlist(ready, features, pool, {}), InputError);
}

}  // namespace
}  // namespace musl
