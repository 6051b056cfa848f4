#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <utility>
#include <vector>

#include "base/error.h"
#include "graph/csr_graph.h"
#include "graph/topology.h"
#include "random_graph.h"

namespace musl {
namespace {

using testing::random_graph;
using Topology = std::array<float, kTopology>;

Topology topology(const CsrGraph& graph, std::int32_t a, std::int32_t b) {
  Topology out{};
  pair_topology(graph, a, b, out.data());
  return out;
}

/// All distances by Floyd and Warshall, capped at 5.
Eigen::MatrixXi distances(const Eigen::MatrixXd& dense) {
  const Eigen::Index n = dense.rows();
  Eigen::MatrixXi d = Eigen::MatrixXi::Constant(n, n, 5);
  for (Eigen::Index i = 0; i < n; ++i) {
    for (Eigen::Index j = 0; j < n; ++j) {
      if (dense(i, j) > 0) d(i, j) = 1;
    }
  }
  for (Eigen::Index k = 0; k < n; ++k) {
    for (Eigen::Index i = 0; i < n; ++i) {
      for (Eigen::Index j = 0; j < n; ++j) {
        d(i, j) = std::min(d(i, j), d(i, k) + d(k, j));
      }
    }
  }
  return d;
}

/// The eight descriptors from the dense matrix, by their definitions.
std::array<double, kTopology> reference(const Eigen::MatrixXd& dense,
                                        const Eigen::MatrixXi& distance,
                                        Eigen::Index a, Eigen::Index b) {
  const Eigen::VectorXd degree =
      (dense.array() > 0).cast<double>().matrix().rowwise().sum();
  double common = 0, either = 0, adamic_adar = 0, allocation = 0;
  for (Eigen::Index z = 0; z < dense.rows(); ++z) {
    const bool in_a = dense(a, z) > 0;
    const bool in_b = dense(b, z) > 0;
    if (in_a || in_b) ++either;
    if (!in_a || !in_b) continue;
    ++common;
    adamic_adar += 1 / std::log(degree[z]);
    allocation += 1 / degree[z];
  }
  return {dense(a, b),
          std::log(1 + common),
          adamic_adar,
          allocation,
          either > 0 ? common / either : 0,
          static_cast<double>(distance(a, b)),
          std::log(1 + std::min(degree[a], degree[b])),
          std::log(1 + std::max(degree[a], degree[b]))};
}

TEST(Topology, AgreesWithBruteForceOnRandomGraphs) {
  std::set<int> seen;
  for (const double share : {0.01, 0.03, 0.08, 0.4}) {
    const int n = 70;
    const auto [graph, dense] =
        random_graph(n, share, 4, static_cast<std::uint64_t>(share * 1000));
    const Eigen::MatrixXi distance = distances(dense);
    for (std::int32_t a = 0; a < n; ++a) {
      for (std::int32_t b = 0; b < n; ++b) {
        if (a == b) continue;
        const Topology found = topology(graph, a, b);
        const auto expected = reference(dense, distance, a, b);
        for (std::size_t k = 0; k < kTopology; ++k) {
          ASSERT_NEAR(found[k], expected[k], 1e-5)
              << topology_names()[k] << " of " << a << ", " << b << " at "
              << share;
        }
        seen.insert(distance(a, b));
      }
    }
  }
  EXPECT_EQ(seen, (std::set<int>{1, 2, 3, 4, 5}));
}

TEST(Topology, GallopingFindsTheSameNeighbours) {
  // Node 0 is a hub of 2,000 nodes; node 1 shares a few of them, ends included.
  std::vector<std::int32_t> from, to;
  for (std::int32_t v = 2; v < 2002; ++v) {
    from.push_back(0);
    to.push_back(v);
  }
  for (const std::int32_t v : {2, 3, 700, 1999, 2001, 2005}) {
    from.push_back(1);
    to.push_back(v);
  }
  const CsrGraph graph =
      make_graph(2010, from, to, std::vector<float>(from.size(), 1.0f));
  const Topology found = topology(graph, 0, 1);
  EXPECT_FLOAT_EQ(found[1], std::log(6.0f));
  EXPECT_FLOAT_EQ(found[2], 5.0f / std::log(2.0f));
  EXPECT_FLOAT_EQ(found[3], 2.5f);
  EXPECT_FLOAT_EQ(found[4], 5.0f / 2001.0f);
}

TEST(Topology, BothOrdersGiveTheSameBits) {
  const auto random = random_graph(60, 0.15, 0, 7);
  for (std::int32_t a = 0; a < 60; ++a) {
    for (std::int32_t b = 0; b < a; ++b) {
      EXPECT_EQ(topology(random.graph, a, b), topology(random.graph, b, a));
    }
  }
}

TEST(Topology, IsolatedGenesShareNothingAndLieApart) {
  const CsrGraph graph = make_graph(4, {0}, {1}, {0.5f});
  EXPECT_EQ(topology(graph, 2, 3), (Topology{0, 0, 0, 0, 0, 5, 0, 0}));
  EXPECT_EQ(topology(graph, 0, 2),
            (Topology{0, 0, 0, 0, 0, 5, 0, std::log1p(1.0f)}));
  EXPECT_EQ(topology(CsrGraph{}, 0, 1), (Topology{0, 0, 0, 0, 0, 5, 0, 0}));
}

/// topology_rows() of the pairs in rows of 11 floats, the rest untouched.
void expect_rows_of_pairs(const CsrGraph& graph, const PairSet& pairs) {
  constexpr std::int64_t kStride = 11;
  constexpr std::int64_t kFirst = 1;
  const std::int64_t n = pairs.size() - kFirst;
  std::vector<float> out(static_cast<std::size_t>(n * kStride), -7);
  topology_rows(graph, pairs, kFirst, n, kStride, out.data());
  for (std::int64_t i = 0; i < n; ++i) {
    const auto k = static_cast<std::size_t>(kFirst + i);
    const Topology row = topology(graph, pairs.a[k], pairs.b[k]);
    const float* found = out.data() + i * kStride;
    for (std::size_t c = 0; c < kStride; ++c) {
      ASSERT_EQ(found[c], c < kTopology ? row[c] : -7)
          << "column " << c << " of " << pairs.a[k] << ", " << pairs.b[k];
    }
  }
}

TEST(Topology, RowsOfChangingGenesHaveTheBitsOfSinglePairs) {
  const auto random = random_graph(40, 0.1, 2, 5);
  Rng rng(3);
  const auto draw = [&] { return static_cast<std::int32_t>(rng.below(40)); };
  PairSet pairs;
  while (pairs.size() < 2000) {
    const std::int32_t a = draw();
    for (std::uint64_t run = 1 + rng.below(8); run > 0; --run) {
      const std::int32_t b = draw();
      if (a == b) continue;
      pairs.a.push_back(a);
      pairs.b.push_back(b);
      if (rng.below(2) == 0) std::swap(pairs.a.back(), pairs.b.back());
    }
  }
  expect_rows_of_pairs(random.graph, pairs);
  expect_rows_of_pairs(CsrGraph{}, pairs);
}

}  // namespace
}  // namespace musl
