#include "nn/base/sparse_product.h"

#include <ATen/Dispatch.h>
#include <torch/csrc/autograd/custom_function.h>

#include <cstdint>
#include <vector>

#include "base/parallel.h"
#include "nn/base/row_lists.h"

namespace musl::nn {

namespace {

constexpr std::int64_t kRowBlock = 256;  // rows a thread takes at once

template <typename T>
void multiply_rows(const std::int64_t* offset, const std::int64_t* column,
                   const T* value, const T* x, std::int64_t width,
                   std::int64_t first, std::int64_t last, T* out) {
  // Eigen's loops are as fast in a unit that is compiled at -O1.
  using Row = Eigen::Array<T, 1, Eigen::Dynamic>;
  for (std::int64_t row = first; row < last; ++row) {
    Eigen::Map<Row> target(out + row * width, width);
    target.setZero();
    for (std::int64_t e = offset[row]; e < offset[row + 1]; ++e) {
      target += value[e] * Eigen::Map<const Row>(x + column[e] * width, width);
    }
  }
}

Tensor multiply_cpu(const Tensor& offset, const Tensor& column,
                    const Tensor& value, const Tensor& x, int threads) {
  const auto dense = x.contiguous();
  const auto weights = value.to(x.scalar_type()).contiguous();
  auto out = torch::empty_like(dense);
  const auto rows = dense.size(0);
  const auto width = dense.size(1);
  AT_DISPATCH_FLOATING_TYPES(x.scalar_type(), "musl_sparse_product", [&] {
    const auto* p_offset = offset.data_ptr<std::int64_t>();
    const auto* p_column = column.data_ptr<std::int64_t>();
    const auto* p_value = weights.data_ptr<scalar_t>();
    const auto* p_x = dense.data_ptr<scalar_t>();
    auto* p_out = out.data_ptr<scalar_t>();
    parallel_blocks(rows, kRowBlock, threads,
                    [&](std::int64_t first, std::int64_t last) {
                      multiply_rows(p_offset, p_column, p_value, p_x, width,
                                    first, last, p_out);
                    });
  });
  return out;
}

/// By kernels that every device has.
Tensor multiply_anywhere(const Tensor& offset, const Tensor& column,
                         const Tensor& value, const Tensor& x) {
  return torch::zeros_like(x).index_add_(
      0, rows_of_entries(offset, column.size(0)),
      x.index_select(0, column) * value.unsqueeze(1));
}

Tensor sparse_multiply(const Tensor& offset, const Tensor& column,
                       const Tensor& value, const Tensor& x, int threads) {
  if (x.is_cpu()) return multiply_cpu(offset, column, value, x, threads);
  const auto size = x.size(0);
  const auto weights = value.to(x.scalar_type());
  if (!x.is_cuda()) return multiply_anywhere(offset, column, weights, x);
  return torch::sparse_csr_tensor(offset, column, weights, {size, size},
                                  weights.options().layout(torch::kSparseCsr))
      .matmul(x);
}

class SymmetricProduct : public torch::autograd::Function<SymmetricProduct> {
 public:
  static Tensor forward(torch::autograd::AutogradContext* context,
                        const Tensor& offset, const Tensor& column,
                        const Tensor& value, const Tensor& x,
                        std::int64_t threads) {
    context->save_for_backward({offset, column, value});
    context->saved_data["threads"] = threads;
    return sparse_multiply(offset, column, value, x, static_cast<int>(threads));
  }

  static torch::autograd::variable_list backward(
      torch::autograd::AutogradContext* context,
      torch::autograd::variable_list gradient) {
    const auto saved = context->get_saved_variables();
    const auto threads =
        static_cast<int>(context->saved_data["threads"].toInt());
    return {Tensor(), Tensor(), Tensor(),
            sparse_multiply(saved[0], saved[1], saved[2], gradient[0], threads),
            Tensor()};
  }
};

}  // namespace

SymmetricMatrix to_symmetric(const CsrGraph& normalised,
                             const torch::Device& device) {
  const std::vector<std::int64_t> column(normalised.neighbour.begin(),
                                         normalised.neighbour.end());
  return {torch::tensor(normalised.offset, torch::kLong).to(device),
          torch::tensor(column, torch::kLong).to(device),
          torch::tensor(normalised.weight, torch::kFloat).to(device)};
}

Tensor sparse_product(const SymmetricMatrix& matrix, const Tensor& x,
                      int threads) {
  return SymmetricProduct::apply(matrix.offset, matrix.column, matrix.value, x,
                                 static_cast<std::int64_t>(threads));
}

}  // namespace musl::nn
