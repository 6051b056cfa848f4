#include "muse/edge_context.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <numeric>

#include "base/numbers.h"
#include "musl/rng.h"

namespace musl {

namespace {

constexpr int kSteps = 30;         // of labels along the edges
constexpr float kKept = 0.97f;     // of what a step carries
constexpr std::size_t kParts = 5;  // of the labelled edges, for each walk
constexpr int kFolds = 10;

using Edges = std::vector<std::int32_t>;

bool is_labelled(const LabelGraph& graph, const EdgeMask& mask, std::size_t e) {
  return graph.labelled[e] != 0 && mask[e] == 0;
}

/// For each link of `node` its neighbour and edge.
template <typename Use>
void for_links(const LabelGraph& graph, std::int32_t node, const Use& use) {
  for (auto k = graph.offset[at(node)]; k < graph.offset[at(node) + 1]; ++k) {
    const auto edge = graph.edge[at(k)];
    if (graph.link[at(edge)] != 0) use(graph.neighbour[at(k)], edge);
  }
}

/// The edges of all triangles: those of edge e are other[first[e]] and on.
struct Triangles {
  std::vector<std::int64_t> first{0};
  Edges other;

  [[nodiscard]] std::int64_t number(std::size_t e) const {
    return (first[e + 1] - first[e]) / 2;
  }
};

Triangles triangles_of(const LabelGraph& graph) {
  Triangles out;
  Edges by_node(at(graph.n_nodes), -1);  // edge of one end to each node
  for (std::size_t e = 0; e < graph.from.size(); ++e) {
    const auto from = graph.from[e];
    for_links(graph, from, [&](std::int32_t node, std::int32_t edge) {
      by_node[at(node)] = edge;
    });
    for_links(graph, graph.to[e], [&](std::int32_t node, std::int32_t edge) {
      if (by_node[at(node)] < 0) return;
      out.other.insert(out.other.end(), {by_node[at(node)], edge});
    });
    for_links(graph, from,
              [&](std::int32_t node, std::int32_t) { by_node[at(node)] = -1; });
    out.first.push_back(static_cast<std::int64_t>(out.other.size()));
  }
  return out;
}

std::vector<float> link_numbers(const LabelGraph& graph) {
  std::vector<float> out(at(graph.n_nodes), 0);
  for (std::size_t e = 0; e < graph.from.size(); ++e) {
    for (const auto node : {graph.from[e], graph.to[e]}) {
      out[at(node)] += graph.link[e];
    }
  }
  return out;
}

/// (E, C) labels, and for edges without one what the other edges of both nodes
/// have, `by_triangle` of it from those that close a triangle.
Matrix carried_labels(const LabelGraph& graph, const EdgeMask& mask,
                      const Triangles& triangles,
                      const std::vector<float>& links, float by_triangle) {
  Matrix value = Matrix::Zero(graph.label.rows(), graph.label.cols());
  std::vector<Eigen::Index> open;
  for (std::size_t e = 0; e < mask.size(); ++e) {
    const auto row = static_cast<Eigen::Index>(e);
    if (is_labelled(graph, mask, e)) {
      value.row(row) = graph.label.row(row);
    } else if (graph.link[e] != 0) {
      open.push_back(row);
    }
  }
  Matrix next(static_cast<Eigen::Index>(open.size()), value.cols());
  for (int step = 0; step < kSteps; ++step) {
    Matrix sum = Matrix::Zero(graph.n_nodes, value.cols());
    for (std::size_t e = 0; e < mask.size(); ++e) {
      if (graph.link[e] == 0) continue;
      sum.row(graph.from[e]) += value.row(static_cast<Eigen::Index>(e));
      sum.row(graph.to[e]) += value.row(static_cast<Eigen::Index>(e));
    }
    for (Eigen::Index i = 0; i < next.rows(); ++i) {
      const auto row = open[at(i)];
      const auto e = at(row);
      Eigen::RowVectorXf found = Eigen::RowVectorXf::Zero(value.cols());
      float ends = 0;
      for (const auto node : {graph.from[e], graph.to[e]}) {
        const float others = links[at(node)] - 1;
        if (others <= 0) continue;
        found += (sum.row(node) - value.row(row)) / others;
        ++ends;
      }
      if (ends > 0) found /= ends;
      if (by_triangle > 0 && triangles.number(e) > 0) {
        Eigen::RowVectorXf closing = Eigen::RowVectorXf::Zero(value.cols());
        for (auto k = triangles.first[e]; k < triangles.first[e + 1]; ++k) {
          closing += value.row(triangles.other[at(k)]);
        }
        closing /= static_cast<float>(2 * triangles.number(e));
        found = (1 - by_triangle) * found + by_triangle * closing;
      }
      next.row(i) = kKept * found;
    }
    for (Eigen::Index i = 0; i < next.rows(); ++i) {
      value.row(open[at(i)]) = next.row(i);
    }
  }
  return value;
}

/// (N, K) means of the neighbours' rows; 0 for nodes without a link.
Matrix neighbour_means(const LabelGraph& graph, const std::vector<float>& links,
                       const Matrix& x) {
  Matrix out = Matrix::Zero(x.rows(), x.cols());
  for (std::size_t e = 0; e < graph.from.size(); ++e) {
    if (graph.link[e] == 0) continue;
    out.row(graph.from[e]) += x.row(graph.to[e]);
    out.row(graph.to[e]) += x.row(graph.from[e]);
  }
  for (std::int64_t i = 0; i < graph.n_nodes; ++i) {
    out.row(i) /= std::max(links[at(i)], 1.0f);
  }
  return out;
}

/// (N, 5) numbers of a node, as edge_context() has of both.
Matrix node_numbers(const LabelGraph& graph, const EdgeMask& mask,
                    const Triangles& triangles,
                    const std::vector<float>& links) {
  Matrix out = Matrix::Zero(graph.n_nodes, 5);
  for (std::size_t e = 0; e < mask.size(); ++e) {
    for (const auto node : {graph.from[e], graph.to[e]}) {
      out(node, 0) += is_labelled(graph, mask, e) ? 1.0f : 0.0f;
      // Each triangle of a node has two of the node's edges.
      out(node, 3) += static_cast<float>(triangles.number(e)) / 2;
    }
  }
  const Matrix degree = Eigen::Map<const Matrix>(links.data(), out.rows(), 1);
  out.col(4) = neighbour_means(graph, links, degree);
  for (std::int64_t i = 0; i < graph.n_nodes; ++i) {
    const float n = links[at(i)];
    out(i, 1) = out(i, 0) / std::max(n, 1.0f);
    out(i, 0) = std::log1p(out(i, 0));
    out(i, 2) = std::log1p(n);
    out(i, 3) = n > 1 ? out(i, 3) / (n * (n - 1) / 2) : 0.0f;
  }
  return out;
}

/// What edge_context() needs of the links alone.
struct Topology {
  explicit Topology(const LabelGraph& graph)
      : triangles(triangles_of(graph)), links(link_numbers(graph)) {}
  Triangles triangles;
  std::vector<float> links;
};

Matrix context_of(const LabelGraph& graph, const Topology& topology,
                  const EdgeMask& mask, const Edges& edges) {
  const auto& [triangles, links] = topology;
  const auto n_labels = graph.n_channels();
  const Matrix from_nodes =
      carried_labels(graph, mask, triangles, links, /*by_triangle=*/0);
  const Matrix from_triangles =
      carried_labels(graph, mask, triangles, links, /*by_triangle=*/0.5f);
  const Matrix near = neighbour_means(
      graph, links, graph_messages(graph, mask).node.leftCols(n_labels));
  const Matrix far = neighbour_means(graph, links, near);
  const Matrix numbers = node_numbers(graph, mask, triangles, links);
  Matrix out(static_cast<Eigen::Index>(edges.size()), n_context(n_labels));
  for (Eigen::Index i = 0; i < out.rows(); ++i) {
    const auto e = at(edges[at(i)]);
    const auto a = graph.from[e], b = graph.to[e];
    auto row = out.row(i);
    row.head(n_labels) = from_nodes.row(edges[at(i)]);
    row.segment(n_labels, n_labels) = from_triangles.row(edges[at(i)]);
    row.segment(2 * n_labels, n_labels) = near.row(a) + near.row(b);
    row.segment(3 * n_labels, n_labels) = far.row(a) + far.row(b);
    row.segment(4 * n_labels, 5) = numbers.row(a).cwiseMin(numbers.row(b));
    row.segment(4 * n_labels + 5, 5) = numbers.row(a).cwiseMax(numbers.row(b));
    const auto common = static_cast<float>(triangles.number(e));
    const float all = links[at(a)] + links[at(b)] - common - 2;
    row[4 * n_labels + 10] = std::log1p(common);
    row[4 * n_labels + 11] = common / std::max(all, 1.0f);
  }
  return out;
}

/// Takes `n` of the labelled edges that are `left` in the order of a walk.
Edges walked_part(const LabelGraph& graph, bool is_deep, std::size_t n,
                  std::vector<std::uint8_t>* left, Rng* rng) {
  Edges out;
  std::vector<std::uint8_t> met(at(graph.n_nodes), 0);
  std::deque<std::int32_t> waiting;
  std::vector<std::int32_t> starts;
  for (std::size_t e = 0; e < left->size(); ++e) {
    if ((*left)[e] == 0) continue;
    starts.insert(starts.end(), {graph.from[e], graph.to[e]});
  }
  while (out.size() < n) {
    if (waiting.empty()) {
      waiting.push_back(starts[rng->below(starts.size())]);
    }
    const auto node = is_deep ? waiting.back() : waiting.front();
    is_deep ? waiting.pop_back() : waiting.pop_front();
    if (met[at(node)] != 0) continue;
    met[at(node)] = 1;
    for_links(graph, node, [&](std::int32_t other, std::int32_t edge) {
      if ((*left)[at(edge)] == 0 || out.size() >= n) return;
      (*left)[at(edge)] = 0;
      out.push_back(edge);
      waiting.push_back(other);
    });
  }
  return out;
}

/// Parts of the labelled edges, cut by broad and by deep walks.
std::vector<Edges> walked_parts(const LabelGraph& graph, std::uint64_t seed) {
  Rng rng(seed);
  const auto n = static_cast<std::size_t>(std::count_if(
      graph.labelled.begin(), graph.labelled.end(), [](auto x) { return x; }));
  std::vector<Edges> out;
  for (const bool is_deep : {false, true}) {
    auto left = graph.labelled;
    for (std::size_t part = 0; part < kParts; ++part) {
      const std::size_t size = n * (part + 1) / kParts - n * part / kParts;
      out.push_back(walked_part(graph, is_deep, size, &left, &rng));
    }
  }
  return out;
}

EdgeMask hidden(const LabelGraph& graph, const Edges& edges) {
  EdgeMask mask(graph.from.size(), 0);
  for (const auto edge : edges) mask[at(edge)] = 1;
  return mask;
}

/// (n) 0 or 1.
std::vector<float> labels_of(const LabelGraph& graph, const Edges& edges,
                             Eigen::Index label) {
  std::vector<float> out;
  for (const auto edge : edges) {
    const float y = graph.label(edge, label) + graph.mean[at(label)];
    out.push_back(y > 0.5f ? 1.0f : 0.0f);
  }
  return out;
}

}  // namespace

bool has_context(const InteractionConfig& config) {
  return config.known_edges && config.task == "multilabel";
}

Matrix edge_context(const LabelGraph& graph, const EdgeMask& mask,
                    const Edges& edges) {
  return context_of(graph, Topology(graph), mask, edges);
}

std::vector<BoostedTrees> fit_edge_context(const LabelGraph& graph,
                                           std::uint64_t seed, int threads,
                                           const std::function<bool()>& go_on) {
  BoostingConfig config;
  config.trees = 80;
  config.rate = 0.06;
  config.leaves = 8;
  config.min_leaf = 40;
  config.l2 = 5;
  config.bins = 64;
  const Topology topology(graph);
  Edges all;
  std::vector<Matrix> blocks;
  Eigen::Index n = 0;
  for (const Edges& part : walked_parts(graph, seed)) {
    blocks.push_back(context_of(graph, topology, hidden(graph, part), part));
    n += blocks.back().rows();
    all.insert(all.end(), part.begin(), part.end());
  }
  Matrix x(n, blocks.front().cols());
  Eigen::Index row = 0;
  for (const auto& block : blocks) {
    x.middleRows(row, block.rows()) = block;
    row += block.rows();
  }
  std::vector<BoostedTrees> out;
  for (Eigen::Index c = 0; c < graph.n_channels(); ++c) {
    out.push_back(
        fit_boosting(x, labels_of(graph, all, c), config, threads, go_on));
  }
  return out;
}

Matrix score_edge_context(const std::vector<BoostedTrees>& trees,
                          const LabelGraph& graph, const LabelledPairs& pairs,
                          int threads) {
  const Topology topology(graph);
  std::vector<std::vector<Eigen::Index>> rows(kFolds + 1);
  std::vector<Edges> edges(kFolds + 1);
  for (Eigen::Index i = 0; i < pairs.size(); ++i) {
    const auto e = graph.find(pairs.a[at(i)], pairs.b[at(i)]);
    const auto fold = at(graph.labelled[at(e)] != 0 ? e % kFolds : kFolds);
    rows[fold].push_back(i);
    edges[fold].push_back(e);
  }
  Matrix out(pairs.size(), graph.n_channels());
  for (std::size_t fold = 0; fold < rows.size(); ++fold) {
    if (rows[fold].empty()) continue;
    EdgeMask mask(graph.from.size(), 0);
    for (std::size_t e = fold; fold < kFolds && e < mask.size(); e += kFolds) {
      mask[e] = 1;
    }
    const Matrix x = context_of(graph, topology, mask, edges[fold]);
    for (Eigen::Index c = 0; c < out.cols(); ++c) {
      const auto score = predict_boosting(trees[at(c)], x, threads);
      for (std::size_t k = 0; k < score.size(); ++k) {
        out(rows[fold][k], c) = static_cast<float>(sigmoid(score[k]));
      }
    }
  }
  return out;
}

}  // namespace musl
