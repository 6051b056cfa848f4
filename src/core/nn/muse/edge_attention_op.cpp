#include <algorithm>
#include <cmath>

#include "nn/muse/edge_attention.h"

namespace musl::nn {
namespace {

class EdgeAttention : public torch::autograd::Function<EdgeAttention> {
 public:
  static Tensor forward(torch::autograd::AutogradContext* context,
                        const Tensor& rows, const Tensor& edges,
                        const Tensor& offset, const Tensor& neighbour,
                        std::int64_t heads, std::int64_t node) {
    const auto dense = rows.contiguous();
    Tensor weight;
    const EdgeHeads sizes{heads, node, edges.size(1)};
    auto out = attend_edges(sizes, dense, edges, offset, neighbour, &weight);
    context->save_for_backward({dense, edges, offset, neighbour, weight});
    context->saved_data["heads"] = heads;
    context->saved_data["node"] = node;
    return out;
  }

  static torch::autograd::variable_list backward(
      torch::autograd::AutogradContext* context,
      torch::autograd::variable_list gradient) {
    const auto saved = context->get_saved_variables();
    const EdgeHeads sizes{context->saved_data["heads"].toInt(),
                          context->saved_data["node"].toInt(),
                          saved[1].size(1)};
    return {attend_edges_back(sizes, saved[0], saved[1], saved[2], saved[3],
                              saved[4], gradient[0].contiguous()),
            Tensor(),
            Tensor(),
            Tensor(),
            Tensor(),
            Tensor()};
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
