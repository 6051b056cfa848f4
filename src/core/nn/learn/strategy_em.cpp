#include <algorithm>
#include <string>
#include <vector>

#include "musl/error.h"
#include "nn/learn/strategy.h"
#include "nn/nets/musl_net.h"

namespace musl::nn {
namespace {

constexpr double kMostLoss = 0.03;  // of the monitored value

/// Encoders of one scale, which teach those of the other scale.
struct Scale {
  std::string letter;  // of its step: E learns the pair, M the network
  std::vector<std::size_t> encoders;
};

/// Encoders of joint measurements of the two genes belong to the pair scale;
/// encoders of genes, their network or their known partners to the network
/// scale.
bool is_of_network(const std::string& encoder) {
  const auto& reads = encoder_info(encoder).reads;
  return std::any_of(reads.begin(), reads.end(), [](const auto& input) {
    return input == "genes" || input == "partners";
  });
}

std::pair<Scale, Scale> scales_of(const ArchitectureConfig& arch) {
  Scale pair{"E", {}}, network{"M", {}};
  for (std::size_t i = 0; i < arch.encoders.size(); ++i) {
    (is_of_network(arch.encoders[i]) ? network : pair).encoders.push_back(i);
  }
  return {pair, network};
}

std::string teachers(const ArchitectureConfig& arch, const Scale& scale) {
  std::string names;
  for (const auto i : scale.encoders) {
    names += (names.empty() ? "" : "+") + arch.encoders[i];
  }
  return names;
}

/// One encoder of `student` learns the labels and `teacher`'s pseudo-labels.
Phase step_phase(const ArchitectureConfig& arch, const ControlConfig& control,
                 int iteration, const Scale& student, std::size_t encoder,
                 const Scale& teacher) {
  Phase phase = branch_phase(arch, encoder, control);
  const std::string& name = arch.encoders[encoder];
  phase.name = student.letter + std::to_string(iteration) + ":" + name;
  // Both terms are sums over pairs, and the weights of pseudo-labels sum to the
  // number of labels: the terms have shares (1 - a) and a.
  const double a = control.em_weight;
  phase.losses.push_back(
      {"bce", name, a / (1 - a), "pseudo:" + teachers(arch, teacher)});
  if (control.em_preset == "muse") {
    phase.reset = phase.trained;
  } else {
    phase.most_loss = kMostLoss;
  }
  return phase;
}

void add_iteration(const ArchitectureConfig& arch, const ControlConfig& control,
                   int iteration, std::vector<Phase>* phases) {
  const auto [pair, network] = scales_of(arch);
  for (const auto i : pair.encoders) {
    phases->push_back(step_phase(arch, control, iteration, pair, i, network));
  }
  for (const auto i : network.encoders) {
    phases->push_back(step_phase(arch, control, iteration, network, i, pair));
  }
  phases->back().ends_iteration = true;
}

/// Each branch separately; then, alternately, the pair's and the network's
/// branches learn from the others' pseudo-labels of unlabelled pairs; then
/// "fuse" with the frozen encoders of the best iteration. Without iterations
/// this is "branches". With em_preset "muse" every student is reset, and none
/// is undone.
/// Source: MUSE, Rao et al. (2024), Nat Commun 15:4476, variational EM.
[[maybe_unused]] const bool kEmRegistered = register_strategy(
    "em", [](const ArchitectureConfig& arch, const ControlConfig& control) {
      const auto [pair, network] = scales_of(arch);
      if (pair.encoders.empty() || network.encoders.empty()) {
        throw InputError(
            "`strategy = \"em\"` needs encoders on both scales: one of the "
            "pair's expression, and one of genes, network or known partners.");
      }
      auto phases = branch_phases(arch, control);
      const int iterations = control.em_weight > 0 ? control.em_iterations : 0;
      if (iterations > 0) phases.back().ends_iteration = true;
      for (int t = 1; t <= iterations; ++t) {
        add_iteration(arch, control, t, &phases);
      }
      if (control.joined_by == "sum") {
        phases.back().to_best_iteration = iterations > 0;
        return phases;
      }
      Phase fuse = fuse_phase(arch, control);
      fuse.from_best_iteration = iterations > 0;
      phases.push_back(fuse);
      return phases;
    });

}  // namespace
}  // namespace musl::nn
