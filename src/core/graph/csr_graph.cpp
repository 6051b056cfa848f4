#include "graph/csr_graph.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "base/error.h"
#include "base/numbers.h"
#include "base/parallel.h"

namespace musl {

namespace {

/// Rows per work item of propagate(), for any number of threads.
constexpr std::int64_t kRowBlock = 64;

/// Rows of the graph: where each begins, and its neighbours. Since edges
/// ascend, the neighbours of a row do.
CsrGraph both_directions(std::int64_t n_nodes, const EdgeTable& edges) {
  CsrGraph graph;
  graph.offset.assign(static_cast<std::size_t>(n_nodes) + 1, 0);
  const std::size_t n = edges.from.size();
  for (std::size_t e = 0; e < n; ++e) {
    ++graph.offset[static_cast<std::size_t>(edges.from[e]) + 1];
    ++graph.offset[static_cast<std::size_t>(edges.to[e]) + 1];
  }
  std::partial_sum(graph.offset.begin(), graph.offset.end(),
                   graph.offset.begin());
  graph.neighbour.resize(2 * n);
  graph.weight.resize(2 * n);
  std::vector<std::int64_t> next(graph.offset.begin(), graph.offset.end() - 1);
  const auto add = [&](std::int32_t row, std::int32_t column, double weight) {
    const auto at =
        static_cast<std::size_t>(next[static_cast<std::size_t>(row)]++);
    graph.neighbour[at] = column;
    graph.weight[at] = static_cast<float>(weight);
  };
  for (std::size_t e = 0; e < n; ++e) {
    add(edges.from[e], edges.to[e], edges.weight[e]);
    add(edges.to[e], edges.from[e], edges.weight[e]);
  }
  return graph;
}

/// The two ends, the smaller first, and the negative weight.
using Row = std::pair<std::uint64_t, double>;

std::uint64_t key_of(std::int32_t a, std::int32_t b) {
  const auto first = static_cast<std::uint64_t>(std::min(a, b));
  return first << 32 | static_cast<std::uint32_t>(std::max(a, b));
}

void append(const std::vector<Row>& rows, EdgeTable* edges) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto [key, negative_weight] = rows[i];
    if (i > 0 && key == rows[i - 1].first) {
      ++edges->n_rows.back();
      continue;
    }
    edges->from.push_back(static_cast<std::int32_t>(key >> 32));
    edges->to.push_back(static_cast<std::int32_t>(key & 0xffffffffu));
    edges->weight.push_back(-negative_weight);
    edges->n_rows.push_back(1);
  }
}

}  // namespace

CsrGraph make_graph(std::int64_t n_nodes, const std::vector<std::int32_t>& from,
                    const std::vector<std::int32_t>& to,
                    const std::vector<float>& weight) {
  return both_directions(n_nodes,
                         merge_edges(from, to, {weight.begin(), weight.end()}));
}

std::vector<std::int32_t> inverse_map(const std::vector<std::int32_t>& gene_of,
                                      std::int64_t n) {
  std::vector<std::int32_t> out(at(n), -1);
  for (std::size_t g = 0; g < gene_of.size(); ++g) {
    if (gene_of[g] >= 0) out[at(gene_of[g])] = static_cast<std::int32_t>(g);
  }
  return out;
}

CsrGraph remap_graph(const CsrGraph& graph,
                     const std::vector<std::int32_t>& gene_of) {
  if (graph.empty()) return {};
  const auto new_of = inverse_map(gene_of, graph.n_nodes());
  std::vector<std::int32_t> from, to;
  std::vector<float> weight;
  for (std::int64_t i = 0; i < graph.n_nodes(); ++i) {
    for (auto k = graph.offset[at(i)]; k < graph.offset[at(i + 1)]; ++k) {
      const std::int32_t j = graph.neighbour[at(k)];
      if (i >= j || new_of[at(i)] < 0 || new_of[at(j)] < 0) continue;
      from.push_back(new_of[at(i)]);
      to.push_back(new_of[at(j)]);
      weight.push_back(graph.weight[at(k)]);
    }
  }
  return make_graph(size_of(gene_of), from, to, weight);
}

