#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

#include "musl/events.h"

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

}  // namespace musl::nn
