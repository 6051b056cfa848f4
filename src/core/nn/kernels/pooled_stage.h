#pragma once

#include "nn/base/tensor.h"

namespace musl::nn {

/// Whether pooled_stage() can compute this: on the CPU in single precision,
/// with an even side and output channels in multiples of 16; if a gradient of
/// the maps is required, also input channels in multiples of 16.
[[nodiscard]] bool has_pooled_stage(const Tensor& maps, const Tensor& weight);

/// 3x3 convolution with zero padding, ReLU and 2x2 mean as one operation:
/// wide_stage() or winograd_stage() if they apply, else map_stage().
/// Differentiable once; the gradient of ReLU at zero is zero.
///
/// maps (B, C, K, K), weight (W, C, 3, 3), bias (W) -> (B, W, K / 2, K / 2),
/// channels last. The same bits on every processor, also for gradients.
[[nodiscard]] Tensor pooled_stage(const Tensor& maps, const Tensor& weight,
                                  const Tensor& bias);

}  // namespace musl::nn
