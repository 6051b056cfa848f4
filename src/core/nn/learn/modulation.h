#pragma once

#include <vector>

#include "nn/learn/chunk_output.h"
#include "nn/learn/target_source.h"

namespace musl::nn {

/// Statistics of one chunk for on-the-fly gradient modulation: for each branch
/// the sum of the probabilities that its logit gives to the true labels, then
/// for each branch the number of labelled pairs that have it.
///
/// branches  of "branches": logit and present, (B, M)
/// label     0 or 1 for each pair
/// returns   (2 M)
[[nodiscard]] Tensor modulation_tally(const Heard& branches,
                                      const Target& label);

/// Factors for the gradients of each of the M encoders: with rho the mean
/// probability of its branch over the mean of the others', 1 - tanh(alpha rho)
/// if rho > 1, else 1; 1 for a branch without pairs.
///
/// tally  (2 M) sums of the above over a batch
/// Source: Peng et al. 2022, CVPR, arXiv 2203.15332, equations 9 to 11, without
/// its noise, for any number of branches, and with logits of separate heads.
[[nodiscard]] std::vector<double> modulation_factors(
    const std::vector<double>& tally, double alpha);

}  // namespace musl::nn
