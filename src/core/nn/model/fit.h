#pragma once

#include <vector>

#include "musl/model.h"

namespace musl::nn {

/// Implement the public functions of the same names.
[[nodiscard]] FitResult fit(const ArchitectureConfig& architecture,
                            const ControlConfig& control, Dataset data,
                            const std::vector<TrainingPart>& parts,
                            const Model* init, const EventSink& sink);
[[nodiscard]] Archive fit_member(const ArchitectureConfig& architecture,
                                 const ControlConfig& control, Dataset data,
                                 const std::vector<TrainingPart>& parts,
                                 int member, const Model* init,
                                 const EventSink& sink);
[[nodiscard]] FitResult join_members(const ArchitectureConfig& architecture,
                                     const ControlConfig& control, Dataset data,
                                     const std::vector<TrainingPart>& parts,
                                     const std::vector<Archive>& members,
                                     const Model* init);

}  // namespace musl::nn
