#include "musl/error.h"
#include "nn/learn/strategy.h"
#include "nn/nets/musl_net.h"

namespace musl::nn {
namespace {

/// Everything except the late branches, which are already trained.
Phase joint_phase(const ArchitectureConfig& arch,
                  const ControlConfig& control) {
  Phase phase = phase_of("joint", control);
  phase.trained = fusion_modules();
  for (std::size_t i = 0; i < arch.encoders.size(); ++i) {
    if (is_late(arch, i)) continue;
    phase.trained.push_back("encoder." + arch.encoders[i] + ".");
    phase.trained.push_back("branch." + arch.encoders[i] + ".");
  }
  phase.losses.push_back({"bce", kFused});
  if (arch.auxiliary > 0) {
    phase.losses.push_back({"bce", kBranches, arch.auxiliary});
  }
  add_alignment(arch, &phase);
  if (control.ogm > 0 && arch.auxiliary <= 0) {
    throw InputError(
        "`ogm` needs `auxiliary` above 0: it goes by the branches' own logits, "
        "which learn by that loss alone.");
  }
  phase.modulation = control.ogm;
  return phase;
}

/// Each late branch separately, then "joint" of everything that is fused.
[[maybe_unused]] const bool kJointRegistered = register_strategy(
    "joint", [](const ArchitectureConfig& arch, const ControlConfig& control) {
      std::vector<Phase> phases;
      for (std::size_t i = 0; i < arch.encoders.size(); ++i) {
        if (is_late(arch, i)) phases.push_back(branch_phase(arch, i, control));
      }
      phases.push_back(joint_phase(arch, control));
      return phases;
    });

}  // namespace
}  // namespace musl::nn
