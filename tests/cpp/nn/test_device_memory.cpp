// Training where the memory does not hold a whole chunk.
#include <gtest/gtest.h>

#include <atomic>
#include <limits>
#include <memory>
#include <vector>

#include "base/error.h"
#include "model/model.h"
#include "nn/learn/learner.h"
#include "nn/learn/musl_phases.h"
#include "training_bench.h"

namespace musl::nn {
namespace {

using test::small_architecture;
using test::small_control;
using test::TrainingBench;

constexpr std::int64_t kAnySize = std::numeric_limits<std::int64_t>::max();

/// What the encoder "greedy" finds, and what it met.
std::atomic<std::int64_t> room{kAnySize};  // pairs that the memory holds
std::atomic<int> n_refusals{0};            // in training
std::atomic<int> n_to_refuse{0};           // whatever their size

/// The descriptors' encoder, on a machine that is short of memory.
class GreedyEncoder : public Encoder {
 public:
  GreedyEncoder(const ArchitectureConfig& config, const InputSizes& sizes)
      : Encoder("greedy", config.width),
        inner_(register_module("inner",
                               make_encoder("descriptors", config, sizes))) {}
  [[nodiscard]] Tensor forward(const PairBatch& batch) override {
    const bool training = batch.rng != nullptr;
    const bool refused = training && n_to_refuse > 0;
    if (refused) --n_to_refuse;
    if (refused || batch.size > room) {
      n_refusals += training ? 1 : 0;
      TORCH_CHECK_WITH(OutOfMemoryError, false, "CUDA out of memory.");
    }
    return inner_->forward(batch);
  }

 private:
  std::shared_ptr<Encoder> inner_;
};

const bool kRegistered =
    register_encoder({"greedy", {"descriptors"}, make_kind<GreedyEncoder>});

class ShortMemory : public ::testing::Test {
 protected:
  void SetUp() override { free_memory(); }
  void TearDown() override { free_memory(); }
  static void free_memory() {
    room = kAnySize;
    n_refusals = n_to_refuse = 0;
  }
};

ArchitectureConfig greedy_architecture(const std::string& fusion = "gate") {
  ArchitectureConfig arch = small_architecture();
  arch.encoders = {"greedy", "graph", "partners"};
  arch.fusion = fusion;
  arch.dropout = arch.alignment = 0;
  return arch;
}

/// In the first phase.
BatchResult gradient(const TrainingBench& bench,
                     std::atomic<std::int64_t>* at_once, int threads = 1) {
  return bench.gradient(/*phase=*/0, /*seed=*/1, threads, at_once);
}

void expect_near(const BatchResult& found, const BatchResult& expected) {
  EXPECT_NEAR(found.objective, expected.objective, 1e-6);
  EXPECT_NEAR(found.monitored, expected.monitored, 1e-4);  // a sum of 150
  EXPECT_EQ(found.counted, expected.counted);
  ASSERT_EQ(found.gradients.size(), expected.gradients.size());
  for (std::size_t i = 0; i < expected.gradients.size(); ++i) {
    ASSERT_EQ(found.gradients[i].defined(), expected.gradients[i].defined());
    if (!expected.gradients[i].defined()) continue;
    const auto difference =
        (found.gradients[i] - expected.gradients[i]).abs().max();
    EXPECT_LT(difference.item<double>(), 1e-6) << i;
  }
}

TEST_F(ShortMemory, HalvesAChunkToTheSameGradient) {
  for (const char* fusion : {"gate", "attention"}) {
    free_memory();
    const ArchitectureConfig arch = greedy_architecture(fusion);
    const TrainingBench bench(arch);
    std::atomic<std::int64_t> at_once{kChunk};
    const BatchResult whole = gradient(bench, &at_once);
    EXPECT_EQ(at_once, kChunk);
    EXPECT_EQ(n_refusals, 0);

    room = 10;
    const BatchResult halved = gradient(bench, &at_once);
    EXPECT_EQ(at_once, 8);
    EXPECT_EQ(n_refusals, 3);  // of 64, 32 and 16 pairs
    expect_near(halved, whole);

    // What was found is kept.
    n_refusals = 0;
    expect_near(gradient(bench, &at_once), whole);
    EXPECT_EQ(n_refusals, 0);
  }
}

TEST_F(ShortMemory, HalvesInABranchOfItsOwn) {
  const ArchitectureConfig arch = greedy_architecture();
  Phase phase = phase_of("branch:greedy", small_control());
  phase.monitored = "greedy";
  phase.losses.push_back({"bce", "greedy"});
  ASSERT_EQ(only_branch(phase, arch), 0);
  const TrainingBench bench(arch, small_control(), {phase});
  const BatchResult whole = gradient(bench, nullptr);
  room = 3;
  expect_near(gradient(bench, nullptr), whole);
}

TEST_F(ShortMemory, HasTheSameBitsForOneAndTwoThreads) {
  const ArchitectureConfig arch = greedy_architecture();
  const TrainingBench bench(arch);
  std::atomic<std::int64_t> at_once{5};
  const BatchResult one = gradient(bench, &at_once, 1);
  const BatchResult two = gradient(bench, &at_once, 2);
  EXPECT_EQ(one.objective, two.objective);
  for (std::size_t i = 0; i < one.gradients.size(); ++i) {
    if (!one.gradients[i].defined()) continue;
    EXPECT_TRUE(torch::equal(one.gradients[i], two.gradients[i])) << i;
  }
}

TEST_F(ShortMemory, NamesTheRemedyWhereOnePairDoesNotFit) {
  const ArchitectureConfig arch = greedy_architecture();
  const test::SmallWorld world = test::small_world(arch);
  ControlConfig control = small_control();
  control.threads = 1;
  n_to_refuse = 1000;
  try {
    (void)fit(arch, control, world.data, world.training, world.validation);
    FAIL() << "one pair fitted";
  } catch (const DeviceError& error) {
    const std::string text = error.what();
    EXPECT_NE(text.find("batch_size"), std::string::npos) << text;
  }
  // 64, 32, ..., 1, and once more without the inputs that were kept.
  EXPECT_EQ(n_refusals, 14);
}

ControlConfig one_thread() {
  ControlConfig control = small_control();
  control.threads = 1;
  return control;
}

TEST_F(ShortMemory, KeepsTheSizeForTheRestOfTheTraining) {
  const TrainingBench bench(greedy_architecture(), one_thread());
  room = 20;
  const TrainOutcome outcome = bench.train();
  EXPECT_EQ(n_refusals, 2);  // 64 and 32 pairs, once in all epochs
  EXPECT_EQ(outcome.history.size(), 4);
}

TEST_F(ShortMemory, GivesUpWhatItKeptBeforeItGivesUp) {
  const TrainingBench bench(greedy_architecture(), one_thread());
  n_to_refuse = 7;  // down to a pair: then the kept inputs go
  const TrainOutcome outcome = bench.train();
  EXPECT_EQ(n_refusals, 7);
  EXPECT_EQ(outcome.history.size(), 4);
  // There is nothing left to give up the second time.
  const TrainingBench other(greedy_architecture(), one_thread());
  free_memory();
  n_to_refuse = 14;
  EXPECT_THROW((void)other.train(), c10::Error);
}

}  // namespace
}  // namespace musl::nn
