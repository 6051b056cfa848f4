#include <gtest/gtest.h>

#include <Eigen/Dense>

#include "base/error.h"
#include "base/rng.h"
#include "judge/kernel_ridge.h"

namespace musl {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

MatrixXd random_matrix(Eigen::Index rows, Eigen::Index columns,
                       std::uint64_t seed) {
  Rng rng(seed);
  MatrixXd out(rows, columns);
  for (Eigen::Index j = 0; j < columns; ++j) {
    for (Eigen::Index i = 0; i < rows; ++i) out(i, j) = rng.uniform() - 0.5;
  }
  return out;
}

MatrixXd random_kernel(Eigen::Index n, std::uint64_t seed) {
  const MatrixXd x = random_matrix(n, n, seed);
  return x * x.transpose() + 0.1 * MatrixXd::Identity(n, n);
}

/// Every place but each `gap`-th, with values.
GridValues some_known(Eigen::Index rows, Eigen::Index columns, int gap) {
  const MatrixXd values = random_matrix(rows, columns, 7);
  GridValues out;
  std::vector<double> value;
  for (int i = 0; i < rows; ++i) {
    for (int j = 0; j < columns; ++j) {
      if ((i * 31 + j * 17) % gap == 0) continue;
      out.row.push_back(i);
      out.column.push_back(j);
      value.push_back(values(i, j));
    }
  }
  out.value = Eigen::Map<VectorXd>(value.data(), out.size());
  return out;
}

/// By the whole system: (K + ridge I) a = y, K of all pairs of known places.
VectorXd dense_coefficients(const MatrixXd& first, const MatrixXd& second,
                            const GridValues& known, double ridge) {
  const auto n = known.size();
  MatrixXd system(n, n);
  for (Eigen::Index i = 0; i < n; ++i) {
    for (Eigen::Index j = 0; j < n; ++j) {
      const auto k = static_cast<std::size_t>(i);
      const auto l = static_cast<std::size_t>(j);
      system(i, j) = first(known.row[k], known.row[l]) *
                     second(known.column[k], known.column[l]);
    }
    system(i, i) += ridge;
  }
  return system.ldlt().solve(known.value);
}

KernelRidgeOptions exact(int threads = 1) {
  KernelRidgeOptions options;
  options.ridge = 0.2;
  options.tolerance = 1e-12;
  options.most_steps = 2000;
  options.threads = threads;
  return options;
}

TEST(KernelRidge, SolvesTheWholeSystemOfAGrid) {
  for (const int gap : {3, 1000}) {  // known in part, and all but one
    const MatrixXd first = random_kernel(9, 1), second = random_kernel(7, 2);
    const GridValues known = some_known(9, 7, gap);
    const MatrixXd found = kernel_ridge(first, second, known, exact());
    const VectorXd expected = dense_coefficients(first, second, known, 0.2);
    MatrixXd on_grid = MatrixXd::Zero(9, 7);
    for (Eigen::Index i = 0; i < known.size(); ++i) {
      const auto k = static_cast<std::size_t>(i);
      on_grid(known.row[k], known.column[k]) = expected[i];
    }
    EXPECT_LT((found - on_grid).cwiseAbs().maxCoeff(), 1e-8);
    const MatrixXd slow = first * on_grid * second;
    const MatrixXd scores = kernel_product(first, found, second, 1);
    EXPECT_LT((scores - slow).cwiseAbs().maxCoeff(), 1e-8);
  }
}

TEST(KernelRidge, LeavesOutRowsAndColumnsWithoutValues) {
  const MatrixXd first = random_kernel(10, 1), second = random_kernel(8, 2);
  GridValues known = some_known(9, 7, 3);
  for (auto& i : known.row) i += i >= 2 ? 1 : 0;
  for (auto& j : known.column) j += j >= 5 ? 1 : 0;
  const MatrixXd found = kernel_ridge(first, second, known, exact());
  const VectorXd expected = dense_coefficients(first, second, known, 0.2);
  for (Eigen::Index i = 0; i < known.size(); ++i) {
    const auto k = static_cast<std::size_t>(i);
    EXPECT_NEAR(found(known.row[k], known.column[k]), expected[i], 1e-8);
  }
  EXPECT_TRUE((found.row(2).array() == 0).all());
  EXPECT_TRUE((found.col(5).array() == 0).all());
}

TEST(KernelRidge, EndsWhereItBegan) {
  const MatrixXd first = random_kernel(9, 1), second = random_kernel(7, 2);
  const GridValues known = some_known(9, 7, 3);
  const MatrixXd cold = kernel_ridge(first, second, known, exact());
  const MatrixXd warm =
      kernel_ridge(first, second, known, exact(), random_matrix(9, 7, 3));
  EXPECT_LT((cold - warm).cwiseAbs().maxCoeff(), 1e-8);
}

TEST(KernelRidge, ThreadsMakeNoDifference) {
  // Large enough for several threads to be worth their while.
  const MatrixXd first = random_kernel(130, 1), second = random_kernel(120, 2);
  const GridValues known = some_known(130, 120, 4);
  const auto of = [&](int threads) {
    auto options = exact(threads);
    options.most_steps = 30;
    return kernel_ridge(first, second, known, options);
  };
  EXPECT_TRUE((of(1).array() == of(3).array()).all());
}

TEST(KernelRidge, IsCancelled) {
  const MatrixXd first = random_kernel(4, 1), second = random_kernel(5, 2);
  const GridValues known = some_known(4, 5, 3);
  auto options = exact();
  options.tick = [] { return false; };
  EXPECT_THROW(kernel_ridge(first, second, known, options), CancelledError);
}

TEST(RadialKernel, IsThatOfALoop) {
  const MatrixXd x = random_matrix(6, 3, 5);
  const MatrixXd away = squared_distances(x, 1);
  double sum = 0;
  for (Eigen::Index i = 0; i < 6; ++i) {
    for (Eigen::Index j = 0; j < 6; ++j) {
      const double expected = (x.row(i) - x.row(j)).squaredNorm();
      EXPECT_NEAR(away(i, j), expected, 1e-12);
      sum += expected;
    }
  }
  const MatrixXd kernel = radial_kernel(away, 2);
  EXPECT_NEAR(kernel(1, 4), std::exp(-2 * away(1, 4) * 36 / sum), 1e-12);
  const MatrixXd same = radial_kernel(MatrixXd::Zero(3, 3), 2);
  EXPECT_TRUE((same.array() == 1).all());
}

}  // namespace
}  // namespace musl
