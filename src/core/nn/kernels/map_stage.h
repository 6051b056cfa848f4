#pragma once

#include "nn/kernels/stage_tensors.h"

namespace musl::nn {

/// Can map_stage() take this? On another device or type, with an odd side or
/// channels out that are no multiple of 16: no. Nor where a gradient of the
/// maps is asked for.
[[nodiscard]] bool has_map_stage(const Tensor& maps, const Tensor& weight);

/// 3x3 convolution with zeros around, ReLU and 2x2 mean in one pass, so that
/// the wide maps between them are never written. For few channels.
///
/// maps (B, C, K, K), weight (W, C, 3, 3), bias (W) -> (B, W, K / 2, K / 2),
/// channels last. The same bits on every processor. `silent`, where given,
/// becomes what the gradients need besides: which pixels ReLU silenced.
[[nodiscard]] Tensor map_stage(const Tensor& maps, const Tensor& weight,
                               const Tensor& bias, Tensor* silent = nullptr);

/// Gradients of map_stage() with respect to weight (W, C, 3, 3) and bias (W),
/// likewise without the wide maps.
///
/// upstream (B, W, K / 2, K / 2). The same bits on every processor.
[[nodiscard]] StageGradients map_gradients(const Tensor& maps,
                                           const Tensor& weight,
                                           const Tensor& silent,
                                           const Tensor& upstream);

}  // namespace musl::nn
