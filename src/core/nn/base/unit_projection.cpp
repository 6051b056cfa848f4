#include "nn/base/unit_projection.h"

#include <ATen/Dispatch.h>
#include <torch/csrc/autograd/custom_function.h>

#include <cmath>

#include "nn/base/products.h"

namespace musl::nn {
namespace {

constexpr double kSmall = 1e-6;  // keeps a row of zeros

/// Writes rows y (R, width) over their lengths to columns of `out`, which has
/// `columns`, and stores the lengths.
template <typename T>
void scale_rows(const T* y, std::int64_t rows, std::int64_t width,
                std::int64_t columns, T* out, T* length, std::int64_t step) {
  for (std::int64_t r = 0; r < rows; ++r) {
    T sum = static_cast<T>(kSmall);
    for (std::int64_t k = 0; k < width; ++k) sum += y[k] * y[k];
    const T size = std::sqrt(sum);
    for (std::int64_t k = 0; k < width; ++k) out[k] = y[k] / size;
    *length = size;
    y += width;
    out += columns;
    length += step;
  }
}

/// The gradient of y from that of u = y / length: (g - u (u g)) / length.
template <typename T>
void rows_gradient(const T* g, const T* u, const T* length, std::int64_t rows,
                   std::int64_t width, std::int64_t columns, std::int64_t step,
                   T* out) {
  for (std::int64_t r = 0; r < rows; ++r) {
    T along = 0;
    for (std::int64_t k = 0; k < width; ++k) along += u[k] * g[k];
    for (std::int64_t k = 0; k < width; ++k) {
      out[k] = (g[k] - u[k] * along) / *length;
    }
    g += columns;
    u += columns;
    out += width;
    length += step;
  }
}

/// For n matrices and n weights in one list. LibTorch tracks the tensors of a
/// TensorList, but not of a std::vector.
class UnitProjections : public torch::autograd::Function<UnitProjections> {
 public:
  static Tensor forward(torch::autograd::AutogradContext* context,
                        at::TensorList given) {
    const auto n = given.size() / 2;
    const auto rows = given[0].size(0);
    std::int64_t columns = 0;
    for (std::size_t i = 0; i < n; ++i) columns += given[n + i].size(0);
    Tensor out = torch::empty({rows, columns}, given[0].options());
    Tensor length =
        torch::empty({rows, static_cast<std::int64_t>(n)}, given[0].options());
    AT_DISPATCH_FLOATING_TYPES(out.scalar_type(), "musl_unit_rows", [&] {
      auto* to = out.data_ptr<scalar_t>();
      auto* lengths = length.data_ptr<scalar_t>();
      for (std::size_t i = 0; i < n; ++i) {
        const auto y = product(given[i], given[n + i].t()).contiguous();
        scale_rows(y.data_ptr<scalar_t>(), rows, y.size(1), columns, to,
                   lengths + i, static_cast<std::int64_t>(n));
        to += y.size(1);
      }
    });
    torch::autograd::variable_list saved = given.vec();
    saved.push_back(out);
    saved.push_back(length);
    context->save_for_backward(std::move(saved));
    return out;
  }

  static torch::autograd::variable_list backward(
      torch::autograd::AutogradContext* context,
      torch::autograd::variable_list gradient) {
    const auto saved = context->get_saved_variables();
    const auto n = (saved.size() - 2) / 2;
    const Tensor out = saved[2 * n].contiguous();
    const Tensor& length = saved[2 * n + 1];
    const Tensor asked = gradient[0].contiguous();
    const auto rows = out.size(0);
    const auto columns = out.size(1);
    torch::autograd::variable_list found(2 * n);
    AT_DISPATCH_FLOATING_TYPES(out.scalar_type(), "musl_unit_rows", [&] {
      const auto* u = out.data_ptr<scalar_t>();
      const auto* g = asked.data_ptr<scalar_t>();
      for (std::size_t i = 0; i < n; ++i) {
        const Tensor& x = saved[i];
        const Tensor& weight = saved[n + i];
        const auto width = weight.size(0);
        Tensor of_y = torch::empty({rows, width}, out.options());
        rows_gradient(g, u, length.data_ptr<scalar_t>() + i, rows, width,
                      columns, static_cast<std::int64_t>(n),
                      of_y.data_ptr<scalar_t>());
        if (x.requires_grad()) found[i] = product(of_y, weight);
        if (weight.requires_grad()) found[n + i] = product(of_y.t(), x);
        u += width;
        g += width;
      }
    });
    return found;
  }
};

Tensor plain_projections(const std::vector<Tensor>& x,
                         const std::vector<Tensor>& weight) {
  std::vector<Tensor> parts;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const auto y = x[i].mm(weight[i].t());
    parts.push_back(y / y.square().sum(1, /*keepdim=*/true).add(kSmall).sqrt());
  }
  return torch::cat(parts, 1);
}

}  // namespace

Tensor unit_projections(const std::vector<Tensor>& x,
                        const std::vector<Tensor>& weight) {
  if (!x.front().is_cpu()) return plain_projections(x, weight);
  torch::autograd::variable_list given = x;
  given.insert(given.end(), weight.begin(), weight.end());
  return UnitProjections::apply(at::TensorList(given));
}

}  // namespace musl::nn
