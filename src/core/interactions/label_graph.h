#pragma once

#include <cstdint>
#include <vector>

#include "musl/interactions.h"
#include "musl/matrix.h"

namespace musl {

/// Edges between nodes, with what is known of their labels.
///
/// An edge is a *link* where messages pass along it (of the given network; else
/// a training pair with a positive label or any affinity), and *labelled* where
/// it is a training pair.
struct LabelGraph {
  std::int64_t n_nodes = 0;
  std::vector<std::int64_t> offset;          // (N + 1)
  std::vector<std::int32_t> neighbour;       // (2 E), ascending in each row
  std::vector<std::int32_t> edge;            // (2 E), the edge of each entry
  std::vector<std::int32_t> from, to;        // (E), from < to
  std::vector<std::uint8_t> link, labelled;  // (E)
  /// (E, C) labels less their mean over the training pairs; 0 where there are
  /// none.
  Matrix label;
  std::vector<float> mean;  // (C)

  [[nodiscard]] std::int64_t n_edges() const {
    return static_cast<std::int64_t>(from.size());
  }
  [[nodiscard]] std::int64_t n_channels() const { return label.cols(); }
  /// -1 where there is none.
  [[nodiscard]] std::int32_t find(std::int32_t a, std::int32_t b) const;
  /// Has the node a labelled edge?
  [[nodiscard]] std::vector<std::uint8_t> seen() const;
};

/// The graph of the training pairs and, where there is one, of the network,
/// without the validation and held-out pairs.
[[nodiscard]] LabelGraph make_label_graph(const InteractionConfig& config,
                                          const InteractionData& data);

/// The same from its edges alone.
///
/// from, to  (E), each edge once
[[nodiscard]] LabelGraph graph_of_edges(std::int64_t n_nodes,
                                        std::vector<std::int32_t> from,
                                        std::vector<std::int32_t> to,
                                        std::vector<std::uint8_t> link,
                                        std::vector<std::uint8_t> labelled,
                                        Matrix label, std::vector<float> mean);

/// Edges that must not be seen, 1 each.
using EdgeMask = std::vector<std::uint8_t>;

/// Hides the edges of these pairs, where there are any, and all edges of the
/// nodes for which `hidden` is 1 (empty: of none).
[[nodiscard]] EdgeMask mask_pairs(const LabelGraph& graph,
                                  const std::vector<std::int32_t>& a,
                                  const std::vector<std::int32_t>& b,
                                  const std::vector<std::uint8_t>& hidden = {});

/// What message passing reads under a mask.
struct GraphMessages {
  /// (1 + C, 2 E): of links, and of labels (centred) of labelled edges, each
  /// over the root of the product of the ends' numbers of such edges, plus 1.
  Matrix weight;
  /// (N, C + 2): mean of the labels (centred, as if kShrink pairs more had the
  /// mean label), log1p of the labelled edges and of the links.
  Matrix node;
};
inline constexpr double kShrink = 3.0;

[[nodiscard]] GraphMessages graph_messages(const LabelGraph& graph,
                                           const EdgeMask& mask);

/// What pairs have in common under a mask.
struct CommonNeighbours {
  std::vector<std::int64_t> pair, node;  // ascending by pair, then node
  /// (B, 2 C + 1): log1p of their number; over those with labels on both edges
  /// the mean label (centred) and the mean product of the two (centred) labels.
  Matrix profile;
};

/// Without `wanted` the profile is 0 and there are none.
[[nodiscard]] CommonNeighbours common_neighbours(
    const LabelGraph& graph, const EdgeMask& mask,
    const std::vector<std::int32_t>& a, const std::vector<std::int32_t>& b,
    bool wanted);

/// (n, C) what the labelled edges of both nodes say of each pair, without the
/// edges of all pairs: the mean label and the mean (is_sum: the sum) of both
/// nodes' differences from it, as in GraphMessages.
[[nodiscard]] Matrix node_means(const LabelGraph& graph,
                                const LabelledPairs& pairs, bool is_sum);

}  // namespace musl
