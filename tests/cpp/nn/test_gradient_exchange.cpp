#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>

#include "musl/error.h"
#include "musl/model.h"
#include "nn/train/batch_gradient.h"
#include "nn/train/batcher.h"
#include "nn/train/gradient_exchange.h"
#include "nn/weights.h"
#include "small_world.h"

namespace musl::nn {
namespace {

using test::kGenes;
using test::small_architecture;
using test::small_control;
using test::small_world;
using test::SmallWorld;

bool has_gloo() {
  const auto backends = group_backends();
  return std::find(backends.begin(), backends.end(), "gloo") != backends.end();
}

/// A directory to meet in.
class MeetingPlace {
 public:
  MeetingPlace() {
    std::string name =
        (std::filesystem::temp_directory_path() / "musl-group-XXXXXX").string();
    directory_ = ::mkdtemp(name.data());
  }
  ~MeetingPlace() {
    std::error_code ignored;
    std::filesystem::remove_all(directory_, ignored);
  }
  /// Generous, as sanitizers are slow: no test waits for it unless asked to.
  [[nodiscard]] GroupConfig of(int rank, int size = 2,
                               double timeout = 60) const {
    return {rank, size, directory_ + "/rendezvous", "gloo", timeout};
  }

 private:
  std::string directory_;
};

/// Calls body(rank) for two ranks at the same time and waits for both. What
/// each threw, if it did.
std::array<std::exception_ptr, 2> as_two(const std::function<void(int)>& body) {
  std::array<std::exception_ptr, 2> thrown;
  const auto guarded = [&](std::size_t rank) {
    try {
      body(static_cast<int>(rank));
    } catch (...) {
      thrown[rank] = std::current_exception();
    }
  };
  std::thread other([&] { guarded(1); });
  guarded(0);
  other.join();
  return thrown;
}

void expect_none(const std::array<std::exception_ptr, 2>& thrown) {
  for (const auto& failure : thrown) {
    if (failure == nullptr) continue;
    try {
      std::rethrow_exception(failure);
    } catch (const std::exception& error) {
      ADD_FAILURE() << error.what();
    }
  }
}

template <class Expected>
void expect_thrown(const std::exception_ptr& failure) {
  ASSERT_NE(failure, nullptr);
  EXPECT_THROW(std::rethrow_exception(failure), Expected);
}

class InGroup : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!has_gloo()) GTEST_SKIP() << "built without Gloo";
  }
  MeetingPlace place_;
};

/// The gradient of one batch, dropout included.
BatchResult gradient_of(const ArchitectureConfig& arch, int phase_index,
                        GradientExchange* exchange) {
  const SmallWorld world = small_world(arch);
  const Preprocess preprocess = test::small_preprocess(world, arch);
  const auto partners =
      make_partner_inputs(partner_spaces(world.data, preprocess, 1),
                          world.training, world.training, kGenes, 1);
  MuslNet net(arch, input_sizes(world.data, preprocess));
  initialise(*net, 3);
  const Batcher batcher(world.data, preprocess, partners, net->input_names(),
                        net->sizes(), torch::kCPU);
  const GeneStage genes(net->gene_encoders(), world.data, preprocess,
                        torch::kCPU, 1);
  ControlConfig control = small_control();
  control.strategy = "branches";
  if (phase_index < 0) control.strategy = "joint";
  const auto phases = make_phases(arch, control);
  const auto& phase =
      phases[static_cast<std::size_t>(std::max(phase_index, 0))];
  return batch_gradient({net, phase, batcher, genes,
                         parameters_of(*net).tensors, /*threads=*/1, exchange},
                        world.training, /*seed=*/7, {});
}

void expect_close(const BatchResult& together, const BatchResult& alone) {
  EXPECT_EQ(together.counted, alone.counted);
  EXPECT_NEAR(together.objective, alone.objective, 1e-6 * alone.objective);
  EXPECT_NEAR(together.monitored, alone.monitored, 1e-6 * alone.monitored);
  for (std::size_t i = 0; i < alone.gradients.size(); ++i) {
    const Tensor& found = together.gradients[i];
    const Tensor expected = alone.gradients[i].defined()
                                ? alone.gradients[i]
                                : torch::zeros_like(found);
    const double largest = expected.abs().max().item<double>();
    EXPECT_LE((found - expected).abs().max().item<double>(), 1e-6 * largest);
  }
}

