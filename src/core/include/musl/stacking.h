#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "musl/calibration.h"
#include "musl/matrix.h"

namespace musl {

/// How much the fused logit and each branch's logit count in the score of a
/// pair with 0, 1 or 2 unseen genes: what a branch learned of training genes
/// says more of pairs that have some than of pairs that have none.
struct StackWeights {
  std::array<std::vector<double>, 3> weight;  // each (1 + M): fused, branches
  std::array<double, 3> constant{0, 0, 0};    // added to the sum
};

/// The weights before any validation pair is looked at: the fused logit and the
/// branches that are not fused where both genes are seen, else also
/// `branch_weight` times each fused branch.
///
/// fused  (M) 1 for a branch that is fused, else 0
[[nodiscard]] StackWeights default_weights(const std::vector<float>& fused,
                                           double branch_weight);

/// Non-negative logistic regression of the labels on the logits, each brought
/// to unit variance, one for each number of unseen genes, drawn to `start` by a
/// ridge of `strength`: minimises
/// sum log(1 + exp(-y (c + w . x))) + strength / 2 |w - start|^2.
/// What is returned is for logits as they are. Pairs with two unseen genes are
/// few, and which genes are held out decides how a branch fares on them: a
/// strong ridge keeps a mean of all.
///
/// logits  (n, 1 + M) fused, branches; 0 where the pair lacks one
/// A class without both labels keeps its start; that of two unseen genes starts
/// half way to what was found for one. Throws ShapeError when sizes
/// differ. Source: stacking, Wolpert (1992), Neural Networks 5:241;
/// non-negative as in Breiman (1996), Machine Learning 24:49.
[[nodiscard]] StackWeights fit_stack(const Matrix& logits,
                                     const std::vector<float>& label,
                                     const std::vector<int>& n_unseen,
                                     const StackWeights& start,
                                     double strength);

/// Brings the scores of 0, 1 and 2 unseen genes to one scale, so that pairs of
/// different kinds can be ranked together: each class's score goes through its
/// line of `lines`, to log odds at equal shares of SL and non-SL. The ridge
/// holds the sums of more branches at larger values.
void put_on_one_scale(const Calibration& lines, StackWeights* weights);

/// Draws as hard as four times as many undecided pairs would.
inline constexpr double kStackStrength = 100.0;

}  // namespace musl
