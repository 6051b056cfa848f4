#pragma once

#include "nn/base/tensor.h"

namespace musl::nn {

/// For each hit the mean of log(1 + exp(s_j - s_i)) over the non-hits j of its
/// group, times the hit's weight; the sum over hits (scalar). A hit without
/// non-hits beside it adds 0.
///
/// logit, label (0/1), weight (B) float; group (B) int64
[[nodiscard]] Tensor rank_loss(const Tensor& logit, const Tensor& label,
                               const Tensor& weight, const Tensor& group);

}  // namespace musl::nn
