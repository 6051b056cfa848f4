// One thread in Eigen, whatever flags the file is compiled with: sums must not
// depend on the number of threads.
#define EIGEN_DONT_PARALLELIZE

#include "base/linear_algebra.h"

#include <Eigen/Eigenvalues>
#include <Eigen/QR>

#include "base/rng.h"

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

Matrix on_principal_axes(const Matrix& x, Eigen::Index rank) {
  if (x.cols() <= rank) return x;
  const Eigen::MatrixXd gram = (x.transpose() * x).cast<double>();
  return x * symmetric_eigen(gram)
                 .vectors.rightCols(rank)
                 .rowwise()
                 .reverse()
                 .cast<float>();
}

void append_columns(const Matrix& more, Matrix* to) {
  if (more.cols() == 0) return;
  to->conservativeResize(more.rows(), to->cols() + more.cols());
  to->rightCols(more.cols()) = more;
}

Matrix random_matrix(std::int64_t rows, std::int64_t columns,
                     std::uint64_t seed) {
  Rng rng(seed);
  Matrix out(rows, columns);
  for (Eigen::Index i = 0; i < out.size(); ++i) {
    out.data()[i] = static_cast<float>(rng.normal());
  }
  return out;
}

Eigen::MatrixXf orthonormal(const Eigen::MatrixXf& y) {
  const Eigen::HouseholderQR<Eigen::MatrixXf> qr(y);
  Eigen::MatrixXf basis = Eigen::MatrixXf::Identity(y.rows(), y.cols());
  basis.applyOnTheLeft(qr.householderQ());
  return basis;
}

}  // namespace musl
