#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <functional>
#include <vector>

namespace musl {

/// What is known of a grid of rows and columns, each place at most once.
struct GridValues {
  std::vector<std::int32_t> row, column;  // (n)
  Eigen::VectorXd value;                  // (n)

  [[nodiscard]] std::int64_t size() const {
    return static_cast<std::int64_t>(row.size());
  }
};

struct KernelRidgeOptions {
  double ridge = 0.1;
  /// Steps end where the residual is this share of the values.
  double tolerance = 1e-3;
  int most_steps = 200;
  int threads = 0;             // 0: all
  std::function<bool()> tick;  // false cancels: CancelledError
};

/// Coefficients A of ridge regression with a product of kernels:
/// f = first A second, where A is 0 at what is not known and, at what is,
/// f + ridge A = value.
///
/// first   (R, R) and second (C, C), symmetric and positive semidefinite
/// start   (R, C) coefficients to begin with; empty: 0
/// returns (R, C)
///
/// Solved by conjugate gradients; a step costs R C (R + C) products and the
/// (R C, R C) matrix is never made. The same bits for any number of threads.
/// ShapeError where sizes do not fit, InputError for a ridge not above 0.
/// Source: Pahikkala et al. (2015), Brief Bioinform 16:325, doi
/// 10.1093/bib/bbu010 (KronRLS); Airola and Pahikkala (2018), IEEE Trans
/// Neural Netw Learn Syst 29:3374, of grids that are known in part.
[[nodiscard]] Eigen::MatrixXd kernel_ridge(const Eigen::MatrixXd& first,
                                           const Eigen::MatrixXd& second,
                                           const GridValues& known,
                                           const KernelRidgeOptions& options,
                                           const Eigen::MatrixXd& start = {});

/// first middle second, the same bits for any number of threads.
[[nodiscard]] Eigen::MatrixXd kernel_product(const Eigen::MatrixXd& first,
                                             const Eigen::MatrixXd& middle,
                                             const Eigen::MatrixXd& second,
                                             int threads);

/// Squared distances of the rows of x from each other, (R, R).
[[nodiscard]] Eigen::MatrixXd squared_distances(const Eigen::MatrixXd& x,
                                                int threads);

/// exp(-d / mean d) of squared distances; 1 everywhere where all are 0.
[[nodiscard]] Eigen::MatrixXd radial_kernel(const Eigen::MatrixXd& distances,
                                            double sharpness);

}  // namespace musl
