#include "nn/train/progress.h"

#include "musl/error.h"

namespace musl::nn {

namespace {

constexpr std::chrono::milliseconds kEventInterval{200};

}  // namespace

double Progress::seconds() const {
  return std::chrono::duration<double>(Clock::now() - phase_start_).count();
}

bool Progress::emit(TrainEvent::Kind kind) {
  if (!sink_ || stopped_) return !stopped_;
  const auto now = Clock::now();
  if (kind == TrainEvent::Kind::batch && now - last_event_ < kEventInterval) {
    return true;
  }
  last_event_ = now;
  event.kind = kind;
  event.seconds = seconds();
  stopped_ = !sink_(event);
  return !stopped_;
}

void Progress::emit_or_cancel(TrainEvent::Kind kind) {
  if (!emit(kind)) throw CancelledError("Training was interrupted.");
}

}  // namespace musl::nn
