#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "muse/label_graph.h"
#include "musl/boosting.h"

namespace musl {

/// Whether known edges tell of labels: those of several, not of affinities.
[[nodiscard]] bool has_context(const InteractionConfig& config);

/// Columns of edge_context() for C labels.
[[nodiscard]] constexpr std::int64_t n_context(std::int64_t n_labels) {
  return 4 * n_labels + 12;
}

/// (n, n_context(C)) what the other edges tell of the labels of `edges`, none
/// of whose labels is read if the mask hides it; (centred) labels are first
/// carried along all links, from edge to edge:
///   C   from the edges of both nodes, step by step
///   C   the same, half of it from the edges that close a triangle with it
///   2 C mean labels of the nodes' neighbours, and of their neighbours
///   12  of both nodes, the smaller first: log1p of their labelled edges, the
///       share of those among their links, log1p of their links, the share of
///       their neighbours that are linked, the mean number of links of these;
///       log1p of the common neighbours and their share of all neighbours
[[nodiscard]] Matrix edge_context(const LabelGraph& graph, const EdgeMask& mask,
                                  const std::vector<std::int32_t>& edges);

/// Trees over edge_context(), one for each label, learned on the labelled
/// edges: walks through them, broad and deep, cut them into parts as a test
/// part is cut, and those of a part are learned with all its labels hidden.
/// CancelledError if `go_on` returns false.
[[nodiscard]] std::vector<BoostedTrees> fit_edge_context(
    const LabelGraph& graph, std::uint64_t seed, int threads,
    const std::function<bool()>& go_on);

/// (n, C) probabilities of pairs, which must be edges. Labels of pairs that
/// have any are hidden with those of a tenth of all labelled edges.
[[nodiscard]] Matrix score_edge_context(const std::vector<BoostedTrees>& trees,
                                        const LabelGraph& graph,
                                        const LabelledPairs& pairs,
                                        int threads);

}  // namespace musl
