#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "nn/base/layers.h"
#include "nn/base/tensor.h"

namespace musl::nn {

// What networks do to rows between matrix products, each in one pass over
// memory where LibTorch takes several: for scoring pairs, without gradients.
// Sums are taken in one order whatever the processor; they round other than
// LibTorch's.

/// Whether these steps can stand in for LibTorch's: no gradient is recorded,
/// and x is in single precision on the CPU.
[[nodiscard]] bool has_row_steps(const Tensor& x);

/// ReLU(x W' + b), where has_row_steps(x). x (B, in) -> (B, out)
[[nodiscard]] Tensor affine_relu(const Tensor& x, const Linear& linear);

/// LayerNorm(x W' + b), then ReLU if asked, where has_row_steps(x).
/// x (B, in) -> (B, out)
[[nodiscard]] Tensor affine_normalised(const Tensor& x, const Linear& linear,
                                       const LayerNorm& norm, bool relu);

/// x (B, width) becomes LayerNorm(x + b), b (width) or undefined; then ReLU if
/// asked. x must be contiguous, where has_row_steps(x).
void normalise_rows(const Tensor& b, const LayerNorm& norm, bool relu,
                    const Tensor& x);

/// ReLU(LayerNorm(x)) W' + b for one output, where has_row_steps(x).
/// x (B, width) -> (B)
[[nodiscard]] Tensor normalised_score(const Tensor& x, const LayerNorm& norm,
                                      const Linear& score);

/// Sum, distance and product of the normalised rows of two tensors, each row
/// times its number in `shown` (B, 2) if that is defined, where
/// has_row_steps(a). a, b (B, width) -> (B, 3 width)
[[nodiscard]] Tensor normalised_pairs(const Tensor& a, const Tensor& b,
                                      const LayerNorm& norm,
                                      const Tensor& shown);

}  // namespace musl::nn
