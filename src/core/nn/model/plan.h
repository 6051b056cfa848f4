#pragma once

#include <vector>

#include "musl/plan.h"

namespace musl::nn {

/// As the functions of Backend of these names.
[[nodiscard]] std::vector<PlannedPhase> training_plan(
    const ArchitectureConfig& architecture, const ControlConfig& control);
[[nodiscard]] std::vector<InputInfo> input_list();
[[nodiscard]] std::vector<EncoderReads> encoder_list();

}  // namespace musl::nn
