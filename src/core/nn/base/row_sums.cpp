#include <ATen/Dispatch.h>

#include <algorithm>

#include "nn/base/row_steps.h"

namespace musl::nn {
namespace {

/// Calls add(to, from) for each entry of the lists, with its two rows.
template <typename Add>
void for_each_entry(const RowLists& lists, const Add& add) {
  const auto* offset = lists.offset.data_ptr<std::int64_t>();
  const auto* column = lists.column.data_ptr<std::int64_t>();
  const auto rows = lists.offset.size(0) - 1;
  for (std::int64_t r = 0; r < rows; ++r) {
    for (auto e = offset[r]; e < offset[r + 1]; ++e) add(r, column[e]);
  }
}

template <typename T>
void add_row(const T* from, std::int64_t width, T* to) {
  for (std::int64_t f = 0; f < width; ++f) to[f] += from[f];
}

/// (entries) the row that each belongs to, on a GPU.
Tensor rows_of_entries(const RowLists& lists) {
  const auto rows = lists.offset.size(0) - 1;
  const auto counts =
      lists.offset.narrow(0, 1, rows) - lists.offset.narrow(0, 0, rows);
  return torch::arange(rows, lists.offset.options())
      .repeat_interleave(counts, /*dim=*/0, lists.column.size(0));
}

Tensor add_up(const RowLists& lists, const Tensor& x) {
  const auto rows = lists.offset.size(0) - 1;
  const auto dense = x.contiguous();
  auto out = torch::zeros({rows, x.size(1)}, x.options());
  if (!x.is_cpu()) {
    return out.index_add_(0, rows_of_entries(lists),
                          dense.index_select(0, lists.column));
  }
  const auto width = x.size(1);
  AT_DISPATCH_FLOATING_TYPES(x.scalar_type(), "musl_sum_rows", [&] {
    const auto* from = dense.data_ptr<scalar_t>();
    auto* to = out.data_ptr<scalar_t>();
    for_each_entry(lists, [&](std::int64_t row, std::int64_t column) {
      add_row(from + column * width, width, to + row * width);
    });
  });
  return out;
}

/// add_up() backward: the gradient of n_rows rows from that of the sums.
Tensor hand_back(const RowLists& lists, const Tensor& gradient,
                 std::int64_t n_rows) {
  const auto dense = gradient.contiguous();
  const auto width = gradient.size(1);
  auto out = torch::zeros({n_rows, width}, gradient.options());
  if (!gradient.is_cpu()) {
    return out.index_add_(0, lists.column,
                          dense.index_select(0, rows_of_entries(lists)));
  }
  AT_DISPATCH_FLOATING_TYPES(gradient.scalar_type(), "musl_sum_rows", [&] {
    const auto* from = dense.data_ptr<scalar_t>();
    auto* to = out.data_ptr<scalar_t>();
    for_each_entry(lists, [&](std::int64_t row, std::int64_t column) {
      add_row(from + row * width, width, to + column * width);
    });
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
    return add_up({offset, column}, x);
  }

  static torch::autograd::variable_list backward(
      torch::autograd::AutogradContext* context,
      torch::autograd::variable_list gradient) {
    const auto saved = context->get_saved_variables();
    const auto rows = context->saved_data["rows"].toInt();
    return {Tensor(), Tensor(),
            hand_back({saved[0], saved[1]}, gradient[0], rows)};
  }
};

}  // namespace

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
  const auto rows = lists.offset.size(0) - 1;
  const auto counts =
      (lists.offset.narrow(0, 1, rows) - lists.offset.narrow(0, 0, rows))
          .to(x.scalar_type())
          .unsqueeze(1);  // (rows, 1)
  return sum_rows(lists, x) / counts;
}

}  // namespace musl::nn
