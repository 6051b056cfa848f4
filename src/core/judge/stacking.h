#pragma once

#include <array>
#include <vector>

#include "base/matrix.h"
#include "judge/calibration.h"

namespace musl {

/// Weights of the fused logit and of each branch's logit in the score of a pair
/// with 0, 1 or 2 unseen genes: what a branch learned about training genes is
/// more informative for pairs that contain some.
struct StackWeights {
  std::array<std::vector<double>, 3> weight;  // each (1 + M): fused, branches
  std::array<double, 3> constant{0, 0, 0};    // added to the sum
};

/// The weights before validation: if both genes are seen, 1 for the fused logit
/// and for branches that are not fused; else also `branch_weight` for each
/// fused branch.
///
/// fused  (M) 1 for a branch that is fused, else 0
[[nodiscard]] StackWeights default_weights(const std::vector<float>& fused,
                                           double branch_weight);

/// Non-negative logistic regression of the labels on the logits, each scaled to
/// unit variance, for each number of unseen genes, shrunk towards `start` by a
/// ridge of `strength`: minimises
/// sum log(1 + exp(-y (c + w . x))) + strength / 2 |w - start|^2.
/// The returned weights are for unscaled logits. Pairs with two unseen genes
/// are few, and the choice of held-out genes determines how a branch performs
/// on them: a strong ridge stays near an average of all branches.
///
/// logits  (n, 1 + M) fused, branches; 0 where the pair lacks one
/// `start` is of scaled logits, its constants are not used. A class without
/// both labels keeps its start and gets the constant 0; that of two unseen
/// genes starts half way to the result for one. Source: stacking, Wolpert
/// (1992), Neural Networks 5:241; non-negative as in Breiman (1996), Machine
/// Learning 24:49.
[[nodiscard]] StackWeights fit_stack(const Matrix& logits,
                                     const std::vector<float>& label,
                                     const std::vector<int>& n_unseen,
                                     const StackWeights& start,
                                     double strength);

/// Puts the scores of 0, 1 and 2 unseen genes on one scale, so that pairs of
/// different classes can be ranked together: maps each class's score by its
/// line of `lines` to log-odds at equal shares of SL and non-SL. Because of the
/// ridge, sums of more branches are larger.
void put_on_one_scale(const Calibration& lines, StackWeights* weights);

/// Equivalent in strength to four times as many undecided pairs.
inline constexpr double kStackStrength = 100.0;

}  // namespace musl
