// One thread in Eigen: sums must not depend on the number of threads.
#define EIGEN_DONT_PARALLELIZE

#include "base/symmetric_eigen.h"

#include <Eigen/Eigenvalues>

namespace musl {

SymmetricEigen<Eigen::VectorXf, Eigen::MatrixXf> symmetric_eigen(
    const Eigen::MatrixXf& matrix) {
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXf> solver(matrix);
  return {solver.eigenvalues(), solver.eigenvectors()};
}

SymmetricEigen<Eigen::VectorXd, Eigen::MatrixXd> symmetric_eigen(
    const Eigen::MatrixXd& matrix) {
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(matrix);
  return {solver.eigenvalues(), solver.eigenvectors()};
}

}  // namespace musl
