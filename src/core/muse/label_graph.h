#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/matrix.h"
#include "muse/interactions.h"

namespace musl {

/// Edges between nodes, with their known labels.
///
/// An edge is a *link* if messages pass along it (an edge of the given network;
/// else a training pair with a positive label or any affinity), and *labelled*
/// if it is a training pair.
struct LabelGraph {
  std::int64_t n_nodes = 0;
  std::vector<std::int64_t> offset;          // (N + 1)
  std::vector<std::int32_t> neighbour;       // (2 E), ascending in each row
  std::vector<std::int32_t> edge;            // (2 E), the edge of each entry
  std::vector<std::int32_t> from, to;        // (E), from < to
  std::vector<std::uint8_t> link, labelled;  // (E)
  /// (E, C) labels less their mean over the training pairs; 0 if unlabelled.
  Matrix label;
  std::vector<float> mean;   // (C)
  bool known_edges = false;  // masked edges lose their labels alone

  [[nodiscard]] std::int64_t n_edges() const {
    return static_cast<std::int64_t>(from.size());
  }
  [[nodiscard]] std::int64_t n_channels() const { return label.cols(); }
  /// The edge between two nodes, -1 if there is none.
  [[nodiscard]] std::int32_t find(std::int32_t a, std::int32_t b) const;
  /// 1 for nodes with a labelled edge.
  [[nodiscard]] std::vector<std::uint8_t> seen() const;
};

/// The graph of the training pairs and, if there is one, of the network,
/// without the validation and held-out pairs; with config.known_edges all of
/// them are links.
[[nodiscard]] LabelGraph make_label_graph(const InteractionConfig& config,
                                          const InteractionData& data);

/// Fills in the neighbours of each node from the ends of the edges, each once.
void add_neighbours(LabelGraph* graph);

/// The same graph with links between the nodes of these pairs.
[[nodiscard]] LabelGraph with_links(LabelGraph graph,
                                    const LabelledPairs& pairs);

/// 1 for each hidden edge.
using EdgeMask = std::vector<std::uint8_t>;

/// Hides any edges of these pairs, and all edges of nodes whose `hidden` is 1
/// (empty: none).
[[nodiscard]] EdgeMask mask_pairs(const LabelGraph& graph,
                                  const std::vector<std::int32_t>& a,
                                  const std::vector<std::int32_t>& b,
                                  const std::vector<std::uint8_t>& hidden = {});

/// Inputs of message passing under a mask.
struct GraphMessages {
  /// (1 + C, 2 E): links, and (centred) labels of labelled edges, each over
  /// sqrt((n_a + 1) (n_b + 1)), n the number of such edges of either end.
  Matrix weight;
  /// (N, C + 2): mean of the labels (centred, as if kShrink pairs more had the
  /// mean label), log1p of the labelled edges and of the links.
  Matrix node;
};
inline constexpr double kShrink = 3.0;

[[nodiscard]] GraphMessages graph_messages(const LabelGraph& graph,
                                           const EdgeMask& mask);

/// Common neighbours of pairs under a mask.
struct CommonNeighbours {
  std::vector<std::int64_t> pair, node;  // ascending by pair, then node
  /// (B, 2 C + 1): log1p of their number; over those with labels on both edges
  /// the mean label (centred) and the mean product of the two (centred) labels.
  Matrix profile;
};

/// If not `wanted`, the profile is 0 and there are no neighbours.
[[nodiscard]] CommonNeighbours common_neighbours(
    const LabelGraph& graph, const EdgeMask& mask,
    const std::vector<std::int32_t>& a, const std::vector<std::int32_t>& b,
    bool wanted);

/// (n, C) baseline of each pair from the labelled edges of both nodes, without
/// the pair's own: the mean label plus the mean (is_sum: the sum) of both
/// nodes' differences from it, as in GraphMessages.
[[nodiscard]] Matrix node_means(const LabelGraph& graph,
                                const LabelledPairs& pairs, bool is_sum);

}  // namespace musl
