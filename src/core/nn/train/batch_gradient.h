#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "musl/events.h"
#include "nn/base/row_steps.h"
#include "nn/base/weights.h"
#include "nn/learn/learner.h"
#include "nn/train/trainer.h"

namespace musl::nn {

/// Everything that a batch reads of its phase. Members must outlive it.
struct BatchContext {
  Learner& learner;
  const Phase& phase;
  std::vector<Tensor> trained;  // the parameters that require a gradient
  int threads = 1;
  /// Number of items of a chunk processed at once, for this batch and later
  /// ones: halved if memory runs out. Null: a chunk at first.
  std::atomic<std::int64_t>* at_once = nullptr;
};

/// Gradients and losses of one batch.
struct BatchResult {
  std::vector<Tensor> gradients;  // one a trained parameter; undefined: zero
  double objective = 0;           // what is minimised, mean over the batch
  double monitored = 0;           // sum of the BCE of the monitored logit ...
  std::int64_t counted = 0;       // ... over the pairs that have one
  double norm = 0;                // of the gradient, before it was clipped
  /// On the device, until read_numbers(): of each chunk the terms of its loss,
  /// whose `shares` make the objective, monitored and counted; and the norm, a
  /// scalar, undefined without one.
  std::vector<Tensor> unread;
  std::vector<double> shares;
  Tensor unread_norm;
};

/// Splits the batch into chunks, processes them in parallel and sums their
/// gradients in the order of the chunks, so that the bits do not depend on
/// threads. Shared parts of the chunks are computed once.
///
/// A chunk that does not fit in memory is processed in halves, down to one
/// item, and their gradients are summed. These equal the chunk's except for
/// rounding, dropout, which each half samples separately, and terms over the
/// items of a group where a part is smaller than one. If one item does not fit,
/// the error is rethrown.
///
/// Its numbers are unread, so that nobody waits for a device.
///
/// items  of the batch, by number
/// seed   of all dropout in this batch
/// tick   called on the calling thread; false cancels (CancelledError)
[[nodiscard]] BatchResult batch_gradient(const BatchContext& context,
                                         const std::vector<std::int64_t>& items,
                                         std::uint64_t seed, const Tick& tick);

/// Scales gradients to a global norm of at most `limit`; returns the original
/// norm, a scalar on their device; undefined: there are none.
Tensor clip_gradients(std::vector<Tensor>* gradients, double limit);

/// Fills in the numbers of batches, by one copy.
void read_numbers(std::vector<BatchResult>* results);

/// The optimiser's steps of one phase, over the parameters that it trains.
class Steps {
 public:
  /// Makes only the phase's parameters require a gradient; InputError if there
  /// are none. All arguments must outlive it.
  ///
  /// at_once  as in BatchContext
  Steps(Learner* learner, const TrainSettings& settings, const Phase& phase,
        std::atomic<std::int64_t>* at_once);

  /// One step on a batch. If an item does not fit in memory, retries after the
  /// learner has freed memory.
  ///
  /// event       epoch and batch
  /// phase_seed  from which the batch's seed is derived
  /// is_last     of its epoch
  /// Returns what is new of this step and those before, without gradients: on a
  /// device of several steps at once, so that the host need not wait for each.
  /// DivergedError if loss or gradient is not finite.
  std::vector<BatchResult> take(const std::vector<std::int64_t>& items,
                                double rate, const TrainEvent& event,
                                std::uint64_t phase_seed, const Tick& tick,
                                bool is_last);

  [[nodiscard]] AdamW& optimiser() { return optimiser_; }
  [[nodiscard]] const AdamW& optimiser() const { return optimiser_; }

 private:
  std::vector<BatchResult> read();

  Learner& learner_;
  const TrainSettings& settings_;
  NamedParameters chosen_;
  BatchContext context_;
  AdamW optimiser_;
  std::vector<BatchResult> unread_;
  std::vector<std::pair<TrainEvent, double>> taken_;  // with their rates
};

/// DivergedError that names phase, epoch, batch and rate unless `value` is
/// finite.
void check_finite(double value, const std::string& what,
                  const TrainEvent& event, double rate);

}  // namespace musl::nn
