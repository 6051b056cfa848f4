#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

#include "musl/events.h"

namespace musl::nn {

/// Progress of embedding, and the wish to stop it. Any thread advances it; the
/// thread that made it polls.
class EmbedWatch {
 public:
  explicit EmbedWatch(const EventSink& sink);

  /// Work of this many steps lies ahead.
  void expect(std::int64_t steps) { all_ = steps; }
  /// Throws CancelledError once the sink has asked to stop.
  void advance(std::int64_t steps);
  /// Asks the sink, at most ten times a second.
  void poll();
  /// For work on the thread that polls.
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

}  // namespace musl::nn
