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

/// Weights of fused, structure, network, kernels and node means in the score of
/// a pair with 0, 1 or 2 unseen nodes, the same for all labels, learned on
/// validation pairs: fit_stack() for labels; non-negative least squares, shrunk
/// towards `start` by a ridge of kFusionStrength pairs, for affinities.
///
/// is_joint  whether the start is the fused score alone; else the sum of the
///           scales' log-odds, or the mean of their affinities. Log-odds of a
///           binary label are those of a line through the validation part
///           (Platt scaling), since networks that learned few pairs are too
///           sure. Several labels have no constant. Node means start at 0.
[[nodiscard]] StackWeights fit_fusion(const std::string& task, bool is_joint,
                                      const ScaleScores& scores,
                                      const Matrix& label,
                                      const std::vector<int>& n_unseen);
inline constexpr double kFusionStrength = 20.0;

/// (n, C) the weighted sums.
[[nodiscard]] Matrix fuse(const StackWeights& weights,
                          const ScaleScores& scores,
                          const std::vector<int>& n_unseen);

}  // namespace musl
