#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "musl/archive.h"
#include "musl/events.h"
#include "nn/base/modules.h"
#include "nn/learn/evaluation.h"
#include "nn/learn/phase.h"

namespace musl::nn {

/// Items of a chunk, unless a family says otherwise. Fixed, so that the sums of
/// a batch do not depend on the number of threads.
inline constexpr std::int64_t kChunk = 64;

/// Called now and then on the calling thread; false cancels (CancelledError).
using Tick = std::function<bool()>;

/// Items first .. first + n - 1 of a batch: a chunk, or a part of one where the
/// memory does not hold it whole.
struct Chunk {
  const std::vector<std::int64_t>& items;  // of the batch
  std::uint64_t seed = 0;                  // of the batch
  std::int64_t number = 0;                 // of the chunk
  std::int64_t chunk_first = 0, chunk_size = 0;
  std::int64_t first = 0, n = 0;

  [[nodiscard]] bool is_whole() const { return n == chunk_size; }
  /// The chunk's own randomness, the same for every part of it.
  [[nodiscard]] ChunkRng rng() const;
  /// That of this part alone.
  [[nodiscard]] ChunkRng part_rng() const;
  /// The numbers of its items.
  [[nodiscard]] std::vector<std::int64_t> own_items() const;
};

/// Rows of the batch's shared tensor that a chunk read, as a leaf of its own.
struct SharedRows {
  Tensor values;  // (n, D), requires a gradient
  Tensor rows;    // (n) int64, of the shared tensor
};

/// What a chunk's items cost.
struct ChunkLoss {
  std::vector<Tensor> terms;  // scalars: sums, one a loss term of the phase
  Tensor monitored;           // scalar: sum of the loss that is shown ...
  Tensor counted;             // ... over this many items
  Tensor tally;  // (n_tallies()) sums that damping() reads; undefined: none
  std::vector<SharedRows> shared;
};

/// Gradients of the parameters whose names start so are multiplied by this.
struct Damping {
  std::string prefix;
  double factor = 1;
};

/// A family of networks as the Trainer sees it: it says what is learned from
/// what; the Trainer owns epochs, chunks, sums, clipping, optimiser, schedule,
/// early stopping, checkpoints, groups and cancelling. Items are numbered from
/// 0; only the learner knows what they are.
class Learner {
 public:
  Learner() = default;
  Learner(const Learner&) = delete;
  Learner& operator=(const Learner&) = delete;
  virtual ~Learner() = default;

  /// What is trained, on its device.
  [[nodiscard]] virtual torch::nn::Module& module() = 0;
  /// Read anew before each phase: end_phase() may change those to come.
  [[nodiscard]] virtual const std::vector<Phase>& phases() const = 0;
  /// What a run must share with a checkpoint to go on from it, as a JSON
  /// object; a difference is told by its field.
  [[nodiscard]] virtual std::string identity() const = 0;

  /// Makes ready for a phase, whose parameters are chosen and reset by then.
  virtual void begin_phase(const Phase& phase, const Tick& tick) = 0;
  /// Items to learn from in this phase.
  [[nodiscard]] virtual std::int64_t n_items() const = 0;
  [[nodiscard]] virtual std::int64_t chunk_size() const { return kChunk; }
  /// Items of a batch in this phase, where `batch_size` is asked for.
  [[nodiscard]] virtual std::int64_t batch_items(int batch_size) const {
    return batch_size;
  }
  /// What all chunks of a batch share, (R, D), in blocks of its rows, each with
  /// a graph of its own; none: they share nothing.
  [[nodiscard]] virtual std::vector<Tensor> begin_batch(
      const std::vector<std::int64_t>& items, std::uint64_t seed);
  /// Reentrant.
  [[nodiscard]] virtual ChunkLoss chunk_loss(const Chunk& chunk) const = 0;
  /// Numbers that the chunks of a batch add up beside the loss in this phase
  /// ...
  [[nodiscard]] virtual std::int64_t n_tallies() const { return 0; }
  /// ... and what is made of them before the batch's step.
  [[nodiscard]] virtual std::vector<Damping> damping(
      const std::vector<double>& tally) const;
  /// Gives up what is kept on the device for speed; false: there is nothing.
  virtual bool free_memory() { return false; }
  /// The best weights of the phase are in place; `best` is its monitored value,
  /// NaN where nothing was measured.
  virtual void end_phase(const Phase& phase, double best);

  /// Validation items; 0: the last epoch is kept.
  [[nodiscard]] virtual std::int64_t n_validation() const { return 0; }
  /// Scores of validation items first .. first + n - 1 by the phase's output.
  [[nodiscard]] virtual std::vector<double> score(std::int64_t first,
                                                  std::int64_t n,
                                                  const Tick& tick) const;
  /// How good the scores of all validation items are.
  [[nodiscard]] virtual Evaluation validate(
      const std::vector<double>& score) const;

  /// Pairs without a label that this phase learns from.
  [[nodiscard]] virtual UnlabelledUse unlabelled() const { return {}; }

  /// What begin_phase() found and a resumed run could not find again, under
  /// "learner/"; get_state() is called after begin_phase().
  virtual void put_state(Archive* archive) const;
  virtual void get_state(const Archive& archive);
};

}  // namespace musl::nn
