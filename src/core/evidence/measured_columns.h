#pragma once

#include "musl/evidence.h"
#include "musl/normal_scores.h"

namespace musl {

/// The columns of pair_evidence() that are not of the second set.
[[nodiscard]] Matrix raw_columns(const EvidenceStore& store, const Matrix& all);

/// What the linear member reads: normal scores, then evidence columns.
[[nodiscard]] Matrix linear_columns(const NormalScores& scores,
                                    const Matrix& raw, const Matrix& scaled,
                                    int threads);

}  // namespace musl
