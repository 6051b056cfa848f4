#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "base/events.h"
#include "data/config.h"
#include "nn/learn/learner.h"

namespace musl::nn {

/// Settings for all phases of a training run. `sink` must outlive the call.
struct TrainSettings {
  const EventSink& sink;
  std::uint64_t seed = 1;
  int batch_size = 512;
  double clip = std::numeric_limits<double>::infinity();  // gradient norm
  int threads = 0;
  std::string checkpoint = {};  // file, "": none
};

/// The settings of a control; `sink` must outlive them.
[[nodiscard]] TrainSettings train_settings(const ControlConfig& control,
                                           const EventSink& sink);

struct TrainOutcome {
  std::vector<EpochRecord> history;
  bool cancelled = false;
  bool converged = true;
};

/// Runs the phases of a learner, whose module then holds the chosen weights.
/// The only training loop. The checkpoint file remains, so that an ensemble can
/// continue after a kill; the caller removes it.
///
/// DivergedError if a loss, gradient or score is not finite; CancelledError
/// after an interrupt before the first epoch ended; FormatError for the
/// checkpoint of another run.
[[nodiscard]] TrainOutcome train(Learner* learner,
                                 const TrainSettings& settings);

}  // namespace musl::nn
