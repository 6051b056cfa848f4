#pragma once

#include <chrono>

#include "musl/events.h"

namespace musl::nn {

/// Reports the progress of training to the caller, who may cancel it.
class Progress {
 public:
  /// `sink` must outlive it.
  explicit Progress(const EventSink& sink) : sink_(sink) {}

  /// The next event to report.
  TrainEvent event;

  void start_phase() { phase_start_ = Clock::now(); }
  /// Seconds since the start of the phase.
  [[nodiscard]] double seconds() const;

  /// Reports the event; batches at most five times a second. False: cancelled,
  /// also in all later calls.
  [[nodiscard]] bool emit(TrainEvent::Kind kind);
  /// Throws CancelledError instead.
  void emit_or_cancel(TrainEvent::Kind kind);

 private:
  using Clock = std::chrono::steady_clock;

  const EventSink& sink_;
  bool stopped_ = false;  // the sink cancelled; it may not do so again
  Clock::time_point phase_start_, last_event_;
};

}  // namespace musl::nn
