#pragma once

#include <string>
#include <vector>

#include "musl/interactions.h"
#include "musl/stacking.h"

namespace musl {

/// Scores of the scales of a network.
///
/// fused is 0 if no network fused the two scales; kernels and node_mean are
/// empty if there are none.
struct ScaleScores {
  Matrix fused, structure, network;  // (n, C)
  Matrix kernels = {};               // (n, 1)
  Matrix node_mean = {};             // (n, C) mean_evidence() of node_means()
};

/// (n, C) log-odds of mean labels less those of all pairs' mean (C), which says
/// nothing of the nodes; labels are kept 1e-4 away from 0 and 1.
[[nodiscard]] Matrix mean_evidence(const Matrix& label,
                                   const std::vector<float>& mean);

/// How scales are added up.
struct ScaleFusion {
  /// Of fused, structure, network, kernels and node means, for a pair with 0, 1
  /// or 2 unseen nodes; the same for all labels.
  StackWeights weights;
  /// (C) added to the log-odds of each of several labels; empty: nothing.
  std::vector<double> level = {};
};

/// Learned on validation pairs: fit_stack() for labels; non-negative least
/// squares, shrunk towards `start` by a ridge of kFusionStrength pairs, for
/// affinities. Several labels have no constants but levels, kLevelShare of what
/// brings each label's probabilities to its share of the validation pairs.
///
/// is_joint  whether the start is the fused score alone; else the sum of the
///           scales' log-odds, or the mean of their affinities. Log-odds of a
///           binary label are those of a line through the validation part
///           (Platt scaling), since networks that learned few pairs are too
///           sure. Node means start at 0.
[[nodiscard]] ScaleFusion fit_fusion(const std::string& task, bool is_joint,
                                     const ScaleScores& scores,
                                     const Matrix& label,
                                     const std::vector<int>& n_unseen);
inline constexpr double kFusionStrength = 20.0;
inline constexpr double kLevelShare = 0.5;

/// (n, C) the weighted sums and levels.
[[nodiscard]] Matrix fuse(const ScaleFusion& fusion, const ScaleScores& scores,
                          const std::vector<int>& n_unseen);

/// The x to add to `logit` (n, C) of a label c, for which the sum of all
/// probabilities is the number of ones; a ridge of one pair keeps it finite.
[[nodiscard]] std::vector<double> level_shifts(const Matrix& logit,
                                               const Matrix& label);

}  // namespace musl
