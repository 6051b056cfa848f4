#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "musl/model.h"
#include "musl/partners.h"

namespace musl::nn {

/// The arguments of fit() that all its members share. They must outlive this.
struct FitProblem {
  const ArchitectureConfig& asked;
  const ControlConfig& control;
  const std::vector<TrainingPart>& parts;
};

/// The checked arguments of fit().
struct FitPlan {
  ArchitectureConfig architecture;  // without encoders that lack inputs
  PairSet pool;                     // pooled_training() of all members
};

/// The state before the first member is trained.
struct FitStart {
  std::shared_ptr<ModelState> model;  // without networks
  GeneSpaces spaces;                  // of partners; none without them
};

/// Throws like fit() for invalid arguments.
[[nodiscard]] FitPlan check_fit(const FitProblem& problem, const Dataset& data);

/// Learns the preprocessing on the training pairs of all members: the same bits
/// in every process.
[[nodiscard]] FitStart start_fit(const FitProblem& problem, FitPlan plan,
                                 Dataset data);

/// Of musl/backend.h.
[[nodiscard]] std::vector<EncoderReads> encoder_list();

/// The distinct training pairs of all members, ordered by key.
[[nodiscard]] PairSet pooled_training(const std::vector<TrainingPart>& parts,
                                      std::int64_t n_genes);

/// The settings of one member, with its seed and checkpoint.
[[nodiscard]] ControlConfig member_control(const ControlConfig& control,
                                           std::size_t member);

}  // namespace musl::nn
