#pragma once

#include <Eigen/Core>
#include <vector>

#include "base/rng.h"
#include "graph/csr_graph.h"

namespace musl::testing {

/// A random weighted graph and the same as a dense matrix.
struct RandomGraph {
  CsrGraph graph;
  Eigen::MatrixXd dense;
};

/// About `share` of all edges exist; the last `isolated` nodes have none.
inline RandomGraph random_graph(int n, double share, int isolated,
                                std::uint64_t seed) {
  Rng rng(seed);
  std::vector<std::int32_t> from, to;
  std::vector<float> weight;
  RandomGraph out;
  out.dense = Eigen::MatrixXd::Zero(n, n);
  for (std::int32_t i = 0; i < n - isolated; ++i) {
    for (std::int32_t j = 0; j < i; ++j) {
      if (rng.uniform() >= share) continue;
      const auto w = static_cast<float>(0.1 + rng.uniform());
      from.push_back(i);
      to.push_back(j);
      weight.push_back(w);
      out.dense(i, j) = out.dense(j, i) = static_cast<double>(w);
    }
  }
  out.graph = make_graph(n, from, to, weight);
  return out;
}

}  // namespace musl::testing
