#pragma once

#include "nn/base/tensor.h"

namespace musl::nn {

/// Sum over hits i (scalar) of the hit's weight times the mean of log(1 +
/// exp(s_j - s_i)) over the non-hits j of its group. A hit without non-hits in
/// its group adds 0.
///
/// logit, label (0/1), weight (B) float; group (B) int64
[[nodiscard]] Tensor rank_loss(const Tensor& logit, const Tensor& label,
                               const Tensor& weight, const Tensor& group);

}  // namespace musl::nn
