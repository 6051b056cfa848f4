#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "data/graph_archive.h"
#include "musl/error.h"
#include "musl/rng.h"

namespace musl {
namespace {

/// Every pair of 40 nodes is an edge with probability .2; two nodes have none.
CsrGraph random_graph() {
  std::vector<std::int32_t> from, to;
  std::vector<float> weight;
  Rng rng(3);
  for (int i = 0; i < 40; ++i) {
    for (int j = 0; j < i; ++j) {
      if (rng.below(5) > 0 || i == 20 || j == 20 || i == 39) continue;
      from.push_back(i);
      to.push_back(j);
      weight.push_back(static_cast<float>(1 + rng.below(999)) / 1000);
    }
  }
  return make_graph(40, from, to, weight);
}

void expect_same(const CsrGraph& x, const CsrGraph& y) {
  EXPECT_EQ(x.offset, y.offset);
  EXPECT_EQ(x.neighbour, y.neighbour);
  EXPECT_EQ(x.weight, y.weight);
}

TEST(GraphArchive, HoldsEachEdgeOnce) {
  const CsrGraph graph = random_graph();
  ASSERT_GT(graph.n_edges(), 100);
  Archive archive;
  put_graph("n/", graph, &archive);
  EXPECT_EQ(archive.tensors.size(), 3u);
  const auto offset = archive.longs("n/half/offset");
  const auto neighbour = archive.ints("n/half/neighbour");
  const auto weight = archive.floats("n/half/weight");
  std::size_t found = 0;
  for (std::int32_t i = 0; i < 40; ++i) {
    for (auto k = graph.offset[std::size_t(i)];
         k < graph.offset[std::size_t(i) + 1]; ++k) {
      if (graph.neighbour[std::size_t(k)] < i) continue;
      ASSERT_LT(found, neighbour.size());
      EXPECT_LE(offset[std::size_t(i)], std::int64_t(found));
      EXPECT_EQ(neighbour[found], graph.neighbour[std::size_t(k)]);
      EXPECT_EQ(weight[found], graph.weight[std::size_t(k)]);
      ++found;
    }
    EXPECT_EQ(offset[std::size_t(i) + 1], std::int64_t(found));
  }
  EXPECT_EQ(std::int64_t(found), graph.n_edges());
  expect_same(read_graph("n/", archive), graph);
}

TEST(GraphArchive, GivesBackGraphsWithoutEdgesOrNodes) {
  for (const auto& offset : {std::vector<std::int64_t>{}, {0}, {0, 0, 0}}) {
    CsrGraph graph;
    graph.offset = offset;
    Archive archive;
    put_graph("", graph, &archive);
    expect_same(read_graph("", archive), graph);
  }
}

TEST(GraphArchive, RefusesHalvesThatDoNotAddUp) {
  const std::vector<CsrGraph> damaged = {
      {{0, 1, 1}, {0}, {1}},     // a loop
      {{0, 0, 1}, {0}, {1}},     // a smaller node
      {{0, 1, 1}, {2}, {1}},     // no such node
      {{0, 1, 1}, {-1}, {1}},    // nor this
      {{0, 1, 1}, {1}, {}},      // no weight
      {{0, 1, 2}, {1}, {1}},     // rows beyond the edges
      {{0, 2, 1}, {1}, {1}},     // descending rows
      {{1, 1, 1}, {1}, {1}},     // an edge of no row
      {{}, {1}, {1}},            // no rows
      {{0, -1, 1}, {1}, {1}},    // a negative row
      {{0, 9, 1, 1}, {1}, {1}},  // a row beyond the end
  };
  for (const CsrGraph& half : damaged) {
    Archive archive;
    archive.put("half/offset", {std::int64_t(half.offset.size())},
                half.offset.data());
    archive.put("half/neighbour", {std::int64_t(half.neighbour.size())},
                half.neighbour.data());
    archive.put("half/weight", {std::int64_t(half.weight.size())},
                half.weight.data());
    EXPECT_THROW((void)read_graph("", archive), FormatError);
  }
  Archive lacking;
  put_graph("", random_graph(), &lacking);
  for (const char* name : {"half/offset", "half/neighbour", "half/weight"}) {
    Archive archive = lacking;
    archive.tensors.erase(name);
    EXPECT_THROW((void)read_graph("", archive), FormatError) << name;
  }
}

}  // namespace
}  // namespace musl
