// One thread in Eigen: sums must not depend on the number of threads.
#define EIGEN_DONT_PARALLELIZE

#include "store/leading_axes.h"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "base/linear_algebra.h"
#include "base/numbers.h"
#include "base/parallel.h"

namespace musl {

namespace {

constexpr Eigen::Index kRowBlock = 1024;
constexpr Eigen::Index kColumnBlock = 128;
constexpr Eigen::Index kSpareAxes = 32;  // of the subspace
constexpr int kIterations = 3;
constexpr std::uint64_t kAxesSeed = 1;

/// (S, S) the lower triangle of the products of the columns of rows (n, S).
Eigen::MatrixXf column_products(const Matrix& rows, int threads) {
  const Eigen::Index n = rows.cols();
  std::vector<std::pair<Eigen::Index, Eigen::Index>> blocks;
  for (Eigen::Index i = 0; i < n; i += kColumnBlock) {
    for (Eigen::Index j = 0; j <= i; j += kColumnBlock) {
      blocks.emplace_back(i, j);
    }
  }
  Eigen::MatrixXf out = Eigen::MatrixXf::Zero(n, n);
  parallel_for(size_of(blocks), threads, [&](std::int64_t b) {
    const auto [i, j] = blocks[at(b)];
    const auto height = std::min(kColumnBlock, n - i);
    const auto width = std::min(kColumnBlock, n - j);
    out.block(i, j, height, width).noalias() =
        rows.middleCols(i, height).transpose() * rows.middleCols(j, width);
  });
  return out;
}

/// rows (n, S) times y (S, k).
Matrix rows_times(const Matrix& rows, const Eigen::MatrixXf& y, int threads) {
  Matrix out(rows.rows(), y.cols());
  parallel_blocks(rows.rows(), kRowBlock, threads,
                  [&](Eigen::Index first, Eigen::Index last) {
                    const auto n = last - first;
                    out.middleRows(first, n).noalias() =
                        rows.middleRows(first, n) * y;
                  });
  return out;
}

/// rows (n, S), transposed, times y (n, k).
Eigen::MatrixXf columns_times(const Matrix& rows, const Matrix& y,
                              int threads) {
  Eigen::MatrixXf out(rows.cols(), y.cols());
  parallel_blocks(rows.cols(), kColumnBlock, threads,
                  [&](Eigen::Index first, Eigen::Index last) {
                    const auto n = last - first;
                    out.middleRows(first, n).noalias() =
                        rows.middleCols(first, n).transpose() * y;
                  });
  return out;
}

Eigen::MatrixXf exact_axes(const Matrix& rows, int threads) {
  return symmetric_eigen(column_products(rows, threads))
      .vectors.rightCols(kProfileAxes);
}

Eigen::MatrixXf iterated_axes(const Matrix& rows, int threads) {
  Eigen::MatrixXf basis = orthonormal(
      random_matrix(rows.cols(), kProfileAxes + kSpareAxes, kAxesSeed));
  for (int i = 0; i < kIterations; ++i) {
    basis = orthonormal(
        columns_times(rows, rows_times(rows, basis, threads), threads));
  }
  const Matrix within = rows_times(rows, basis, threads);
  return basis * exact_axes(within, threads);
}

}  // namespace

Matrix on_leading_axes(Matrix rows, int threads) {
  if (rows.cols() <= kProfileAxes) return rows;
  return rows_times(rows,
                    rows.cols() <= kExactColumns ? exact_axes(rows, threads)
                                                 : iterated_axes(rows, threads),
                    threads);
}

}  // namespace musl
