#pragma once

#include <Eigen/Core>
#include <vector>

#include "muse/scale_fusion.h"

namespace musl {

// The parts of fit_fusion() that learn from labels.

/// Weights of scores x (n, K) for a binary label.
///
/// fit_stack() from the sum, by `start`, of the columns' log-odds for the kind
/// of pairs that most are of, since the lines are theirs, and from the mean for
/// others.
[[nodiscard]] StackWeights fit_labels(const Matrix& x,
                                      const std::vector<float>& y,
                                      const std::vector<int>& n_unseen,
                                      const std::vector<double>& start,
                                      double usual);

/// Labels of the pairs with a number of unseen nodes, and the scales' scores.
struct LabelSample {
  Eigen::MatrixXd x;                // (n, K)
  Eigen::VectorXd y;                // (n)
  std::vector<Eigen::Index> label;  // (n) the number of each
};

[[nodiscard]] LabelSample sample_of(const Matrix& x, const Matrix& label,
                                    const std::vector<int>& n_unseen,
                                    int unseen);

/// Weights by logistic regression with a level for each label, which is not
/// kept: pairs of a validation part lie together, and how frequent a label is
/// there says nothing of other pairs.
[[nodiscard]] std::vector<double> fit_slopes(const LabelSample& sample,
                                             Eigen::Index n_labels,
                                             const std::vector<double>& start);

/// As fit_fusion() says; profiles or node means alone have a whole vote.
[[nodiscard]] std::vector<double> start_of_labels(const ScaleScores& scores,
                                                  bool is_joint,
                                                  const Matrix& x,
                                                  const std::vector<float>& y);

}  // namespace musl
