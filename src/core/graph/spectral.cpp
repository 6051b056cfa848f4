// One thread in Eigen, whatever flags the file is compiled with: sums must not
// depend on the number of threads.
#define EIGEN_DONT_PARALLELIZE
#include "graph/spectral.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/linear_algebra.h"
#include "base/numbers.h"
#include "base/sorted_ids.h"
#include "graph/csr_graph.h"

namespace musl {

namespace {

// Halko et al. recommend 5-10 more directions than requested; the slowly
// falling spectrum of protein networks benefits from a few more.
constexpr int kOversampling = 16;
constexpr int kRounds = 12;
constexpr int kProductsPerRound = 3;
constexpr float kZeroEigenvalue = 1e-5f;

/// Eigenvalue positions, largest size first.
std::vector<Eigen::Index> by_size(const Eigen::VectorXf& values) {
  std::vector<Eigen::Index> order(static_cast<std::size_t>(values.size()));
  std::iota(order.begin(), order.end(), Eigen::Index{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](Eigen::Index x, Eigen::Index y) {
                     return std::abs(values[x]) > std::abs(values[y]);
                   });
  return order;
}

/// The sign that makes the largest entry positive.
float sign_of(const Eigen::VectorXf& vector) {
  Eigen::Index largest = 0;
  vector.cwiseAbs().maxCoeff(&largest);
  return vector[largest] < 0 ? -1.0f : 1.0f;
}

}  // namespace

Matrix spectral_embedding(const CsrGraph& graph, int rank, std::uint64_t seed,
                          int threads) {
  const std::int64_t n = std::max<std::int64_t>(0, graph.n_nodes());
  Matrix out = Matrix::Zero(n, rank);
  if (graph.empty() || rank == 0) return out;

  const CsrGraph adjacency = normalise(graph, /*loop=*/0);
  const auto width =
      static_cast<int>(std::min<std::int64_t>(n, rank + kOversampling));
  Matrix basis = random_matrix(n, width, seed);
  for (int round = 0; round < kRounds; ++round) {
    for (int product = 0; product < kProductsPerRound; ++product) {
      basis = propagate(adjacency, basis, threads);
    }
    basis = orthonormal(basis);
  }
  Eigen::MatrixXf projected =
      basis.transpose() * propagate(adjacency, basis, threads);
  projected = 0.5f * (projected + projected.transpose().eval());
  const auto [values, vectors] = symmetric_eigen(projected);
  const std::vector<Eigen::Index> order = by_size(values);
  for (int k = 0; k < std::min(rank, width); ++k) {
    const Eigen::Index at = order[static_cast<std::size_t>(k)];
    const float size = std::abs(values[at]);
    if (size < kZeroEigenvalue) break;
    const Eigen::VectorXf vector = basis * vectors.col(at);
    out.col(k) = sign_of(vector) * std::sqrt(size) * vector;
  }
  for (std::int64_t i = 0; i < n; ++i) {
    if (graph.degree(static_cast<std::int32_t>(i)) == 0) out.row(i).setZero();
  }
  return out;
}

}  // namespace musl