CsrGraph normalise(const CsrGraph& graph, double loop) {
  std::vector<double> scale(at(std::max<std::int64_t>(0, graph.n_nodes())));
  for (std::size_t i = 0; i < scale.size(); ++i) {
    const auto first = graph.weight.begin() + graph.offset[i];
    const auto last = graph.weight.begin() + graph.offset[i + 1];
    const double strength = loop + std::accumulate(first, last, 0.0);
    scale[i] = strength > 0 ? 1.0 / std::sqrt(strength) : 0.0;
  }
  CsrGraph out;
  out.offset.assign(1, 0);
  out.neighbour.reserve(graph.neighbour.size() + scale.size());
  out.weight.reserve(out.neighbour.capacity());
  for (std::size_t i = 0; i < scale.size(); ++i) {
    const auto self = static_cast<std::int32_t>(i);
    const auto add = [&](std::int32_t column, double weight) {
      const double other = scale[static_cast<std::size_t>(column)];
      out.neighbour.push_back(column);
      out.weight.push_back(static_cast<float>(weight * scale[i] * other));
    };
    auto e = static_cast<std::size_t>(graph.offset[i]);
    const auto end = static_cast<std::size_t>(graph.offset[i + 1]);
    for (; e < end && graph.neighbour[e] < self; ++e) {
      add(graph.neighbour[e], static_cast<double>(graph.weight[e]));
    }
    if (loop > 0) add(self, loop);
    for (; e < end; ++e) {
      add(graph.neighbour[e], static_cast<double>(graph.weight[e]));
    }
    out.offset.push_back(static_cast<std::int64_t>(out.neighbour.size()));
  }
  return out;
}

Matrix propagate(const CsrGraph& normalised, const Matrix& x, int threads) {
  const std::int64_t n = std::max<std::int64_t>(0, normalised.n_nodes());
  Matrix out = Matrix::Zero(x.rows(), x.cols());
  const auto neighbour = [&](std::int64_t e) {
    return normalised.neighbour[static_cast<std::size_t>(e)];
  };
  const auto weight = [&](std::int64_t e) {
    return normalised.weight[static_cast<std::size_t>(e)];
  };
  parallel_blocks(
      n, kRowBlock, threads, [&](std::int64_t first, std::int64_t last) {
        for (std::int64_t i = first; i < last; ++i) {
          auto row = out.row(i);
          std::int64_t e = normalised.offset[static_cast<std::size_t>(i)];
          const auto end = normalised.offset[static_cast<std::size_t>(i) + 1];
          // Four at a time: the output row is read and written a quarter as
          // often.
          for (; e + 4 <= end; e += 4) {
            row += weight(e) * x.row(neighbour(e)) +
                   weight(e + 1) * x.row(neighbour(e + 1)) +
                   weight(e + 2) * x.row(neighbour(e + 2)) +
                   weight(e + 3) * x.row(neighbour(e + 3));
          }
          for (; e < end; ++e) row += weight(e) * x.row(neighbour(e));
        }
      });
  return out;
}

void fill_from_neighbours(const CsrGraph& graph,
                          const std::vector<std::uint8_t>& present, Matrix* x) {
  for (std::size_t i = 0; i < present.size(); ++i) {
    if (present[i] != 0) continue;
    auto row = x->row(static_cast<Eigen::Index>(i));
    row.setZero();
    if (graph.empty()) continue;
    float total = 0;
    for (auto k = graph.offset[i]; k < graph.offset[i + 1]; ++k) {
      const auto e = static_cast<std::size_t>(k);
      const std::int32_t j = graph.neighbour[e];
      if (present[static_cast<std::size_t>(j)] == 0) continue;
      row += graph.weight[e] * x->row(j);
      total += graph.weight[e];
    }
    if (total > 0) row /= total;
  }
}

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
      rows.emplace_back(key_of(a, b), weight.empty() ? -1.0 : -weight[i]);
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
