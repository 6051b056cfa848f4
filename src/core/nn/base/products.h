#pragma once

#include <vector>

#include "musl/csr_graph.h"
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

/// A symmetric sparse (G, G) matrix as tensors on one device.
struct SymmetricMatrix {
  Tensor offset;  // (G + 1) int64
  Tensor column;  // (nnz) int64
  Tensor value;   // (nnz) float
};

/// The normalised graph (with its diagonal) on `device`.
[[nodiscard]] SymmetricMatrix to_symmetric(const CsrGraph& normalised,
                                           const torch::Device& device);

/// matrix * x, (G, F); differentiable with respect to x (the gradient is the
/// same product, since the matrix is symmetric). On the CPU rows run in
/// parallel, with the same bits for any number of threads.
[[nodiscard]] Tensor sparse_product(const SymmetricMatrix& matrix,
                                    const Tensor& x, int threads);

/// Projections of unit length, side by side: of each x[i] (R, F_i) the rows
/// y / sqrt(|y|^2 + 1e-6) of y = x[i] weight[i]^T, weight[i] (W, F_i).
///
/// Returns (R, n W), differentiable once with respect to x and weight.
/// A row of zeros remains zero.
[[nodiscard]] Tensor unit_projections(const std::vector<Tensor>& x,
                                      const std::vector<Tensor>& weight);

}  // namespace musl::nn
