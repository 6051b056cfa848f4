#pragma once

#include <chrono>

#include "musl/events.h"
#include "nn/train/gradient_exchange.h"

namespace musl::nn {

/// Reports the progress of training to the caller, who may cancel it.
class Progress {
 public:
  /// Both must outlive it; `exchange` may be null.
  Progress(const EventSink& sink, GradientExchange* exchange)
      : sink_(sink), exchange_(exchange) {}

  /// The next event to report.
  TrainEvent event;

  void start_phase() { phase_start_ = Clock::now(); }
  /// Seconds since the start of the phase.
  [[nodiscard]] double seconds() const;

  /// Reports the event; batches at most five times a second. False: cancelled,
  /// also in all later calls.
  [[nodiscard]] bool emit(TrainEvent::Kind kind);
  /// Throws CancelledError instead; in a group, called by all processes
  /// together, so that all end.
  void emit_or_cancel(TrainEvent::Kind kind);

 private:
  using Clock = std::chrono::steady_clock;

  const EventSink& sink_;
  GradientExchange* exchange_;
  bool stopped_ = false;  // the sink cancelled; it may not do so again
  Clock::time_point phase_start_, last_event_;
};

}  // namespace musl::nn
