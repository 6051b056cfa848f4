#pragma once

#include <vector>

#include "data/config.h"
#include "nn/learn/phases.h"

namespace musl::nn {

/// The phases for this architecture: each late branch separately, then
/// everything that is fused together.
[[nodiscard]] std::vector<Phase> make_phases(const ArchitectureConfig& arch,
                                             const ControlConfig& control);

/// The only branch that this phase runs, or -1: the whole network.
[[nodiscard]] int only_branch(const Phase& phase,
                              const ArchitectureConfig& arch);

}  // namespace musl::nn
