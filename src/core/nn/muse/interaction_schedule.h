#pragma once

#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "musl/config.h"
#include "musl/interactions.h"
#include "nn/base/weights.h"
#include "nn/learn/phase.h"

namespace musl::nn {

inline constexpr char kStructureScale[] = "structure";
inline constexpr char kNetworkScale[] = "network";
inline constexpr char kFusedScales[] = "fused";

/// The phases of config.strategy: "joint" (both scales by the fused score and,
/// at half weight, each scale's score), "branches" (each scale separately) or
/// "em" (then alternately, each learns the labels and the other's pseudo-labels
/// of unlabelled pairs).
[[nodiscard]] std::vector<Phase> interaction_phases(
    const InteractionConfig& config, const ControlConfig& control);

/// Weights that training may restore: those before a phase that made its branch
/// worse, and those of the best of several iterations.
class IterationKeeper {
 public:
  explicit IterationKeeper(NamedParameters parameters)
      : parameters_(std::move(parameters)) {}

  /// Call before a phase.
  void begin(const Phase& phase);
  /// Call after a phase with its monitored value; true: the phase made its
  /// branch worse, and the weights before it are restored.
  [[nodiscard]] bool undo_loss(const Phase& phase, double value);
  /// Call after an iteration with the value of all branches together.
  void end_iteration(double value);
  /// Restores the best iteration's weights, if there is one.
  void take_best();

 private:
  NamedParameters parameters_;
  std::vector<Tensor> before_, best_;
  double best_value_ = -std::numeric_limits<double>::infinity();
  std::map<std::string, double> first_;  // value by the monitored output
};

}  // namespace musl::nn
