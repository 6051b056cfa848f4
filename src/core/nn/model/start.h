#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/pair_set.h"
#include "data/config.h"
#include "data/dataset.h"
#include "model/model.h"

namespace musl::nn {

/// The arguments of fit() that all its members share. They must outlive this.
struct FitProblem {
  const ArchitectureConfig& asked;
  const ControlConfig& control;
  const std::vector<TrainingPart>& parts;
};

/// The state before the first member is trained.
struct FitStart {
  std::shared_ptr<ModelState> model;  // without networks
  GeneSpaces spaces;                  // of partners; none without them
};

/// Learns the preprocessing on the training pairs of all members: the same bits
/// in every process. Throws like fit() for invalid arguments.
[[nodiscard]] FitStart start_fit(const FitProblem& problem, Dataset data);

/// The distinct training pairs of all members, ordered by key.
[[nodiscard]] PairSet pooled_training(const std::vector<TrainingPart>& parts,
                                      std::int64_t n_genes);

/// The settings of one member, with its seed and checkpoint.
[[nodiscard]] ControlConfig member_control(const ControlConfig& control,
                                           std::size_t member);

}  // namespace musl::nn
