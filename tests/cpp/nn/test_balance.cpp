// How much each branch counts in a model's scores.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>
#include <set>

#include "musl/error.h"
#include "musl/metrics.h"
#include "musl/pair_scorer.h"
#include "nn/infer/encoded_pairs.h"
#include "small_world.h"

namespace musl::nn {
namespace {

using test::small_architecture;
using test::small_control;
using test::small_world;
using test::SmallWorld;

PairSet distinct_validation(const SmallWorld& world) {
  PairSet out;
  std::set<std::int64_t> seen;
  const PairSet& all = world.validation;
  for (std::size_t i = 0; i < all.a.size(); ++i) {
    if (!seen.insert(pair_key(all.a[i], all.b[i], test::kGenes)).second) {
      continue;
    }
    out.a.push_back(all.a[i]);
    out.b.push_back(all.b[i]);
    out.label.push_back(all.label[i]);
  }
  return out;
}

struct Fitted {
  SmallWorld world;
  PairSet pairs;
  std::unique_ptr<FitResult> result;
};

Fitted fitted(std::vector<std::string> encoders) {
  ArchitectureConfig arch = small_architecture();
  arch.encoders = std::move(encoders);
  Fitted out{small_world(arch), {}, nullptr};
  out.pairs = distinct_validation(out.world);
  const std::vector<TrainingPart> parts{
      {out.world.training, out.world.validation},
      {out.world.training, out.world.validation}};
  out.result = std::make_unique<FitResult>(
      fit(arch, small_control(), out.world.data, parts, nullptr));
  return out;
}

Balance balance(const Fitted& model, int threads = 1, std::uint64_t seed = 1,
                std::vector<std::string> heard = {}) {
  PredictOptions options;
  options.device = test::test_device();
  options.threads = threads;
  options.encoders = std::move(heard);
  const Model& m = model.result->model;
  return PairScorer(m, m.kept(), model.pairs, options)
      .balance(model.pairs, {40, seed});
}

TEST(Balance, JudgesTheScoresOfPredict) {
  const Fitted model = fitted({"histogram", "descriptors", "graph"});
  const Model& m = model.result->model;
  PredictOptions options;
  options.parts = true;
  const auto predicted = m.predict(m.kept(), model.pairs, options);
  std::vector<double> score;
  std::vector<float> label;
  for (std::size_t i = 0; i < predicted.score.size(); ++i) {
    if (std::isnan(predicted.score[i])) continue;
    score.push_back(predicted.score[i]);
    label.push_back(model.pairs.label[i]);
  }
  const Balance found = balance(model);
  EXPECT_EQ(found.n_pairs, static_cast<std::int64_t>(score.size()));
  EXPECT_NEAR(found.score.auroc, auroc(score, label), 1e-9);
  EXPECT_NEAR(found.score.auprc, auprc(score, label), 1e-9);
  ASSERT_EQ(found.branches.size(), 3U);
  EXPECT_EQ(found.branches[2].encoder, "graph");
  // The branch's own logits, over the pairs that have it.
  std::vector<double> own;
  std::vector<float> own_label;
  for (std::size_t i = 0; i < predicted.score.size(); ++i) {
    const float logit =
        predicted.branch_scores(static_cast<Eigen::Index>(i), 0);
    if (logit == 0) continue;
    own.push_back(static_cast<double>(logit));
    own_label.push_back(model.pairs.label[i]);
  }
  EXPECT_EQ(found.branches[0].n_pairs, static_cast<std::int64_t>(own.size()));
  EXPECT_NEAR(found.branches[0].own.auroc, auroc(own, own_label), 1e-9);
}

TEST(Balance, WithoutItsOnlyBranchAScoreTellsNothing) {
  const Fitted model = fitted({"graph"});
  const Balance found = balance(model);
  ASSERT_EQ(found.branches.size(), 1U);
  double mean = 0;
  for (const auto& one : found.branches[0].permuted) mean += one.auroc / 40;
  // The standard error of 40 deals of some 60 pairs is .012; pairs of unseen
  // genes keep their own line.
  EXPECT_NEAR(mean, 0.5, 0.05);
}

TEST(Balance, ABranchThatIsNotThereIsNotUsed) {
  const Fitted model = fitted({"descriptors", "graph"});
  const Balance found = balance(model, 1, 1, {"graph"});
  EXPECT_EQ(found.branches[0].n_pairs, 0);
  for (const auto& one : found.branches[0].permuted) {
    EXPECT_EQ(one.auroc, found.score.auroc);
  }
  EXPECT_TRUE(std::isnan(found.branches[0].own.auroc));
}

TEST(Balance, IsOfItsSeedAndNotOfThreads) {
  const Fitted model = fitted({"descriptors", "graph"});
  const auto values = [&](int threads, std::uint64_t seed) {
    std::vector<double> out;
    for (const auto& branch : balance(model, threads, seed).branches) {
      for (const auto& one : branch.permuted) out.push_back(one.auprc);
      out.push_back(branch.probe.auprc);
    }
    return out;
  };
  EXPECT_EQ(values(1, 1), values(2, 1));
  EXPECT_NE(values(1, 1), values(1, 2));
}

TEST(Balance, NeedsBothClasses) {
  Fitted model = fitted({"graph"});
  std::fill(model.pairs.label.begin(), model.pairs.label.end(), 1.0f);
  EXPECT_THROW(balance(model), InputError);
}

TEST(DealtRows, StayInPlaceOutsideAndAreAllThereInside) {
  const std::vector<std::uint8_t> use = {1, 0, 1, 1, 0, 1, 1, 1};
  auto order = dealt(use, 3);
  EXPECT_EQ(order[1], 1);
  EXPECT_EQ(order[4], 4);
  EXPECT_EQ(order, dealt(use, 3));
  EXPECT_NE(order, dealt(use, 4));
  std::sort(order.begin(), order.end());
  std::vector<std::int64_t> all(8);
  std::iota(all.begin(), all.end(), 0);
  EXPECT_EQ(order, all);
}

TEST(ProbedVectors, TellWhatIsInThemAndNothingElse) {
  Rng rng(5);
  const Eigen::Index n = 400;
  Matrix x(n, 6);
  std::vector<float> label;
  for (Eigen::Index i = 0; i < n; ++i) {
    label.push_back(rng.uniform() < 0.5 ? 1.0f : 0.0f);
    for (Eigen::Index k = 0; k < 6; ++k) {
      x(i, k) = static_cast<float>(rng.normal());
    }
  }
  const std::vector<std::uint8_t> use(static_cast<std::size_t>(n), 1);
  // Cross-fitting hides no chance: four standard errors of .029.
  EXPECT_NEAR(probe_vectors(x, label, use, 1, 1).auroc, 0.5, 0.12);
  for (Eigen::Index i = 0; i < n; ++i) {
    x(i, 3) += 8 * label[static_cast<std::size_t>(i)];
  }
  EXPECT_GT(probe_vectors(x, label, use, 1, 1).auroc, 0.999);
  const std::vector<float> one_class(static_cast<std::size_t>(n), 1.0f);
  EXPECT_TRUE(std::isnan(probe_vectors(x, one_class, use, 1, 1).auroc));
}

}  // namespace
}  // namespace musl::nn
