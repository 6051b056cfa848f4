#include "muse/label_graph.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "base/numbers.h"
#include "base/pair_set.h"
#include "base/sorted_ids.h"

namespace musl {

namespace {

void add_keys(const LabelledPairs& pairs, std::int64_t n_nodes,
              std::vector<std::int64_t>* keys) {
  for (std::size_t i = 0; i < pairs.a.size(); ++i) {
    keys->push_back(pair_key(pairs.a[i], pairs.b[i], n_nodes));
  }
}

std::vector<float> column_means(const Matrix& x) {
  std::vector<float> mean;
  for (Eigen::Index c = 0; c < x.cols(); ++c) {
    mean.push_back(static_cast<float>(x.col(c).cast<double>().mean()));
  }
  return mean;
}

/// Edges by their keys, each once.
std::vector<std::int64_t> edge_keys(const InteractionData& data,
                                    bool known_edges) {
  const auto n = data.n_nodes();
  std::vector<std::int64_t> unlabelled, keys;  // unlabelled in the graph
  add_keys(data.validation, n, &unlabelled);
  add_keys(data.held_out, n, &unlabelled);
  unlabelled = once(std::move(unlabelled));
  if (known_edges) keys = unlabelled;
  for (std::size_t i = 0; i < data.edge_from.size(); ++i) {
    if (data.edge_from[i] == data.edge_to[i]) continue;
    const auto key = pair_key(data.edge_from[i], data.edge_to[i], n);
    if (position_of(unlabelled, key) < 0) keys.push_back(key);
  }
  add_keys(data.training, n, &keys);
  return once(std::move(keys));
}

/// Adds edges that pass messages if `link` is 1, without labels.
void add_edges(const std::vector<std::int64_t>& keys, std::uint8_t link,
               LabelGraph* graph) {
  for (const auto key : keys) {
    graph->from.push_back(static_cast<std::int32_t>(key / graph->n_nodes));
    graph->to.push_back(static_cast<std::int32_t>(key % graph->n_nodes));
  }
  graph->link.resize(graph->from.size(), link);
  graph->labelled.resize(graph->from.size(), 0);
  graph->label.conservativeResize(size_of(graph->from), Eigen::NoChange);
  graph->label.bottomRows(size_of(keys)).setZero();
}

/// 1 if messages pass along an edge under a mask.
std::uint8_t links_of(const LabelGraph& graph, const EdgeMask& mask,
                      std::size_t edge) {
  const bool is_hidden = mask[edge] != 0 && !graph.known_edges;
  return is_hidden ? 0 : graph.link[edge];
}

}  // namespace

std::int32_t LabelGraph::find(std::int32_t a, std::int32_t b) const {
  const auto found =
      position_of(neighbour, b, offset[at(a)], offset[at(a) + 1]);
  return found < 0 ? -1 : edge[at(found)];
}

std::vector<std::uint8_t> LabelGraph::seen() const {
  std::vector<std::uint8_t> out(at(n_nodes), 0);
  for (std::size_t e = 0; e < from.size(); ++e) {
    if (labelled[e] != 0) out[at(from[e])] = out[at(to[e])] = 1;
  }
  return out;
}

LabelGraph make_label_graph(const InteractionConfig& config,
                            const InteractionData& data) {
  const auto keys = edge_keys(data, config.known_edges);
  const auto& known = data.training;
  LabelGraph graph;
  graph.n_nodes = data.n_nodes();
  graph.known_edges = config.known_edges;
  graph.mean = column_means(known.label);
  graph.label.resize(0, known.label.cols());
  add_edges(keys, config.known_edges ? 1 : 0, &graph);
  const auto place_of = [&](std::int32_t a, std::int32_t b) {
    return position_of(keys, pair_key(a, b, graph.n_nodes));
  };
  for (std::size_t i = 0; i < data.edge_from.size(); ++i) {
    const auto e = place_of(data.edge_from[i], data.edge_to[i]);
    if (e >= 0) graph.link[at(e)] = 1;
  }
  for (std::size_t i = 0; i < known.a.size(); ++i) {
    const auto e = place_of(known.a[i], known.b[i]);
    const auto row = known.label.row(static_cast<Eigen::Index>(i));
    graph.labelled[at(e)] = 1;
    for (Eigen::Index c = 0; c < row.size(); ++c) {
      graph.label(e, c) = row[c] - graph.mean[at(c)];
    }
    if (!data.has_network && (config.task == "affinity" || row.sum() > 0)) {
      graph.link[at(e)] = 1;
    }
  }
  add_neighbours(&graph);
  return graph;
}

LabelGraph with_links(LabelGraph graph, const LabelledPairs& pairs) {
  std::vector<std::int64_t> keys;
  for (std::size_t i = 0; i < pairs.a.size(); ++i) {
    const auto a = pairs.a[i], b = pairs.b[i];
    if (graph.find(a, b) < 0) keys.push_back(pair_key(a, b, graph.n_nodes));
  }
  add_edges(once(std::move(keys)), 1, &graph);
  add_neighbours(&graph);
  return graph;
}

void add_neighbours(LabelGraph* graph) {
  const auto& from = graph->from;
  const auto& to = graph->to;
  auto& offset = graph->offset;
  offset.assign(at(graph->n_nodes) + 1, 0);
  for (std::size_t e = 0; e < from.size(); ++e) {
    ++offset[at(from[e]) + 1];
    ++offset[at(to[e]) + 1];
  }
  std::partial_sum(offset.begin(), offset.end(), offset.begin());
  std::vector<std::pair<std::int32_t, std::int32_t>> entry(2 * from.size());
  auto next = offset;
  for (std::size_t e = 0; e < from.size(); ++e) {
    const auto number = static_cast<std::int32_t>(e);
    entry[at(next[at(from[e])]++)] = {to[e], number};
    entry[at(next[at(to[e])]++)] = {from[e], number};
  }
  graph->neighbour.clear();
  graph->edge.clear();
  for (std::int64_t i = 0; i < graph->n_nodes; ++i) {
    std::sort(entry.begin() + offset[at(i)], entry.begin() + offset[at(i) + 1]);
  }
  for (const auto& [node, number] : entry) {
    graph->neighbour.push_back(node);
    graph->edge.push_back(number);
  }
}

EdgeMask mask_pairs(const LabelGraph& graph, const std::vector<std::int32_t>& a,
                    const std::vector<std::int32_t>& b,
                    const std::vector<std::uint8_t>& hidden) {
  EdgeMask mask(graph.from.size(), 0);
  for (std::size_t i = 0; i < a.size(); ++i) {
    const auto e = graph.find(a[i], b[i]);
    if (e >= 0) mask[at(e)] = 1;
  }
  if (hidden.empty()) return mask;
  for (std::size_t e = 0; e < mask.size(); ++e) {
    if (hidden[at(graph.from[e])] != 0 || hidden[at(graph.to[e])] != 0) {
      mask[e] = 1;
    }
  }
  return mask;
}

GraphMessages graph_messages(const LabelGraph& graph, const EdgeMask& mask) {
  const auto n_channels = graph.n_channels();
  const auto n_entries = static_cast<Eigen::Index>(graph.neighbour.size());
  std::vector<double> links(at(graph.n_nodes), 0), labels(at(graph.n_nodes), 0);
  GraphMessages out;
  out.node = Matrix::Zero(graph.n_nodes, n_channels + 2);
  for (std::size_t e = 0; e < mask.size(); ++e) {
    for (const auto node : {graph.from[e], graph.to[e]}) {
      links[at(node)] += links_of(graph, mask, e);
      if (mask[e] != 0) continue;
      labels[at(node)] += graph.labelled[e];
      out.node.row(node).head(n_channels) +=
          graph.label.row(static_cast<Eigen::Index>(e));
    }
  }
  for (std::int64_t i = 0; i < graph.n_nodes; ++i) {
    out.node.row(i).head(n_channels) /=
        static_cast<float>(labels[at(i)] + kShrink);
    out.node(i, n_channels) = static_cast<float>(std::log1p(labels[at(i)]));
    out.node(i, n_channels + 1) = static_cast<float>(std::log1p(links[at(i)]));
  }
  out.weight = Matrix::Zero(1 + n_channels, n_entries);
  for (std::int64_t i = 0; i < graph.n_nodes; ++i) {
    for (auto k = graph.offset[at(i)]; k < graph.offset[at(i) + 1]; ++k) {
      const auto e = at(graph.edge[at(k)]);
      const auto j = at(graph.neighbour[at(k)]);
      if (links_of(graph, mask, e) != 0) {
        out.weight(0, k) = static_cast<float>(
            1 / std::sqrt((links[at(i)] + 1) * (links[j] + 1)));
      }
      if (mask[e] != 0 || graph.labelled[e] == 0) continue;
      const auto scale = static_cast<float>(
          1 / std::sqrt((labels[at(i)] + 1) * (labels[j] + 1)));
      for (Eigen::Index c = 0; c < n_channels; ++c) {
        out.weight(1 + c, k) =
            scale * graph.label(static_cast<Eigen::Index>(e), c);
      }
    }
  }
  return out;
}

Matrix node_means(const LabelGraph& graph, const LabelledPairs& pairs,
                  bool is_sum) {
  const auto n_channels = graph.n_channels();
  Eigen::MatrixXd sum = Eigen::MatrixXd::Zero(graph.n_nodes, n_channels);
  std::vector<double> number(at(graph.n_nodes), 0);
  for (std::size_t e = 0; e < graph.from.size(); ++e) {
    const auto label =
        graph.label.row(static_cast<Eigen::Index>(e)).cast<double>();
    for (const auto node : {graph.from[e], graph.to[e]}) {
      sum.row(node) += label;
      number[at(node)] += graph.labelled[e];
    }
  }
  const double share = is_sum ? 1.0 : 0.5;
  Matrix out(pairs.size(), n_channels);
  for (Eigen::Index i = 0; i < out.rows(); ++i) {
    const auto a = pairs.a[at(i)], b = pairs.b[at(i)];
    const auto own = graph.find(a, b);
    for (Eigen::Index c = 0; c < n_channels; ++c) {
      double both = 0;  // the same bits for (a, b) and (b, a)
      for (const auto node : {a, b}) {
        const double label = own < 0 ? 0.0 : graph.label(own, c);
        const double labelled = own < 0 ? 0.0 : graph.labelled[at(own)];
        both +=
            (sum(node, c) - label) / (number[at(node)] - labelled + kShrink);
      }
      out(i, c) = static_cast<float>(graph.mean[at(c)] + share * both);
    }
  }
  return out;
}

CommonNeighbours common_neighbours(const LabelGraph& graph,
                                   const EdgeMask& mask,
                                   const std::vector<std::int32_t>& a,
                                   const std::vector<std::int32_t>& b,
                                   bool wanted) {
  const auto n_channels = graph.n_channels();
  CommonNeighbours out;
  out.profile =
      Matrix::Zero(static_cast<Eigen::Index>(a.size()), 2 * n_channels + 1);
  if (!wanted) return out;
  for (std::size_t i = 0; i < a.size(); ++i) {
    auto row = out.profile.row(static_cast<Eigen::Index>(i));
    double count = 0, both = 0;
    auto k = graph.offset[at(a[i])], l = graph.offset[at(b[i])];
    const auto k_end = graph.offset[at(a[i]) + 1];
    const auto l_end = graph.offset[at(b[i]) + 1];
    while (k < k_end && l < l_end) {
      const auto u = graph.neighbour[at(k)], v = graph.neighbour[at(l)];
      if (u != v) {
        u < v ? ++k : ++l;
        continue;
      }
      const auto e = graph.edge[at(k++)], f = graph.edge[at(l++)];
      if (links_of(graph, mask, at(e)) != 0 &&
          links_of(graph, mask, at(f)) != 0) {
        out.pair.push_back(static_cast<std::int64_t>(i));
        out.node.push_back(u);
        ++count;
      }
      if (mask[at(e)] != 0 || mask[at(f)] != 0) continue;
      if (graph.labelled[at(e)] == 0 || graph.labelled[at(f)] == 0) continue;
      const auto x = graph.label.row(e), y = graph.label.row(f);
      row.segment(1, n_channels) += (x + y) / 2;
      row.tail(n_channels) += x.cwiseProduct(y);
      ++both;
    }
    row[0] = static_cast<float>(std::log1p(count));
    if (both > 0) row.tail(2 * n_channels) /= static_cast<float>(both);
  }
  return out;
}

}  // namespace musl
