#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "base/events.h"
#include "base/matrix.h"
#include "io/embedding_file.h"
#include "protein/esm2.h"
#include "protein/esm2_folder.h"

namespace musl::nn {

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

}  // namespace musl::nn
