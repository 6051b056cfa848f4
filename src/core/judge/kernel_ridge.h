#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <functional>
#include <vector>

namespace musl {

/// Known cells of a grid of rows and columns, each cell at most once.
struct GridValues {
  std::vector<std::int32_t> row, column;  // (n)
  Eigen::VectorXd value;                  // (n)

  [[nodiscard]] std::int64_t size() const {
    return static_cast<std::int64_t>(row.size());
  }
};

struct KernelRidgeOptions {
  double ridge = 0.1;  // > 0
  /// Iteration ends when the norm of the residual is this share of the values'.
  double tolerance = 1e-3;
  int most_steps = 200;
  int threads = 0;             // 0: all
  std::function<bool()> tick;  // false cancels: CancelledError
};

/// Coefficients A of ridge regression with a product of kernels: f = first A
/// second, where A is 0 in unknown cells and f + ridge A = value in known ones.
///
/// first   (R, R) and second (C, C), symmetric and positive semidefinite
/// start   (R, C) initial coefficients; empty: 0
/// returns (R, C)
///
/// Solved by conjugate gradients; a step costs R C (R + C) products, where R
/// and C count rows and columns with a known value, and the (R C, R C) matrix
/// is never formed. The bits do not depend on the threads. Source: Pahikkala et
/// al. (2015), Brief Bioinform 16:325, doi 10.1093/bib/bbu010 (KronRLS); Airola
/// and Pahikkala (2018), IEEE Trans Neural Netw Learn Syst 29:3374, for partly
/// known grids.
[[nodiscard]] Eigen::MatrixXd kernel_ridge(const Eigen::MatrixXd& first,
                                           const Eigen::MatrixXd& second,
                                           const GridValues& known,
                                           const KernelRidgeOptions& options,
                                           const Eigen::MatrixXd& start = {});

/// The product first middle second; the bits do not depend on `threads`.
[[nodiscard]] Eigen::MatrixXd kernel_product(const Eigen::MatrixXd& first,
                                             const Eigen::MatrixXd& middle,
                                             const Eigen::MatrixXd& second,
                                             int threads);

/// Squared distances between the rows of x, (R, R).
[[nodiscard]] Eigen::MatrixXd squared_distances(const Eigen::MatrixXd& x,
                                                int threads);

/// exp(-sharpness d / mean d) of squared distances d; all 1 if all d are 0.
[[nodiscard]] Eigen::MatrixXd radial_kernel(const Eigen::MatrixXd& distances,
                                            double sharpness);

}  // namespace musl
