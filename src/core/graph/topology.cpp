#include <algorithm>
#include <cmath>
#include <limits>

#include "graph/neighbours.h"
#include "musl/csr_graph.h"
#include "musl/parallel.h"

namespace musl {

namespace {

/// Marks on nodes that need not be cleared between pairs.
class Marks {
 public:
  /// Forgets all marks; two kinds of mark are valid until the next call.
  void start(std::int64_t n_nodes) {
    const auto n = static_cast<std::size_t>(n_nodes);
    if (stamp_.size() < n ||
        epoch_ > std::numeric_limits<std::uint32_t>::max() - 2) {
      stamp_.assign(n, 0);
      epoch_ = 0;
    }
    epoch_ += 2;
  }
  void set(std::int32_t node, std::uint32_t kind) {
    stamp_[static_cast<std::size_t>(node)] = epoch_ + kind;
  }
  [[nodiscard]] bool is(std::int32_t node, std::uint32_t kind) const {
    return stamp_[static_cast<std::size_t>(node)] == epoch_ + kind;
  }

 private:
  std::vector<std::uint32_t> stamp_;
  std::uint32_t epoch_ = 0;
};

/// Distance of two nodes that are neither adjacent nor share a neighbour: 3, 4
/// or 5 for beyond. Searches from both ends and stops where they meet.
int far_distance(const CsrGraph& graph, SortedIds a, SortedIds b) {
  thread_local Marks marks;
  marks.start(graph.n_nodes());
  constexpr std::uint32_t kNearB = 0;
  constexpr std::uint32_t kTwoFromA = 1;
  for (const std::int32_t* v = b.begin; v != b.end; ++v) marks.set(*v, kNearB);
  for (const std::int32_t* u = a.begin; u != a.end; ++u) {
    const SortedIds next = neighbours_of(graph, *u);
    for (const std::int32_t* v = next.begin; v != next.end; ++v) {
      if (marks.is(*v, kNearB)) return 3;
      marks.set(*v, kTwoFromA);
    }
  }
  for (const std::int32_t* v = b.begin; v != b.end; ++v) {
    const SortedIds next = neighbours_of(graph, *v);
    for (const std::int32_t* u = next.begin; u != next.end; ++u) {
      if (marks.is(*u, kTwoFromA)) return 4;
    }
  }
  return 5;
}

/// Weight of the edge a - b, 0 when there is none.
float edge_weight(const CsrGraph& graph, SortedIds row, std::int32_t target) {
  const std::int32_t* at = std::lower_bound(row.begin, row.end, target);
  if (at == row.end || *at != target) return 0;
  return graph.weight[static_cast<std::size_t>(at - graph.neighbour.data())];
}

}  // namespace

const std::vector<std::string>& topology_names() {
  static const std::vector<std::string> names = {
      "edge_weight", "common_neighbours", "adamic_adar", "resource_allocation",
      "jaccard",     "shortest_path",     "degree_min",  "degree_max"};
  return names;
}

void pair_topology(const CsrGraph& graph, std::int32_t a, std::int32_t b,
                   float* out) {
  std::fill(out, out + kTopology, 0.0f);
  out[5] = 5;
  if (graph.empty()) return;
  // One order of the ends, so that sums have the same bits for (b, a).
  SortedIds small = neighbours_of(graph, std::min(a, b));
  SortedIds large = neighbours_of(graph, std::max(a, b));
  std::int32_t target = std::max(a, b);
  if (small.size() > large.size()) {
    std::swap(small, large);
    target = std::min(a, b);
  }
  out[6] = std::log1p(static_cast<float>(small.size()));
  out[7] = std::log1p(static_cast<float>(large.size()));
  if (small.size() == 0) return;

  std::int64_t common = 0;
  double adamic_adar = 0;
  double resource_allocation = 0;
  intersect(small, large, [&](std::int32_t node) {
    const auto degree = static_cast<double>(graph.degree(node));
    ++common;
    adamic_adar += 1.0 / std::log(degree);
    resource_allocation += 1.0 / degree;
  });
  const std::int64_t either = small.size() + large.size() - common;
  out[0] = edge_weight(graph, small, target);
  out[1] = std::log1p(static_cast<float>(common));
  out[2] = static_cast<float>(adamic_adar);
  out[3] = static_cast<float>(resource_allocation);
  out[4] = static_cast<float>(common) / static_cast<float>(either);
  if (out[0] > 0) {
    out[5] = 1;
  } else if (common > 0) {
    out[5] = 2;
  } else {
    out[5] = static_cast<float>(far_distance(graph, small, large));
  }
}

Matrix topology_matrix(const CsrGraph& graph, const PairSet& pairs,
                       int threads) {
  check_pairs(pairs, graph.n_nodes());
  Matrix out(pairs.size(), kTopology);
  parallel_for(pairs.size(), threads, [&](std::int64_t i) {
    const auto k = static_cast<std::size_t>(i);
    pair_topology(graph, pairs.a[k], pairs.b[k], out.row(i).data());
  });
  return out;
}

}  // namespace musl
