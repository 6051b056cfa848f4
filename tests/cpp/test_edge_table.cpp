#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "musl/edge_table.h"
#include "musl/rng.h"

namespace musl {
namespace {

TEST(EdgeTable, KeepsTheLargestWeightOfEachEdge) {
  const auto edges = merge_edges({0, 1, 2, 3, 0, 4}, {1, 0, 3, 2, 2, 1},
                                 {.2, .7, .5, .1, .9, 1}, {5, 2, 7, 7, -1});
  EXPECT_EQ(edges.from, (std::vector<std::int32_t>{2, 5}));
  EXPECT_EQ(edges.to, (std::vector<std::int32_t>{5, 7}));
  EXPECT_EQ(edges.weight, (std::vector<double>{.7, .9}));
  EXPECT_EQ(edges.n_unmapped, 1);
  EXPECT_EQ(edges.n_loops, 2);
  EXPECT_EQ(edges.n_rows, (std::vector<std::int32_t>{2, 1}));
}

TEST(EdgeTable, AgreesWithAMapOnRandomEdges) {
  Rng rng(5);
  std::vector<std::int32_t> from, to, node_of;
  std::vector<double> weight;
  for (int i = 0; i < 60; ++i) {
    node_of.push_back(static_cast<std::int32_t>(rng.below(30)) - 1);
  }
  std::map<std::pair<int, int>, double> expected;
  for (int i = 0; i < 2000; ++i) {
    from.push_back(static_cast<std::int32_t>(rng.below(60)));
    to.push_back(static_cast<std::int32_t>(rng.below(60)));
    weight.push_back(rng.uniform());
    const int a = node_of[static_cast<std::size_t>(from.back())];
    const int b = node_of[static_cast<std::size_t>(to.back())];
    if (a < 0 || b < 0 || a == b) continue;
    double& best = expected[{std::min(a, b), std::max(a, b)}];
    best = std::max(best, weight.back());
  }
  const auto edges = merge_edges(from, to, weight, node_of);
  ASSERT_EQ(edges.from.size(), expected.size());
  std::size_t i = 0;
  for (const auto& [ends, best] : expected) {
    EXPECT_EQ(edges.from[i], ends.first);
    EXPECT_EQ(edges.to[i], ends.second);
    EXPECT_EQ(edges.weight[i], best);
    ++i;
  }
}

TEST(EdgeTable, TakesNodesThatNeedNoNames) {
  const auto edges = merge_edges({3, 0, 1}, {1, 0, 3}, {});
  EXPECT_EQ(edges.from, (std::vector<std::int32_t>{1}));
  EXPECT_EQ(edges.to, (std::vector<std::int32_t>{3}));
  EXPECT_EQ(edges.weight, (std::vector<double>{1}));
  EXPECT_EQ(edges.n_rows, (std::vector<std::int32_t>{2}));
  EXPECT_EQ(edges.n_loops, 1);
  EXPECT_TRUE(merge_edges({}, {}, {}).from.empty());
}

}  // namespace
}  // namespace musl
