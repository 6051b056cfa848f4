#include "nn/base/row_lists.h"

#include <ATen/Dispatch.h>
#include <torch/csrc/autograd/custom_function.h>

#include <cstdint>
#include <vector>

#include "nn/base/tensor.h"

namespace musl::nn {

namespace {

/// For each entry of the lists adds the row of x that it picks to its own row
/// of the result, of n_rows; `back` the other way round: the gradient of the
/// rows from that of the sums.
Tensor add_up(const RowLists& lists, const Tensor& x, std::int64_t n_rows,
              bool back) {
  const auto dense = x.contiguous();
  const auto width = x.size(1);
  auto out = torch::zeros({n_rows, width}, x.options());
  if (!x.is_cpu()) {
    const auto own = rows_of_entries(lists.offset, lists.column.size(0));
    return out.index_add_(0, back ? lists.column : own,
                          dense.index_select(0, back ? own : lists.column));
  }
  const auto* offset = lists.offset.data_ptr<std::int64_t>();
  const auto* column = lists.column.data_ptr<std::int64_t>();
  const auto n_lists = lists.offset.size(0) - 1;
  AT_DISPATCH_FLOATING_TYPES(x.scalar_type(), "musl_sum_rows", [&] {
    const auto* values = dense.data_ptr<scalar_t>();
    auto* sums = out.data_ptr<scalar_t>();
    for (std::int64_t r = 0; r < n_lists; ++r) {
      for (auto e = offset[r]; e < offset[r + 1]; ++e) {
        const auto* from = values + (back ? r : column[e]) * width;
        auto* to = sums + (back ? column[e] : r) * width;
        for (std::int64_t f = 0; f < width; ++f) to[f] += from[f];
      }
    }
  });
  return out;
}

class RowSum : public torch::autograd::Function<RowSum> {
 public:
  static Tensor forward(torch::autograd::AutogradContext* context,
                        const Tensor& offset, const Tensor& column,
                        const Tensor& x) {
    context->save_for_backward({offset, column});
    context->saved_data["rows"] = x.size(0);
    return add_up({offset, column}, x, offset.size(0) - 1, /*back=*/false);
  }

  static torch::autograd::variable_list backward(
      torch::autograd::AutogradContext* context,
      torch::autograd::variable_list gradient) {
    const auto saved = context->get_saved_variables();
    const auto rows = context->saved_data["rows"].toInt();
    return {Tensor(), Tensor(),
            add_up({saved[0], saved[1]}, gradient[0], rows, /*back=*/true)};
  }
};

}  // namespace

Tensor rows_of_entries(const Tensor& offset, std::int64_t n_entries) {
  return torch::arange(offset.size(0) - 1, offset.options())
      .repeat_interleave(offset.diff(), /*dim=*/0, n_entries);
}

RowLists row_lists(const std::vector<std::int64_t>& offset,
                   const std::vector<std::int64_t>& column,
                   const torch::Device& device) {
  const auto sent = numbers_on({offset, column}, device);
  return {sent[0], sent[1]};
}

RowLists picked_rows(const std::vector<std::int64_t>& column,
                     const torch::Device& device) {
  const auto size = static_cast<std::int64_t>(column.size());
  return row_lists(count_from(0, size + 1), column, device);
}

RowLists segments(const std::vector<std::int64_t>& offset,
                  const torch::Device& device) {
  return row_lists(offset, count_from(0, offset.back()), device);
}

Tensor sum_rows(const RowLists& lists, const Tensor& x) {
  return RowSum::apply(lists.offset, lists.column, x);
}

Tensor mean_rows(const RowLists& lists, const Tensor& x) {
  const auto counts =
      lists.offset.diff().to(x.scalar_type()).unsqueeze(1);  // (rows, 1)
  return sum_rows(lists, x) / counts;
}

}  // namespace musl::nn
