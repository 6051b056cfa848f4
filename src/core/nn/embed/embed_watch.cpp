#include "nn/embed/embed_watch.h"

#include "musl/error.h"

namespace musl::nn {

EmbedWatch::EmbedWatch(const EventSink& sink) : sink_(sink) {}

void EmbedWatch::advance(std::int64_t steps) {
  done_ += steps;
  if (sink_ && std::this_thread::get_id() == owner_) ask();
  if (stop_) throw CancelledError("Interrupted.");
}

void EmbedWatch::ask() {
  const auto now = Clock::now();
  if (now - last_ < std::chrono::milliseconds(100)) return;
  last_ = now;
  TrainEvent event;
  event.kind = TrainEvent::Kind::predict;
  event.phase = "embed";
  event.batch = done_;
  event.n_batches = all_;
  event.seconds = std::chrono::duration<double>(now - start_).count();
  if (!sink_(event)) stop_ = true;
}

}  // namespace musl::nn
