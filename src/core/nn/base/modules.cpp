#include "nn/base/modules.h"

#include <algorithm>
#include <cmath>

#include "nn/base/products.h"

namespace musl::nn {

namespace {

/// Random weights and biases as in LibTorch's layers, by its generator.
Tensor drawn(at::IntArrayRef sizes, std::int64_t fan_in) {
  const auto n = static_cast<double>(std::max<std::int64_t>(fan_in, 1));
  const double bound = 1.0 / std::sqrt(n);
  return torch::empty(sizes).uniform_(-bound, bound);
}

}  // namespace

LinearImpl::LinearImpl(std::int64_t in, std::int64_t out, bool with_bias) {
  weight = register_parameter("weight", drawn({out, in}, in));
  if (with_bias) bias = register_parameter("bias", drawn({out}, in));
}

Tensor LinearImpl::forward(const Tensor& x) const {
  return affine(x, weight, bias);
}

LayerNormImpl::LayerNormImpl(std::int64_t width) {
  weight = register_parameter("weight", torch::ones({width}));
  bias = register_parameter("bias", torch::zeros({width}));
}

Tensor LayerNormImpl::forward(const Tensor& x) const {
  return torch::layer_norm(x, weight.sizes(), weight, bias);
}

Conv2dImpl::Conv2dImpl(std::int64_t in, std::int64_t out) {
  weight = register_parameter("weight", drawn({out, in, 3, 3}, 9 * in));
  bias = register_parameter("bias", drawn({out}, 9 * in));
}

Tensor Conv2dImpl::forward(const Tensor& x) const {
  return torch::conv2d(x, weight, bias, 1, 1);
}

}  // namespace musl::nn
