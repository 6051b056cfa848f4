#pragma once

#include <chrono>

#include "musl/events.h"
#include "nn/train/gradient_exchange.h"

namespace musl::nn {

/// Tells the caller where training is, and hears from it whether to go on.
class Progress {
 public:
  /// Both must outlive it; `exchange` may be null.
  Progress(const EventSink& sink, GradientExchange* exchange)
      : sink_(sink), exchange_(exchange) {}

  /// What the next event tells.
  TrainEvent event;

  void start_phase() { phase_start_ = Clock::now(); }
  /// Since the start of the phase.
  [[nodiscard]] double seconds() const;

  /// Of batches at most five a second. False: to be cancelled, from then on.
  [[nodiscard]] bool emit(TrainEvent::Kind kind);
  /// CancelledError instead; in a group where all meet, so that all end.
  void emit_or_cancel(TrainEvent::Kind kind);

 private:
  using Clock = std::chrono::steady_clock;

  const EventSink& sink_;
  GradientExchange* exchange_;
  bool stopped_ = false;  // the sink said so; it may not say so again
  Clock::time_point phase_start_, last_event_;
};

}  // namespace musl::nn
