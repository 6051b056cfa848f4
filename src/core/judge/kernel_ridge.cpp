#include "musl/kernel_ridge.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "musl/error.h"
#include "musl/parallel.h"

namespace musl {

namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

// Blocks are the same for any number of threads, and so are the sums.
constexpr Eigen::Index kGridBlock = 32;
// With fewer products, one thread is faster.
constexpr Eigen::Index kWorthThreads = 1000000;

/// Calls work(first column, number of columns).
template <class Work>
void by_columns(Eigen::Index n, int threads, const Work& work) {
  const auto n_blocks = (n + kGridBlock - 1) / kGridBlock;
  parallel_for(n_blocks, threads, [&](std::int64_t block) {
    const auto first = static_cast<Eigen::Index>(block) * kGridBlock;
    work(first, std::min(kGridBlock, n - first));
  });
}

MatrixXd multiply(const MatrixXd& x, const MatrixXd& y, int threads) {
  MatrixXd out(x.rows(), y.cols());
  const bool small = x.size() * y.cols() < kWorthThreads;
  by_columns(y.cols(), small ? 1 : threads,
             [&](Eigen::Index first, Eigen::Index n) {
               out.middleCols(first, n).noalias() = x * y.middleCols(first, n);
             });
  return out;
}

VectorXd values_at(const MatrixXd& x, const GridValues& known) {
  VectorXd out(known.size());
  for (Eigen::Index i = 0; i < out.size(); ++i) {
    const auto k = static_cast<std::size_t>(i);
    out[i] = x(known.row[k], known.column[k]);
  }
  return out;
}

MatrixXd on_grid(const VectorXd& x, const GridValues& known, Eigen::Index rows,
                 Eigen::Index columns) {
  MatrixXd out = MatrixXd::Zero(rows, columns);
  for (Eigen::Index i = 0; i < x.size(); ++i) {
    const auto k = static_cast<std::size_t>(i);
    out(known.row[k], known.column[k]) = x[i];
  }
  return out;
}

void check_grid(const MatrixXd& first, const MatrixXd& second,
                const GridValues& known, const KernelRidgeOptions& options,
                const MatrixXd& start) {
  const bool starts = start.size() == 0 || (start.rows() == first.rows() &&
                                            start.cols() == second.rows());
  if (first.rows() != first.cols() || second.rows() != second.cols() ||
      known.row.size() != known.column.size() ||
      known.value.size() != known.size() || !starts) {
    throw ShapeError("Kernels and known values must fit each other.");
  }
  for (std::size_t i = 0; i < known.row.size(); ++i) {
    const auto row = known.row[i], column = known.column[i];
    if (row < 0 || column < 0 || row >= first.rows() ||
        column >= second.rows()) {
      throw ShapeError("Known value " + std::to_string(i + 1) +
                       " is outside the grid.");
    }
  }
  if (!(options.ridge > 0)) {
    throw InputError("`ridge` must be above 0, not " +
                     std::to_string(options.ridge) + ".");
  }
}

}  // namespace

MatrixXd kernel_product(const MatrixXd& first, const MatrixXd& middle,
                        const MatrixXd& second, int threads) {
  return multiply(multiply(first, middle, threads), second, threads);
}

MatrixXd kernel_ridge(const MatrixXd& first, const MatrixXd& second,
                      const GridValues& known,
                      const KernelRidgeOptions& options,
                      const MatrixXd& start) {
  check_grid(first, second, known, options, start);
  const auto rows = first.rows(), columns = second.rows();
  const auto through = [&](const VectorXd& x) -> VectorXd {
    const MatrixXd found = kernel_product(
        first, on_grid(x, known, rows, columns), second, options.threads);
    return values_at(found, known) + options.ridge * x;
  };
  VectorXd x = VectorXd::Zero(known.size());
  if (start.size() > 0) x = values_at(start, known);
  VectorXd residual = known.value - through(x);
  VectorXd direction = residual;
  double size = residual.squaredNorm();
  const double enough =
      known.value.squaredNorm() * options.tolerance * options.tolerance;
  for (int step = 0; step < options.most_steps && size > enough; ++step) {
    if (options.tick && !options.tick())
      throw CancelledError("Learning kernels was interrupted.");
    const VectorXd turned = through(direction);
    const double length = size / direction.dot(turned);
    x += length * direction;
    residual -= length * turned;
    const double left = residual.squaredNorm();
    direction = residual + (left / size) * direction;
    size = left;
  }
  return on_grid(x, known, rows, columns);
}

MatrixXd squared_distances(const MatrixXd& x, int threads) {
  const MatrixXd turned = x.transpose();
  MatrixXd out = multiply(x, turned, threads);
  const VectorXd own = out.diagonal();
  for (Eigen::Index j = 0; j < out.cols(); ++j) {
    for (Eigen::Index i = 0; i < out.rows(); ++i) {
      out(i, j) = i == j ? 0 : std::max(own[i] + own[j] - 2 * out(i, j), 0.0);
    }
  }
  return (out + out.transpose().eval()) / 2;
}

MatrixXd radial_kernel(const MatrixXd& distances, double sharpness) {
  const double mean = distances.mean();
  if (!(mean > 0)) return MatrixXd::Ones(distances.rows(), distances.cols());
  return (-sharpness / mean * distances).array().exp().matrix();
}

}  // namespace musl
