#pragma once

#include <cstdint>

#include "nn/base/tensor.h"

namespace musl::nn {

/// Sizes of attention over the edges of a sparse graph: H heads, each of d
/// columns of the nodes and f of the edges. d and f are multiples of 8.
///
/// A node's row holds query, key, value (H d each) and a query for edges (H f),
/// question below; a row of the result holds values (H d) and edges (H f).
struct EdgeHeads {
  std::int64_t heads, node, edge;

  [[nodiscard]] std::int64_t nodes_in() const {
    return heads * (3 * node + edge);
  }
  [[nodiscard]] std::int64_t nodes_out() const { return heads * (node + edge); }
};

/// Attention over the edges of each node, (N, nodes_out()):
///   weight[e, h] = softmax over e of (query_i . key_j + question_i . edge_e)
///                  / sqrt(d)
///   values[i, h] = sum of weight[e, h] value_j, edges[i, h] of weight edge_e
/// rows (N, nodes_in()) and edges (E, f) are of one floating type; edge e of
/// node i, offset[i] <= e < offset[i + 1], leads to neighbour[e]. A node
/// without edges has zeros. Differentiable with respect to rows.
///
/// On the CPU by this package's kernel, on one thread in a fixed order: the
/// same bits on every machine; elsewhere by attend_padded().
[[nodiscard]] Tensor edge_attention(const EdgeHeads& sizes, const Tensor& rows,
                                    const Tensor& edges, const Tensor& offset,
                                    const Tensor& neighbour);

/// The same with LibTorch's functions, padding each node to the largest number
/// of edges of any node.
[[nodiscard]] Tensor attend_padded(const EdgeHeads& sizes, const Tensor& rows,
                                   const Tensor& edges, const Tensor& offset,
                                   const Tensor& neighbour);

}  // namespace musl::nn
