// Models of several members, and what known pairs do in them.

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <numeric>
#include <set>

#include "base/error.h"
#include "io/archive_file.h"
#include "nn/inputs/batcher.h"
#include "small_ensemble.h"

namespace musl {
namespace {

using test::bytes_of;
using test::fit_parts;
using test::kGenes;
using test::on_the_cpu;
using test::only_member;
using test::same_numbers;
using test::Scores;
using test::small_architecture;
using test::small_control;
using test::small_world;
using test::SmallWorld;
using test::two_parts;
using test::weights_of;

/// One ensemble for all tests that only read it.
class Ensemble : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    world_ = std::make_unique<SmallWorld>(small_world(small_architecture()));
    result_ = std::make_unique<FitResult>(
        fit_parts(*world_, two_parts(*world_), small_control()));
  }
  static void TearDownTestSuite() {
    result_.reset();
    world_.reset();
  }
  static const Model& model() { return result_->model; }
  static Prediction predict(const Model& model, const PairSet& pairs) {
    return model.predict(model.kept(), pairs, on_the_cpu());
  }

  static std::unique_ptr<SmallWorld> world_;
  static std::unique_ptr<FitResult> result_;
};
std::unique_ptr<SmallWorld> Ensemble::world_;
std::unique_ptr<FitResult> Ensemble::result_;

TEST_F(Ensemble, ScoresTheMeanOfItsMembers) {
  ASSERT_EQ(model().n_members(), 2);
  PairSet pairs = world_->validation;
  pairs.a.push_back(0);
  pairs.b.push_back(test::kUnknownGene);
  pairs.label.clear();
  const Prediction whole = predict(model(), pairs);
  const Prediction one = predict(only_member(model(), 0), pairs);
  const Prediction two = predict(only_member(model(), 1), pairs);
  EXPECT_FALSE(same_numbers(one.score, two.score));
  for (std::size_t i = 0; i < whole.score.size(); ++i) {
    EXPECT_DOUBLE_EQ(whole.score[i], (one.score[i] + two.score[i]) / 2);
  }
  EXPECT_TRUE(whole.gates.isApprox((one.gates + two.gates) / 2));
  EXPECT_TRUE(whole.branch_scores.isApprox(
      (one.branch_scores + two.branch_scores) / 2));
  const auto width = small_architecture().fusion_width();
  EXPECT_EQ(whole.embedding.leftCols(width), one.embedding);
  EXPECT_EQ(whole.embedding.rightCols(width), two.embedding);
  EXPECT_EQ(model().n_parameters(), 2 * only_member(model(), 0).n_parameters());
}

TEST_F(Ensemble, PredictsTheSameBitsAfterAFile) {
  const auto bytes = bytes_of(model());
  const Model loaded =
      Model::from_archive(read_archive(bytes.data(), bytes.size()));
  EXPECT_EQ(loaded.n_members(), 2);
  const Prediction before = predict(model(), world_->validation);
  const Prediction after = predict(loaded, world_->validation);
  EXPECT_TRUE(same_numbers(before.score, after.score));
  EXPECT_EQ(before.embedding, after.embedding);
  EXPECT_EQ(bytes_of(loaded), bytes);
  const Model shared = Model::from_archive(model().to_archive(false));
  EXPECT_TRUE(same_numbers(
      shared.predict(model().reference(), world_->validation, {}).score,
      before.score));
}

TEST_F(Ensemble, RefusesAnotherNumberOfMembersInAFile) {
  const Archive whole = model().to_archive(true);
  const std::string now = "\"n_members\":2";
  for (const char* number : {"0", "1", "3", "-1", "1000000"}) {
    Archive archive = whole;
    std::string& text = archive.metadata["dataset"];
    ASSERT_NE(text.find(now), std::string::npos);
    text.replace(text.find(now), now.size(),
                 std::string("\"n_members\":") + number);
    EXPECT_THROW((void)Model::from_archive(archive), FormatError) << number;
  }
}

