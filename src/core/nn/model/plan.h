#pragma once

#include <vector>

#include "musl/plan.h"

namespace musl::nn {

/// Implement the functions of Backend of the same names.
[[nodiscard]] std::vector<PlannedPhase> training_plan(
    const ArchitectureConfig& architecture, const ControlConfig& control);
[[nodiscard]] std::vector<InputInfo> input_list();
[[nodiscard]] std::vector<EncoderReads> encoder_list();

}  // namespace musl::nn
