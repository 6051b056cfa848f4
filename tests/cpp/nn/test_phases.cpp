// What a phase says is what is done.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "model/model.h"
#include "nn/base/parameters.h"
#include "nn/learn/learner.h"
#include "nn/learn/musl_phases.h"
#include "small_world.h"
#include "training_bench.h"

namespace musl::nn {
namespace {

using test::small_architecture;
using test::small_control;
using test::small_world;
using test::TrainingBench;
using test::without_dropout;

Phase phase_with(std::vector<LossTerm> losses) {
  Phase phase = phase_of("only", small_control());
  phase.losses = std::move(losses);
  return phase;
}

TrainingBench bench_of(std::vector<Phase> phases) {
  return TrainingBench(without_dropout(), small_control(), std::move(phases));
}

// ---- Losses ----

std::vector<Tensor> difference(const BatchResult& x, const BatchResult& y) {
  std::vector<Tensor> result;
  for (std::size_t i = 0; i < x.gradients.size(); ++i) {
    const auto zero = [&](const Tensor& of, const Tensor& other) {
      return of.defined() ? of : torch::zeros_like(other);
    };
    if (!x.gradients[i].defined() && !y.gradients[i].defined()) {
      result.emplace_back();
    } else {
      result.push_back(zero(x.gradients[i], y.gradients[i]) -
                       zero(y.gradients[i], x.gradients[i]));
    }
  }
  return result;
}

TEST(Losses, HonourTheBranchAndItsWeight) {
  const TrainingBench bench =
      bench_of({phase_with({{"bce", "fused"}}),
                phase_with({{"bce", "fused"}, {"bce", "graph", 0.5}}),
                phase_with({{"bce", "fused"}, {"bce", "graph", 1.5}}),
                phase_with({{"bce", "fused"}, {"bce", "descriptors", 0.5}})});
  std::vector<BatchResult> found;
  for (std::size_t i = 0; i < 4; ++i) found.push_back(bench.gradient(i, 1));
  const auto half = difference(found[1], found[0]);
  const auto more = difference(found[2], found[0]);
  const auto other = difference(found[3], found[0]);
  EXPECT_NEAR(3 * (found[1].objective - found[0].objective),
              found[2].objective - found[0].objective, 1e-5);
  const auto names = parameters_of(*bench.net).names;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (!half[i].defined()) continue;
    EXPECT_TRUE(torch::allclose(3 * half[i], more[i], 1e-3, 1e-6)) << names[i];
    const bool of_graph = names[i].find(".graph.") != std::string::npos;
    const bool of_other = names[i].find(".descriptors.") != std::string::npos;
    if (!of_graph) {
      EXPECT_LT(half[i].abs().max().item<double>(), 1e-6);
    }
    if (!of_other) {
      EXPECT_LT(other[i].abs().max().item<double>(), 1e-6);
    }
  }
  const auto head =
      std::find(names.begin(), names.end(), "branch.graph.score.weight");
  ASSERT_NE(head, names.end());
  EXPECT_GT(half[static_cast<std::size_t>(head - names.begin())]
                .abs()
                .max()
                .item<double>(),
            1e-4);
}

// ---- Settings ----

TEST(Phases, HalveTheirRateOnAPlateau) {
  Phase phase = phase_with({{"bce", "fused"}});
  phase.schedule = "plateau";
  phase.learning_rate = 0.08;
  phase.plateau = 2;
  const double kNaN = std::nan("");
  const auto rate = [&](const std::vector<double>& values) {
    return rate_at(phase, /*step=*/3, /*total=*/100, values);
  };
  EXPECT_EQ(rate({}), 0.08);
  EXPECT_EQ(rate({0.5, 0.6, 0.7}), 0.08);
  EXPECT_EQ(rate({0.5, 0.4}), 0.08);
  EXPECT_EQ(rate({0.5, 0.4, 0.5}), 0.04);  // as good is no better
  EXPECT_EQ(rate({0.5, 0.4, 0.5, 0.3}), 0.04);
  EXPECT_EQ(rate({0.5, 0.4, 0.5, 0.3, 0.2}), 0.02);
  EXPECT_EQ(rate({0.5, 0.4, 0.5, 0.3, 0.6, 0.2}), 0.04);  // counts anew
  EXPECT_EQ(rate({kNaN, kNaN, kNaN, kNaN, kNaN}), 0.08);
  phase.plateau = 1;
  EXPECT_EQ(rate({0.5, 0.4, 0.4, 0.4}), 0.01);
}

TEST(Phases, OfAPlateauTrainAtTheRatesThatTheirHistoryTells) {
  Phase phase = phase_with({{"bce", "fused"}});
  phase.schedule = "plateau";
  phase.epochs = phase.patience = 8;
  phase.plateau = 1;
  phase.learning_rate = 0.05;
  const auto history = bench_of({phase}).train().history;
  ASSERT_EQ(history.size(), 9U);  // epochs 0 to 8
  double rate = 0.05, best = -1;
  int halved = 0;
  for (std::size_t i = 1; i < history.size(); ++i) {
    EXPECT_EQ(history[i].learning_rate, rate) << i;
    if (history[i].valid_auprc > best) {
      best = history[i].valid_auprc;
    } else {
      rate /= 2;
      ++halved;
    }
  }
  EXPECT_GT(halved, 0);
}

TEST(Phases, HaveRatesOfTheirOwn) {
  Phase phase = phase_with({{"bce", "fused"}});
  phase.learning_rate = 0.01;
  phase.schedule = "plateau";
  EXPECT_EQ(rate_at(phase, 0, 100), 0.01);
  EXPECT_EQ(rate_at(phase, 99, 100), 0.01);
  Phase second = phase;
  second.name = "second";
  second.learning_rate = 0.02;
  second.epochs = 1;
  const auto outcome = bench_of({phase, second}).train();
  ASSERT_EQ(outcome.history.size(), 6U);  // epochs 0 to 3, and 0 to 1
  EXPECT_EQ(outcome.history[3].learning_rate, 0.01);
  EXPECT_EQ(outcome.history[5].learning_rate, 0.02);
}

TEST(Phases, DecayTheirWeightsAsTheySay) {
  // A gradient of zero leaves the decay alone.
  Phase still = phase_with({{"bce", "fused", 0}});
  still.schedule = "plateau";
  still.epochs = 1;
  for (const double decay : {0.0, 0.5}) {
    still.weight_decay = decay;
    const TrainingBench bench = bench_of({still});
    const auto parameters = parameters_of(*bench.net);
    const auto before = snapshot(parameters);
    (void)bench.train();
    // Two batches an epoch.
    const double left = std::pow(1 - still.learning_rate * decay, 2);
    for (std::size_t i = 0; i < before.size(); ++i) {
      const bool decays = before[i].dim() >= 2;
      EXPECT_TRUE(torch::allclose(parameters.tensors[i],
                                  decays ? before[i] * left : before[i], 1e-6,
                                  1e-9))
          << parameters.names[i];
    }
  }
}

ArchitectureConfig with_genes() {
  ArchitectureConfig arch = small_architecture();
  arch.encoders = {"descriptors", "genes", "graph", "partners"};
  return arch;
}

TEST(LateBranch, IsTrainedBeforeWhatIsFused) {
  const auto phases = make_phases(with_genes(), small_control());
  ASSERT_EQ(phases.size(), 2U);
  EXPECT_EQ(phases[0].name, "branch:genes");
  EXPECT_EQ(phases[1].name, "joint");
  for (const auto& prefix : phases[1].trained) {
    EXPECT_EQ(prefix.find("genes"), std::string::npos) << prefix;
  }
}

TEST(LateBranch, IsKeptFromTheGateAndHeardInTheScore) {
  const ArchitectureConfig arch = with_genes();
  const auto world = small_world(arch);
  const auto result =
      fit(arch, small_control(), world.data, world.training, world.validation);
  PredictOptions options;
  options.parts = true;
  const auto& model = result.model;
  const auto found = model.predict(model.kept(), world.validation, options);
  EXPECT_EQ(found.gates.col(1).cwiseAbs().sum(), 0);
  for (Eigen::Index i = 0; i < found.gates.rows(); ++i) {
    EXPECT_NEAR(found.gates.row(i).sum(), 1, 1e-5);
  }
  EXPECT_GT(found.branch_scores.col(1).cwiseAbs().sum(), 0);
  EXPECT_GT(model.stack().weight[0][2], 0);
  options.encoders = {"descriptors", "graph", "partners"};
  const auto without = model.predict(model.kept(), world.validation, options);
  EXPECT_NE(found.score, without.score);
  EXPECT_EQ(without.branch_scores.col(1).cwiseAbs().sum(), 0);
}

TEST(LateBranch, AloneIsAModelOfItsOwn) {
  ArchitectureConfig arch = with_genes();
  arch.encoders = {"genes"};
  const auto world = small_world(arch);
  const auto result =
      fit(arch, small_control(), world.data, world.training, world.validation);
  EXPECT_EQ(result.history.back().phase, "joint");
  for (const double score : result.valid_score) {
    EXPECT_TRUE(std::isfinite(score));
  }
}

}  // namespace
}  // namespace musl::nn
