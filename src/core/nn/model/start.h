#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "musl/model.h"
#include "musl/model_state.h"

namespace musl::nn {

/// The arguments of fit() that all its members share. They must outlive this.
struct FitProblem {
  const ArchitectureConfig& asked;
  const ControlConfig& control;
  const std::vector<TrainingPart>& parts;
  const Model* init;  // or null
};

/// The arguments of fit() as they were checked.
struct FitPlan {
  ArchitectureConfig architecture;  // without encoders that have no input
  PairSet pool;                     // pooled_training() of all members
};

/// What is there before the first member is trained.
struct FitStart {
  std::shared_ptr<ModelState> model;  // without networks
  std::vector<NodeBlock> spaces;      // of partners; none without them
};

/// Throws what fit() promises for its arguments. Takes vectors from `data` that
/// are to be learned anew.
[[nodiscard]] FitPlan check_fit(const FitProblem& problem, Dataset* data);

/// Learns the preprocessing on the training pairs of all members, or takes that
/// of problem.init: the same bits in every process.
[[nodiscard]] FitStart start_fit(const FitProblem& problem, FitPlan plan,
                                 Dataset data);

/// The distinct training pairs of all members, in the order of their keys.
[[nodiscard]] PairSet pooled_training(const std::vector<TrainingPart>& parts,
                                      std::int64_t n_genes);

/// The settings of one member: a seed and a checkpoint of its own.
[[nodiscard]] ControlConfig member_control(const ControlConfig& control,
                                           std::size_t member);

}  // namespace musl::nn
