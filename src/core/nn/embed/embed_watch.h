#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <thread>

#include "musl/events.h"

namespace musl::nn {

/// Progress of embedding, and the wish to stop it. Any thread advances it; the
/// thread that made it asks the sink, at most ten times a second.
class EmbedWatch {
 public:
  explicit EmbedWatch(const EventSink& sink);

  /// Work of this many steps lies ahead.
  void expect(std::int64_t steps) { all_ = steps; }
  /// Throws CancelledError once the sink has asked to stop.
  void advance(std::int64_t steps);

 private:
  using Clock = std::chrono::steady_clock;
  void ask();

  const EventSink& sink_;
  const std::thread::id owner_ = std::this_thread::get_id();
  const Clock::time_point start_ = Clock::now();
  Clock::time_point last_{};  // the owner's alone
  std::int64_t all_ = 0;
  std::atomic<std::int64_t> done_{0};
  std::atomic<bool> stop_{false};
};

}  // namespace musl::nn
