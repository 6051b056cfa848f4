#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "musl/archive.h"
#include "musl/config.h"
#include "musl/events.h"
#include "nn/base/row_steps.h"
#include "nn/base/weights.h"
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

/// The state of training after an epoch. The sampler and all dropout derive
/// from (seed, phase, epoch, batch, chunk), so that no generator must be saved.
struct TrainState {
  int phase = 0;
  int epoch = 0;           // finished epochs of this phase
  int best_epoch = 0;      // 0: none yet, `best` is the start of the phase
  double best_metric = 0;  // NaN: not measured
  bool converged = true;
  std::vector<Tensor> best;  // in the order of parameters_of(net)
  std::vector<EpochRecord> history;
};

/// Stores or reads the records without their member; FormatError if they are
/// inconsistent.
void put_history(const std::vector<EpochRecord>& history, Archive* archive);
[[nodiscard]] std::vector<EpochRecord> get_history(const Archive& archive);

[[nodiscard]] Archive checkpoint_archive(const std::string& identity,
                                         const TrainState& state,
                                         const NamedParameters& parameters,
                                         const AdamW& optimiser);

/// The file as an archive; empty if there is no such file. FormatError that
/// names the first field in which the runs differ.
[[nodiscard]] std::optional<Archive> find_checkpoint(
    const std::string& path, const std::string& identity);

/// Reads the state and puts the weights into `parameters`; the optimiser's part
/// ("optimiser/") is read by AdamW::load.
[[nodiscard]] TrainState state_from_archive(const Archive& archive,
                                            const NamedParameters& parameters,
                                            int n_phases);

}  // namespace musl::nn
