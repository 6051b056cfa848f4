#include <algorithm>

#include "musl/csr_graph.h"
#include "musl/error.h"

namespace musl {

namespace {

struct Row {
  std::uint64_t key;  // the two ends, the smaller first
  double weight;

  bool operator<(const Row& other) const {
    return key != other.key ? key < other.key : weight > other.weight;
  }
};

std::uint64_t key_of(std::int32_t a, std::int32_t b) {
  const auto first = static_cast<std::uint64_t>(std::min(a, b));
  return first << 32 | static_cast<std::uint32_t>(std::max(a, b));
}

void append(const std::vector<Row>& rows, EdgeTable* edges) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (i > 0 && rows[i].key == rows[i - 1].key) {
      ++edges->n_rows.back();
      continue;
    }
    edges->from.push_back(static_cast<std::int32_t>(rows[i].key >> 32));
    edges->to.push_back(static_cast<std::int32_t>(rows[i].key & 0xffffffffu));
    edges->weight.push_back(rows[i].weight);
    edges->n_rows.push_back(1);
  }
}

}  // namespace

EdgeTable merge_edges(const std::vector<std::int32_t>& from,
                      const std::vector<std::int32_t>& to,
                      const std::vector<double>& weight,
                      const std::vector<std::int32_t>& node_of) {
  if (from.size() != to.size() ||
      (!weight.empty() && weight.size() != from.size())) {
    throw ShapeError("Ends and weights of edges must be equally many.");
  }
  const auto node = [&](std::int32_t end) {
    return node_of.empty() ? end : node_of.at(static_cast<std::size_t>(end));
  };
  EdgeTable out;
  std::vector<Row> rows;
  rows.reserve(from.size());
  for (std::size_t i = 0; i < from.size(); ++i) {
    const std::int32_t a = node(from[i]), b = node(to[i]);
    if (a < 0 || b < 0) {
      ++out.n_unmapped;
    } else if (a == b) {
      ++out.n_loops;
    } else {
      rows.push_back({key_of(a, b), weight.empty() ? 1.0 : weight[i]});
    }
  }
  // Edges merged before are already in order.
  if (!std::is_sorted(rows.begin(), rows.end())) {
    std::sort(rows.begin(), rows.end());
  }
  append(rows, &out);
  return out;
}

}  // namespace musl
