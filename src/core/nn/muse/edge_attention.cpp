#include "nn/muse/edge_attention.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/simd.h"

namespace musl::nn {
namespace {

constexpr std::int64_t kLanesAtOnce = 8;

template <typename T>
struct LanesOf;
template <>
struct LanesOf<float> {
  using Type = Floats8;
};
template <>
struct LanesOf<double> {
  using Type = double __attribute__((vector_size(64)));
};

/// Eight parallel sums, added in a fixed order.
template <typename T>
MUSL_INLINE T dot(const T* a, const T* b, std::int64_t size) {
  using Lanes = typename LanesOf<T>::Type;
  Lanes sum{};
  for (std::int64_t i = 0; i < size; i += kLanesAtOnce) {
    Lanes x, y;
    load(a + i, &x);
    load(b + i, &y);
    sum += x * y;
  }
  return ((sum[0] + sum[1]) + (sum[2] + sum[3])) +
         ((sum[4] + sum[5]) + (sum[6] + sum[7]));
}

/// to += scale * from
template <typename T>
MUSL_INLINE void add_scaled(T scale, const T* from, std::int64_t size, T* to) {
  using Lanes = typename LanesOf<T>::Type;
  for (std::int64_t i = 0; i < size; i += kLanesAtOnce) {
    Lanes x, y;
    load(from + i, &x);
    load(to + i, &y);
    y += scale * x;
    std::memcpy(to + i, &y, sizeof(y));
  }
}

template <typename T>
struct Graph {
  const T* rows;
  const T* edges;
  const std::int64_t* offset;
  const std::int64_t* neighbour;
  std::int64_t n_nodes;
};

/// Start of each part of a node's row.
template <typename T>
struct Parts {
  T *query, *key, *value, *question;

