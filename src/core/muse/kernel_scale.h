#pragma once

#include <Eigen/Core>
#include <array>
#include <cstdint>
#include <functional>
#include <vector>

#include "judge/kernel_ridge.h"
#include "muse/interactions.h"
#include "muse/node_set.h"

namespace musl {

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
