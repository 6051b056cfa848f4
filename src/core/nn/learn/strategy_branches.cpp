#include "nn/learn/strategy.h"

namespace musl::nn {
namespace {

/// Each branch separately, then "fuse" with frozen encoders, unless the
/// branches are joined by the sum of their logits.
[[maybe_unused]] const bool kBranchesRegistered = register_strategy(
    "branches",
    [](const ArchitectureConfig& arch, const ControlConfig& control) {
      auto phases = branch_phases(arch, control);
      if (control.joined_by == "gate") {
        phases.push_back(fuse_phase(arch, control));
      }
      return phases;
    });

}  // namespace
}  // namespace musl::nn
