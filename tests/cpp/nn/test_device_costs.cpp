// What a device is asked for: kernels, copies, waits, and memory that it lacks.
#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include "base/error.h"
#include "fake_device.h"
#include "model/model.h"
#include "nn/train/batch_gradient.h"
#include "nn/train/steps.h"
#include "nn/train/trainer.h"
#include "training_bench.h"

namespace musl::nn {
namespace {

using test::DeviceCounts;
using test::FakeDevice;
using test::kGenes;
using test::ShortDevice;
using test::small_architecture;
using test::small_control;
using test::TrainingBench;
using test::without_dropout;

class DeviceCosts : public ::testing::Test {
 protected:
  FakeDevice fake_;
};

ControlConfig on(const std::string& device) {
  ControlConfig control = small_control();
  control.device = device;
  control.batch_size = 150;
  return control;
}

std::vector<std::int64_t> items_of(const PairSet& pairs) {
  std::vector<std::int64_t> items(static_cast<std::size_t>(pairs.size()));
  std::iota(items.begin(), items.end(), std::int64_t{0});
  return items;
}

/// Of a step that is not the first.
DeviceCounts counts_of_step(const ArchitectureConfig& arch, bool is_last) {
  const TrainingBench bench(arch, on("cuda"));
  const auto learner = bench.learner();
  const Phase phase = learner->phases()[0];
  std::atomic<std::int64_t> at_once{learner->chunk_size()};
  const EventSink sink;
  const TrainSettings settings = train_settings(bench.control, sink);
  Steps steps(learner.get(), settings, phase, &at_once);
  learner->begin_phase(phase, {});
  const auto items = items_of(bench.world.training);
  for (int i = 0; i < 2; ++i) {
    test::clear_device_counts();
    (void)steps.take(items, 1e-3, {}, 1, {}, is_last);
  }
  return test::device_counts();
}

TEST_F(DeviceCosts, OfAStepAreFew) {
  EXPECT_EQ(counts_of_step(small_architecture(), false).waits, 0);
  const DeviceCounts counts = counts_of_step(small_architecture(), true);
  EXPECT_LE(counts.copies_up, 1);  // of numbers: inputs are there
  EXPECT_LE(counts.copies_down, 1);
  EXPECT_LE(counts.waits, 1);
  EXPECT_LE(counts.kernels, 350);
}

PairSet many_pairs(std::int64_t n, std::int64_t n_genes = kGenes) {
  PairSet pairs;
  for (std::int32_t a = 0; a < n_genes; ++a) {
    for (std::int32_t b = a + 1; b < n_genes && pairs.size() < n; ++b) {
      pairs.a.push_back(a);
      pairs.b.push_back(b);
    }
  }
  return pairs;
}

Model small_model(const ArchitectureConfig& arch = small_architecture(),
                  std::int64_t n_genes = kGenes) {
  const auto world = test::small_world(arch, /*seed=*/1, n_genes);
  ControlConfig control = on("cpu");
  control.epochs = 1;
  return fit(arch, control, world.data, world.training, world.validation).model;
}

std::vector<double> scores_on(const std::string& device, const Model& model,
                              const PairSet& pairs) {
  PredictOptions options;
  options.device = device;
  options.threads = 1;
  return model.predict(model.kept(), pairs, options).score;
}

void expect_one_cost(const ArchitectureConfig& arch, std::int64_t n_genes,
                     std::int64_t n_pairs) {
  const Model model = small_model(arch, n_genes);
  PredictOptions options;
  options.device = "cuda";
  options.threads = 1;
  const auto scorer =
      make_pair_scorer(model, model.kept(), many_pairs(1), options);
  scorer->prepare_all_genes();
  const auto counts_of = [&](std::int64_t n) {
    test::clear_device_counts();
    (void)scorer->score(many_pairs(n, n_genes));
    return test::device_counts();
  };
  const DeviceCounts few = counts_of(100), many = counts_of(n_pairs);
  EXPECT_EQ(many.kernels, few.kernels);
  EXPECT_LE(many.kernels, 150);
  EXPECT_EQ(many.waits, few.waits);
}

TEST_F(DeviceCosts, OfPredictionDoNotGrowWithPairs) {
  expect_one_cost(small_architecture(), kGenes, 1700);
  ArchitectureConfig mapless = small_architecture();
  mapless.encoders = {"descriptors", "graph", "genes", "partners"};
  expect_one_cost(mapless, 190, 16384);
}

void expect_near(const std::vector<double>& x, const std::vector<double>& y) {
  ASSERT_EQ(x.size(), y.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    EXPECT_EQ(std::isnan(x[i]), std::isnan(y[i])) << i;
    if (!std::isnan(x[i])) EXPECT_NEAR(x[i], y[i], 1e-5) << i;
  }
}

/// As CUDA, cuBLAS and cuDNN say it.
const char* const kRefusals[] = {
    "OutOfMemory",
    "CUDA error: out of memory",
    "CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling "
    "`cublasCreate(handle)`",
    "CUDA error: CUBLAS_STATUS_NOT_INITIALIZED when calling "
    "`cublasCreate(handle)`",
    "cuDNN error: CUDNN_STATUS_ALLOC_FAILED",
    "cuDNN error: CUDNN_STATUS_INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED",
    "GET was unable to find an engine to execute this computation",
    "Unable to find a valid cuDNN algorithm to run convolution"};

void expect_out_of_memory(const std::function<void()>& work) {
  try {
    work();
    FAIL() << "there was room";
  } catch (const DeviceError& error) {
    EXPECT_NE(std::string(error.what()).find("out of memory"),
              std::string::npos)
        << error.what();
  }
}

TEST_F(DeviceCosts, ScoresAreRightOnADeviceShortOfMemory) {
  const Model model = small_model();
  const PairSet pairs = many_pairs(1700);
  const auto expected = scores_on("cpu", model, pairs);
  for (const char* wording : kRefusals) {
    {
      const ShortDevice room(1 << 20, wording);
      expect_near(scores_on("cuda", model, pairs), expected);
      EXPECT_GT(ShortDevice::refusals(), 0) << wording;
    }
    const ShortDevice none(1 << 10, wording);
    expect_out_of_memory([&] { (void)scores_on("cuda", model, pairs); });
  }
}

TEST_F(DeviceCosts, GradientsAreRightOnADeviceShortOfMemory) {
  ArchitectureConfig arch = without_dropout();
  arch.alignment = 0.1;
  const TrainingBench bench(arch, on("cuda"));
  std::atomic<std::int64_t> at_once{150};
  const BatchResult whole = bench.gradient(0, 1, 1, &at_once);
  ASSERT_EQ(at_once, 150);
  std::int64_t room = 3 << 20;
  const auto halved = [&](const char* wording) {
    at_once = 150;
    const ShortDevice limit(room, wording);
    return bench.gradient(0, 1, 1, &at_once);
  };
  // As much as holds a group.
  while (at_once != 64) {
    room += 1 << 19;
    (void)halved(kRefusals[0]);
  }
  for (const char* wording : kRefusals) {
    const BatchResult found = halved(wording);
    EXPECT_EQ(at_once, 64) << wording;
    EXPECT_NEAR(found.objective, whole.objective, 1e-5);
    for (std::size_t i = 0; i < whole.gradients.size(); ++i) {
      if (!whole.gradients[i].defined()) continue;
      EXPECT_TRUE(
          torch::allclose(found.gradients[i], whole.gradients[i], 1e-4, 1e-6));
    }
  }
}

TEST_F(DeviceCosts, AFitThatFindsNoMemoryTellsSo) {
  const auto world = test::small_world(small_architecture());
  for (const char* wording : kRefusals) {
    const ShortDevice none(1 << 10, wording);
    expect_out_of_memory([&] {
      (void)fit(small_architecture(), on("cuda"), world.data, world.training,
                world.validation);
    });
  }
}

// Chunks of a CPU are groups; a GPU's chunk holds several.
TEST_F(DeviceCosts, TheContrastIsThatOfTheCpu) {
  ArchitectureConfig arch = without_dropout();
  arch.alignment = 1;
  // Its draws of genes to hide are its own: none is shown that is hidden.
  arch.encoders = {"histogram", "descriptors"};
  const BatchResult cpu = TrainingBench(arch, on("cpu")).gradient(0, 1);
  const BatchResult gpu = TrainingBench(arch, on("cuda")).gradient(0, 1);
  EXPECT_NEAR(gpu.objective, cpu.objective, 1e-5);
  for (std::size_t i = 0; i < cpu.gradients.size(); ++i) {
    if (!cpu.gradients[i].defined()) continue;
    EXPECT_TRUE(torch::allclose(gpu.gradients[i].to(torch::kCPU),
                                cpu.gradients[i], 1e-3, 1e-5));
  }
}

}  // namespace
}  // namespace musl::nn
