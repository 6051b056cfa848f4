// Ensembles that are interrupted, and go on.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "musl/error.h"
#include "small_ensemble.h"

namespace musl {
namespace {

using test::bytes_of;
using test::fit_parts;
using test::on_the_cpu;
using test::same_bits;
using test::small_architecture;
using test::small_control;
using test::small_world;
using test::SmallWorld;
using test::two_parts;
using test::weights_of;

/// Cancels at the end of an epoch of a member (0: before its first).
EventSink cancel_at(int member, int epoch) {
  return [=](const TrainEvent& event) {
    EXPECT_EQ(event.n_phases, 2);
    return !(event.kind == TrainEvent::Kind::epoch && event.epoch == epoch &&
             event.phase_index == member - 1);
  };
}

TEST(EnsembleInterrupt, LeavesAModelOfTheMembersFinishedBefore) {
  const SmallWorld world = small_world(small_architecture());
  const auto parts = two_parts(world);
  const FitResult whole = fit_parts(world, parts, small_control());
  const FitResult cut =
      fit_parts(world, parts, small_control(), cancel_at(2, 0));
  EXPECT_TRUE(cut.cancelled);
  ASSERT_EQ(cut.model.n_members(), 1);
  EXPECT_EQ(weights_of(cut.model, 0), weights_of(whole.model, 0));
  EXPECT_EQ(cut.history.back().member, 1);
  EXPECT_EQ(cut.valid_score.size(), parts[0].validation.a.size());
  const auto bytes = bytes_of(cut.model);
  const Model loaded =
      Model::from_archive(read_archive(bytes.data(), bytes.size()));
  EXPECT_TRUE(same_bits(
      cut.model.predict(cut.model.kept(), world.validation, on_the_cpu()).score,
      loaded.predict(loaded.kept(), world.validation, on_the_cpu()).score));

  const FitResult later =
      fit_parts(world, parts, small_control(), cancel_at(2, 1));
  EXPECT_TRUE(later.cancelled);
  EXPECT_EQ(later.model.n_members(), 2);
  EXPECT_EQ(later.history.back().epoch, 1);
  EXPECT_THROW((void)fit_parts(world, parts, small_control(), cancel_at(1, 0)),
               CancelledError);
}

TEST(EnsembleInterrupt, GoesOnFromCheckpointsToTheSameBitsAndRemovesThem) {
  const std::string path = (std::filesystem::temp_directory_path() /
                            ("musl-ensemble-" + std::to_string(::getpid())))
                               .string();
  const auto exists = [](const std::string& file) {
    return std::filesystem::exists(file);
  };
  const SmallWorld world = small_world(small_architecture());
  const auto parts = two_parts(world);
  const FitResult whole = fit_parts(world, parts, small_control());
  ControlConfig control = small_control();
  control.checkpoint = path;
  for (const int epoch : {0, 1}) {
    (void)fit_parts(world, parts, control, cancel_at(2, epoch));
    EXPECT_TRUE(exists(path));
    EXPECT_EQ(exists(path + ".2"), epoch > 0);
  }
  const FitResult resumed = fit_parts(world, parts, control);
  EXPECT_FALSE(resumed.cancelled);
  EXPECT_EQ(bytes_of(resumed.model), bytes_of(whole.model));
  EXPECT_TRUE(same_bits(resumed.valid_score, whole.valid_score));
  EXPECT_EQ(resumed.history.size(), whole.history.size());
  EXPECT_FALSE(exists(path));
  EXPECT_FALSE(exists(path + ".2"));
}

}  // namespace
}  // namespace musl
