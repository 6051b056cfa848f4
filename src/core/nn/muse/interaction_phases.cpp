#include "nn/muse/interaction_phases.h"

#include <string>

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
  // As much as labels, since their weights sum to the number of these.
  phase.losses.push_back({loss_of(config), scale, 1.0, "pseudo:" + teacher});
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
  if (config.strategy == "joint") return joint_phases(config, control);
  std::vector<Phase> phases{
      scale_phase(kStructureScale, kStructureScale, config, control),
      scale_phase(kNetworkScale, kNetworkScale, config, control)};
  const int iterations = config.strategy == "em" ? config.em.iterations : 0;
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
