#pragma once

#include <Eigen/Core>
#include <cstdint>

namespace musl {

/// Row-major float matrix: one gene (or pair) a row, so that a row is
/// contiguous.
using Matrix =
    Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// Column-major double matrix over memory that somebody else owns (R).
using RMatrixView = Eigen::Map<const Eigen::MatrixXd>;

/// Row-major byte matrix (codes, flags).
using ByteMatrix = Eigen::Matrix<std::uint8_t, Eigen::Dynamic, Eigen::Dynamic,
                                 Eigen::RowMajor>;

}  // namespace musl
