#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace musl {

/// The current state of training or prediction.
struct TrainEvent {
  enum class Kind { phase, batch, epoch, predict };
  Kind kind = Kind::batch;
  std::string phase;  // "joint", "branch:graph", "fuse", "predict"
  int phase_index = 0, n_phases = 1;
  int epoch = 0, n_epochs = 0;  // 1-based; 0 is before training
  std::int64_t batch = 0, n_batches = 0;
  double loss = 0;  // mean training loss of the epoch so far
  double valid_auprc = 0, valid_auroc = 0;  // NaN until measured
  double seconds = 0;                       // since the start of the phase
};

/// Of work other than training: how much of all is done.
[[nodiscard]] inline TrainEvent progress_event(
    std::int64_t done, std::int64_t all, const std::string& phase = "predict") {
  TrainEvent event;
  event.kind = TrainEvent::Kind::predict;
  event.phase = phase;
  event.batch = done;
  event.n_batches = all;
  return event;
}

/// Called only on the calling thread, at most five times a second, and also at
/// every epoch and phase. Returning false cancels.
using EventSink = std::function<bool(const TrainEvent&)>;

/// One row of the training history. Epoch 0 is the untrained network.
struct EpochRecord {
  int member = 1;  // of the ensemble, from 1
  std::string phase;
  int epoch = 0;
  double loss = 0;  // mean over training pairs; NaN at epoch 0
  double valid_loss = 0;
  double valid_auroc = 0;
  double valid_auprc = 0;
  double learning_rate = 0;
  double seconds = 0;
  bool best = false;  // the epoch whose weights were kept for this phase
};

}  // namespace musl
