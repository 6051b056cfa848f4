#pragma once

#include "nn/kernels/stage_tensors.h"

namespace musl::nn {

/// Whether winograd_stage() can compute this: like has_map_stage(), with input
/// and output channels in multiples of 16.
[[nodiscard]] bool has_winograd_stage(const Tensor& maps, const Tensor& weight);

/// map_stage() for many channels: 16 products replace the 36 of a 2x2 tile,
/// which is a cell of the mean.
///
/// maps (B, C, K, K), weight (W, C, 3, 3), bias (W) -> (B, W, K / 2, K / 2),
/// channels last. The same bits on every processor; within 1e-5 of the plain
/// sums where maps and weights are of order 1. `silent` as in map_stage().
/// Source: Lavin and Gray (2016), arXiv 1509.09308, F(2x2, 3x3).
[[nodiscard]] Tensor winograd_stage(const Tensor& maps, const Tensor& weight,
                                    const Tensor& bias,
                                    Tensor* silent = nullptr);

/// Gradients of winograd_stage(), that of the maps only if `of_maps`. With M
/// the products of the kernels U and the patches V at a frequency, dU = V^T dM
/// and dV = dM U^T, at the cost of one forward product each.
///
/// upstream (B, W, K / 2, K / 2) -> maps (B, C, K, K) channels last, weight
/// (W, C, 3, 3), bias (W). The same bits on every processor.
[[nodiscard]] StageGradients winograd_gradients(const Tensor& maps,
                                                const Tensor& weight,
                                                const Tensor& silent,
                                                const Tensor& upstream,
                                                bool of_maps);

}  // namespace musl::nn
