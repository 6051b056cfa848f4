// strategy = "distill", branches joined by their sum, and em_preset = "muse".
#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <set>

#include "musl/archive.h"
#include "musl/model.h"
#include "musl/plan.h"
#include "nn/learn/pseudo_labels.h"
#include "small_world.h"

namespace musl::nn {
namespace {

using test::small_architecture;
using test::small_control;
using test::small_world;
using test::SmallWorld;

ControlConfig control_of(const std::string& strategy) {
  ControlConfig control = small_control();
  control.strategy = strategy;
  return control;
}

/// "genes" is late: no student.
ArchitectureConfig with_late() {
  ArchitectureConfig arch = small_architecture();
  arch.encoders = {"histogram", "descriptors", "genes", "graph"};
  return arch;
}

FitResult run(const SmallWorld& world, const ControlConfig& control,
              const EventSink& sink = {}) {
  return fit(with_late(), control, world.data, world.training, world.validation,
             nullptr, sink);
}

Prediction parts_of(const Model& model, const PairSet& pairs) {
  PredictOptions options;
  options.parts = true;
  return model.predict(model.kept(), pairs, options);
}

/// Bytes of the weights whose names start so.
std::vector<std::uint8_t> weights_of(const Model& model,
                                     const std::string& prefix) {
  std::vector<std::uint8_t> bytes;
  for (const auto& [name, tensor] : model.to_archive(false).tensors) {
    if (name.rfind("weights/0/" + prefix, 0) != 0) continue;
    bytes.insert(bytes.end(), tensor.bytes.begin(), tensor.bytes.end());
  }
  return bytes;
}

TEST(DistillPlan, StartsStudentsAnewAndKeepsTheTeachersHeads) {
  const auto plan = training_plan(with_late(), control_of("distill"));
  ASSERT_EQ(plan.size(), 5U);
  const auto& last = plan.back();
  EXPECT_EQ(last.name, "distill");
  EXPECT_EQ(last.losses.front(), "bce(fused)");
  EXPECT_EQ(last.losses[1], "imitation(histogram, target = teacher:histogram)");
  const std::vector<std::string> students = {
      "encoder.histogram", "encoder.descriptors", "encoder.graph"};
  EXPECT_EQ(last.losses.size(), 1 + students.size());
  EXPECT_EQ(last.reset, students);
  const std::set<std::string> frozen(last.frozen.begin(), last.frozen.end());
  EXPECT_EQ(frozen, (std::set<std::string>{"branch", "encoder.genes"}));
}

TEST(Distill, LeavesHeadsAndLateBranchesAsTheyWereTrainedApart) {
  const SmallWorld world = small_world(with_late());
  ControlConfig apart = control_of("branches");
  apart.joined_by = "sum";
  const auto teachers = run(world, apart);
  const auto students = run(world, control_of("distill"));
  for (const char* same : {"branch.", "encoder.genes."}) {
    EXPECT_EQ(weights_of(students.model, same),
              weights_of(teachers.model, same))
        << same;
  }
  EXPECT_NE(weights_of(students.model, "encoder.graph."),
            weights_of(teachers.model, "encoder.graph."));
}

// Heads are the teachers', so a student that sees what its teacher saw says
// what it said.
TEST(Distill, DrawsStudentsToTheirTeachers) {
  const SmallWorld world = small_world(with_late());
  ControlConfig apart = control_of("branches");
  apart.joined_by = "sum";
  apart.epochs = apart.patience = 60;
  const Matrix teacher =
      parts_of(run(world, apart).model, world.training).branch_scores;
  const auto distance = [&](double weight) {
    ControlConfig control = control_of("distill");
    control.distill_weight = weight;
    control.epochs = control.patience = 60;
    const Matrix student =
        parts_of(run(world, control).model, world.training).branch_scores;
    return (student - teacher).norm();
  };
  ControlConfig control = control_of("distill");
  control.distill_weight = 0;
  EXPECT_EQ(training_plan(with_late(), control).back().losses.size(), 1U);
  // Found 4.2 and 11.9. The best epoch is an early one where little is drawn
  // out of training: with 20 epochs there is no such distance.
  EXPECT_LT(distance(30), 0.6 * distance(0));
}

TEST(Distill, ResumesToTheSameBits) {
  const SmallWorld world = small_world(with_late());
  const auto bytes = [](const FitResult& result) {
    return write_archive(result.model.to_archive(/*keep_inputs=*/true));
  };
  ControlConfig control = control_of("distill");
  const auto whole = bytes(run(world, control));
  control.checkpoint =
      ::testing::TempDir() + "distill-checkpoint-" + std::to_string(::getpid());
  for (const char* stop : {"branch:graph", "distill"}) {
    std::remove(control.checkpoint.c_str());
    const EventSink sink = [&](const TrainEvent& event) {
      return event.kind != TrainEvent::Kind::epoch || event.phase != stop;
    };
    EXPECT_TRUE(run(world, control, sink).cancelled);
    EXPECT_EQ(bytes(run(world, control)), whole) << stop;
  }
}

TEST(JoinedBySum, ScoresByTheBranchesLogitsAlone) {
  const SmallWorld world = small_world(with_late());
  for (const char* strategy : {"branches", "em"}) {
    ControlConfig control = control_of(strategy);
    control.joined_by = "sum";
    control.em_iterations = 1;
    control.em_prior = 0.5;
    const auto names = training_plan(with_late(), control);
    EXPECT_NE(names.back().name, "fuse");
    const auto result = run(world, control);
    const auto& stack = result.model.stack();
    const auto parts = parts_of(result.model, world.validation);
    for (const auto& weight : stack.weight) EXPECT_EQ(weight.front(), 0);
    // Pairs of two seen genes.
    for (std::size_t i = 0; i < parts.score.size(); ++i) {
      const auto row = parts.branch_scores.row(static_cast<Eigen::Index>(i));
      double best = 1e9;
      for (std::size_t unseen = 0; unseen < 3; ++unseen) {
        double sum = stack.constant[unseen];
        for (Eigen::Index m = 0; m < row.size(); ++m) {
          sum += stack.weight[unseen][static_cast<std::size_t>(m) + 1] *
                 static_cast<double>(row[m]);
        }
        best = std::min(best, std::abs(sum - parts.score[i]));
      }
      EXPECT_LT(best, 1e-5);
    }
  }
}

TEST(JoinedBySum, WithoutIterationsEmIsTheBranches) {
  const SmallWorld world = small_world(with_late());
  ControlConfig apart = control_of("branches");
  apart.joined_by = "sum";
  ControlConfig em = apart;
  em.strategy = "em";
  em.em_iterations = 0;
  EXPECT_EQ(parts_of(run(world, em).model, world.validation).score,
            parts_of(run(world, apart).model, world.validation).score);
}

TEST(HardPseudoLabels, CountAlikeWithoutCaps) {
  PseudoRules rules;
  rules.hard = true;
  rules.confidence = 0;
  rules.n_positive = 1;
  rules.total = 8;
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const auto labels = pseudo_labels({3, 0.1, 2, -0.1, nan}, rules);
  EXPECT_EQ(labels.probability, (std::vector<float>{1, 1, 1, 0, 0.5f}));
  EXPECT_EQ(labels.weight, (std::vector<float>{2, 2, 2, 2, 0}));
}

TEST(MusePreset, StartsStudentsAnewAndTakesNoneBack) {
  ControlConfig control = control_of("em");
  control.em_preset = "muse";
  control.em_iterations = 1;
  const auto plan = training_plan(with_late(), control);
  const auto& step = plan[4];
  EXPECT_EQ(step.name, "E1:histogram");
  EXPECT_EQ(step.reset, step.trained);
  EXPECT_FALSE(step.reset.empty());
  const SmallWorld world = small_world(with_late());
  const auto score = parts_of(run(world, control).model, world.validation);
  for (const double one : score.score) EXPECT_TRUE(std::isfinite(one));
}

}  // namespace
}  // namespace musl::nn
