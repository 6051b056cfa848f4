#pragma once

#include <utility>
#include <vector>

#include "base/matrix.h"
#include "features/evidence.h"

namespace musl {

/// Values between which training pairs lie, by column; beyond them nothing was
/// learned. Empty: no limits.
struct Reach {
  std::vector<float> lowest, highest;  // infinite where there is no limit
};

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

}  // namespace musl
