#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "data/config.h"

namespace musl::nn {

/// One term of a phase's loss: weight * the sum of its kind over the items of a
/// batch, divided by their number. A family of networks defines its kinds (of
/// MuSL: musl_losses.h) and targets.
struct LossTerm {
  std::string kind;    // "bce", "alignment", ...
  std::string branch;  // whose output it evaluates: "fused", "branches", an
                       // encoder's name; empty where the kind has no such
  double weight = 1.0;
  /// Source of the target values: "label", or "pseudo:<scale>", another scale's
  /// pseudo-labels of unlabelled pairs.
  std::string target = "label";
};

/// A phase of training. A strategy is a list of phases run by one loop.
struct Phase {
  std::string name;                  // "joint", "branch:genes"
  std::vector<std::string> trained;  // prefixes of parameter names; empty: all
  std::vector<LossTerm> losses;
  std::string monitored = "fused";  // the validated output
  std::string monitor = "auprc";    // auprc, or loss (the smallest)
  int epochs = 1;
  int patience = 1;
  double learning_rate = 1e-3;  // the largest of the schedule
  double weight_decay = 1e-2;
  std::string schedule = "one_cycle";  // one_cycle, plateau
  double warmup = 0.15;  // share of the steps before the peak, of one_cycle
  /// Consecutive epochs without a better monitored value until the rate is
  /// halved; plateau only.
  int plateau = 3;
  /// Whether to evaluate all separate branches together at its end; among such
  /// phases, the weights of the best are kept.
  bool ends_iteration = false;
  /// Its weights are undone if at its end the monitored value is lower by more
  /// than this than after the first phase that monitored the same output; 0:
  /// never.
  double most_loss = 0;
};

/// Whether the phase trains the parameter of this name, or any with this
/// prefix.
[[nodiscard]] bool trains(const Phase& phase, const std::string& parameter);

/// The rate of step number `step` of `total`.
///
/// values  the monitored value of each epoch of the phase so far; all NaN if
///         nothing is measured, and then the rate is never halved
[[nodiscard]] double rate_at(const Phase& phase, std::int64_t step,
                             std::int64_t total,
                             const std::vector<double>& values = {});

/// A phase with the settings of `control`.
[[nodiscard]] Phase phase_of(const std::string& name,
                             const ControlConfig& control);

}  // namespace musl::nn
