#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

#include "io/embedding_cache.h"
#include "musl/esm2.h"
#include "musl/matrix.h"
#include "nn/embed/embed_watch.h"
#include "nn/embed/esm2_net.h"
#include "protein/protein_windows.h"

namespace musl::nn {

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

}  // namespace musl::nn
