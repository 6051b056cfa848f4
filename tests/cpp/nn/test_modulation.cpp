// On-the-fly gradient modulation: what it goes by, and what it does.
#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

#include "musl/error.h"
#include "nn/learn/modulation.h"
#include "nn/learn/strategy.h"
#include "nn/train/steps.h"
#include "training_bench.h"

namespace musl::nn {
namespace {

using test::small_architecture;
using test::small_control;
using test::TrainingBench;

ControlConfig modulated(double alpha) {
  ControlConfig control = small_control();
  control.ogm = alpha;
  return control;
}

TEST(Modulation, TalliesTheChancesOfTrueLabels) {
  const Heard branches{
      torch::tensor({{1.0F, -2.0F}, {0.5F, 3.0F}, {2.0F, 0.0F}}),
      torch::tensor({{1.0F, 1.0F}, {1.0F, 0.0F}, {1.0F, 1.0F}}),
      {}};
  const Target label{torch::tensor({1.0F, 0.0F, 0.0F}),
                     torch::tensor({1.0F, 1.0F, 0.0F})};  // the last has none
  const auto tally = modulation_tally(branches, label);
  const auto chance = [](double logit) { return 1 / (1 + std::exp(-logit)); };
  const std::vector<double> expected{chance(1) + chance(-0.5), chance(-2), 2,
                                     1};
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_NEAR(tally[static_cast<std::int64_t>(i)].item<double>(), expected[i],
                1e-6);
  }
}

TEST(Modulation, SlowsTheBranchThatIsAheadAndNoOther) {
  // Mean chances .9 and .6, over other numbers of pairs.
  const auto two = modulation_factors({9, 3, 10, 5}, 0.5);
  EXPECT_NEAR(two[0], 1 - std::tanh(0.5 * 1.5), 1e-12);
  EXPECT_EQ(two[1], 1);
  // .8, .5 and .4: the others' means are .45, .6 and .65.
  const auto three = modulation_factors({8, 5, 4, 10, 10, 10}, 1);
  EXPECT_NEAR(three[0], 1 - std::tanh(0.8 / 0.45), 1e-12);
  EXPECT_EQ(three[1], 1);
  EXPECT_EQ(three[2], 1);
}

TEST(Modulation, LeavesAloneWhatNothingIsBeside) {
  EXPECT_EQ(modulation_factors({9, 0, 10, 0}, 1),
            (std::vector<double>{1, 1}));  // the other is not heard
  EXPECT_EQ(modulation_factors({5, 5, 10, 10}, 1), (std::vector<double>{1, 1}));
  EXPECT_TRUE(modulation_factors({}, 1).empty());
}

/// The optimiser's moments, which one step leaves in proportion to gradients
/// and their squares, and what the batch tallied.
Archive after_one_step(double alpha, std::vector<double>* tally) {
  ArchitectureConfig arch = small_architecture();
  arch.dropout = arch.modality_dropout = 0;
  const TrainingBench bench(arch, modulated(alpha));
  const auto learner = bench.learner();
  const Phase phase = learner->phases().back();
  const EventSink sink;
  const TrainSettings settings{sink, 1, 150,
                               std::numeric_limits<double>::infinity(), 2};
  std::atomic<std::int64_t> at_once{kChunk};
  Steps steps(learner.get(), settings, phase, &at_once);
  learner->begin_phase(phase, {});
  std::vector<std::int64_t> items(150);
  std::iota(items.begin(), items.end(), std::int64_t{0});
  *tally = steps.take(items, 1e-3, {}, 1, {}).tally;
  Archive archive;
  steps.optimiser().save("o/", &archive);
  return archive;
}

TEST(Modulation, ScalesTheGradientsOfTheEncodersThatAreAhead) {
  std::vector<double> none, tally;
  const Archive plain = after_one_step(0, &none);
  const Archive slowed = after_one_step(2, &tally);
  EXPECT_TRUE(none.empty());
  const auto names = small_architecture().encoders;
  const auto factors = modulation_factors(tally, 2);
  ASSERT_EQ(factors.size(), names.size());
  bool any_ahead = false;
  for (const auto& [name, tensor] : plain.tensors) {
    const bool is_square = name.rfind("o/second/", 0) == 0;
    if (!is_square && name.rfind("o/first/", 0) != 0) continue;
    double factor = 1;
    for (std::size_t m = 0; m < names.size(); ++m) {
      const bool is_own =
          name.find("/encoder." + names[m] + ".") != std::string::npos;
      if (is_own) factor = factors[m];
    }
    any_ahead = any_ahead || factor < 1;
    const double power = is_square ? factor * factor : factor;
    const auto before = plain.floats(name), after = slowed.floats(name);
    for (std::size_t i = 0; i < before.size(); ++i) {
      EXPECT_NEAR(after[i], power * before[i],
                  1e-5 * std::abs(before[i]) + 1e-12)
          << name;
    }
  }
  EXPECT_TRUE(any_ahead);
}

TEST(Modulation, IsInThePlanOfJointAlone) {
  const auto joint = make_phases(small_architecture(), modulated(0.5));
  EXPECT_EQ(joint.back().modulation, 0.5);
  ControlConfig apart = modulated(0.5);
  apart.strategy = "branches";
  for (const auto& phase : make_phases(small_architecture(), apart)) {
    EXPECT_EQ(phase.modulation, 0);
  }
  ArchitectureConfig silent = small_architecture();
  silent.auxiliary = 0;
  EXPECT_THROW((void)make_phases(silent, modulated(0.5)), InputError);
}

TEST(Modulation, GivesTheSameBitsWithOneAndTwoThreads) {
  const auto trained = [](int threads, double alpha) {
    ControlConfig control = modulated(alpha);
    control.threads = threads;
    const TrainingBench bench(small_architecture(), control);
    (void)bench.train();
    return snapshot(parameters_of(*bench.net));
  };
  const auto one = trained(1, 0.5), two = trained(2, 0.5), none = trained(1, 0);
  bool differs = false;
  for (std::size_t i = 0; i < one.size(); ++i) {
    EXPECT_TRUE(torch::equal(one[i], two[i]));
    differs = differs || !torch::equal(one[i], none[i]);
  }
  EXPECT_TRUE(differs);
}

}  // namespace
}  // namespace musl::nn
