#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "musl/events.h"
#include "nn/base/adamw.h"
#include "nn/base/weights.h"
#include "nn/train/batch_gradient.h"
#include "nn/train/trainer.h"

namespace musl::nn {

/// The optimiser's steps of one phase, over the parameters that it trains.
class Steps {
 public:
  /// Lets the phase's parameters, and no others, require a gradient; InputError
  /// where there are none. All must outlive it.
  ///
  /// at_once  as in BatchContext
  Steps(Learner* learner, const TrainSettings& settings, const Phase& phase,
        std::atomic<std::int64_t>* at_once);

  /// One step on a batch. Where the memory does not hold an item, once more
  /// without what the learner can give up.
  ///
  /// event       tells epoch and batch
  /// phase_seed  of which the batch's is derived
  /// DivergedError where loss or gradient is not finite.
  BatchResult take(const std::vector<std::int64_t>& items, double rate,
                   const TrainEvent& event, std::uint64_t phase_seed,
                   const Tick& tick);

  [[nodiscard]] AdamW& optimiser() { return optimiser_; }
  [[nodiscard]] const AdamW& optimiser() const { return optimiser_; }

 private:
  Learner& learner_;
  const TrainSettings& settings_;
  NamedParameters chosen_;
  BatchContext context_;
  AdamW optimiser_;
};

/// DivergedError that names phase, epoch, batch and rate unless it is finite.
void check_finite(double value, const std::string& what,
                  const TrainEvent& event, double rate);

}  // namespace musl::nn
