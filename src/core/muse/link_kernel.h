#pragma once

#include <Eigen/Core>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "base/matrix.h"
#include "muse/interactions.h"
#include "muse/label_graph.h"
#include "muse/node_set.h"

namespace musl {

/// Whether known edges tell of labels: those of several, not of affinities.
[[nodiscard]] bool has_links(const InteractionConfig& config);

/// (N, N) how alike the features of nodes are, 0 to 1: the radial kernel of
/// node_distances(), 0 between types. Empty if a type has more than
/// kMostKernelNodes.
[[nodiscard]] Matrix alike_features(const std::vector<NodeSet>& nodes,
                                    int threads);

/// Tells labels of a pair from those of edges between nodes with the same
/// links: ridge regression of the labels with the kernel of two pairs
///   s(a, c) s(b, d) + s(a, d) s(b, c)
///     + kOneNode (s(a, c) + s(a, d) + s(b, c) + s(b, d)),
/// where s is the cosine of two nodes' neighbourhoods, themselves included, and
/// kOfFeatures of it alike_features(). The links of all pairs are known, the
/// labels of some. Source of the kernel of pairs: Ben-Hur and Noble (2005),
/// Bioinformatics 21:i38.
struct LinkKernel {
  Matrix weight;           // (n, C) of the edges that it learned from
  std::vector<float> own;  // (n) weight / own is an edge's error without itself
};
inline constexpr float kOneNode = 0.1f;
inline constexpr float kOfFeatures = 0.2f;
/// Of more labelled edges, as many are learned from, evenly spread.
inline constexpr std::size_t kMostLinkEdges = 10000;

/// The labelled edges that a LinkKernel learns from, ascending.
[[nodiscard]] std::vector<std::int32_t> learned_edges(const LabelGraph& graph);

/// (n, C) expected labels of pairs, .01 to .99; of a pair that was learned
/// from, as if its own label were unknown. The bits do not depend on the
/// threads.
[[nodiscard]] Matrix score_links(const LinkKernel& kernel,
                                 const LabelGraph& graph, const Matrix& alike,
                                 const LabelledPairs& pairs, int threads);

/// Learns a LinkKernel. Keeps (n, n) values, so that the labels of any edges
/// can be left out afterwards.
class LinkRegression {
 public:
  /// graph, alike  must outlive this. CancelledError if `go_on` returns false.
  LinkRegression(const LabelGraph& graph, const Matrix& alike, int threads,
                 const std::function<bool()>& go_on);

  [[nodiscard]] const LinkKernel& kernel() const { return kernel_; }

  /// (n, C) score_links() of labelled edges, all of whose labels are unknown.
  [[nodiscard]] Matrix without(const LabelledPairs& pairs) const;

 private:
  const LabelGraph& graph_;
  const Matrix& alike_;
  int threads_;
  std::vector<std::int32_t> edges_;  // learned from
  Eigen::MatrixXf root_;             // (n, n) lower; root' root is the inverse
  LinkKernel kernel_;
};

}  // namespace musl
