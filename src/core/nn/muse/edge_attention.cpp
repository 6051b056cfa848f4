#include "nn/muse/edge_attention.h"

#include <ATen/Dispatch.h>

#include <algorithm>
#include <cmath>

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

/// The tensors of a graph, and the weights (E, H) of its edges, which sum to 1
/// over a node's.
struct Attended {
  Tensor rows, edges, offset, neighbour, weight;

  template <typename T>
  [[nodiscard]] Graph<T> graph() const {
    return {rows.data_ptr<T>(), edges.data_ptr<T>(),
            offset.data_ptr<std::int64_t>(), neighbour.data_ptr<std::int64_t>(),
            rows.size(0)};
  }
};

class EdgeAttention : public torch::autograd::Function<EdgeAttention> {
 public:
  static Tensor forward(torch::autograd::AutogradContext* context,
                        const Tensor& rows, const Tensor& edges,
                        const Tensor& offset, const Tensor& neighbour,
                        std::int64_t heads, std::int64_t node) {
    const Attended given{rows.contiguous(), edges, offset, neighbour,
                         at::empty({edges.size(0), heads}, rows.options())};
    context->save_for_backward(
        {given.rows, edges, offset, neighbour, given.weight});
    context->saved_data["heads"] = heads;
    context->saved_data["node"] = node;
    const EdgeHeads sizes{heads, node, edges.size(1)};
    auto out = at::zeros({rows.size(0), sizes.nodes_out()}, rows.options());
    AT_DISPATCH_FLOATING_TYPES(out.scalar_type(), "musl_edge_attention", [&] {
      Compiled<attend_all<scalar_t>>::with(instruction_sets().back())(
          sizes, given.graph<scalar_t>(), given.weight.data_ptr<scalar_t>(),
          out.data_ptr<scalar_t>());
    });
    return out;
  }

  static torch::autograd::variable_list backward(
      torch::autograd::AutogradContext* context,
      torch::autograd::variable_list gradient) {
    const auto saved = context->get_saved_variables();
    const Attended given{saved[0], saved[1], saved[2], saved[3], saved[4]};
    const EdgeHeads sizes{context->saved_data["heads"].toInt(),
                          context->saved_data["node"].toInt(),
                          given.edges.size(1)};
    const Tensor of_out = gradient[0].contiguous();
    const auto most = given.offset.diff().max().item<std::int64_t>();
    const Tensor score = at::empty({most * sizes.heads}, of_out.options());
    torch::autograd::variable_list found(6);
    found[0] = at::zeros_like(given.rows);
    AT_DISPATCH_FLOATING_TYPES(score.scalar_type(), "musl_edge_attention", [&] {
      Compiled<attend_all_back<scalar_t>>::with(instruction_sets().back())(
          sizes, given.graph<scalar_t>(), given.weight.data_ptr<scalar_t>(),
          of_out.data_ptr<scalar_t>(), score.data_ptr<scalar_t>(),
          found[0].data_ptr<scalar_t>());
    });
    return found;
  }
};

}  // namespace

Tensor edge_attention(const EdgeHeads& sizes, const Tensor& rows,
                      const Tensor& edges, const Tensor& offset,
                      const Tensor& neighbour) {
  if (!rows.is_cpu()) {
    return attend_padded(sizes, rows, edges, offset, neighbour);
  }
  return EdgeAttention::apply(rows, edges, offset, neighbour, sizes.heads,
                              sizes.node);
}

Tensor attend_padded(const EdgeHeads& sizes, const Tensor& rows,
                     const Tensor& edges, const Tensor& offset,
                     const Tensor& neighbour) {
  constexpr double kNever = -1e30;
  const auto n = rows.size(0);
  const auto heads = sizes.heads, d = sizes.node, f = sizes.edge;
  const auto start = offset.narrow(0, 0, n);
  const auto count = offset.narrow(0, 1, n) - start;  // (N)
  const auto most =
      std::max<std::int64_t>(1, n > 0 ? count.max().item<std::int64_t>() : 1);
  const auto place = torch::arange(most, offset.options());   // (M)
  const auto real = place.unsqueeze(0) < count.unsqueeze(1);  // (N, M)
  // Padding reads the last row, which is zero.
  const auto edge = (start.unsqueeze(1) + place)
                        .masked_fill(~real, edges.size(0))
                        .flatten();  // (N * M)
  const auto other =
      torch::cat({neighbour, torch::zeros({1}, neighbour.options())})
          .index_select(0, edge);  // (N * M)
  const auto padded = torch::cat({edges, torch::zeros({1, f}, edges.options())})
                          .index_select(0, edge)
                          .view({n, most, f});  // (N, M, f)

  const auto width = heads * d;
  const auto query = rows.narrow(1, 0, width).view({n, 1, heads, d});
  const auto question =
      rows.narrow(1, 3 * width, heads * f).reshape({n, heads, f});
  const auto of_others = [&](std::int64_t first) {
    return rows.narrow(1, first, width)
        .index_select(0, other)
        .view({n, most, heads, d});
  };
  const auto score = ((query * of_others(width)).sum(3) +
                      torch::matmul(padded, question.transpose(1, 2))) /
                     std::sqrt(static_cast<double>(d));  // (N, M, H)
  const auto present = real.unsqueeze(2);                // (N, M, 1)
  const auto weight = torch::softmax(score.masked_fill(~present, kNever), 1) *
                      present;  // (N, M, H)
  const auto values = (weight.unsqueeze(3) * of_others(2 * width)).sum(1);
  return torch::cat({values.flatten(1),
                     torch::matmul(weight.transpose(1, 2), padded).flatten(1)},
                    1);
}

}  // namespace musl::nn
