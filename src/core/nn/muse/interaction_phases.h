#pragma once

#include <vector>

#include "data/config.h"
#include "muse/interactions.h"
#include "nn/learn/phases.h"

namespace musl::nn {

inline constexpr char kStructureScale[] = "structure";
inline constexpr char kNetworkScale[] = "network";
inline constexpr char kFusedScales[] = "fused";

/// The phases of config.strategy: "joint" (both scales by the fused score and,
/// at half weight, each scale's score), "branches" (each scale separately) or
/// "em" (then alternately, each learns the labels and the other's pseudo-labels
/// of unlabelled pairs).
[[nodiscard]] std::vector<Phase> interaction_phases(
    const InteractionConfig& config, const ControlConfig& control);

}  // namespace musl::nn
