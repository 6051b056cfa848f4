#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "musl/error.h"
#include "musl/model.h"
#include "small_world.h"
#include "two_ranks.h"

namespace musl {
namespace {

using test::as_two;
using test::expect_none;
using test::expect_thrown;
using test::MeetingPlace;
using test::small_architecture;
using test::small_control;
using test::small_world;
using test::SmallWorld;

class GroupFit : public test::InGroup {};

FitResult fit_world(const SmallWorld& world, const ControlConfig& control,
                    const GroupConfig& group = {}, const EventSink& sink = {},
                    int members = 1) {
  const std::vector<TrainingPart> parts(
      static_cast<std::size_t>(members),
      TrainingPart{world.training, world.validation});
  return fit(small_architecture(), control, world.data, parts, nullptr, sink,
             group);
}

TEST_F(GroupFit, AnEnsembleIsThatOfOneProcessButForRounding) {
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

TEST_F(GroupFit, AnInterruptOfOneEndsTrainingInAllAtTheSameEpoch) {
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

TEST_F(GroupFit, AnInterruptWithinTheFirstEpochIsAnErrorOfAll) {
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

TEST_F(GroupFit, AProcessThatFailsIsADeviceErrorOfTheOthers) {
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

TEST_F(GroupFit, AProcessThatDiesIsADeviceErrorOfTheOthers) {
  const GroupConfig own = place_.of(0);
  ::setenv(kPlaceVariable, own.rendezvous.c_str(), 1);
  const pid_t child = ::fork();
  if (child == 0) {
    // The worker is in one of the halves of all tests.
    ::unsetenv("GTEST_TOTAL_SHARDS");
    ::unsetenv("GTEST_SHARD_INDEX");
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

TEST_F(GroupFit, ProcessesAtDifferentWorkAreRefused) {
  const SmallWorld world = small_world(small_architecture());
  const auto thrown = as_two([&](int rank) {
    ControlConfig control = small_control();
    control.seed = rank + 1;
    (void)fit_world(world, control, place_.of(rank));
  });
  expect_thrown<InternalError>(thrown[0]);
  expect_thrown<InternalError>(thrown[1]);
}

TEST_F(GroupFit, RankZeroAloneWritesCheckpointsAndAllResumeFromThem) {
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

}  // namespace
}  // namespace musl
