#include "musl/error.h"
#include "nn/train/phase.h"

namespace musl::nn {

namespace {

Phase phase_of(const std::string& name, const ControlConfig& control) {
  Phase phase;
  phase.name = name;
  phase.epochs = control.epochs;
  phase.patience = control.patience;
  phase.learning_rate = control.learning_rate;
  return phase;
}

void add_alignment(const ArchitectureConfig& arch, Phase* phase) {
  if (arch.alignment > 0 && arch.encoders.size() > 1) {
    phase->losses.push_back({LossTerm::Kind::alignment, -1, arch.alignment});
  }
}

Phase branch_phase(const ArchitectureConfig& arch, std::size_t i,
                   const ControlConfig& control) {
  const std::string& name = arch.encoders[i];
  Phase phase = phase_of("branch:" + name, control);
  phase.trained = {"encoder." + name + ".", "branch." + name + "."};
  phase.monitored_branch = static_cast<int>(i);
  phase.losses.push_back({LossTerm::Kind::branch, phase.monitored_branch, 1.0});
  return phase;
}

/// Everything but the late branches, which are ready by then.
Phase joint_phase(const ArchitectureConfig& arch, const ControlConfig& control,
                  const std::vector<bool>& late) {
  Phase phase = phase_of("joint", control);
  phase.trained = {"adapter.", "attention.", "gate.", "head.", "project."};
  for (std::size_t i = 0; i < arch.encoders.size(); ++i) {
    if (!late.empty() && late[i]) continue;
    phase.trained.push_back("encoder." + arch.encoders[i] + ".");
    phase.trained.push_back("branch." + arch.encoders[i] + ".");
  }
  phase.losses.push_back({LossTerm::Kind::fused, -1, 1.0});
  if (arch.auxiliary > 0) {
    phase.losses.push_back({LossTerm::Kind::branch, -1, arch.auxiliary});
  }
  add_alignment(arch, &phase);
  return phase;
}

std::vector<Phase> joint_phases(const ArchitectureConfig& arch,
                                const ControlConfig& control,
                                const std::vector<bool>& late) {
  std::vector<Phase> phases;
  for (std::size_t i = 0; i < late.size(); ++i) {
    if (late[i]) phases.push_back(branch_phase(arch, i, control));
  }
  phases.push_back(joint_phase(arch, control, late));
  return phases;
}

std::vector<Phase> branch_phases(const ArchitectureConfig& arch,
                                 const ControlConfig& control) {
  std::vector<Phase> phases;
  for (std::size_t i = 0; i < arch.encoders.size(); ++i) {
    phases.push_back(branch_phase(arch, i, control));
  }
  Phase fuse = phase_of("fuse", control);
  fuse.trained = {"adapter.", "attention.", "gate.", "head.", "project."};
  fuse.losses.push_back({LossTerm::Kind::fused, -1, 1.0});
  add_alignment(arch, &fuse);
  phases.push_back(fuse);
  return phases;
}

}  // namespace

std::vector<Phase> make_phases(const ArchitectureConfig& arch,
                               const ControlConfig& control,
                               const std::vector<bool>& late) {
  if (control.strategy == "joint") return joint_phases(arch, control, late);
  if (control.strategy == "branches") return branch_phases(arch, control);
  throw InputError("strategy must be \"joint\" or \"branches\", not \"" +
                   control.strategy + "\".");
}

int only_branch(const Phase& phase) {
  const bool single = phase.losses.size() == 1 &&
                      phase.losses[0].kind == LossTerm::Kind::branch;
  return single ? phase.losses[0].branch : -1;
}

}  // namespace musl::nn
