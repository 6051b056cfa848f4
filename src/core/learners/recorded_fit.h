#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/pair_set.h"
#include "learners/boosting.h"
#include "learners/logistic.h"
#include "learners/measured_model.h"
#include "store/gene_store.h"

namespace musl {

/// How to learn from recorded pairs when no pair was measured.
struct RecordedConfig {
  /// A recorded SL pair has weight 1 / (SL pairs of its better known gene)^hub;
  /// otherwise scorers learn the few genes that laboratories studied.
  double hub = 0.5;
  BoostingConfig boosting{100, 0.05, 6, 40, 5.0, 254, {}};
  LogisticConfig terms{0.2};
  double recorded = 0.5;  // weight of the boosting; `terms` has the rest
  std::vector<std::string> scorers;  // to fit; empty: all that can be
};

/// Weights of recorded pairs: of SL pairs as in RecordedConfig, with mean 1; of
/// the others 1.
[[nodiscard]] std::vector<float> weigh_recorded(const PairSet& recorded,
                                                std::int64_t n_genes,
                                                double hub);

/// Fits a model to recorded pairs only: `recorded`, boosted on the columns of
/// pairs, and `terms`, a logistic regression on the annotation of both genes,
/// if the store has any. Log-odds assume that half of the pairs are SL.
///
/// The bits do not depend on `threads`; there is no seed. InputError without
/// pairs of both classes.
[[nodiscard]] MeasuredModel fit_recorded(GeneStore store,
                                         const PairSet& recorded,
                                         const RecordedConfig& config,
                                         int threads,
                                         const std::function<bool()>& go_on);

}  // namespace musl
