#pragma once

#include <Eigen/Core>

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

}  // namespace musl
