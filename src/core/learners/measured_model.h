#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "features/evidence.h"
#include "judge/normal_scores.h"
#include "learners/feature_scorers.h"
#include "learners/reach.h"
#include "learners/scorer_weights.h"
#include "learners/weigh_measured.h"
#include "store/part_map.h"

namespace musl {

struct MeasuredModel;

/// A model that another one starts from. Few hits teach little: the scores of
/// both are averaged by what they are worth out of fold (start_weight()).
struct StartModel {
  std::shared_ptr<const MeasuredModel> model;  // none: nothing to start from
  std::vector<std::int32_t> gene_of;  // (G) of each gene of the other one's
                                      // universe in the model's, -1 for none
  double weight = 0;                  // of this model in the score
};

/// Scorers of features (learners/feature_scorers.h), which are its parts; all
/// read the columns of pair_evidence(). Without measured pairs, only those that
/// learn from recorded ones.
struct MeasuredModel : PartMap {
  GeneStore store;
  std::vector<EvidenceColumn> columns;
  Reach reach;          // of the columns that are not evidence
  NormalScores scores;  // of the columns that are not evidence
  std::vector<PartnerRates> rates;
  ScorerWeights weights;
  StartModel start;
  /// Probabilities are (1 - unexplained) times those of the scorers plus
  /// unexplained times the prior: some hits occur for reasons that no column
  /// shows.
  double unexplained = 0;
  /// pair_key() of all measured pairs, ascending, and 1 where any was a hit.
  std::vector<std::int64_t> measured_key;
  std::vector<std::uint8_t> measured_hit;

  [[nodiscard]] bool has_measured() const {
    return !part<BoostingScorer>().trees.trees.empty();
  }
};

}  // namespace musl
