#pragma once

#include "nn/base/tensor.h"

namespace musl::nn {

/// Can pooled_stage() take this? On the CPU in single precision, with an even
/// side and channels out in multiples of 16; where a gradient of the maps is
/// asked for, with channels in such multiples, too.
[[nodiscard]] bool has_pooled_stage(const Tensor& maps, const Tensor& weight);

/// 3x3 convolution with zeros around, ReLU and 2x2 mean as one operation:
/// winograd_stage() where it can, else map_stage(). Differentiable (once) with
/// gradients of its own; ReLU's at zero is zero.
///
/// maps (B, C, K, K), weight (W, C, 3, 3), bias (W) -> (B, W, K / 2, K / 2),
/// channels last. The same bits on every processor, gradients as well.
[[nodiscard]] Tensor pooled_stage(const Tensor& maps, const Tensor& weight,
                                  const Tensor& bias);

}  // namespace musl::nn