TEST_F(InGroup, TwoProcessesFindTheGradientOfOne) {
  ArchitectureConfig arch = small_architecture();
  arch.encoders = {"histogram", "descriptors", "genes", "graph", "partners"};
  for (const std::string graph_net : {"sign", "gcn"}) {
    arch.graph_net = graph_net;
    arch.edge_dropout = graph_net == "gcn" ? 0.2 : 0;
    // All at once; the branch of the gene vectors; the fusion alone.
    for (const int phase : {-1, 3, 5}) {
      const MeetingPlace place;
      std::array<BatchResult, 2> found;
      expect_none(as_two([&](int rank) {
        const auto exchange = join_group(place.of(rank), torch::kCPU);
        found[static_cast<std::size_t>(rank)] =
            gradient_of(arch, phase, exchange.get());
      }));
      expect_close(found[0], gradient_of(arch, phase, nullptr));
      for (std::size_t i = 0; i < found[0].gradients.size(); ++i) {
        EXPECT_TRUE(torch::equal(found[0].gradients[i], found[1].gradients[i]));
      }
    }
  }
}

FitResult fit_world(const SmallWorld& world, const ControlConfig& control,
                    const GroupConfig& group = {}, const EventSink& sink = {},
                    int members = 1) {
  const std::vector<TrainingPart> parts(
      static_cast<std::size_t>(members),
      TrainingPart{world.training, world.validation});
  return fit(small_architecture(), control, world.data, parts, nullptr, sink,
             group);
}

TEST_F(InGroup, AnEnsembleIsThatOfOneProcessButForRounding) {
  const SmallWorld world = small_world(small_architecture());
  const ControlConfig control = small_control();
  std::array<std::optional<FitResult>, 2> found;
  expect_none(as_two([&](int rank) {
    found[static_cast<std::size_t>(rank)] =
        fit_world(world, control, place_.of(rank), {}, /*members=*/2);
  }));
  const FitResult alone = fit_world(world, control, {}, {}, 2);
  const FitResult& together = *found[0];
  EXPECT_EQ(together.model.n_members(), 2);
  ASSERT_EQ(together.history.size(), alone.history.size());
  for (std::size_t i = 0; i < alone.history.size(); ++i) {
    const EpochRecord& expected = alone.history[i];
    EXPECT_NEAR(together.history[i].valid_auroc, expected.valid_auroc, 0.005);
    EXPECT_NEAR(together.history[i].valid_loss, expected.valid_loss, 1e-4);
    EXPECT_EQ(found[1]->history[i].valid_loss, together.history[i].valid_loss);
    if (expected.epoch > 0) {
      EXPECT_NEAR(together.history[i].loss, expected.loss, 1e-4);
    }
  }
  ASSERT_EQ(together.valid_score.size(), alone.valid_score.size());
  for (std::size_t i = 0; i < alone.valid_score.size(); ++i) {
    EXPECT_NEAR(together.valid_score[i], alone.valid_score[i], 0.01);
  }
}

TEST_F(InGroup, AnInterruptOfOneEndsTrainingInAllAtTheSameEpoch) {
  const SmallWorld world = small_world(small_architecture());
  ControlConfig control = small_control();
  control.epochs = 50;
  std::array<std::optional<FitResult>, 2> found;
  expect_none(as_two([&](int rank) {
    const EventSink sink = [rank](const TrainEvent& event) {
      return rank == 1 || event.kind != TrainEvent::Kind::epoch ||
             event.epoch < 2;
    };
    found[static_cast<std::size_t>(rank)] =
        fit_world(world, control, place_.of(rank), sink);
  }));
  for (const auto& result : found) {
    EXPECT_TRUE(result->cancelled);
    EXPECT_EQ(result->history.back().epoch, 2);
  }
}

TEST_F(InGroup, AnInterruptWithinTheFirstEpochIsAnErrorOfAll) {
  const SmallWorld world = small_world(small_architecture());
  const auto thrown = as_two([&](int rank) {
    const EventSink sink = [rank](const TrainEvent& event) {
      if (rank == 0) return true;
      // The next event is due by then, amid the first batch.
      if (event.kind == TrainEvent::Kind::epoch) {
        std::this_thread::sleep_for(std::chrono::milliseconds(250));
      }
      return event.kind != TrainEvent::Kind::batch || event.epoch == 0;
    };
    (void)fit_world(world, small_control(), place_.of(rank), sink);
  });
  expect_thrown<CancelledError>(thrown[0]);
  expect_thrown<CancelledError>(thrown[1]);
}

TEST_F(InGroup, AProcessThatFailsIsADeviceErrorOfTheOthers) {
  const SmallWorld world = small_world(small_architecture());
  const auto thrown = as_two([&](int rank) {
    const EventSink sink = [rank](const TrainEvent& event) -> bool {
      if (rank == 1 && event.epoch == 2) throw InputError("This one fails.");
      return true;
    };
    (void)fit_world(world, small_control(), place_.of(rank), sink);
  });
  expect_thrown<DeviceError>(thrown[0]);
  expect_thrown<InputError>(thrown[1]);
}

constexpr char kPlaceVariable[] = "MUSL_TEST_MEETING_PLACE";

