#pragma once

#include "base/matrix.h"

namespace musl {

/// Axes of the columns that a profile keeps.
constexpr Eigen::Index kProfileAxes = 128;

/// Up to this number of columns the axes are exact.
constexpr Eigen::Index kExactColumns = 1024;

/// Rows (n, S) on the leading kProfileAxes axes of the columns; unchanged if
/// there are no more columns than that. Exact up to kExactColumns; beyond, by
/// subspace iteration, since an exact solution takes S^3 steps and S^2 memory.
/// The bits do not depend on the number of threads.
///
/// Halko, Martinsson and Tropp (2011), SIAM Review 53:217, algorithm 4.4.
[[nodiscard]] Matrix on_leading_axes(Matrix rows, int threads);

}  // namespace musl
