#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "features/feature_group.h"
#include "musl/evidence.h"
#include "musl/measured_model.h"

namespace musl {

/// The number of columns outside the second set, which come first.
[[nodiscard]] Eigen::Index count_raw(
    const std::vector<EvidenceColumn>& columns);

/// The columns of pair_evidence() outside the second set.
[[nodiscard]] Matrix raw_columns(const EvidenceStore& store, const Matrix& all);

/// Inputs of the linear scorer: normal scores, then evidence columns.
[[nodiscard]] Matrix linear_columns(const NormalScores& scores,
                                    const Matrix& raw, const Matrix& scaled,
                                    int threads);

/// Between which the known values of 99 % of the rows lie; infinite without
/// any.
[[nodiscard]] std::pair<float, float> inner_range(const Matrix& x,
                                                  Eigen::Index column);

/// Between which values the known ones of 99 % of the rows lie, in columns of
/// dependency, fitness and expression of either gene.
[[nodiscard]] Reach reach_of(const std::vector<EvidenceColumn>& columns,
                             const Matrix& raw);

/// Moves values beyond the reach to its border, in the first columns of x.
void keep_within(const Reach& reach, Matrix* x);

/// A model's columns of pairs, found by name in a store; both must outlive
/// this. Columns that the store lacks are NaN, or 0 for evidence columns.
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
