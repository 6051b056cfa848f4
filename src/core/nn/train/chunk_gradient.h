#pragma once

#include <atomic>
#include <cstdint>
#include <vector>

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

/// Results of a chunk.
struct ChunkResult {
  std::vector<Tensor> gradients;  // trained parameters, then shared rows
  std::vector<Tensor> rows;       // (n) of the shared tensor, as many as those
  Tensor numbers;  // (3 + tallies) objective, monitored, counted, tallies
};

/// Gradient and losses of a chunk of the batch: at once, or in parts of at most
/// `at_once` items, which is halved if memory runs out.
///
/// whole  the chunk; its part is set here
[[nodiscard]] ChunkResult chunk_gradient(const BatchContext& context,
                                         Chunk whole, std::int64_t n_batch,
                                         std::atomic<std::int64_t>* at_once);

/// Adds a gradient to a sum, either of which may be undefined.
void add_gradient(const Tensor& gradient, Tensor* sum);

/// add_gradient() of each parameter's, by a few kernels for all of them.
void add_gradients(const std::vector<Tensor>& gradients,
                   std::vector<Tensor>* sums);

}  // namespace musl::nn
