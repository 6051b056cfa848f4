#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/events.h"
#include "io/archive.h"
#include "nn/base/adamw.h"
#include "nn/base/parameters.h"
#include "nn/base/tensor.h"

namespace musl::nn {

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
