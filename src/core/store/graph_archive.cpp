#include "store/graph_archive.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/numbers.h"
#include "io/archive_fields.h"

namespace musl {

namespace {

constexpr char kHalf[] = "half/";

/// Edges to larger nodes.
CsrGraph upper_half(const CsrGraph& graph) {
  CsrGraph half;
  if (graph.offset.empty()) return half;
  half.offset.push_back(0);
  for (std::int64_t i = 0; i < graph.n_nodes(); ++i) {
    for (auto k = graph.offset[at(i)]; k < graph.offset[at(i + 1)]; ++k) {
      if (graph.neighbour[at(k)] <= i) continue;
      half.neighbour.push_back(graph.neighbour[at(k)]);
      half.weight.push_back(graph.weight[at(k)]);
    }
    half.offset.push_back(static_cast<std::int64_t>(half.neighbour.size()));
  }
  return half;
}

template <class Visit, class Graph>
void visit_rows(const Visit& visit, Graph&& graph) {
  visit("offset", graph.offset);
  visit("neighbour", graph.neighbour);
  visit("weight", graph.weight);
}

void check_half(const CsrGraph& half) {
  const auto n_edges = static_cast<std::int64_t>(half.neighbour.size());
  bool holds = half.weight.size() == half.neighbour.size() &&
               (half.offset.empty() ? n_edges == 0
                                    : half.offset.front() == 0 &&
                                          half.offset.back() == n_edges) &&
               std::is_sorted(half.offset.begin(), half.offset.end());
  for (std::int64_t i = 0; holds && i < half.n_nodes(); ++i) {
    for (auto k = half.offset[at(i)]; k < half.offset[at(i + 1)]; ++k) {
      const std::int64_t j = half.neighbour[at(k)];
      const float weight = half.weight[at(k)];
      holds = holds && j > i && j < half.n_nodes() && weight > 0 &&
              std::isfinite(weight);
    }
  }
  if (!holds) {
    throw FormatError(
        "The archive is damaged: half a network does not add up.");
  }
}

}  // namespace

void put_graph(const std::string& prefix, const CsrGraph& graph,
               Archive* archive) {
  visit_rows(TensorWriter(prefix + kHalf, archive), upper_half(graph));
}

CsrGraph read_graph(const std::string& prefix, const Archive& archive) {
  CsrGraph half;
  visit_rows(TensorReader(prefix + kHalf, archive), half);
  check_half(half);
  if (half.offset.empty()) return {};
  std::vector<std::int32_t> from;
  for (std::int64_t i = 0; i < half.n_nodes(); ++i) {
    from.resize(at(half.offset[at(i + 1)]), static_cast<std::int32_t>(i));
  }
  return make_graph(half.n_nodes(), from, half.neighbour, half.weight);
}

}  // namespace musl
