#pragma once

#include "nn/base/tensor.h"
#include "nn/kernels/edge_attention.h"

namespace musl::nn {

/// attend_edges() of nn/kernels/edge_attention.h on any device, differentiable
/// with respect to rows: (N, sizes.nodes_out()).
///
/// rows (N, sizes.nodes_in()), edges (E, f), offset (N + 1), neighbour (E). On
/// the CPU by our own kernel, elsewhere by attend_padded().
[[nodiscard]] Tensor edge_attention(const EdgeHeads& sizes, const Tensor& rows,
                                    const Tensor& edges, const Tensor& offset,
                                    const Tensor& neighbour);

/// The same of LibTorch's own functions, over as many places for each node as
/// the one with the most edges has.
[[nodiscard]] Tensor attend_padded(const EdgeHeads& sizes, const Tensor& rows,
                                   const Tensor& edges, const Tensor& offset,
                                   const Tensor& neighbour);

}  // namespace musl::nn
