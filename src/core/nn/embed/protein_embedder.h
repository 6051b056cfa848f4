#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "musl/embedding_file.h"
#include "musl/esm2.h"
#include "musl/events.h"
#include "musl/matrix.h"
#include "nn/embed/esm2_net.h"

namespace musl::nn {

/// The windows of one batch as tokens, each between <cls> and <eos>, with the
/// weight of each token in the mean over its protein.
struct PackedBatch {
  PackedTokens tokens;
  Tensor weight;  // (T) float; 0 at both ends of a window
};

/// windows    those of the batch, equal lengths side by side
/// weights    residue_weights() of each
/// sequences  by ProteinWindow::protein
[[nodiscard]] PackedBatch pack_windows(
    const std::vector<ProteinWindow>& windows,
    const std::vector<const std::vector<float>*>& weights,
    const std::vector<std::string>& sequences, const Esm2Alphabet& alphabet,
    const std::string& device);

/// Weighted sums over the tokens of each window, (windows, D) on the CPU.
/// hidden (T, D)
[[nodiscard]] Tensor pool_windows(const Tensor& hidden,
                                  const PackedBatch& batch);

/// Progress of embedding, and requests to stop it. Any thread may advance it;
/// the thread that created it polls.
class EmbedWatch {
 public:
  explicit EmbedWatch(const EventSink& sink);

  /// Sets the total number of steps.
  void expect(std::int64_t steps) { all_ = steps; }
  /// Throws CancelledError once the sink has asked to stop.
  void advance(std::int64_t steps);
  /// Calls the sink, at most ten times a second.
  void poll();
  /// Advances by a step and polls, for work on the polling thread.
  void step() {
    poll();
    advance(0);
  }

 private:
  using Clock = std::chrono::steady_clock;

  const EventSink& sink_;
  const Clock::time_point start_ = Clock::now();
  Clock::time_point last_{};
  std::int64_t all_ = 0;
  std::atomic<std::int64_t> done_{0};
  std::atomic<bool> stop_{false};
};

/// The key of a sequence in the cache.
[[nodiscard]] std::string cache_key(const std::string& sequence);

/// Computes the embeddings of sequences that are not in the cache and adds them
/// to it: one row per sequence. After an exception the cache holds everything
/// finished before.
///
/// options  complete
/// cache    null for none
[[nodiscard]] Matrix compute_embeddings(
    const Esm2Folder& folder, const std::vector<std::string>& sequences,
    const EmbedOptions& options, EmbeddingCache* cache, EmbedWatch* watch);

/// Of musl/backend.h.
[[nodiscard]] ProteinEmbeddings embed_proteins(
    const Esm2Folder& folder, const std::vector<std::string>& sequences,
    const EmbedOptions& options, const EventSink& sink);

}  // namespace musl::nn
