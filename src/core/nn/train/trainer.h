#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "musl/config.h"
#include "musl/events.h"
#include "nn/learn/learner.h"
#include "nn/train/gradient_exchange.h"

namespace musl::nn {

/// What holds for all phases of a training. `sink` must outlive the call.
struct TrainSettings {
  const EventSink& sink;
  std::uint64_t seed = 1;
  int batch_size = 512;
  double clip = std::numeric_limits<double>::infinity();  // gradient norm
  int threads = 0;
  std::string checkpoint = {};           // file, "": none
  GradientExchange* exchange = nullptr;  // of a group of processes, if any
};

/// Those of a control; `sink` must outlive them.
[[nodiscard]] TrainSettings train_settings(
    const ControlConfig& control, const EventSink& sink,
    GradientExchange* exchange = nullptr);

struct TrainOutcome {
  std::vector<EpochRecord> history;
  bool cancelled = false;
  bool converged = true;
};

/// Runs the phases of a learner, whose module holds the chosen weights
/// afterwards. The only training loop there is. The checkpoint's file stays, so
/// that an ensemble can go on after a kill; who asked for it removes it.
///
/// In a group every process calls it with the same learner and settings but for
/// device, threads and sink, and holds the same weights afterwards; rank 0
/// alone writes checkpoints. An interrupt of one ends training in all.
///
/// InputError for a phase that check_phase() refuses; DivergedError when a
/// loss, gradient or score is not finite; CancelledError after an interrupt
/// before the first epoch ended; FormatError for the checkpoint of another run.
[[nodiscard]] TrainOutcome train(Learner* learner,
                                 const TrainSettings& settings);

}  // namespace musl::nn
