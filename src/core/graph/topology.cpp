#include "graph/topology.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "base/numbers.h"
#include "base/sorted_ids.h"
#include "graph/csr_graph.h"
#include "graph/shared_neighbours.h"

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

/// The descriptors; distance() is of nodes that neither are adjacent nor share
/// a neighbour.
template <class Distance>
void write_topology(std::int64_t degree_a, std::int64_t degree_b,
                    const SharedNodes& shared, Distance&& distance,
                    float* out) {
  std::fill(out, out + kTopology, 0.0f);
  out[5] = 5;
  const auto [small, large] = std::minmax(degree_a, degree_b);
  out[6] = std::log1p(static_cast<float>(small));
  out[7] = std::log1p(static_cast<float>(large));
  if (small == 0) return;
  const std::int64_t either = small + large - shared.common;
  out[0] = shared.edge;
  out[1] = std::log1p(static_cast<float>(shared.common));
  out[2] = static_cast<float>(shared.adamic_adar);
  out[3] = static_cast<float>(shared.resource_allocation);
  out[4] = static_cast<float>(shared.common) / static_cast<float>(either);
  if (shared.edge > 0) {
    out[5] = 1;
  } else if (shared.common > 0) {
    out[5] = 2;
  } else {
    out[5] = static_cast<float>(distance());
  }
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
  if (graph.empty()) {
    write_topology(
        0, 0, {}, [] { return 5; }, out);
    return;
  }
  const auto distance = [&] {
    SortedIds small = neighbours_of(graph, a), large = neighbours_of(graph, b);
    if (small.size() > large.size()) std::swap(small, large);
    return far_distance(graph, small, large);
  };
  write_topology(graph.degree(a), graph.degree(b), shared_nodes(graph, a, b),
                 distance, out);
}

void topology_rows(const CsrGraph& graph, const PairSet& pairs,
                   std::int64_t first, std::int64_t n, std::int64_t stride,
                   float* out) {
  CentreOfPairs centre(graph);
  for (std::int64_t i = first; i < first + n; ++i, out += stride) {
    const std::int32_t a = pairs.a[static_cast<std::size_t>(i)];
    const std::int32_t b = pairs.b[static_cast<std::size_t>(i)];
    std::int32_t other = -1;
    const Neighbourhood* around =
        graph.empty() ? nullptr : centre.of(a, b, &other);
    if (around == nullptr) {
      pair_topology(graph, a, b, out);
      continue;
    }
    write_topology(
        graph.degree(a), graph.degree(b), around->with(other),
        [&] { return around->far_distance(other); }, out);
  }
}

}  // namespace musl
