#include "nn/learn/strategy.h"
#include "nn/nets/musl_net.h"

namespace musl::nn {
namespace {

/// Resets the fusion and the fused encoders, which then learn the labels
/// together, and each encoder its teacher's vector of a pair. The branches'
/// heads remain those of the teachers.
Phase distill_phase(const ArchitectureConfig& arch,
                    const ControlConfig& control) {
  Phase phase = phase_of("distill", control);
  phase.trained = fusion_modules();
  phase.losses.push_back({"bce", kFused});
  for (std::size_t i = 0; i < arch.encoders.size(); ++i) {
    if (is_late(arch, i)) continue;
    const std::string& name = arch.encoders[i];
    phase.trained.push_back("encoder." + name + ".");
    phase.reset.push_back("encoder." + name + ".");
    if (control.distill_weight > 0) {
      phase.losses.push_back(
          {"imitation", name, control.distill_weight, "teacher:" + name});
    }
  }
  add_alignment(arch, &phase);
  return phase;
}

/// Each branch separately, then "distill" with these as teachers.
/// Source: unimodal teachers, Du et al. (2023), ICML, arXiv 2305.01233.
[[maybe_unused]] const bool kDistillRegistered = register_strategy(
    "distill",
    [](const ArchitectureConfig& arch, const ControlConfig& control) {
      auto phases = branch_phases(arch, control);
      phases.push_back(distill_phase(arch, control));
      return phases;
    });

}  // namespace
}  // namespace musl::nn