TEST_F(Ensemble, HasTheSameBitsForOneAndTwoThreads) {
  ControlConfig control = small_control();
  control.threads = 1;
  const FitResult again = fit_parts(*world_, two_parts(*world_), control);
  EXPECT_EQ(bytes_of(again.model), bytes_of(model()));
  EXPECT_TRUE(same_numbers(again.valid_score, result_->valid_score));
}

TEST_F(Ensemble, StartsWithTheModelOfTheFirstPartAndGoesOnWithOthers) {
  // Of the same parts, since scalers are learned on those of all members.
  std::vector<TrainingPart> parts = {{world_->training, world_->validation},
                                     {world_->training, world_->validation}};
  const FitResult two = fit_parts(*world_, parts, small_control());
  parts.pop_back();
  const FitResult one = fit_parts(*world_, parts, small_control());
  EXPECT_EQ(weights_of(two.model, 0), weights_of(one.model, 0));
  EXPECT_NE(weights_of(two.model, 1), weights_of(one.model, 0));
}

TEST_F(Ensemble, RecordsHistoryAndValidationScoresMemberByMember) {
  const auto parts = two_parts(*world_);
  std::vector<int> epochs = {0, 0};
  int last = 1;
  for (const auto& record : result_->history) {
    ASSERT_GE(record.member, last);
    ASSERT_LE(record.member, 2);
    last = record.member;
    EXPECT_EQ(record.epoch, epochs[static_cast<std::size_t>(last - 1)]++);
  }
  EXPECT_GT(epochs[0], 1);
  EXPECT_GT(epochs[1], 1);
  // Each by that member, which knows the pairs it was trained on only.
  Scores expected;
  std::vector<int> unseen;
  for (int member = 0; member < 2; ++member) {
    const auto& part = parts[static_cast<std::size_t>(member)];
    const Model alone = only_member(model(), member);
    Dataset own = alone.kept();
    own.known = part.training;
    const auto score = alone.predict(own, part.validation, on_the_cpu()).score;
    expected.insert(expected.end(), score.begin(), score.end());
    std::set<std::int32_t> seen(part.training.a.begin(), part.training.a.end());
    seen.insert(part.training.b.begin(), part.training.b.end());
    for (std::size_t i = 0; i < part.validation.a.size(); ++i) {
      unseen.push_back(2 - static_cast<int>(seen.count(part.validation.a[i]) +
                                            seen.count(part.validation.b[i])));
    }
  }
  EXPECT_EQ(result_->valid_n_unseen, unseen);
  ASSERT_EQ(result_->valid_score.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_NEAR(result_->valid_score[i], expected[i], 1e-5) << i;
  }
}

TEST_F(Ensemble, ScoresCalibrationPairsThatNothingIsChosenBy) {
  auto plain = two_parts(*world_);
  auto calibrated = plain;
  for (std::size_t i = 0; i < 2; ++i) {
    std::vector<std::int64_t> rows(40);
    std::iota(rows.begin(), rows.end(), 0);
    const PairSet& all = plain[i].training;
    calibrated[i].calibration = nn::take_pairs(all, rows, 0, 40);
    rows.resize(static_cast<std::size_t>(all.size() - 40));
    std::iota(rows.begin(), rows.end(), 40);
    plain[i].training = calibrated[i].training =
        nn::take_pairs(all, rows, 0, all.size() - 40);
  }
  const FitResult without = fit_parts(*world_, plain, small_control());
  const FitResult with = fit_parts(*world_, calibrated, small_control());
  for (int member = 0; member < 2; ++member) {
    EXPECT_EQ(weights_of(with.model, member),
              weights_of(without.model, member));
  }
  ASSERT_EQ(with.valid_score.size(), without.valid_score.size() + 80);
  const auto n = static_cast<std::ptrdiff_t>(plain[0].validation.size());
  const std::vector<int> first(with.valid_n_unseen.begin(),
                               with.valid_n_unseen.begin() + n);
  EXPECT_TRUE(
      std::equal(first.begin(), first.end(), without.valid_n_unseen.begin()));
  const auto& training = plain[0].training;
  std::set<std::int32_t> seen(training.a.begin(), training.a.end());
  seen.insert(training.b.begin(), training.b.end());
  const auto& held = calibrated[0].calibration;
  for (std::size_t i = 0; i < 40; ++i) {
    const auto known = seen.count(held.a[i]) + seen.count(held.b[i]);
    EXPECT_EQ(with.valid_n_unseen[static_cast<std::size_t>(n) + i],
              2 - static_cast<int>(known));
  }
}

