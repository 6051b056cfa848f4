#include "judge/kernel_ridge.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "base/error.h"
#include "base/parallel.h"

namespace musl {

namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

// Blocks are the same for any number of threads, and so are the sums.
constexpr Eigen::Index kGridBlock = 32;
// With fewer products, one thread is faster.
constexpr Eigen::Index kWorthThreads = 1000000;

MatrixXd multiply(const MatrixXd& x, const MatrixXd& y, int threads) {
  MatrixXd out(x.rows(), y.cols());
  const bool small = x.size() * y.cols() < kWorthThreads;
  parallel_blocks(y.cols(), kGridBlock, small ? 1 : threads,
                  [&](std::int64_t first, std::int64_t last) {
                    const auto n = last - first;
                    out.middleCols(first, n).noalias() =
                        x * y.middleCols(first, n);
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

/// The indices that occur, ascending, and each index's number among them.
struct Used {
  std::vector<std::int32_t> index, number;

  Used(const std::vector<std::int32_t>& occurring, Eigen::Index n)
      : number(static_cast<std::size_t>(n), 0) {
    for (const auto i : occurring) number[static_cast<std::size_t>(i)] = 1;
    for (std::size_t i = 0; i < number.size(); ++i) {
      if (number[i] == 0) continue;
      number[i] = static_cast<std::int32_t>(index.size());
      index.push_back(static_cast<std::int32_t>(i));
    }
  }

  [[nodiscard]] MatrixXd of(const MatrixXd& kernel) const {
    const auto n = static_cast<Eigen::Index>(index.size());
    MatrixXd out(n, n);
    for (Eigen::Index j = 0; j < n; ++j) {
      for (Eigen::Index i = 0; i < n; ++i) {
        out(i, j) = kernel(index[static_cast<std::size_t>(i)],
                           index[static_cast<std::size_t>(j)]);
      }
    }
    return out;
  }

  [[nodiscard]] std::vector<std::int32_t> of(
      std::vector<std::int32_t> indices) const {
    for (auto& i : indices) i = number[static_cast<std::size_t>(i)];
    return indices;
  }
};

}  // namespace

MatrixXd kernel_product(const MatrixXd& first, const MatrixXd& middle,
                        const MatrixXd& second, int threads) {
  return multiply(multiply(first, middle, threads), second, threads);
}

MatrixXd kernel_ridge(const MatrixXd& first, const MatrixXd& second,
                      const GridValues& known,
                      const KernelRidgeOptions& options,
                      const MatrixXd& start) {
  // Coefficients of rows and columns without a known value are 0.
  const Used rows(known.row, first.rows());
  const Used columns(known.column, second.rows());
  const MatrixXd left = rows.of(first), right = columns.of(second);
  const GridValues inner{rows.of(known.row), columns.of(known.column), {}};
  const auto through = [&](const VectorXd& x) -> VectorXd {
    const MatrixXd found =
        kernel_product(left, on_grid(x, inner, left.rows(), right.rows()),
                       right, options.threads);
    return values_at(found, inner) + options.ridge * x;
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
    const double next = residual.squaredNorm();
    direction = residual + (next / size) * direction;
    size = next;
  }
  return on_grid(x, known, first.rows(), second.rows());
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
