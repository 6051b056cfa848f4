#include "dense_solvers.h"

#include <Eigen/Eigenvalues>
#include <Eigen/QR>
#include <Eigen/SVD>

namespace musl::testing {

DenseSvd dense_svd(const Eigen::MatrixXd& x) {
  const Eigen::JacobiSVD<Eigen::MatrixXd> svd(
      x, Eigen::ComputeThinU | Eigen::ComputeThinV);
  return {svd.matrixU(), svd.singularValues(), svd.matrixV()};
}

DenseEigen dense_eigen(const Eigen::MatrixXd& x) {
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(x);
  return {solver.eigenvalues(), solver.eigenvectors()};
}

Eigen::VectorXd least_squares(const Eigen::MatrixXd& x,
                              const Eigen::VectorXd& y) {
  return x.colPivHouseholderQr().solve(y);
}

}  // namespace musl::testing
