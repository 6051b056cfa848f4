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

/// The projections (R, n * width) and their lengths before (R, n).
struct UnitRows {
  Tensor out, length;
};

UnitRows unit_rows_on_cpu(at::TensorList x, at::TensorList weight) {
  const auto n = static_cast<std::int64_t>(x.size());
  const auto rows = x[0].size(0);
  const auto columns = n * weight[0].size(0);
  UnitRows found{torch::empty({rows, columns}, x[0].options()),
                 torch::empty({rows, n}, x[0].options())};
  AT_DISPATCH_FLOATING_TYPES(found.out.scalar_type(), "musl_unit_rows", [&] {
    auto* to = found.out.data_ptr<scalar_t>();
    auto* lengths = found.length.data_ptr<scalar_t>();
    for (std::size_t i = 0; i < x.size(); ++i) {
      const auto y = product(x[i], weight[i].t()).contiguous();
      scale_rows(y.data_ptr<scalar_t>(), rows, y.size(1), columns, to,
                 lengths + i, n);
      to += y.size(1);
    }
  });
  return found;
}

/// By a few kernels for all of them.
UnitRows unit_rows_on_device(at::TensorList x, at::TensorList weight) {
  std::vector<Tensor> products;
  for (std::size_t i = 0; i < x.size(); ++i) {
    products.push_back(product(x[i], weight[i].t()));
  }
  const Tensor y = torch::stack(products, 1);  // (R, n, width)
  const Tensor length = y.square().sum(2).add_(kSmall).sqrt_();
  return {(y / length.unsqueeze(2)).flatten(1), length};
}

/// The gradient `g` of the projections as one of each product.
std::vector<Tensor> gradients_on_cpu(const Tensor& g, const UnitRows& unit) {
  const auto n = unit.length.size(1), rows = g.size(0), columns = g.size(1);
  const auto width = columns / n;
  std::vector<Tensor> found;
  AT_DISPATCH_FLOATING_TYPES(g.scalar_type(), "musl_unit_rows", [&] {
    for (std::int64_t i = 0; i < n; ++i) {
      found.push_back(torch::empty({rows, width}, g.options()));
      rows_gradient(g.data_ptr<scalar_t>() + i * width,
                    unit.out.data_ptr<scalar_t>() + i * width,
                    unit.length.data_ptr<scalar_t>() + i, rows, width, columns,
                    n, found.back().data_ptr<scalar_t>());
    }
  });
  return found;
}

std::vector<Tensor> gradients_on_device(const Tensor& g, const UnitRows& unit) {
  const std::int64_t n = unit.length.size(1);
  const std::vector<std::int64_t> shape{g.size(0), n, g.size(1) / n};
  const Tensor of_out = g.view(shape), u = unit.out.view(shape);
  const Tensor along = (u * of_out).sum(2, /*keepdim=*/true);
  return (torch::addcmul(of_out, u, along, -1) / unit.length.unsqueeze(2))
      .unbind(1);
}

/// For n matrices and n weights in one list. LibTorch tracks the tensors of a
/// TensorList, but not of a std::vector.
class UnitProjections : public torch::autograd::Function<UnitProjections> {
 public:
  static Tensor forward(torch::autograd::AutogradContext* context,
                        at::TensorList given) {
    const auto x = given.slice(0, given.size() / 2),
               weight = given.slice(given.size() / 2);
    const UnitRows unit = given[0].is_cpu() ? unit_rows_on_cpu(x, weight)
                                            : unit_rows_on_device(x, weight);
    torch::autograd::variable_list saved = given.vec();
    saved.push_back(unit.out);
    saved.push_back(unit.length);
    context->save_for_backward(std::move(saved));
    return unit.out;
  }

  static torch::autograd::variable_list backward(
      torch::autograd::AutogradContext* context,
      torch::autograd::variable_list gradient) {
    const auto saved = context->get_saved_variables();
    const auto n = (saved.size() - 2) / 2;
    const UnitRows unit{saved[2 * n].contiguous(), saved[2 * n + 1]};
    const Tensor g = gradient[0].contiguous();
    const auto of_products =
        g.is_cpu() ? gradients_on_cpu(g, unit) : gradients_on_device(g, unit);
    torch::autograd::variable_list found(2 * n);
    for (std::size_t i = 0; i < n; ++i) {
      const Tensor &x = saved[i], &weight = saved[n + i];
      if (x.requires_grad()) found[i] = product(of_products[i], weight);
      if (weight.requires_grad()) {
        found[n + i] = product(of_products[i].t(), x);
      }
    }
    return found;
  }
};

}  // namespace

Tensor unit_projections(const std::vector<Tensor>& x,
                        const std::vector<Tensor>& weight) {
  torch::autograd::variable_list given = x;
  given.insert(given.end(), weight.begin(), weight.end());
  return UnitProjections::apply(at::TensorList(given));
}

}  // namespace musl::nn
