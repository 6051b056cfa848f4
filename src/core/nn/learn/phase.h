#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace musl::nn {

/// One term of a phase's loss: weight * the sum of its kind over the items of a
/// batch, divided by their number. Kinds and targets are a family's to know (of
/// MuSL: loss_term.h, target_source.h); an unknown one is an error.
struct LossTerm {
  std::string kind;    // "bce", "alignment", ...
  std::string branch;  // whose output it judges: "fused", "branches", an
                       // encoder's name; empty where the kind has no such
  double weight = 1.0;
  std::string target = "label";  // where the right answer comes from

  /// "0.5 bce(branches)", "bce(graph, target = pseudo:descriptors)".
  [[nodiscard]] std::string text() const;
};

/// A stretch of training. A strategy is a list of these run by one loop.
struct Phase {
  std::string name;                  // "joint", "branch:graph", "fuse"
  std::vector<std::string> trained;  // prefixes of parameter names; empty: all
  /// Prefixes of the parameters that start anew, from a seed of this phase.
  std::vector<std::string> reset;
  std::vector<LossTerm> losses;
  std::string monitored = "fused";  // the output that is validated
  std::string monitor = "auprc";    // auprc, auroc, or loss (the smallest)
  int epochs = 1;
  int patience = 1;
  std::string optimiser = "adamw";
  double learning_rate = 1e-3;  // the largest of the schedule
  double weight_decay = 1e-2;
  std::string schedule = "one_cycle";  // one_cycle, plateau, constant
  double warmup = 0.15;  // share of the steps before the peak, of one_cycle
  /// Epochs in a row without a better monitored value until the rate is halved;
  /// of plateau.
  int plateau = 2;
  /// How much encoders are slowed whose own logit is ahead; 0: not at all.
  double modulation = 0;
  /// At its end all branches apart are judged together; of the phases that say
  /// so the weights of the best are kept ...
  bool ends_iteration = false;
  /// ... and are put in place before a phase that says this.
  bool from_best_iteration = false;
  /// ... or at the end of one that says this.
  bool to_best_iteration = false;
  /// Its weights go back to what they were if at its end the monitored value is
  /// lower by more than this than after the first phase that monitored the
  /// same; 0: never.
  double most_loss = 0;
};

/// Is the parameter of this name, or any whose name starts so, trained?
[[nodiscard]] bool trains(const Phase& phase, const std::string& parameter);

/// InputError that names the phase and what is unknown or out of range in it:
/// optimiser, schedule, monitor, or no loss at all.
void check_phase(const Phase& phase);

/// The rate of step number `step` of `total`.
///
/// values  the monitored one of each epoch of the phase so far; all NaN where
///         nothing is measured, and no rate is halved
[[nodiscard]] double rate_at(const Phase& phase, std::int64_t step,
                             std::int64_t total,
                             const std::vector<double>& values = {});

}  // namespace musl::nn
