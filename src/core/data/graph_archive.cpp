#include "data/graph_archive.h"

#include <algorithm>

#include "base/numbers.h"
#include "io/archive_fields.h"
#include "musl/error.h"

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

/// Number of edges of each node, as offsets of its row.
std::vector<std::int64_t> whole_offsets(const CsrGraph& half) {
  std::vector<std::int64_t> offset(half.offset.size(), 0);
  for (std::int64_t i = 0; i < half.n_nodes(); ++i) {
    offset[at(i + 1)] += half.offset[at(i + 1)] - half.offset[at(i)];
  }
  for (const std::int32_t j : half.neighbour) ++offset[at(j) + 1];
  for (std::size_t i = 1; i < offset.size(); ++i) offset[i] += offset[i - 1];
  return offset;
}

/// Rows ascend if those of `half` do: smaller neighbours come first.
CsrGraph mirrored(const CsrGraph& half) {
  CsrGraph graph;
  if (half.offset.empty()) return graph;
  graph.offset = whole_offsets(half);
  graph.neighbour.resize(2 * half.neighbour.size());
  graph.weight.resize(graph.neighbour.size());
  std::vector<std::int64_t> next(graph.offset.begin(), graph.offset.end() - 1);
  const auto add = [&](std::int64_t from, std::int64_t to, float weight) {
    const auto place = at(next[at(from)]++);
    graph.neighbour[place] = static_cast<std::int32_t>(to);
    graph.weight[place] = weight;
  };
  for (const bool to_smaller : {true, false}) {
    for (std::int64_t i = 0; i < half.n_nodes(); ++i) {
      for (auto k = half.offset[at(i)]; k < half.offset[at(i + 1)]; ++k) {
        const std::int64_t j = half.neighbour[at(k)];
        const float weight = half.weight[at(k)];
        to_smaller ? add(j, i, weight) : add(i, j, weight);
      }
    }
  }
  return graph;
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
      holds = holds && j > i && j < half.n_nodes();
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
  return mirrored(half);
}

}  // namespace musl
