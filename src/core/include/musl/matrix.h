#pragma once

#include <Eigen/Core>
#include <cstdint>

namespace musl {

/// Row-major float matrix: one gene (or pair) per row, so that rows are
/// contiguous.
using Matrix =
    Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// Column-major double matrix over memory that R or another caller owns.
using RMatrixView = Eigen::Map<const Eigen::MatrixXd>;

/// Row-major byte matrix (codes, flags).
using ByteMatrix = Eigen::Matrix<std::uint8_t, Eigen::Dynamic, Eigen::Dynamic,
                                 Eigen::RowMajor>;

}  // namespace musl
