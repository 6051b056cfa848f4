#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/pair_set.h"
#include "learners/boosting.h"
#include "learners/logistic.h"
#include "learners/measured_model.h"
#include "learners/neural_member.h"
#include "learners/scorer_weights.h"
#include "learners/weigh_measured.h"
#include "store/gene_store.h"

namespace musl {

/// train_neural() on some device.
using NeuralTrainer =
    std::function<NeuralNet(const NeuralTraining& training, std::uint64_t seed,
                            const std::function<bool()>& go_on)>;

struct MeasuredConfig {
  WeighingConfig weighing;
  LogisticConfig linear;  // lambda .1
  BoostingConfig boosting{100, 0.05, 6, 40, 5.0, 254, {}};
  BoostingConfig recorded{150, 0.1, 16, 20, 1.0, 254, {}};
  NeuralTrainer train_neural;  // none: that one is absent
  /// Replaces weighing.most_non_hits for the pair network, which learns about
  /// single genes: a larger sample has more of them.
  std::int64_t neural_non_hits = 60000;
  /// Share of hits that no column explains: see MeasuredModel.
  double unexplained = 0.15;
  ScorerWeights weights = default_weights();
  StartModel start;                  // its weight follows from the hits
  std::vector<std::string> scorers;  // to fit; empty: all that can be
};

/// Fits all scorers.
///
/// recorded  labelled pairs of databases and their negatives; empty: no such
///           scorer
/// go_on     called from time to time; false throws CancelledError
///
/// Beside random pairs (see weigh_measured()) each scorer's log-odds are
/// shifted so that these have a mean probability of `background_rate` at that
/// prior.
///
/// The bits do not depend on `threads`. Throws InputError without measured
/// pairs of both classes.
[[nodiscard]] MeasuredModel fit_measured(GeneStore store,
                                         const MeasuredPairs& measured,
                                         const PairSet& recorded,
                                         const MeasuredConfig& config,
                                         std::uint64_t seed, int threads,
                                         const std::function<bool()>& go_on);

}  // namespace musl