TEST_F(Ensemble, KnowsThePairsOfAllItsMembersOnce) {
  std::vector<std::int64_t> keys;
  for (const auto& part : two_parts(*world_)) {
    const auto more = pair_keys(part.training, kGenes);
    keys.insert(keys.end(), more.begin(), more.end());
  }
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  EXPECT_EQ(pair_keys(model().kept().known, kGenes), keys);
}

TEST_F(Ensemble, NeedsAtLeastOneMember) {
  EXPECT_THROW((void)fit_parts(*world_, {}, small_control()), InputError);
  auto parts = two_parts(*world_);
  parts[1].training.label.assign(parts[1].training.label.size(), 1);
  EXPECT_THROW((void)fit_parts(*world_, parts, small_control()), InputError);
}

// ---- Known pairs ----

TEST_F(Ensemble, ScoresAKnownPairWithoutItsOwnLabel) {
  // With its vectors, so that copies give the same bits.
  const Dataset& kept = model().reference();
  for (const std::size_t i : {0, 10, 20, 30}) {
    const PairSet pair{{kept.known.a[i]}, {kept.known.b[i]}, {}};
    Dataset flipped = kept;
    flipped.known.label[i] = 1 - flipped.known.label[i];
    const auto score = model().predict(kept, pair, on_the_cpu()).score;
    EXPECT_TRUE(same_numbers(model().predict(flipped, pair, on_the_cpu()).score,
                             score));
    // It matters whether another pair of its genes is known.
    Dataset fewer = kept;
    fewer.known = {};
    for (std::size_t j = 0; j < kept.known.a.size(); ++j) {
      if (j != i &&
          (kept.known.a[j] == pair.a[0] || kept.known.b[j] == pair.a[0])) {
        continue;
      }
      fewer.known.a.push_back(kept.known.a[j]);
      fewer.known.b.push_back(kept.known.b[j]);
      fewer.known.label.push_back(kept.known.label[j]);
    }
    EXPECT_FALSE(
        same_numbers(model().predict(fewer, pair, on_the_cpu()).score, score));
  }
}

TEST_F(Ensemble, HearsNoLabelOfAKnownPairWithoutThePartners) {
  Dataset flipped = model().reference();
  for (auto& label : flipped.known.label) label = 1 - label;
  PredictOptions options = on_the_cpu();
  const PairSet& pairs = world_->validation;
  EXPECT_FALSE(
      same_numbers(model().predict(flipped, pairs, options).score,
                   model().predict(model().kept(), pairs, options).score));
  options.encoders = model().architecture().encoders;
  ASSERT_EQ(options.encoders.back(), "partners");
  options.encoders.pop_back();
  EXPECT_TRUE(
      same_numbers(model().predict(flipped, pairs, options).score,
                   model().predict(model().kept(), pairs, options).score));
}

// Ensembles that are interrupted, and go on.

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
  EXPECT_TRUE(same_numbers(
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
  EXPECT_TRUE(same_numbers(resumed.valid_score, whole.valid_score));
  EXPECT_EQ(resumed.history.size(), whole.history.size());
  EXPECT_FALSE(exists(path));
  EXPECT_FALSE(exists(path + ".2"));
}

}  // namespace
}  // namespace musl
