#pragma once

#include <vector>

#include "nn/base/tensor.h"

namespace musl::nn {

/// Projections of unit length, side by side: of each x[i] (R, F_i) the rows
/// y / sqrt(|y|^2 + 1e-6) of y = x[i] weight[i]^T, weight[i] (W, F_i).
///
/// Returns (R, n W), differentiable once with respect to x and weight.
/// A row of zeros remains zero.
[[nodiscard]] Tensor unit_projections(const std::vector<Tensor>& x,
                                      const std::vector<Tensor>& weight);

}  // namespace musl::nn