/// The life of the process that the next test starts.
TEST(Worker, DISABLED_DiesWithoutAWord) {
  const char* place = std::getenv(kPlaceVariable);
  ASSERT_NE(place, nullptr);
  const SmallWorld world = small_world(small_architecture());
  (void)fit_world(world, small_control(), {1, 2, place, "gloo", 60},
                  [](const TrainEvent& event) {
                    if (event.epoch == 2) ::_exit(9);
                    return true;
                  });
}

TEST_F(InGroup, AProcessThatDiesIsADeviceErrorOfTheOthers) {
  const GroupConfig own = place_.of(0);
  ::setenv(kPlaceVariable, own.rendezvous.c_str(), 1);
  const pid_t child = ::fork();
  if (child == 0) {
    ::execl("/proc/self/exe", "worker", "--gtest_also_run_disabled_tests",
            "--gtest_brief=1", "--gtest_output=",
            "--gtest_filter=Worker.DISABLED_DiesWithoutAWord", nullptr);
    ::_exit(1);
  }
  const SmallWorld world = small_world(small_architecture());
  EXPECT_THROW((void)fit_world(world, small_control(), own), DeviceError);
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(WEXITSTATUS(status), 9);
}

TEST_F(InGroup, ProcessesAtDifferentWorkAreRefused) {
  const SmallWorld world = small_world(small_architecture());
  const auto thrown = as_two([&](int rank) {
    ControlConfig control = small_control();
    control.seed = rank + 1;
    (void)fit_world(world, control, place_.of(rank));
  });
  expect_thrown<InternalError>(thrown[0]);
  expect_thrown<InternalError>(thrown[1]);
}

TEST_F(InGroup, OneThatWaitsInVainGivesUpOrIsInterrupted) {
  EXPECT_THROW((void)join_group(place_.of(0, 2, 0.2), torch::kCPU),
               DeviceError);
  EXPECT_THROW(
      (void)join_group(place_.of(0), torch::kCPU, [] { return false; }),
      CancelledError);
}

TEST_F(InGroup, RankZeroAloneWritesCheckpointsAndAllResumeFromThem) {
  const SmallWorld world = small_world(small_architecture());
  ControlConfig control = small_control();
  control.checkpoint = place_.of(0).rendezvous + "-checkpoint";
  const auto train = [&](const GroupConfig& group, int last) {
    return fit_world(world, control, group, [last](const TrainEvent& event) {
      return event.kind != TrainEvent::Kind::epoch || event.epoch < last;
    });
  };
  std::array<std::optional<FitResult>, 2> found;
  expect_none(as_two([&](int rank) { (void)train(place_.of(rank), 2); }));
  EXPECT_TRUE(std::filesystem::exists(control.checkpoint));
  const MeetingPlace again;
  expect_none(as_two([&](int rank) {
    found[static_cast<std::size_t>(rank)] = train(again.of(rank), 4);
  }));
  EXPECT_FALSE(std::filesystem::exists(control.checkpoint));
  control.checkpoint.clear();
  const FitResult whole = fit_world(world, control);
  ASSERT_EQ(found[0]->history.size(), whole.history.size());
  EXPECT_NEAR(found[0]->history.back().valid_loss,
              whole.history.back().valid_loss, 1e-4);
}

TEST(JoinGroup, OfOneIsNoGroup) {
  EXPECT_EQ(join_group({}, torch::kCPU), nullptr);
}

TEST(JoinGroup, NamesTheBackendThatThisBuildLacks) {
  const auto backends = group_backends();
  for (const std::string name : {"gloo", "nccl"}) {
    if (std::find(backends.begin(), backends.end(), name) != backends.end()) {
      continue;
    }
    try {
      (void)join_group({0, 2, "/nowhere", name, 1}, torch::kCPU);
      FAIL() << "joined over " << name;
    } catch (const DeviceError& error) {
      const std::string text = error.what();
      EXPECT_NE(text.find("over " + name), std::string::npos) << text;
    }
  }
}

/// One of `size` that adds up nothing.
class Place final : public GradientExchange {
 public:
  Place(int rank, int size) : rank_(rank), size_(size) {}
  [[nodiscard]] int rank() const override { return rank_; }
  [[nodiscard]] int size() const override { return size_; }
  void sum(Tensor*) override {}

 private:
  int rank_, size_;
};

TEST(ShareOf, GivesEachItemToOneProcess) {
  for (const std::int64_t n : {0, 1, 2, 7, 8}) {
    for (const int size : {1, 2, 3, 8}) {
      std::int64_t next = 0;
      for (int rank = 0; rank < size; ++rank) {
        const Place place(rank, size);
        const Share share = share_of(n, &place);
        EXPECT_EQ(share.first, next);
        EXPECT_GE(share.size(), n / size);
        EXPECT_LE(share.size(), (n + size - 1) / size);
        next = share.last;
      }
      EXPECT_EQ(next, n);
    }
    EXPECT_EQ(share_of(n, nullptr).size(), n);
  }
}

}  // namespace
}  // namespace musl::nn
