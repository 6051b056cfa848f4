#pragma once

#include <Eigen/Core>
#include <cstdint>

#include "base/matrix.h"

namespace musl {

/// Eigenvalues of a symmetric (n, n) matrix, ascending, and eigenvectors of
/// unit length by column.
template <class Values, class Vectors>
struct SymmetricEigen {
  Values values;    // (n)
  Vectors vectors;  // (n, n)
};

/// Reads the lower triangle. Eigen's solver is compiled only here: each file
/// that uses it takes five seconds longer.
[[nodiscard]] SymmetricEigen<Eigen::VectorXf, Eigen::MatrixXf> symmetric_eigen(
    const Eigen::MatrixXf& matrix);
[[nodiscard]] SymmetricEigen<Eigen::VectorXd, Eigen::MatrixXd> symmetric_eigen(
    const Eigen::MatrixXd& matrix);

/// x (n, F) on its `rank` leading principal axes (uncentred), the first one
/// first; unchanged if it has no more columns.
[[nodiscard]] Matrix on_principal_axes(const Matrix& x, Eigen::Index rank);

/// Appends the columns of `more` to `to`.
void append_columns(const Matrix& more, Matrix* to);

/// (rows, columns) of standard normal numbers, row by row.
[[nodiscard]] Matrix random_matrix(std::int64_t rows, std::int64_t columns,
                                   std::uint64_t seed);

/// An orthonormal basis that spans at least the columns, on one thread.
[[nodiscard]] Eigen::MatrixXf orthonormal(const Eigen::MatrixXf& y);

}  // namespace musl
