// Members that are trained apart, and the model that is made of them.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>

#include "base/error.h"
#include "io/archive_file.h"
#include "model/backend.h"
#include "small_ensemble.h"

namespace musl {
namespace {

using test::bytes_of;
using test::fit_parts;
using test::same_numbers;
using test::small_architecture;
using test::small_control;
using test::small_world;
using test::SmallWorld;
using test::two_parts;

using Parts = std::vector<TrainingPart>;

/// As it comes from another process.
Archive sent(const Archive& archive) {
  const auto bytes = write_archive(archive);
  return read_archive(bytes.data(), bytes.size());
}

std::vector<Archive> members_of(const SmallWorld& world, const Parts& parts,
                                const ControlConfig& control) {
  std::vector<Archive> members;
  for (int i = 0; i < static_cast<int>(parts.size()); ++i) {
    members.push_back(sent(backend().fit_member(small_architecture(), control,
                                                world.data, parts, i, {})));
  }
  return members;
}

FitResult join(const SmallWorld& world, const Parts& parts,
               const ControlConfig& control,
               const std::vector<Archive>& members) {
  return backend().join_members(small_architecture(), control, world.data,
                                parts, members);
}

/// All but the seconds, with NaN equal to itself.
bool same_record(const EpochRecord& x, const EpochRecord& y) {
  const auto same = [](double a, double b) {
    return a == b || (std::isnan(a) && std::isnan(b));
  };
  return x.member == y.member && x.phase == y.phase && x.epoch == y.epoch &&
         same(x.loss, y.loss) && same(x.valid_loss, y.valid_loss) &&
         same(x.valid_auroc, y.valid_auroc) &&
         same(x.valid_auprc, y.valid_auprc) &&
         same(x.learning_rate, y.learning_rate) && x.best == y.best;
}

void expect_same(const FitResult& found, const FitResult& expected) {
  EXPECT_EQ(bytes_of(found.model), bytes_of(expected.model));
  EXPECT_TRUE(same_numbers(found.valid_score, expected.valid_score));
  EXPECT_EQ(found.valid_n_unseen, expected.valid_n_unseen);
  EXPECT_EQ(found.converged, expected.converged);
  EXPECT_FALSE(found.cancelled);
  ASSERT_EQ(found.history.size(), expected.history.size());
  for (std::size_t i = 0; i < expected.history.size(); ++i) {
    EXPECT_TRUE(same_record(found.history[i], expected.history[i])) << i;
  }
}

/// Two members, trained once for the tests that only read them.
class JoinMembers : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    world_ = std::make_unique<SmallWorld>(small_world(small_architecture()));
    members_ = std::make_unique<std::vector<Archive>>(
        members_of(*world_, two_parts(*world_), small_control()));
  }
  static void TearDownTestSuite() {
    members_.reset();
    world_.reset();
  }
  static Parts parts() { return two_parts(*world_); }
  static void expect_refused(const std::vector<Archive>& members,
                             const std::string& what) {
    EXPECT_THROW((void)join(*world_, parts(), small_control(), members),
                 FormatError)
        << what;
  }

  static std::unique_ptr<SmallWorld> world_;
  static std::unique_ptr<std::vector<Archive>> members_;
};
std::unique_ptr<SmallWorld> JoinMembers::world_;
std::unique_ptr<std::vector<Archive>> JoinMembers::members_;

TEST_F(JoinMembers, GivesTheBitsOfTrainingThemInTurn) {
  const FitResult whole = fit_parts(*world_, parts(), small_control());
  ControlConfig control = small_control();
  control.threads = 1;
  expect_same(join(*world_, parts(), control, *members_), whole);
}

TEST_F(JoinMembers, HasCalibrationPairsScored) {
  Parts parts = two_parts(*world_);
  for (auto& part : parts) part.calibration = part.validation;
  const auto members = members_of(*world_, parts, small_control());
  const FitResult joint = join(*world_, parts, small_control(), members);
  ASSERT_EQ(joint.valid_score.size(), 2 * parts[0].validation.a.size() +
                                          2 * parts[1].validation.a.size());
  const auto n = static_cast<std::ptrdiff_t>(parts[0].validation.size());
  const auto from = joint.valid_score.begin();
  EXPECT_TRUE(same_numbers(std::vector<double>(from, from + n),
                           std::vector<double>(from + n, from + 2 * n)));
}

TEST_F(JoinMembers, TellsWhetherAllHaveConverged) {
  const auto n_scored = [](const FitResult& result) {
    return result.valid_score.size();
  };
  Parts without = parts();
  for (auto& part : without) part.validation = {};
  const FitResult whole = fit_parts(*world_, without, small_control());
  const auto members = members_of(*world_, without, small_control());
  const FitResult joined = join(*world_, without, small_control(), members);
  EXPECT_TRUE(joined.converged);  // without validation pairs none can rise
  EXPECT_EQ(n_scored(joined), 0);
  expect_same(joined, whole);
}

TEST_F(JoinMembers, GoesOnFromCheckpointsAndRemovesThem) {
  const std::string path = (std::filesystem::temp_directory_path() /
                            ("musl-members-" + std::to_string(::getpid())))
                               .string();
  ControlConfig control = small_control();
  control.checkpoint = path;
  const auto cancel = [](const TrainEvent& event) {
    return event.kind != TrainEvent::Kind::epoch || event.epoch < 1;
  };
  EXPECT_THROW((void)backend().fit_member(small_architecture(), control,
                                          world_->data, parts(), 1, cancel),
               CancelledError);
  EXPECT_TRUE(std::filesystem::exists(path + ".2"));
  const auto members = members_of(*world_, parts(), control);
  EXPECT_TRUE(std::filesystem::exists(path));
  expect_same(join(*world_, parts(), control, members),
              fit_parts(*world_, parts(), small_control()));
  EXPECT_FALSE(std::filesystem::exists(path));
  EXPECT_FALSE(std::filesystem::exists(path + ".2"));
}

TEST_F(JoinMembers, RefusesArchivesOfAnotherShape) {
  ArchitectureConfig arch = small_architecture();
  arch.width /= 2;
  EXPECT_THROW((void)backend().join_members(arch, small_control(), world_->data,
                                            parts(), *members_),
               FormatError);
  for (const auto& [name, tensor] : (*members_)[1].tensors) {
    if (name == "converged") continue;
    auto members = *members_;
    members[1].tensors.erase(name);
    expect_refused(members, name + " lost");
    members = *members_;
    members[1].tensors[name].shape = {0};
    members[1].tensors[name].bytes.clear();
    expect_refused(members, name + " cut");
  }
}

}  // namespace
}  // namespace musl
