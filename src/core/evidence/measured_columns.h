#pragma once

#include <cstddef>
#include <vector>

#include "evidence/pair_columns.h"
#include "musl/evidence.h"
#include "musl/normal_scores.h"

namespace musl {

/// The columns of pair_evidence() that are not of the second set.
[[nodiscard]] Matrix raw_columns(const EvidenceStore& store, const Matrix& all);

/// What the linear member reads: normal scores, then evidence columns.
[[nodiscard]] Matrix linear_columns(const NormalScores& scores,
                                    const Matrix& raw, const Matrix& scaled,
                                    int threads);

/// A model's columns of pairs, by name from a store; both must outlive it;
/// those that the store lacks are missing, or 0 where they are evidence.
class ModelColumns {
 public:
  ModelColumns(const std::vector<EvidenceColumn>& columns,
               const EvidenceStore& store);

  [[nodiscard]] Matrix of(const PairSet& pairs, int threads) const;

 private:
  const std::vector<EvidenceColumn>& columns_;
  PairEvidence evidence_;
  std::vector<std::ptrdiff_t> from_;  // in the store's columns, -1 for none
  bool same_ = false;                 // the store's columns are the model's
};

}  // namespace musl
