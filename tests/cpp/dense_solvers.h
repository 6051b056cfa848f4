#pragma once

#include <Eigen/Core>

namespace musl::testing {

/// Eigen's solvers, which the core's results are compared with, compiled once:
/// each file that includes them takes ten seconds longer, or a minute.

/// x = u diag(values) v^T, values descending, as many as x has rows or columns.
struct DenseSvd {
  Eigen::MatrixXd u;
  Eigen::VectorXd values;
  Eigen::MatrixXd v;
};
[[nodiscard]] DenseSvd dense_svd(const Eigen::MatrixXd& x);

/// Of a symmetric matrix, ascending.
struct DenseEigen {
  Eigen::VectorXd values;
  Eigen::MatrixXd vectors;
};
[[nodiscard]] DenseEigen dense_eigen(const Eigen::MatrixXd& x);

/// The w of least |x w - y|.
[[nodiscard]] Eigen::VectorXd least_squares(const Eigen::MatrixXd& x,
                                            const Eigen::VectorXd& y);

}  // namespace musl::testing
