#pragma once

#include <Eigen/Core>
#include <array>
#include <cstdint>
#include <functional>
#include <vector>

#include "musl/interactions.h"
#include "musl/kernel_ridge.h"

namespace musl {

/// The most nodes of a type: a kernel over them is held as a whole.
inline constexpr std::int64_t kMostKernelNodes = 5000;

/// Are there kernels to learn affinities with: two types of two to
/// kMostKernelNodes nodes each?
[[nodiscard]] bool has_kernels(const InteractionConfig& config,
                               const InteractionData& data);

/// Affinities of all pairs of two types by ridge regression with the product of
/// a kernel over the first nodes and one over the second.
///
/// What is known less the nodes' shrunk means is learned, the means are added
/// again. A kernel sums what nodes are (node_distances()) and, from the second
/// round on, their rows of affinities, where unknown ones are those that the
/// round before predicted. A node without any known affinity is compared by
/// what it is alone, in learning too.
/// Source: KronRLS, see kernel_ridge(); van Laarhoven et al. (2011),
/// Bioinformatics 27:3036 (kernels over rows). Filling by rounds is ours.
class KernelScale {
 public:
  /// (R, R) and (C, C) distances of the nodes of each type
  KernelScale(const Eigen::MatrixXd& first, const Eigen::MatrixXd& second,
              int threads, std::function<bool()> tick);

  /// (R, C) of each round, the first of what nodes are alone.
  [[nodiscard]] std::vector<Matrix> rounds(const GridValues& known,
                                           double ridge, int n) const;

 private:
  std::array<Eigen::MatrixXd, 2> own_;  // kernels of what nodes are
  int threads_;
  std::function<bool()> tick_;
};

struct KernelFit {
  Matrix validation;  // (n, 1) learned of the training pairs alone
  Matrix score;       // (R, C) learned of training and validation pairs
  double ridge = 0;
  int rounds = 0;
};

/// Ridge and rounds are those with the least squared error on the validation
/// pairs. The same bits for any number of threads; CancelledError when `tick`
/// returns false.
[[nodiscard]] KernelFit fit_kernels(const std::vector<NodeSet>& nodes,
                                    const LabelledPairs& training,
                                    const LabelledPairs& validation,
                                    int threads,
                                    const std::function<bool()>& tick);

/// (n, 1) scores of pairs.
[[nodiscard]] Matrix kernel_scores(const Matrix& score,
                                   const LabelledPairs& pairs);

}  // namespace musl
