#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/error.h"
#include "nn/base/tensor.h"
#include "nn/learn/evaluation.h"
#include "nn/learn/phases.h"

namespace musl::nn {

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
