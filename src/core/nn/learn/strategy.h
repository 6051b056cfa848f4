#pragma once

#include <functional>
#include <string>
#include <vector>

#include "musl/config.h"
#include "nn/learn/phase.h"

namespace musl::nn {

/// The phases of a strategy for this architecture.
using PlanPhases = std::function<std::vector<Phase>(const ArchitectureConfig&,
                                                    const ControlConfig&)>;

/// Registers a strategy under its name; returns true (for a static
/// initialiser). A new strategy is one new file with one registration.
bool register_strategy(const std::string& name, PlanPhases plan);

/// The phases of control.strategy, checked: InputError for an unknown strategy,
/// kind of loss, target or branch, and for what check_phase() refuses.
[[nodiscard]] std::vector<Phase> make_phases(const ArchitectureConfig& arch,
                                             const ControlConfig& control);

/// The only branch that this phase runs, or -1: the whole network.
[[nodiscard]] int only_branch(const Phase& phase,
                              const ArchitectureConfig& arch);

// ---- For strategies ----

/// A phase with the settings of `control`.
[[nodiscard]] Phase phase_of(const std::string& name,
                             const ControlConfig& control);
/// "branch:<encoder>": encoder i with its head alone, by the labels.
[[nodiscard]] Phase branch_phase(const ArchitectureConfig& arch, std::size_t i,
                                 const ControlConfig& control);
/// branch_phase() of each encoder in turn.
[[nodiscard]] std::vector<Phase> branch_phases(const ArchitectureConfig& arch,
                                               const ControlConfig& control);
/// "fuse": the modules after the encoders, which are frozen.
[[nodiscard]] Phase fuse_phase(const ArchitectureConfig& arch,
                               const ControlConfig& control);
/// Adds the contrastive term if the architecture has one.
void add_alignment(const ArchitectureConfig& arch, Phase* phase);
/// Whether encoder i is stacked and not fused.
[[nodiscard]] bool is_late(const ArchitectureConfig& arch, std::size_t i);
/// Prefixes of the modules after the encoders and their heads.
[[nodiscard]] std::vector<std::string> fusion_modules();

}  // namespace musl::nn
