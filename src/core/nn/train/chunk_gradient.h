#pragma once

#include <atomic>
#include <cstdint>
#include <vector>

#include "nn/inputs/batcher.h"
#include "nn/nets/gene_stage.h"
#include "nn/nets/musl_net.h"
#include "nn/train/gradient_exchange.h"
#include "nn/train/phase.h"

namespace musl::nn {

/// Pairs in a chunk. Fixed, so that the sums of a batch do not depend on the
/// number of threads.
inline constexpr std::int64_t kChunk = 64;

/// Everything a batch needs to know of its phase. Members must outlive it.
struct BatchContext {
  MuslNet net{nullptr};
  const Phase& phase;
  const Batcher& batcher;
  const GeneStage& genes;
  std::vector<Tensor> trained;  // the parameters that require a gradient
  int threads = 1;
  GradientExchange* exchange = nullptr;  // of a group of processes, if any
  /// Pairs of a chunk that go through the network at once, for this batch and
  /// those to come: halved where memory runs out. Null: kChunk at first.
  std::atomic<std::int64_t>* at_once = nullptr;
};

/// The per-gene stage of one batch.
struct BatchGenes {
  GeneRows rows;
  Tensor vectors;  // (R, Dg) with its graph; undefined when nobody reads it
};

/// What a chunk hands back.
struct ChunkResult {
  std::vector<Tensor> gradients;  // trained parameters, then gene_a, gene_b
  Tensor row_a, row_b;            // (B) rows of the gene vectors
  Tensor numbers;                 // (3) objective, monitored, counted
};

/// Gradient and losses of chunk number `chunk` of the batch: at once, or in
/// parts of at most `at_once` pairs, which is halved where memory runs out.
/// `seed` is the batch's.
[[nodiscard]] ChunkResult chunk_gradient(const BatchContext& context,
                                         const PairSet& batch,
                                         const BatchGenes& genes,
                                         std::int64_t chunk, std::uint64_t seed,
                                         std::atomic<std::int64_t>* at_once);

/// Adds a gradient to a sum that may not be there yet; none adds nothing.
void add_gradient(const Tensor& gradient, Tensor* sum);

/// What a training step lets the network see of `seen` (B, 2): of a third of
/// the pairs both genes, of a third one of them, of a third none. Frozen
/// encoders meet it too, or what is fused would trust the genes they know by
/// heart.
[[nodiscard]] Tensor hide_seen(const Tensor& seen, ChunkRng* rng);

}  // namespace musl::nn
