#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/events.h"
#include "nn/base/adamw.h"
#include "nn/base/parameters.h"
#include "nn/learn/learner.h"
#include "nn/train/batch_gradient.h"
#include "nn/train/trainer.h"

namespace musl::nn {

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
