#pragma once

#include <cstdint>
#include <vector>

#include "nn/train/chunk_gradient.h"

namespace musl::nn {

/// Gradients and losses of one batch.
struct BatchResult {
  std::vector<Tensor> gradients;  // one a trained parameter; undefined: zero
  double objective = 0;           // what is minimised, mean over the batch
  double monitored = 0;           // sum of the BCE of the monitored logit ...
  std::int64_t counted = 0;       // ... over the pairs that have one
  std::vector<double> tally;      // Learner::n_tallies() sums
};

/// Splits the batch into chunks, works on them in parallel and sums their
/// gradients in the order of the chunks: the same bits whatever the number of
/// threads. What the chunks share is computed once.
///
/// A chunk that the memory does not hold goes through the network in halves,
/// down to one item, whose gradients are added up: those of the chunk but for
/// rounding, dropout, which each half draws anew, and terms over all items of a
/// chunk, which see those of a half alone. What does not fit with one item is
/// thrown on.
///
/// In a group each process works on its share of the chunks, and all get the
/// sums: those of one process but for rounding. An interrupt of one is a
/// CancelledError of all.
///
/// items  of the batch, by their numbers
/// seed   of all dropout in this batch
/// tick   called on the calling thread; false cancels (CancelledError)
[[nodiscard]] BatchResult batch_gradient(const BatchContext& context,
                                         const std::vector<std::int64_t>& items,
                                         std::uint64_t seed, const Tick& tick);

/// Scales gradients to a global norm of at most `limit`; returns the norm
/// before.
double clip_gradients(std::vector<Tensor>* gradients, double limit);

}  // namespace musl::nn
