#pragma once

#include <vector>

#include "musl/config.h"
#include "musl/interactions.h"
#include "nn/learn/phase.h"

namespace musl::nn {

inline constexpr char kStructureScale[] = "structure";
inline constexpr char kNetworkScale[] = "network";
inline constexpr char kFusedScales[] = "fused";

/// The phases of control.strategy: "joint" (all, by the fused score and, half
/// as much, each scale's own), "branches" (each scale by itself) or "em" (then
/// in turns each learns the labels and what the other thinks of unlabelled
/// pairs). InputError for another.
[[nodiscard]] std::vector<Phase> interaction_phases(
    const InteractionConfig& config, const ControlConfig& control);

}  // namespace musl::nn
