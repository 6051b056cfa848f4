#pragma once

#include <cstddef>
#include <vector>

#include "base/matrix.h"
#include "base/pair_set.h"
#include "features/evidence.h"
#include "features/feature_group.h"
#include "judge/normal_scores.h"

namespace musl {

/// The number of columns outside the second set, which come first.
[[nodiscard]] Eigen::Index count_raw(
    const std::vector<EvidenceColumn>& columns);

/// Inputs of the linear scorer: normal scores, then evidence columns.
[[nodiscard]] Matrix linear_columns(const NormalScores& scores,
                                    const Matrix& raw, const Matrix& scaled,
                                    int threads);

/// A model's columns of pairs, found by name in a store; both must outlive
/// this. Columns that the store lacks are NaN, or 0 for evidence columns.
class ModelColumns {
 public:
  ModelColumns(const std::vector<EvidenceColumn>& columns,
               const GeneStore& store);

  [[nodiscard]] Matrix of(const PairSet& pairs, int threads) const;

 private:
  const std::vector<EvidenceColumn>& columns_;
  PairEvidence evidence_;
  std::vector<std::ptrdiff_t> from_;  // in the store's columns, -1 for none
  bool same_ = false;                 // the store's columns are the model's
};

}  // namespace musl
