#pragma once

#include <string>
#include <vector>

#include "musl/config.h"
#include "nn/learn/phase.h"

namespace musl::nn {

/// The phases for this architecture: each late branch separately, then
/// everything that is fused together.
[[nodiscard]] std::vector<Phase> make_phases(const ArchitectureConfig& arch,
                                             const ControlConfig& control);

/// The only branch that this phase runs, or -1: the whole network.
[[nodiscard]] int only_branch(const Phase& phase,
                              const ArchitectureConfig& arch);

/// A phase with the settings of `control`.
[[nodiscard]] Phase phase_of(const std::string& name,
                             const ControlConfig& control);

}  // namespace musl::nn
