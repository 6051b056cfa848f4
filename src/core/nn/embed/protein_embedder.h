#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
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
/// to it.
class ProteinEmbedder {
 public:
  /// options  complete; all of these must outlive the embedder
  /// cache    null for none
  ProteinEmbedder(const Esm2Folder& folder,
                  const std::vector<std::string>& sequences,
                  const EmbedOptions& options, EmbeddingCache* cache,
                  EmbedWatch* watch);

  /// One row per sequence. After an exception the cache holds everything
  /// finished before.
  [[nodiscard]] Matrix run();

 private:
  using Batch = std::vector<std::int64_t>;  // indices of windows

  void compute_all(const Esm2Net& net, const std::vector<Batch>& batches);
  void compute(const Esm2Net& net, const Batch& batch);
  [[nodiscard]] Tensor forward(const Esm2Net& net, const Batch& batch) const;
  void finish(const Batch& batch, const Tensor& sums);
  void finish_window(std::size_t protein, std::int64_t window);
  void flush();

  const Esm2Folder& folder_;
  const std::vector<std::string>& sequences_;
  const EmbedOptions& options_;
  EmbeddingCache* cache_;
  EmbedWatch* watch_;
  std::vector<ProteinWindow> windows_;
  std::vector<std::vector<float>> weights_;  // of each window's residues
  std::mutex mutex_;                         // of all below, and of the cache
  Matrix sums_;                              // (windows, D)
  Matrix means_;                             // (sequences, D)
  std::vector<int> missing_;  // windows of each sequence still to come
  std::chrono::steady_clock::time_point last_flush_;
};

/// Of musl/backend.h.
[[nodiscard]] ProteinEmbeddings embed_proteins(
    const Esm2Folder& folder, const std::vector<std::string>& sequences,
    const EmbedOptions& options, const EventSink& sink);

}  // namespace musl::nn
