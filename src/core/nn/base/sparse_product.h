#pragma once

#include "graph/csr_graph.h"
#include "nn/base/tensor.h"

namespace musl::nn {

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

}  // namespace musl::nn
