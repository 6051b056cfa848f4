#pragma once

#include <atomic>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/events.h"
#include "data/config.h"
#include "io/archive.h"
#include "nn/base/parameters.h"
#include "nn/base/row_steps.h"
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

/// Everything that a batch reads of its phase. Members must outlive it.
struct BatchContext {
  Learner& learner;
  const Phase& phase;
  std::vector<Tensor> trained;  // the parameters that require a gradient
  int threads = 1;
  /// Number of items of a chunk processed at once, for this batch and later
  /// ones: halved if memory runs out. Null: a chunk at first.
  std::atomic<std::int64_t>* at_once = nullptr;
};

/// Gradients and losses of one batch.
struct BatchResult {
  std::vector<Tensor> gradients;  // one a trained parameter; undefined: zero
  double objective = 0;           // what is minimised, mean over the batch
  double monitored = 0;           // sum of the BCE of the monitored logit ...
  std::int64_t counted = 0;       // ... over the pairs that have one
  double norm = 0;                // of the gradient, before it was clipped
  /// On the device, until read_numbers(): of each chunk the terms of its loss,
  /// whose `shares` make the objective, monitored and counted; and the norm, a
  /// scalar, undefined without one.
  std::vector<Tensor> unread;
  std::vector<double> shares;
  Tensor unread_norm;
};

/// Splits the batch into chunks, processes them in parallel and sums their
/// gradients in the order of the chunks, so that the bits do not depend on
/// threads. Shared parts of the chunks are computed once.
///
/// A chunk that does not fit in memory is processed in halves, down to one
/// item, and their gradients are summed. These equal the chunk's except for
/// rounding, dropout, which each half samples separately, and terms over the
/// items of a group where a part is smaller than one. If one item does not fit,
/// the error is rethrown.
///
/// Its numbers are unread, so that nobody waits for a device.
///
/// items  of the batch, by number
/// seed   of all dropout in this batch
/// tick   called on the calling thread; false cancels (CancelledError)
[[nodiscard]] BatchResult batch_gradient(const BatchContext& context,
                                         const std::vector<std::int64_t>& items,
                                         std::uint64_t seed, const Tick& tick);

/// Scales gradients to a global norm of at most `limit`; returns the original
/// norm, a scalar on their device; undefined: there are none.
Tensor clip_gradients(std::vector<Tensor>* gradients, double limit);

/// Fills in the numbers of batches, by one copy.
void read_numbers(std::vector<BatchResult>* results);

/// The optimiser's steps of one phase, over the parameters that it trains.
class Steps {
 public:
  /// Makes only the phase's parameters require a gradient; InputError if there
  /// are none. All arguments must outlive it.
  ///
  /// at_once  as in BatchContext
  Steps(Learner* learner, const TrainSettings& settings, const Phase& phase,
        std::atomic<std::int64_t>* at_once);

  /// One step on a batch. If an item does not fit in memory, retries after the
  /// learner has freed memory.
  ///
  /// event       epoch and batch
  /// phase_seed  from which the batch's seed is derived
  /// is_last     of its epoch
  /// Returns what is new of this step and those before, without gradients: on a
  /// device of several steps at once, so that the host need not wait for each.
  /// DivergedError if loss or gradient is not finite.
  std::vector<BatchResult> take(const std::vector<std::int64_t>& items,
                                double rate, const TrainEvent& event,
                                std::uint64_t phase_seed, const Tick& tick,
                                bool is_last);

  [[nodiscard]] AdamW& optimiser() { return optimiser_; }
  [[nodiscard]] const AdamW& optimiser() const { return optimiser_; }

 private:
  std::vector<BatchResult> read();

  Learner& learner_;
  const TrainSettings& settings_;
  NamedParameters chosen_;
  BatchContext context_;
  AdamW optimiser_;
  std::vector<BatchResult> unread_;
  std::vector<std::pair<TrainEvent, double>> taken_;  // with their rates
};

/// DivergedError that names phase, epoch, batch and rate unless `value` is
/// finite.
void check_finite(double value, const std::string& what,
                  const TrainEvent& event, double rate);

}  // namespace musl::nn
