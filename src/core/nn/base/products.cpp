#include "nn/base/products.h"

#include <ATen/Dispatch.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>
#include <cstdint>

#include "base/os.h"

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

}  // namespace musl::nn
