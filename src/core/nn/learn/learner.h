#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "musl/config.h"
#include "musl/error.h"
#include "nn/base/layers.h"

namespace musl::nn {

/// One term of a phase's loss: weight * the sum of its kind over the items of a
/// batch, divided by their number. A family of networks defines its kinds (of
/// MuSL: musl_learner.h) and targets.
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

/// The phases for this architecture: each late branch separately, then
/// everything that is fused together.
[[nodiscard]] std::vector<Phase> make_phases(const ArchitectureConfig& arch,
                                             const ControlConfig& control);

/// The only branch that this phase runs, or -1: the whole network.
[[nodiscard]] int only_branch(const Phase& phase,
                              const ArchitectureConfig& arch);

/// A phase with the settings of `control`.
[[nodiscard]] Phase phase_of(const std::string& name,
                             const ControlConfig& control);

/// Default number of items in a chunk. Fixed, so that the sums of a batch do
/// not depend on the number of threads.
inline constexpr std::int64_t kChunk = 64;

/// Called from time to time on the calling thread; false cancels
/// (CancelledError).
using Tick = std::function<bool()>;

/// Items first .. first + n - 1 of a batch: a chunk, or part of one that does
/// not fit in memory.
struct Chunk {
  const std::vector<std::int64_t>& items;  // of the batch
  std::uint64_t seed = 0;                  // of the batch
  std::int64_t number = 0;                 // of the chunk
  std::int64_t chunk_first = 0, chunk_size = 0;
  std::int64_t first = 0, n = 0;

  [[nodiscard]] bool is_whole() const { return n == chunk_size; }
  /// Random generator of the chunk, the same for all its parts.
  [[nodiscard]] ChunkRng rng() const;
  /// Random generator of this part.
  [[nodiscard]] ChunkRng part_rng() const;
  /// The numbers of its items.
  [[nodiscard]] std::vector<std::int64_t> own_items() const;
};

/// Rows of the batch's shared tensor that a chunk reads, as a separate leaf.
struct SharedRows {
  Tensor values;  // (n, D), requires a gradient
  Tensor rows;    // (n) int64, of the shared tensor
};

/// Losses of a chunk's items.
struct ChunkLoss {
  std::vector<Tensor> terms;  // scalars: a sum for each loss term of the phase
  Tensor monitored;           // scalar: sum of the loss that is shown ...
  Tensor counted;             // ... over this many items
  std::vector<SharedRows> shared;
};

/// How well scores fit labels; NaN if there is nothing to measure.
struct Evaluation {
  double loss = std::numeric_limits<double>::quiet_NaN();  // cross-entropy
  double auroc = std::numeric_limits<double>::quiet_NaN();
  double auprc = std::numeric_limits<double>::quiet_NaN();
  bool finite = true;  // false: a score is not finite; nothing is measured
};

/// The value to maximise: "auprc", or minus the "loss".
[[nodiscard]] double monitored_value(const Evaluation& found,
                                     const std::string& monitor);

/// score (n) logits, label (n) 0/1, use (n) 1 if the pair counts.
[[nodiscard]] Evaluation evaluate_scores(const std::vector<double>& score,
                                         const std::vector<float>& label,
                                         const std::vector<std::uint8_t>& use);

/// The Trainer's interface to a family of networks. It defines data and losses;
/// the Trainer handles epochs, chunks, sums, clipping, optimiser, schedule,
/// early stopping, checkpoints, groups and cancelling. Items are numbered from
/// 0; only the learner interprets them.
class Learner : public Interface {
 public:
  /// The network to train, on its device.
  [[nodiscard]] virtual torch::nn::Module& module() = 0;
  /// Read again before each phase: end_phase() may change later phases.
  [[nodiscard]] virtual const std::vector<Phase>& phases() const = 0;
  /// What a run must share with a checkpoint to continue from it, as a JSON
  /// object; errors name the differing field.
  [[nodiscard]] virtual std::string identity() const { return "{}"; }

  /// Prepares for a phase, after its parameters were chosen and reset.
  virtual void begin_phase(const Phase& /*phase*/, const Tick& /*tick*/) {}
  /// Number of training items in this phase.
  [[nodiscard]] virtual std::int64_t n_items() const = 0;
  /// Number of items of a chunk that terms of the loss compare with each other,
  /// from the first on: the same on every device.
  [[nodiscard]] virtual std::int64_t group_size() const { return kChunk; }
  /// A multiple of the group's size, or a whole batch.
  [[nodiscard]] virtual std::int64_t chunk_size() const { return group_size(); }
  /// Number of items of a batch in this phase for this `batch_size`.
  [[nodiscard]] virtual std::int64_t batch_items(int batch_size) const {
    return batch_size;
  }
  /// The tensor that all chunks of a batch share, (R, D), in blocks of rows
  /// with separate graphs; empty: they share nothing.
  [[nodiscard]] virtual std::vector<Tensor> begin_batch(
      const std::vector<std::int64_t>& /*items*/, std::uint64_t /*seed*/) {
    return {};
  }
  /// Reentrant.
  [[nodiscard]] virtual ChunkLoss chunk_loss(const Chunk& chunk) const = 0;
  /// Frees what is kept on the device for speed; false: there is nothing.
  virtual bool free_memory() { return false; }
  /// Called with the best weights of the phase in place; `best` is the
  /// monitored value, NaN if nothing was measured.
  virtual void end_phase(const Phase& /*phase*/, double /*best*/) {}

  /// Number of validation items; 0: the last epoch is kept.
  [[nodiscard]] virtual std::int64_t n_validation() const { return 0; }
  /// Scores of validation items first .. first + n - 1 by the phase's output.
  [[nodiscard]] virtual std::vector<double> score(std::int64_t /*first*/,
                                                  std::int64_t n,
                                                  const Tick& /*tick*/) const {
    return std::vector<double>(static_cast<std::size_t>(n), 0.0);
  }
  /// Evaluates the scores of all validation items.
  [[nodiscard]] virtual Evaluation validate(
      const std::vector<double>& /*score*/) const {
    return {};
  }
};

}  // namespace musl::nn
