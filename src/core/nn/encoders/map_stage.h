#pragma once

#include "nn/tensor.h"

namespace musl::nn {

/// Can map_stage() take this? Where gradients are asked for, on another device
/// or type, with an odd side or channels out that are no multiple of 16: no.
[[nodiscard]] bool has_map_stage(const Tensor& maps, const Tensor& weight);

/// 3x3 convolution with zeros around, ReLU and 2x2 mean in one pass, so that
/// the wide maps between them are never written. For few channels.
///
/// maps (B, C, K, K), weight (W, C, 3, 3), bias (W) -> (B, W, K / 2, K / 2),
/// channels last. The same bits on every processor.
[[nodiscard]] Tensor map_stage(const Tensor& maps, const Tensor& weight,
                               const Tensor& bias);

}  // namespace musl::nn
