#include <ATen/Dispatch.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>
#include <cstdint>
#include <vector>

#include "base/os.h"
#include "musl/parallel.h"
#include "nn/base/row_steps.h"
#include "nn/base/tensor.h"

namespace musl::nn {

namespace {

/// oneDNN's dnnl_sgemm(), whose signature is that of versions 1 to 3. Row-major
/// matrices; returns 0 if it succeeds.
using Sgemm = int (*)(char, char, std::int64_t, std::int64_t, std::int64_t,
                      float, const float*, std::int64_t, const float*,
                      std::int64_t, float, float*, std::int64_t);

bool has_wide_vectors() {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx512f") != 0 &&
         __builtin_cpu_supports("avx512dq") != 0;
#else
  return false;
#endif
}

/// Null without it. Only a library that LibTorch loaded: another would bring
/// threads of its own.
Sgemm sgemm() {
  static const auto found = []() -> Sgemm {
    if (!has_wide_vectors()) return nullptr;
    for (const char* name : {"libdnnl.so.3", "libdnnl.so.2"}) {
      if (void* function = os::find_function(name, "dnnl_sgemm")) {
        return reinterpret_cast<Sgemm>(function);
      }
    }
    return nullptr;
  }();
  return found;
}

/// A matrix as oneDNN reads it.
struct Operand {
  Tensor tensor;  // keeps the numbers
  char turned = 'N';
  /// Elements from a row, or if turned from a column, to the next.
  std::int64_t step = 1;
};

Operand operand(const Tensor& x) {
  if (x.stride(1) == 1 && x.stride(0) >= x.size(1)) {
    return {x, 'N', x.stride(0)};
  }
  if (x.stride(0) == 1 && x.stride(1) >= x.size(0)) {
    return {x, 'T', x.stride(1)};
  }
  Tensor rows = x.contiguous();
  return {rows, 'N', std::max<std::int64_t>(rows.size(1), 1)};
}

bool is_plain(const Tensor& x) {
  return x.is_cpu() && x.scalar_type() == torch::kFloat && x.numel() > 0;
}

bool is_fast(const Tensor& a, const Tensor& b) {
  return has_fast_products() && is_plain(a) && is_plain(b);
}

/// out (m, n) <- a b + beta out, where is_fast(a, b); false without memory.
bool multiply(const Tensor& a, const Tensor& b, float beta, const Tensor& out) {
  const Operand left = operand(a), right = operand(b);
  return sgemm()(left.turned, right.turned, a.size(0), b.size(1), a.size(1),
                 1.0F, left.tensor.data_ptr<float>(), left.step,
                 right.tensor.data_ptr<float>(), right.step, beta,
                 out.data_ptr<float>(), out.size(1)) == 0;
}

/// Of x (m, in), where is_fast(x, weight).
Tensor affine_rows(const Tensor& x, const Tensor& weight, const Tensor& bias) {
  if (!bias.defined()) return product(x, weight.t());
  const at::NoGradGuard no_grad;
  Tensor out = torch::empty({x.size(0), weight.size(0)}, x.options());
  out.copy_(bias.expand_as(out));
  return multiply(x, weight.t(), 1.0F, out) ? out
                                            : at::addmm(bias, x, weight.t());
}

/// Of x, weight and, if there is one, bias, in a list: a function cannot be
/// given an undefined tensor, and LibTorch tracks those of a TensorList.
class Affine : public torch::autograd::Function<Affine> {
 public:
  static Tensor forward(torch::autograd::AutogradContext* context,
                        at::TensorList given) {
    context->save_for_backward(given.vec());
    return affine_rows(given[0], given[1],
                       given.size() > 2 ? given[2] : Tensor());
  }

  static torch::autograd::variable_list backward(
      torch::autograd::AutogradContext* context,
      torch::autograd::variable_list gradient) {
    const auto given = context->get_saved_variables();
    const Tensor &x = given[0], &weight = given[1];
    const Tensor g = gradient[0].contiguous();
    torch::autograd::variable_list found(given.size());
    if (x.requires_grad()) found[0] = product(g, weight);
    if (weight.requires_grad()) found[1] = product(g.t(), x);
    if (given.size() > 2 && given[2].requires_grad()) found[2] = g.sum(0);
    return found;
  }
};

bool wants_gradient(const torch::autograd::variable_list& given) {
  return torch::GradMode::is_enabled() &&
         std::any_of(given.begin(), given.end(),
                     [](const Tensor& x) { return x.requires_grad(); });
}

}  // namespace

bool has_fast_products() { return sgemm() != nullptr; }

Tensor product(const Tensor& a, const Tensor& b) {
  const at::NoGradGuard no_grad;
  if (is_fast(a, b)) {
    Tensor out = torch::empty({a.size(0), b.size(1)}, a.options());
    if (multiply(a, b, 0.0F, out)) return out;
  }
  return at::mm(a, b);
}

Tensor affine(const Tensor& x, const Tensor& weight, const Tensor& bias) {
  if (!is_fast(x, weight)) return torch::linear(x, weight, bias);
  torch::autograd::variable_list given{
      x.dim() == 2 ? x : x.reshape({-1, x.size(-1)}), weight};
  if (bias.defined()) given.push_back(bias);
  Tensor out = wants_gradient(given) ? Affine::apply(at::TensorList(given))
                                     : affine_rows(given[0], weight, bias);
  if (x.dim() == 2) return out;
  auto sizes = x.sizes().vec();
  sizes.back() = weight.size(0);
  return out.reshape(sizes);
}

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
