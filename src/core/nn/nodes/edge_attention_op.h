#pragma once

#include "nn/base/tensor.h"
#include "nn/kernels/edge_attention.h"

namespace musl::nn {

/// attend_edges() of nn/kernels/edge_attention.h on any device, differentiable
/// with respect to rows: (N, sizes.nodes_out()).
///
/// rows (N, sizes.nodes_in()), edges (E, f), offset (N + 1), neighbour (E). On
/// the CPU by this package's kernel, elsewhere by attend_padded().
[[nodiscard]] Tensor edge_attention(const EdgeHeads& sizes, const Tensor& rows,
                                    const Tensor& edges, const Tensor& offset,
                                    const Tensor& neighbour);

/// The same with LibTorch's functions, padding each node to the largest number
/// of edges of any node.
[[nodiscard]] Tensor attend_padded(const EdgeHeads& sizes, const Tensor& rows,
                                   const Tensor& edges, const Tensor& offset,
                                   const Tensor& neighbour);

}  // namespace musl::nn
