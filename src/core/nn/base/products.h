#pragma once

#include "nn/base/tensor.h"

namespace musl::nn {

/// a (m, k) times b (k, n), without a gradient.
///
/// On a processor with AVX-512, products in single precision are oneDNN's, if
/// LibTorch loaded it as a library: OpenBLAS takes kernels for AVX2 on
/// processors that it does not know, or that OPENBLAS_CORETYPE hides from it.
/// All others are LibTorch's.
[[nodiscard]] Tensor product(const Tensor& a, const Tensor& b);

/// x (..., in) weight^T + bias, weight (out, in), bias (out) or undefined:
/// torch::linear() by product(), differentiable once.
[[nodiscard]] Tensor affine(const Tensor& x, const Tensor& weight,
                            const Tensor& bias);

/// Whether product() finds oneDNN and a processor for it.
[[nodiscard]] bool has_fast_products();

}  // namespace musl::nn
