#pragma once

#include <cstdint>

#include "musl/matrix.h"

namespace musl {

/// (rows, columns) of standard normal numbers, row by row.
[[nodiscard]] Matrix random_matrix(std::int64_t rows, std::int64_t columns,
                                   std::uint64_t seed);

/// An orthonormal basis that spans at least the columns, on one thread.
[[nodiscard]] Eigen::MatrixXf orthonormal(const Eigen::MatrixXf& y);

}  // namespace musl
