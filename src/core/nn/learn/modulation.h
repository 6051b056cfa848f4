#pragma once

#include <vector>

#include "nn/learn/chunk_output.h"
#include "nn/learn/target_source.h"

namespace musl::nn {

/// What on-the-fly gradient modulation goes by, of one chunk: for each branch
/// the sum of the chances that its own logit gives to the true labels, then for
/// each the number of labelled pairs that have it.
///
/// branches  of "branches": logit and present, (B, M)
/// label     0 or 1 a pair
/// returns   (2 M)
[[nodiscard]] Tensor modulation_tally(const Heard& branches,
                                      const Target& label);

/// What the gradients of each of the M encoders are multiplied by: with rho the
/// mean chance of its branch over the mean of the others', 1 - tanh(alpha rho)
/// where rho is above 1, else 1; 1 for a branch that no pair had.
///
/// tally  (2 M) sums of the above over a batch
/// Source: Peng et al. 2022, CVPR, arXiv 2203.15332, equations 9 to 11, without
/// its noise, for any number of branches, and by logits of heads of their own.
[[nodiscard]] std::vector<double> modulation_factors(
    const std::vector<double>& tally, double alpha);

}  // namespace musl::nn
