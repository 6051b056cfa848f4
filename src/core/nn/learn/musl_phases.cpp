#include "nn/learn/musl_phases.h"

#include <algorithm>

#include "nn/encoders/encoder.h"
#include "nn/nets/musl_net.h"

namespace musl::nn {

namespace {

/// Index of the encoder, -1 if the architecture lacks it.
int encoder_index(const ArchitectureConfig& arch, const std::string& name) {
  const auto found =
      std::find(arch.encoders.begin(), arch.encoders.end(), name);
  return found == arch.encoders.end()
             ? -1
             : static_cast<int>(found - arch.encoders.begin());
}

/// Whether encoder i is stacked and not fused.
bool is_late(const ArchitectureConfig& arch, std::size_t i) {
  return arch.encoders.size() > 1 && encoder_info(arch.encoders[i]).is_late;
}

/// "branch:<encoder>": encoder i with its head alone.
Phase branch_phase(const ArchitectureConfig& arch, std::size_t i,
                   const ControlConfig& control) {
  const std::string& name = arch.encoders[i];
  Phase phase = phase_of("branch:" + name, control);
  phase.trained = {"encoder." + name + ".", "branch." + name + "."};
  phase.monitored = name;
  phase.losses.push_back({"bce", name});
  return phase;
}

/// Everything except the late branches, which are already trained.
Phase joint_phase(const ArchitectureConfig& arch,
                  const ControlConfig& control) {
  Phase phase = phase_of("joint", control);
  // Those after the encoders and their heads.
  phase.trained = {"adapter.", "attention.", "gate.", "head.", "project."};
  for (std::size_t i = 0; i < arch.encoders.size(); ++i) {
    if (is_late(arch, i)) continue;
    phase.trained.push_back("encoder." + arch.encoders[i] + ".");
    phase.trained.push_back("branch." + arch.encoders[i] + ".");
  }
  phase.losses.push_back({"bce", kFused});
  if (arch.auxiliary > 0) {
    phase.losses.push_back({"bce", kBranches, arch.auxiliary});
  }
  if (arch.alignment > 0 && arch.encoders.size() > 1) {
    phase.losses.push_back({"alignment", "", arch.alignment});
  }
  return phase;
}

}  // namespace

std::vector<Phase> make_phases(const ArchitectureConfig& arch,
                               const ControlConfig& control) {
  std::vector<Phase> phases;
  for (std::size_t i = 0; i < arch.encoders.size(); ++i) {
    if (is_late(arch, i)) phases.push_back(branch_phase(arch, i, control));
  }
  phases.push_back(joint_phase(arch, control));
  return phases;
}

int only_branch(const Phase& phase, const ArchitectureConfig& arch) {
  const auto& losses = phase.losses;
  if (losses.empty()) return -1;
  const std::string& branch = losses.front().branch;
  const bool alone =
      std::all_of(losses.begin(), losses.end(),
                  [&](const auto& term) { return term.branch == branch; });
  return alone ? encoder_index(arch, branch) : -1;
}

}  // namespace musl::nn
