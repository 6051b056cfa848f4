#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <vector>

#include "nn/musl_net.h"
#include "nn/train/batcher.h"
#include "nn/train/gene_stage.h"
#include "nn/train/gradient_exchange.h"
#include "nn/train/phase.h"

namespace musl::nn {

/// Pairs in a chunk. Fixed, so that the sums of a batch do not depend on the
/// number of threads.
inline constexpr std::int64_t kChunk = 64;

/// Gradients and losses of one batch.
struct BatchResult {
  std::vector<Tensor> gradients;  // one a trained parameter; undefined: zero
  double objective = 0;           // what is minimised, mean over the batch
  double monitored = 0;           // sum of the BCE of the monitored logit ...
  std::int64_t counted = 0;       // ... over the pairs that have one
};

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

/// Splits the batch into chunks of kChunk pairs, works on them in parallel and
/// sums their gradients in the order of the chunks: the same bits whatever the
/// number of threads. The per-gene stage runs once for the batch's genes.
///
/// A chunk that the memory does not hold goes through the network in halves,
/// down to one pair, whose gradients are added up: those of the chunk but for
/// rounding, dropout, which each half draws anew, and the alignment, which sees
/// the pairs of a half alone. What does not fit with one pair is thrown on.
///
/// In a group each process works on its share of the chunks, and all get the
/// sums: those of one process but for rounding. An interrupt of one is a
/// CancelledError of all.
///
/// seed  of all dropout in this batch
/// tick  called on the calling thread; false cancels (CancelledError)
[[nodiscard]] BatchResult batch_gradient(const BatchContext& context,
                                         const PairSet& batch,
                                         std::uint64_t seed,
                                         const std::function<bool()>& tick);

/// What a training step lets the network see of `seen` (B, 2): of a third of
/// the pairs both genes, of a third one of them, of a third none. Frozen
/// encoders meet it too, or what is fused would trust the genes they know by
/// heart.
[[nodiscard]] Tensor hide_seen(const Tensor& seen, ChunkRng* rng);

/// Scales gradients to a global norm of at most `limit`; returns the norm
/// before.
double clip_gradients(std::vector<Tensor>* gradients, double limit);

/// The branch that alone decides this phase, or -1: the whole network runs.
[[nodiscard]] int only_branch(const Phase& phase);

}  // namespace musl::nn
