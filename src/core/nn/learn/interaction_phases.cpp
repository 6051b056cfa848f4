#include "nn/learn/interaction_phases.h"

#include <string>

#include "musl/error.h"
#include "nn/learn/strategy.h"

namespace musl::nn {

namespace {

constexpr double kAuxiliary = 0.5;
constexpr double kMostDrop = 0.03;  // of the monitored value

std::string loss_of(const InteractionConfig& config) {
  return config.task == "affinity" ? "squares" : "bce";
}

Phase start_phase(const std::string& name, const InteractionConfig& config,
                  const ControlConfig& control) {
  Phase phase = phase_of(name, control);
  if (config.task == "affinity") phase.monitor = "loss";
  return phase;
}

Phase scale_phase(const std::string& name, const std::string& scale,
                  const InteractionConfig& config,
                  const ControlConfig& control) {
  Phase phase = start_phase(name, config, control);
  phase.trained = {scale + "."};
  phase.monitored = scale;
  phase.losses.push_back({loss_of(config), scale});
  return phase;
}

Phase taught_phase(const std::string& letter, int iteration,
                   const std::string& scale, const std::string& teacher,
                   const InteractionConfig& config,
                   const ControlConfig& control) {
  Phase phase = scale_phase(letter + std::to_string(iteration) + ":" + scale,
                            scale, config, control);
  // The weights of pseudo-labels sum to the number of labels.
  const double a = control.em_weight;
  phase.losses.push_back(
      {loss_of(config), scale, a / (1 - a), "pseudo:" + teacher});
  phase.most_loss = kMostDrop;
  return phase;
}

std::vector<Phase> joint_phases(const InteractionConfig& config,
                                const ControlConfig& control) {
  Phase phase = start_phase("joint", config, control);
  const auto loss = loss_of(config);
  phase.losses = {{loss, kFusedScales},
                  {loss, kStructureScale, kAuxiliary},
                  {loss, kNetworkScale, kAuxiliary}};
  return {phase};
}

}  // namespace

std::vector<Phase> interaction_phases(const InteractionConfig& config,
                                      const ControlConfig& control) {
  if (control.strategy == "joint") return joint_phases(config, control);
  const bool is_em = control.strategy == "em";
  if (!is_em && control.strategy != "branches") {
    throw InputError(
        "`strategy` must be one of \"em\", \"branches\", \"joint\", not \"" +
        control.strategy + "\".");
  }
  std::vector<Phase> phases{
      scale_phase(kStructureScale, kStructureScale, config, control),
      scale_phase(kNetworkScale, kNetworkScale, config, control)};
  const int iterations =
      is_em && control.em_weight > 0 ? control.em_iterations : 0;
  if (iterations > 0) phases.back().ends_iteration = true;
  for (int t = 1; t <= iterations; ++t) {
    phases.push_back(
        taught_phase("E", t, kStructureScale, kNetworkScale, config, control));
    phases.push_back(
        taught_phase("M", t, kNetworkScale, kStructureScale, config, control));
    phases.back().ends_iteration = true;
  }
  return phases;
}

}  // namespace musl::nn
