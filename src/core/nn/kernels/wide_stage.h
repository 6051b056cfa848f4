#pragma once

#include "nn/kernels/stage_tensors.h"

namespace musl::nn {

/// Whether wide_stage() can compute this: like has_winograd_stage(), with a
/// side that is a multiple of 4.
[[nodiscard]] bool has_wide_stage(const Tensor& maps, const Tensor& weight);

/// winograd_stage() by tiles of four cells: 36 products replace the 144 of 4x4
/// pixels, where it takes 64.
///
/// maps (B, C, K, K), weight (W, C, 3, 3), bias (W) -> (B, W, K / 2, K / 2),
/// channels last. The same bits on every processor; within 1e-5 of the plain
/// sums where maps and weights are of order 1. `silent` as in map_stage(), for
/// winograd_gradients(). Source: Lavin and Gray (2016), arXiv 1509.09308,
/// F(4x4, 3x3).
[[nodiscard]] Tensor wide_stage(const Tensor& maps, const Tensor& weight,
                                const Tensor& bias, Tensor* silent = nullptr);

}  // namespace musl::nn
