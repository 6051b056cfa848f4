#pragma once

#include <atomic>
#include <cstdint>
#include <vector>

#include "nn/base/tensor.h"
#include "nn/learn/learner.h"

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

}  // namespace musl::nn
