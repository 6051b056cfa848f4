#include "nn/learn/strategy.h"

#include <algorithm>
#include <map>
#include <utility>

#include "musl/error.h"
#include "nn/encoders/encoder.h"
#include "nn/learn/loss_kind.h"
#include "nn/learn/target_source.h"

namespace musl::nn {

namespace {

// A function's static, because strategies register before main().
std::map<std::string, PlanPhases>& strategy_registry() {
  static std::map<std::string, PlanPhases> strategies;
  return strategies;
}

/// Index of the encoder, -1 if the architecture lacks it.
int encoder_index(const ArchitectureConfig& arch, const std::string& name) {
  const auto found =
      std::find(arch.encoders.begin(), arch.encoders.end(), name);
  return found == arch.encoders.end()
             ? -1
             : static_cast<int>(found - arch.encoders.begin());
}

[[noreturn]] void refuse(const Phase& phase, const std::string& what) {
  throw InputError("Phase \"" + phase.name + "\": " + what + ".");
}

/// Late branches are not used while the whole network is trained.
void check_output(const Phase& phase, const ArchitectureConfig& arch,
                  const std::string& branch, bool may_be_all) {
  if (branch == kFused || (may_be_all && branch == kBranches)) return;
  const int i = encoder_index(arch, branch);
  if (i < 0) refuse(phase, "\"" + branch + "\" is no branch of the network");
  if (only_branch(phase, arch) < 0 &&
      is_late(arch, static_cast<std::size_t>(i))) {
    refuse(phase, "the branch \"" + branch + "\" must be trained by itself");
  }
}

void check_terms(const Phase& phase, const ArchitectureConfig& arch) {
  for (const auto& term : phase.losses) {
    (void)make_target(term.target);
    if (loss_kind(term.kind).has_branch) {
      check_output(phase, arch, term.branch, /*may_be_all=*/true);
    } else if (!term.branch.empty()) {
      refuse(phase, "a loss \"" + term.kind + "\" has no branch");
    }
  }
  check_output(phase, arch, phase.monitored, /*may_be_all=*/false);
  const int only = only_branch(phase, arch);
  if (only >= 0 && encoder_index(arch, phase.monitored) != only) {
    refuse(phase, "its one branch must be the monitored one");
  }
}

}  // namespace

bool register_strategy(const std::string& name, PlanPhases plan) {
  strategy_registry()[name] = std::move(plan);
  return true;
}

std::vector<Phase> make_phases(const ArchitectureConfig& arch,
                               const ControlConfig& control) {
  const auto found = strategy_registry().find(control.strategy);
  if (found == strategy_registry().end()) {
    std::string known;
    for (const auto& item : strategy_registry()) {
      known += (known.empty() ? "\"" : ", \"") + item.first + "\"";
    }
    throw InputError("`strategy` must be one of " + known + ", not \"" +
                     control.strategy + "\".");
  }
  auto phases = found->second(arch, control);
  for (const auto& phase : phases) {
    check_phase(phase);
    check_terms(phase, arch);
  }
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

Phase phase_of(const std::string& name, const ControlConfig& control) {
  Phase phase;
  phase.name = name;
  phase.monitor = control.monitor;
  phase.epochs = control.epochs;
  phase.patience = control.patience;
  phase.learning_rate = control.learning_rate;
  phase.weight_decay = control.weight_decay;
  phase.schedule = control.schedule;
  phase.warmup = control.warmup;
  phase.plateau = control.plateau;
  return phase;
}

Phase branch_phase(const ArchitectureConfig& arch, std::size_t i,
                   const ControlConfig& control) {
  const std::string& name = arch.encoders[i];
  Phase phase = phase_of("branch:" + name, control);
  phase.trained = {"encoder." + name + ".", "branch." + name + "."};
  phase.monitored = name;
  phase.losses.push_back({"bce", name});
  return phase;
}

std::vector<Phase> branch_phases(const ArchitectureConfig& arch,
                                 const ControlConfig& control) {
  std::vector<Phase> phases;
  for (std::size_t i = 0; i < arch.encoders.size(); ++i) {
    phases.push_back(branch_phase(arch, i, control));
  }
  return phases;
}

Phase fuse_phase(const ArchitectureConfig& arch, const ControlConfig& control) {
  Phase phase = phase_of("fuse", control);
  phase.trained = fusion_modules();
  phase.losses.push_back({"bce", kFused});
  add_alignment(arch, &phase);
  return phase;
}

void add_alignment(const ArchitectureConfig& arch, Phase* phase) {
  if (arch.alignment > 0 && arch.encoders.size() > 1) {
    const bool by_label = arch.alignment_kind == "supervised";
    phase->losses.push_back(
        {by_label ? "supervised_alignment" : "alignment", "", arch.alignment});
  }
}

bool is_late(const ArchitectureConfig& arch, std::size_t i) {
  return arch.encoders.size() > 1 && encoder_info(arch.encoders[i]).is_late;
}

std::vector<std::string> fusion_modules() {
  return {"adapter.", "attention.", "gate.", "head.", "project."};
}

}  // namespace musl::nn
