#include <gtest/gtest.h>
#include <torch/autograd.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <thread>

#include "base/error.h"
#include "io/file.h"
#include "model/model.h"
#include "nn/base/parameters.h"
#include "nn/learn/learner.h"
#include "nn/learn/musl_phases.h"
#include "nn/train/batch_gradient.h"
#include "small_world.h"
#include "training_bench.h"

namespace musl::nn {
namespace {

using test::kGenes;
using test::small_architecture;
using test::small_control;
using test::small_world;
using test::SmallWorld;
using test::TrainingBench;

FitResult fit_world(const SmallWorld& world, const ArchitectureConfig& arch,
                    const ControlConfig& control, const EventSink& sink = {}) {
  return fit(arch, control, world.data, world.training, world.validation, sink);
}

/// Bytes of all weights, one after the other.
std::vector<std::uint8_t> weight_bytes(const Model& model) {
  std::vector<std::uint8_t> bytes;
  for (const auto& [name, tensor] : model.to_archive(false).tensors) {
    if (name.rfind("weights/", 0) != 0) continue;
    bytes.insert(bytes.end(), tensor.bytes.begin(), tensor.bytes.end());
  }
  return bytes;
}

/// Cancels at the end of the given epoch of the given phase.
EventSink cancel_after(const std::string& phase, int epoch) {
  return [=](const TrainEvent& event) {
    return !(event.kind == TrainEvent::Kind::epoch && event.phase == phase &&
             event.epoch == epoch);
  };
}

class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& name)
      : path_((std::filesystem::temp_directory_path() /
               (name + std::to_string(::getpid())))
                  .string()) {
    std::filesystem::remove(path_);
  }
  ~TemporaryFile() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

TEST(ClipGradients, ScalesTheWholeToTheLimitAndKeepsSmallOnes) {
  std::vector<Tensor> gradients = {torch::full({1}, 3.0f), Tensor(),
                                   torch::full({1}, 4.0f)};
  EXPECT_EQ(clip_gradients(&gradients, 1.0).item<double>(), 5.0);
  EXPECT_FLOAT_EQ(gradients[0].item<float>(), 0.6f);
  EXPECT_FLOAT_EQ(gradients[2].item<float>(), 0.8f);
  (void)clip_gradients(&gradients, 10.0);
  EXPECT_FLOAT_EQ(gradients[0].item<float>(), 0.6f);
}

TEST(EvaluateScores, MeasuresOnlyPairsInUse) {
  const auto found =
      evaluate_scores({2, -1, std::nan(""), 0.5}, {1, 0, 1, 0}, {1, 1, 0, 1});
  EXPECT_TRUE(found.finite);
  EXPECT_DOUBLE_EQ(found.auroc, 1);
  EXPECT_NEAR(found.loss,
              (std::log1p(std::exp(-2.0)) + std::log1p(std::exp(-1.0)) +
               std::log1p(std::exp(0.5))) /
                  3,
              1e-12);
  EXPECT_FALSE(evaluate_scores({std::nan("")}, {1}, {1}).finite);
  EXPECT_TRUE(std::isnan(evaluate_scores({}, {}, {}).auprc));
}

TEST(BatchGradient, EqualsTheGradientOfTheWholeBatchAtOnce) {
  ArchitectureConfig arch = small_architecture();
  arch.dropout = 0;
  ControlConfig control = small_control();
  control.device = "cpu";  // in three chunks
  TrainingBench bench(arch, control);
  const auto parameters = parameters_of(*bench.net);
  PairSet pairs = bench.world.training;
  for (std::size_t i = 0; i < pairs.a.size(); ++i) {
    if (pairs.a[i] > pairs.b[i]) std::swap(pairs.a[i], pairs.b[i]);
  }
  const BatchResult chunked =
      bench.gradient(/*phase=*/0, /*seed=*/1, /*threads=*/2);

  PairBatch whole = bench.batcher.make(pairs);
  // Each chunk hides seen genes by a stream of its own.
  std::vector<Tensor> shown;
  for (std::int64_t first = 0; first < pairs.size(); first += kChunk) {
    ChunkRng rng(derive_seed(/*seed=*/1, shown.size() + 1));
    const auto n = std::min(kChunk, pairs.size() - first);
    shown.push_back(hide_seen(whole.at("seen").narrow(0, first, n), &rng));
  }
  whole.tensors["seen"] = torch::cat(shown);
  bench.add_genes(pairs, &whole);
  const NetOutput out = bench.net->forward(whole);
  const Tensor label = torch::tensor(pairs.label);
  const Tensor wide = label.unsqueeze(1).expand_as(out.branch_logits);
  // A pair of hidden genes has no partners to judge it by.
  const Tensor branches = torch::binary_cross_entropy_with_logits(
      out.branch_logits, wide, {}, {}, at::Reduction::None);
  EXPECT_GT((out.present == 0).sum().item<int>(), 0);
  const Tensor loss =
      torch::binary_cross_entropy_with_logits(out.logit, label) +
      arch.auxiliary * (branches * out.present).mean();
  const auto expected =
      torch::autograd::grad({loss}, parameters.tensors, {}, false, false,
                            /*allow_unused=*/true);

  EXPECT_NEAR(chunked.objective, loss.item<double>(), 1e-6);
  EXPECT_EQ(chunked.counted, pairs.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    ASSERT_EQ(chunked.gradients[i].defined(), expected[i].defined())
        << parameters.names[i];
    if (!expected[i].defined()) continue;
    EXPECT_TRUE(torch::allclose(chunked.gradients[i], expected[i], 1e-4, 1e-6))
        << parameters.names[i];
  }
}

TEST(Fit, GivesTheSameBitsWithOneTwoAndFourThreads) {
  ArchitectureConfig attention = small_architecture();
  attention.fusion = "attention";
  attention.alignment = 0.1;
  ArchitectureConfig paper = attention;
  paper.graph_net = "sage";
  ArchitectureConfig maps = small_architecture();
  maps.encoders = {"histogram"};
  maps.bins = 32;
  for (const auto& arch : {small_architecture(), attention, paper, maps}) {
    const SmallWorld world = small_world(arch);
    ControlConfig control = small_control();
    control.batch_size = 150;  // three chunks
    control.threads = 1;
    const FitResult one = fit_world(world, arch, control);
    for (const int threads : {2, 4}) {
      control.threads = threads;
      const FitResult other = fit_world(world, arch, control);
      EXPECT_EQ(weight_bytes(one.model), weight_bytes(other.model));
      EXPECT_EQ(one.valid_score, other.valid_score);
    }
    control.seed = 2;
    EXPECT_NE(weight_bytes(one.model),
              weight_bytes(fit_world(world, arch, control).model));
  }
}

TEST(Fit, LearnsThirtyTwoPairsByHeart) {
  ArchitectureConfig arch = small_architecture();
  arch.dropout = 0;
  SmallWorld world = small_world(arch);
  world.training.a.resize(32);
  world.training.b.resize(32);
  world.training.label.resize(32);
  ControlConfig control = small_control();
  control.epochs = 60;
  control.learning_rate = 1e-2;
  const FitResult result = fit(arch, control, world.data, world.training, {});
  const auto score =
      result.model.predict(result.model.kept(), world.training, {}).score;
  const std::vector<std::uint8_t> all(32, 1);
  EXPECT_EQ(evaluate_scores(score, world.training.label, all).auroc, 1.0);
  EXPECT_TRUE(result.converged);
  EXPECT_TRUE(result.history.back().best);  // no validation: the last epoch
}

TEST(Fit, RecordsEpochZeroAndKeepsTheBestValidationEpoch) {
  const ArchitectureConfig arch = small_architecture();
  const SmallWorld world = small_world(arch);
  ControlConfig control = small_control();
  control.epochs = 12;
  control.patience = 2;
  control.learning_rate = 1e-2;
  const FitResult result = fit_world(world, arch, control);
  const auto& history = result.history;
  EXPECT_EQ(history[0].epoch, 0);
  EXPECT_TRUE(std::isnan(history[0].loss));
  EXPECT_FALSE(std::isnan(history[0].valid_auprc));
  std::size_t best = 1;
  for (std::size_t i = 1; i < history.size(); ++i) {
    EXPECT_EQ(history[i].epoch, static_cast<int>(i));
    if (history[i].valid_auprc > history[best].valid_auprc) best = i;
  }
  for (std::size_t i = 0; i < history.size(); ++i) {
    EXPECT_EQ(history[i].best, i == best);
  }
  EXPECT_EQ(result.converged, history[best].epoch != control.epochs);
  EXPECT_LE(history.size(), best + 1 + 2);  // patience
  EXPECT_EQ(result.valid_score.size(), world.validation.label.size());
}

TEST(Fit, NamesPhaseEpochBatchAndRateWhenItDiverges) {
  const ArchitectureConfig arch = small_architecture();
  const SmallWorld world = small_world(arch);
  ControlConfig control = small_control();
  control.epochs = 200;
  control.patience = 200;
  control.learning_rate = 10;
  control.weight_decay = 10;
  try {
    (void)fit_world(world, arch, control);
    FAIL() << "did not diverge";
  } catch (const DivergedError& error) {
    const std::string text = error.what();
    for (const char* part : {"joint", "epoch", "batch", "learning rate"}) {
      EXPECT_NE(text.find(part), std::string::npos) << text;
    }
  }
}

TEST(Fit, IsCancelledBeforeTheFirstEpochAndGivesTheBestModelAfterIt) {
  const ArchitectureConfig arch = small_architecture();
  const SmallWorld world = small_world(arch);
  ControlConfig control = small_control();
  EXPECT_THROW((void)fit_world(world, arch, control,
                               [](const TrainEvent&) { return false; }),
               CancelledError);
  const FitResult result =
      fit_world(world, arch, control, cancel_after("joint", 2));
  EXPECT_TRUE(result.cancelled);
  EXPECT_EQ(result.history.back().epoch, 2);
  EXPECT_EQ(result.valid_score.size(), world.validation.label.size());
}

TEST(Fit, ResumesToTheSameBitsAsUninterrupted) {
  ArchitectureConfig arch = small_architecture();
  arch.encoders.emplace_back("genes");
  const SmallWorld world = small_world(arch);
  ControlConfig control = small_control();
  const FitResult whole = fit_world(world, arch, control);
  for (const std::string phase : {"branch:genes", "joint"}) {
    const TemporaryFile file("musl-checkpoint-");
    control.checkpoint = file.path();
    control.threads = 2;
    const FitResult part =
        fit_world(world, arch, control, cancel_after(phase, 2));
    EXPECT_TRUE(part.cancelled);
    EXPECT_TRUE(std::filesystem::exists(file.path()));
    control.threads = 1;  // threads may differ
    const FitResult resumed = fit_world(world, arch, control);
    EXPECT_EQ(weight_bytes(resumed.model), weight_bytes(whole.model));
    EXPECT_EQ(resumed.valid_score, whole.valid_score);
    EXPECT_EQ(resumed.history.size(), whole.history.size());
    EXPECT_FALSE(std::filesystem::exists(file.path()));
  }
}

TEST(Fit, ResumesOnAPlateauToTheSameBitsAsUninterrupted) {
  const ArchitectureConfig arch = small_architecture();
  const SmallWorld world = small_world(arch);
  ControlConfig control = small_control();
  control.schedule = "plateau";
  control.epochs = control.patience = 16;
  control.learning_rate = 0.05;
  const FitResult whole = fit_world(world, arch, control);
  EXPECT_LT(whole.history.back().learning_rate, 0.05);
  // Wherever it is killed, before and after the first halving.
  for (const int epoch : {1, 4, 12}) {
    const TemporaryFile file("musl-plateau-");
    control.checkpoint = file.path();
    (void)fit_world(world, arch, control, cancel_after("joint", epoch));
    ASSERT_TRUE(std::filesystem::exists(file.path()));
    const FitResult resumed = fit_world(world, arch, control);
    EXPECT_EQ(weight_bytes(resumed.model), weight_bytes(whole.model));
    ASSERT_EQ(resumed.history.size(), whole.history.size());
    for (std::size_t i = 0; i < whole.history.size(); ++i) {
      EXPECT_EQ(resumed.history[i].learning_rate,
                whole.history[i].learning_rate);
    }
  }
}

TEST(Fit, RefusesTheCheckpointOfAnotherRunByTheFieldThatDiffers) {
  const ArchitectureConfig arch = small_architecture();
  SmallWorld world = small_world(arch);
  const TemporaryFile file("musl-other-");
  ControlConfig control = small_control();
  control.checkpoint = file.path();
  (void)fit_world(world, arch, control, cancel_after("joint", 1));
  const auto message = [&] {
    try {
      (void)fit_world(world, arch, control);
    } catch (const FormatError& error) {
      return std::string(error.what());
    }
    return std::string("accepted");
  };
  control.learning_rate = 2e-3;
  EXPECT_NE(message().find("control.learning_rate"), std::string::npos);
  control.learning_rate = 1e-3;
  std::swap(world.training.label[0], world.training.label[1]);
  world.training.a[0] = world.training.a[0] == 0 ? 1 : 0;
  EXPECT_NE(message().find("training.hash"), std::string::npos);
  write_file(file.path(), {1, 2, 3});
  EXPECT_NE(message(), "accepted");
}

TEST(Phases, TrainWhatTheyNameAlone) {
  ArchitectureConfig arch = small_architecture();
  arch.encoders.emplace_back("genes");
  arch.alignment = 0.1;
  ControlConfig control = small_control();
  control.epochs = 1;
  const TrainingBench bench(arch, control);
  const auto parameters = parameters_of(*bench.net);
  std::map<std::string, std::vector<Tensor>> at_start;
  std::vector<std::string> order;
  const EventSink sink = [&](const TrainEvent& event) {
    if (event.kind == TrainEvent::Kind::phase) {
      order.push_back(event.phase);
      at_start[event.phase] = snapshot(parameters);
    }
    return true;
  };
  (void)bench.train(sink);
  const std::vector<std::string> expected = {"branch:genes", "joint"};
  ASSERT_EQ(order, expected);
  at_start["end"] = snapshot(parameters);
  order.emplace_back("end");
  const auto phases = make_phases(arch, control);
  for (std::size_t p = 0; p < phases.size(); ++p) {
    for (std::size_t i = 0; i < parameters.names.size(); ++i) {
      const std::string& name = parameters.names[i];
      const bool same =
          torch::equal(at_start[order[p]][i], at_start[order[p + 1]][i]);
      if (!trains(phases[p], name)) {
        EXPECT_TRUE(same) << name << " moved in " << order[p];
      } else if (parameters.tensors[i].dim() >= 2 &&
                 name.rfind("adapter.genes.", 0) != 0 &&
                 name.rfind("project.genes.", 0) != 0) {
        EXPECT_FALSE(same) << name << " stood still in " << order[p];
      }
    }
  }
}

TEST(Fit, TellsProgressOfEveryEpochOnTheCallingThread) {
  const ArchitectureConfig arch = small_architecture();
  const SmallWorld world = small_world(arch);
  const auto here = std::this_thread::get_id();
  std::vector<int> epochs;
  bool elsewhere = false;
  (void)fit_world(world, arch, small_control(), [&](const TrainEvent& event) {
    elsewhere = elsewhere || std::this_thread::get_id() != here;
    if (event.kind == TrainEvent::Kind::epoch) epochs.push_back(event.epoch);
    return true;
  });
  EXPECT_FALSE(elsewhere);
  EXPECT_EQ(epochs, (std::vector<int>{0, 1, 2, 3}));
}

}  // namespace
}  // namespace musl::nn