  Parts(const EdgeHeads& sizes, T* rows, std::int64_t node) {
    const auto width = sizes.heads * sizes.node;
    query = rows + node * sizes.nodes_in();
    key = query + width;
    value = key + width;
    question = value + width;
  }
};

/// Scores of `n` edges of one head, `stride` apart, to weights that sum to 1.
template <typename T>
MUSL_INLINE void softmax(std::int64_t n, std::int64_t stride, T* score) {
  T highest = score[0];
  for (std::int64_t e = 1; e < n; ++e) {
    highest = std::max(highest, score[e * stride]);
  }
  T sum = 0;
  for (std::int64_t e = 0; e < n; ++e) {
    score[e * stride] = std::exp(score[e * stride] - highest);
    sum += score[e * stride];
  }
  for (std::int64_t e = 0; e < n; ++e) score[e * stride] /= sum;
}

template <typename T>
MUSL_INLINE void attend_node(const EdgeHeads& sizes, const Graph<T>& graph,
                             std::int64_t i, T* weight, T* out) {
  const auto first = graph.offset[i], n = graph.offset[i + 1] - first;
  if (n == 0) return;
  const auto d = sizes.node, f = sizes.edge, heads = sizes.heads;
  const T scale = 1 / std::sqrt(static_cast<T>(d));
  const Parts<const T> own(sizes, graph.rows, i);
  T* const own_weight = weight + first * heads;
  for (std::int64_t e = 0; e < n; ++e) {
    const Parts<const T> other(sizes, graph.rows, graph.neighbour[first + e]);
    const T* edge = graph.edges + (first + e) * f;
    for (std::int64_t h = 0; h < heads; ++h) {
      own_weight[e * heads + h] =
          scale * (dot(own.query + h * d, other.key + h * d, d) +
                   dot(own.question + h * f, edge, f));
    }
  }
  for (std::int64_t h = 0; h < heads; ++h) softmax(n, heads, own_weight + h);
  T* const values = out + i * sizes.nodes_out();
  T* const edges = values + heads * d;
  for (std::int64_t e = 0; e < n; ++e) {
    const Parts<const T> other(sizes, graph.rows, graph.neighbour[first + e]);
    const T* edge = graph.edges + (first + e) * f;
    for (std::int64_t h = 0; h < heads; ++h) {
      const T share = own_weight[e * heads + h];
      add_scaled(share, other.value + h * d, d, values + h * d);
      add_scaled(share, edge, f, edges + h * f);
    }
  }
}

/// Gradients of the scores of node i's edges (n, H) from those of its result.
template <typename T>
MUSL_INLINE void score_gradients(const EdgeHeads& sizes, const Graph<T>& graph,
                                 std::int64_t i, const T* weight,
                                 const T* gradient, T* score) {
  const auto first = graph.offset[i], n = graph.offset[i + 1] - first;
  const auto d = sizes.node, f = sizes.edge, heads = sizes.heads;
  const T scale = 1 / std::sqrt(static_cast<T>(d));
  for (std::int64_t e = 0; e < n; ++e) {
    const Parts<const T> other(sizes, graph.rows, graph.neighbour[first + e]);
    const T* edge = graph.edges + (first + e) * f;
    for (std::int64_t h = 0; h < heads; ++h) {
      score[e * heads + h] = dot(gradient + h * d, other.value + h * d, d) +
                             dot(gradient + heads * d + h * f, edge, f);
    }
  }
  for (std::int64_t h = 0; h < heads; ++h) {
    T mean = 0;
    for (std::int64_t e = h; e < n * heads; e += heads) {
      mean += weight[e] * score[e];
    }
    for (std::int64_t e = h; e < n * heads; e += heads) {
      score[e] = scale * weight[e] * (score[e] - mean);
    }
  }
}

template <typename T>
MUSL_INLINE void attend_node_back(const EdgeHeads& sizes, const Graph<T>& graph,
                                  std::int64_t i, const T* weight,
                                  const T* gradient, T* score, T* out) {
  const auto first = graph.offset[i], n = graph.offset[i + 1] - first;
  const auto d = sizes.node, f = sizes.edge, heads = sizes.heads;
  const T* const own_weight = weight + first * heads;
  const T* const own_gradient = gradient + i * sizes.nodes_out();
  score_gradients(sizes, graph, i, own_weight, own_gradient, score);
  const Parts<const T> own(sizes, graph.rows, i);
  const Parts<T> own_out(sizes, out, i);
  for (std::int64_t e = 0; e < n; ++e) {
    const auto j = graph.neighbour[first + e];
    const Parts<const T> other(sizes, graph.rows, j);
    const Parts<T> other_out(sizes, out, j);
    const T* edge = graph.edges + (first + e) * f;
    for (std::int64_t h = 0; h < heads; ++h) {
      const T change = score[e * heads + h];
      add_scaled(change, other.key + h * d, d, own_out.query + h * d);
      add_scaled(change, own.query + h * d, d, other_out.key + h * d);
      add_scaled(change, edge, f, own_out.question + h * f);
      add_scaled(own_weight[e * heads + h], own_gradient + h * d, d,
                 other_out.value + h * d);
    }
  }
}

template <typename T>
MUSL_INLINE void attend_all(const EdgeHeads& sizes, const Graph<T>& graph,
                            T* weight, T* out) {
  for (std::int64_t i = 0; i < graph.n_nodes; ++i) {
    attend_node(sizes, graph, i, weight, out);
  }
}

template <typename T>
MUSL_INLINE void attend_all_back(const EdgeHeads& sizes, const Graph<T>& graph,
                                 const T* weight, const T* gradient, T* score,
                                 T* out) {
  for (std::int64_t i = 0; i < graph.n_nodes; ++i) {
    attend_node_back(sizes, graph, i, weight, gradient, score, out);
  }
}

template <typename T>
Graph<T> graph_of(const Tensor& rows, const Tensor& edges, const Tensor& offset,
                  const Tensor& neighbour) {
  return {rows.data_ptr<T>(), edges.data_ptr<T>(),
          offset.data_ptr<std::int64_t>(), neighbour.data_ptr<std::int64_t>(),
          rows.size(0)};
}

template <typename T>
void forward(const EdgeHeads& sizes, const Graph<T>& graph, T* weight, T* out) {
  Compiled<attend_all<T>>::with(instruction_sets().back())(sizes, graph, weight,
                                                           out);
}

template <typename T>
void back(const EdgeHeads& sizes, const Graph<T>& graph, const T* weight,
          const T* gradient, T* out) {
  std::int64_t most = 0;
  for (std::int64_t i = 0; i < graph.n_nodes; ++i) {
    most = std::max(most, graph.offset[i + 1] - graph.offset[i]);
  }
  std::vector<T> score(static_cast<std::size_t>(most * sizes.heads));
  Compiled<attend_all_back<T>>::with(instruction_sets().back())(
      sizes, graph, weight, gradient, score.data(), out);
}

}  // namespace

Tensor attend_edges(const EdgeHeads& sizes, const Tensor& rows,
                    const Tensor& edges, const Tensor& offset,
                    const Tensor& neighbour, Tensor* weight) {
  auto out = at::zeros({rows.size(0), sizes.nodes_out()}, rows.options());
  *weight = at::empty({edges.size(0), sizes.heads}, rows.options());
  if (rows.scalar_type() == at::kDouble) {
    forward(sizes, graph_of<double>(rows, edges, offset, neighbour),
            weight->data_ptr<double>(), out.data_ptr<double>());
  } else {
    forward(sizes, graph_of<float>(rows, edges, offset, neighbour),
            weight->data_ptr<float>(), out.data_ptr<float>());
  }
  return out;
}

Tensor attend_edges_back(const EdgeHeads& sizes, const Tensor& rows,
                         const Tensor& edges, const Tensor& offset,
                         const Tensor& neighbour, const Tensor& weight,
                         const Tensor& gradient) {
  auto out = at::zeros({rows.size(0), sizes.nodes_in()}, rows.options());
  if (rows.scalar_type() == at::kDouble) {
    back(sizes, graph_of<double>(rows, edges, offset, neighbour),
         weight.data_ptr<double>(), gradient.data_ptr<double>(),
         out.data_ptr<double>());
  } else {
    back(sizes, graph_of<float>(rows, edges, offset, neighbour),
         weight.data_ptr<float>(), gradient.data_ptr<float>(),
         out.data_ptr<float>());
  }
  return out;
}

}  // namespace musl::nn
