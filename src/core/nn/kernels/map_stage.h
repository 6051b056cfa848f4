#pragma once

#include "nn/kernels/stage_tensors.h"

namespace musl::nn {

/// Whether map_stage() can compute this: not on another device or type, with an
/// odd side or a number of output channels that is not a multiple of 16, nor if
/// a gradient of the maps is required.
[[nodiscard]] bool has_map_stage(const Tensor& maps, const Tensor& weight);

/// 3x3 convolution with zero padding, ReLU and 2x2 mean in one pass, so that
/// the wide intermediate maps are never written. For few channels.
///
/// maps (B, C, K, K), weight (W, C, 3, 3), bias (W) -> (B, W, K / 2, K / 2),
/// channels last. The same bits on every processor. `silent`, if given,
/// receives what the gradients need in addition: which pixels ReLU zeroed.
[[nodiscard]] Tensor map_stage(const Tensor& maps, const Tensor& weight,
                               const Tensor& bias, Tensor* silent = nullptr);

/// Gradients of map_stage() with respect to weight (W, C, 3, 3) and bias (W),
/// also without the wide maps.
///
/// upstream (B, W, K / 2, K / 2). The same bits on every processor.
[[nodiscard]] StageGradients map_gradients(const Tensor& maps,
                                           const Tensor& weight,
                                           const Tensor& silent,
                                           const Tensor& upstream);

}  // namespace musl::nn
