#pragma once

#include <vector>

#include "musl/config.h"
#include "musl/dataset.h"
#include "musl/events.h"
#include "musl/pair_set.h"
#include "musl/preprocess.h"
#include "nn/inputs/batcher.h"
#include "nn/nets/musl_net.h"
#include "nn/train/gradient_exchange.h"

namespace musl::nn {

/// What to train on and how. Members must outlive the call.
struct TrainProblem {
  const ArchitectureConfig& architecture;
  const ControlConfig& control;
  const Dataset& data;
  const Preprocess& preprocess;
  const PartnerInputs& partners;  // of the training pairs
  const PairSet& training;
  const PairSet& validation;  // may be empty
  torch::Device device;
  const EventSink& sink;
  GradientExchange* exchange = nullptr;  // of a group of processes, if any
};

struct TrainOutcome {
  std::vector<EpochRecord> history;
  bool cancelled = false;
  bool converged = true;
};

/// Runs the phases of control.strategy on `net`, which is on problem.device and
/// holds the chosen weights afterwards. The only training loop there is. The
/// checkpoint's file stays, so that an ensemble can go on after a kill; who
/// asked for it removes it.
///
/// In a group every process calls it with the same problem but for device,
/// threads and sink, and holds the same weights afterwards; rank 0 alone writes
/// checkpoints. An interrupt of one ends training in all.
///
/// Throws what fit() promises.
[[nodiscard]] TrainOutcome train(MuslNet net, const TrainProblem& problem);

}  // namespace musl::nn
