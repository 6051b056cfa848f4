// strategy = "em": pseudo-labels, the phases, and what they leave alone.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numeric>
#include <set>

#include "musl/archive.h"
#include "musl/error.h"
#include "musl/model.h"
#include "musl/plan.h"
#include "nn/learn/pseudo_labels.h"
#include "small_world.h"

namespace musl::nn {
namespace {

using test::small_architecture;
using test::small_control;
using test::small_world;
using test::SmallWorld;

ControlConfig em_control(int iterations) {
  ControlConfig control = small_control();
  control.strategy = "em";
  control.em_iterations = iterations;
  control.em_prior = 0.5;
  control.em_confidence = 0.2;
  control.epochs = 2;
  return control;
}

FitResult run(const SmallWorld& world, const ControlConfig& control,
              const EventSink& sink = {}) {
  return fit(small_architecture(), control, world.data, world.training,
             world.validation, nullptr, sink);
}

std::vector<std::uint8_t> bytes_of(const Model& model) {
  return write_archive(model.to_archive(/*keep_inputs=*/true));
}

double sum(const std::vector<float>& x) {
  return std::accumulate(x.begin(), x.end(), 0.0);
}

TEST(UnlabelledPairs, AreNewPairsOfTrainingGenesEachOnce) {
  const SmallWorld world = small_world(small_architecture());
  const PairSet drawn =
      draw_unlabelled(world.training, world.validation, test::kGenes, 200, 7);
  ASSERT_EQ(drawn.size(), 200);
  const auto keys = pair_keys(drawn, test::kGenes);
  EXPECT_EQ(std::set<std::int64_t>(keys.begin(), keys.end()).size(), 200U);
  std::set<std::int32_t> genes(world.training.a.begin(),
                               world.training.a.end());
  genes.insert(world.training.b.begin(), world.training.b.end());
  for (std::size_t i = 0; i < drawn.a.size(); ++i) {
    EXPECT_NE(drawn.a[i], drawn.b[i]);
    EXPECT_TRUE(genes.count(drawn.a[i]) == 1 && genes.count(drawn.b[i]) == 1);
  }
  for (const auto* known : {&world.training, &world.validation}) {
    for (const auto key : pair_keys(*known, test::kGenes)) {
      EXPECT_FALSE(std::binary_search(keys.begin(), keys.end(), key));
    }
  }
  const PairSet again =
      draw_unlabelled(world.training, world.validation, test::kGenes, 200, 7);
  EXPECT_EQ(drawn.a, again.a);
  EXPECT_EQ(drawn.b, again.b);
}

TEST(PseudoLabels, AreShiftedToThePriorAndFilteredByConfidence) {
  PseudoRules rules;
  rules.temperature = 2;
  rules.shift = -1;
  rules.confidence = 0.5;
  rules.n_positive = 100;
  rules.total = 10;
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const auto labels = pseudo_labels({6, 2, 0, -4, nan}, rules);
  const auto p = [](double z) { return 1 / (1 + std::exp(-z)); };
  EXPECT_NEAR(labels.probability[0], p(2), 1e-6);  // 6 / 2 - 1
  EXPECT_NEAR(labels.probability[3], p(-3), 1e-6);
  EXPECT_EQ(labels.weight[1], 0);  // |2 p(0) - 1| = 0
  EXPECT_EQ(labels.weight[2], 0);  // |2 p(-1) - 1| = .46
  EXPECT_EQ(labels.weight[4], 0);
  EXPECT_NEAR(sum(labels.weight), 10, 1e-5);
  EXPECT_NEAR(labels.weight[0] / labels.weight[3],
              (2 * p(2) - 1) / (1 - 2 * p(-3)), 1e-5);
}

TEST(PseudoLabels, AreCappedByTheLabelledOnes) {
  PseudoRules rules;
  rules.n_positive = 2;
  rules.total = 8;
  std::vector<double> logit(40);
  for (std::size_t i = 0; i < logit.size(); ++i) {
    logit[i] = (i < 20 ? 1 : -1) * (5 + 0.01 * static_cast<double>(i % 20));
  }
  const auto labels = pseudo_labels(logit, rules);
  const auto kept = [&](std::size_t first) {
    return std::count_if(labels.weight.begin() + static_cast<long>(first),
                         labels.weight.begin() + static_cast<long>(first) + 20,
                         [](float w) { return w > 0; });
  };
  EXPECT_EQ(kept(0), 2);            // weights just below 1 each
  EXPECT_EQ(kept(20), 6);           // three times as much
  EXPECT_GT(labels.weight[19], 0);  // the most confident
  EXPECT_GT(labels.weight[39], 0);
}

// Logits that are k times the true log-odds have temperature k.
TEST(PseudoLabels, TemperatureUndoesAScale) {
  Rng rng(3);
  std::vector<double> logit;
  std::vector<float> label;
  for (int i = 0; i < 20000; ++i) {
    const double truth = 2 * rng.normal();
    label.push_back(rng.uniform() < 1 / (1 + std::exp(-truth)) ? 1.0f : 0.0f);
    logit.push_back(3 * truth);
  }
  EXPECT_NEAR(fit_temperature(logit, label), 3, 0.15);
  EXPECT_EQ(fit_temperature({1, 2}, {0, 1}), 1);
}

TEST(EmPlan, TeachesTheScalesInTurnsAndThenFuses) {
  const auto plan = training_plan(small_architecture(), em_control(2));
  std::vector<std::string> names;
  for (const auto& phase : plan) names.push_back(phase.name);
  const std::vector<std::string> expected = {"branch:histogram",
                                             "branch:descriptors",
                                             "branch:graph",
                                             "branch:partners",
                                             "E1:histogram",
                                             "E1:descriptors",
                                             "M1:graph",
                                             "M1:partners",
                                             "E2:histogram",
                                             "E2:descriptors",
                                             "M2:graph",
                                             "M2:partners",
                                             "fuse"};
  EXPECT_EQ(names, expected);
  ArchitectureConfig one_scale = small_architecture();
  one_scale.encoders = {"histogram", "descriptors"};
  EXPECT_THROW(training_plan(one_scale, em_control(1)), InputError);
}

TEST(Em, WithoutIterationsOrWeightIsTheBranchesApart) {
  const SmallWorld world = small_world(small_architecture());
  ControlConfig apart = em_control(0);
  apart.strategy = "branches";
  const auto expected = run(world, apart);
  ControlConfig weightless = em_control(2);
  weightless.em_weight = 0;
  for (const auto& control : {em_control(0), weightless}) {
    const auto found = run(world, control);
    const auto score = [&](const FitResult& result) {
      return result.model.predict(result.model.kept(), world.validation, {})
          .score;
    };
    EXPECT_EQ(score(found), score(expected));
  }
}

TEST(Em, TrainsAndResumesToTheSameBits) {
  const SmallWorld world = small_world(small_architecture());
  const auto whole = run(world, em_control(1));
  std::set<std::string> phases;
  for (const auto& record : whole.history) phases.insert(record.phase);
  EXPECT_EQ(phases.size(), 9U);
  ControlConfig control = em_control(1);
  control.checkpoint =
      ::testing::TempDir() + "em-checkpoint-" + std::to_string(::getpid());
  for (const char* stop : {"branch:graph", "E1:descriptors", "M1:partners"}) {
    std::remove(control.checkpoint.c_str());
    const EventSink sink = [&](const TrainEvent& event) {
      return event.kind != TrainEvent::Kind::epoch || event.phase != stop;
    };
    EXPECT_TRUE(run(world, control, sink).cancelled);
    EXPECT_EQ(bytes_of(run(world, control).model), bytes_of(whole.model))
        << stop;
  }
}

}  // namespace
}  // namespace musl::nn
