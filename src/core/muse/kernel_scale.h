#pragma once

#include <Eigen/Core>
#include <array>
#include <cstdint>
#include <functional>
#include <vector>

#include "judge/kernel_ridge.h"
#include "muse/interactions.h"
#include "muse/label_graph.h"

namespace musl {

/// (N, N) distances between nodes of a type by their structure or features.
///
/// Features: squared distances. Sequences, with or without coordinates: squared
/// distances of the shares of amino acids and of triads of their classes, each
/// column of unit variance. Molecules: 1 less the Tanimoto coefficient of the
/// counts of atom environments up to two bonds away.
///
/// Source: Shen et al. (2007), PNAS 104:4337 (triads); Rogers and Hahn (2010),
/// J Chem Inf Model 50:742 (atom environments; here of the atom's bonds, with
/// counts).
[[nodiscard]] Eigen::MatrixXd node_distances(const NodeSet& nodes, int threads);

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

/// Largest number of nodes of a type: a kernel over them is stored in full.
inline constexpr std::int64_t kMostKernelNodes = 5000;
/// Largest number of products in a step of learning labels, n m (n + m) for n
/// and m nodes: that of one type of 1,000.
inline constexpr double kMostKernelProducts = 2e9;

/// Whether kernels can learn the affinities of two types or, within
/// kMostKernelProducts, the binary labels of one or two: types of two to
/// kMostKernelNodes nodes.
[[nodiscard]] bool has_kernels(const InteractionConfig& config,
                               const InteractionData& data);

/// Affinities of all pairs of two types by ridge regression with the product of
/// a kernel over the first nodes and one over the second.
///
/// Nodes of one type are both: the grid must then hold each pair in both
/// orders.
///
/// Learns known affinities less the nodes' shrunk means and adds the means
/// back. A kernel sums the similarity of the nodes (node_distances()) and, from
/// the second round on, of their rows of affinities, with unknown ones as
/// predicted in the previous round. A node without known affinities is compared
/// only by node_distances(), also in training. Source: KronRLS, see
/// kernel_ridge(); van Laarhoven et al. (2011), Bioinformatics 27:3036 (kernels
/// over rows). Filling by rounds is specific to this package.
class KernelScale {
 public:
  /// (R, R) and (C, C) distances of the nodes of each type
  KernelScale(const Eigen::MatrixXd& first, const Eigen::MatrixXd& second,
              int threads, std::function<bool()> tick);

  /// (R, C) of each round; the first uses only the nodes' distances.
  [[nodiscard]] std::vector<Matrix> rounds(const GridValues& known,
                                           double ridge, int n) const;

 private:
  std::array<Eigen::MatrixXd, 2> own_;  // kernels of the nodes' distances
  int threads_;
  std::function<bool()> tick_;
};

struct KernelFit {
  Matrix validation;  // (n, 1) learned from the training pairs alone
  Matrix score;       // (R, C) learned from training and validation pairs
  double ridge = 0;
  int rounds = 0;
};

/// Chooses ridge and rounds with the least squared error on the validation
/// pairs. Labels are standardised to learn them; a line through the validation
/// part (Platt scaling) turns the results into log-odds.
///
/// nodes      of one or two types
/// is_binary  labels, else affinities with mean 0 and sd 1
/// The bits do not depend on the threads; CancelledError if `tick` returns
/// false.
[[nodiscard]] KernelFit fit_kernels(const std::vector<NodeSet>& nodes,
                                    const LabelledPairs& training,
                                    const LabelledPairs& validation,
                                    bool is_binary, int threads,
                                    const std::function<bool()>& tick);

/// (n, 1) scores of pairs; score (R, C) of KernelFit.
[[nodiscard]] Matrix kernel_scores(const Matrix& score,
                                   const LabelledPairs& pairs);

}  // namespace musl
