#include "nn/base/modules.h"

namespace musl::nn {

LinearImpl::LinearImpl(std::int64_t in, std::int64_t out, bool with_bias) {
  weight = register_parameter("weight", torch::zeros({out, in}));
  if (with_bias) bias = register_parameter("bias", torch::zeros({out}));
}

Tensor LinearImpl::forward(const Tensor& x) const {
  return torch::linear(x, weight, bias);
}

LayerNormImpl::LayerNormImpl(std::int64_t width) {
  weight = register_parameter("weight", torch::ones({width}));
  bias = register_parameter("bias", torch::zeros({width}));
}

Tensor LayerNormImpl::forward(const Tensor& x) const {
  return torch::layer_norm(x, weight.sizes(), weight, bias);
}

Conv2dImpl::Conv2dImpl(std::int64_t in, std::int64_t out) {
  weight = register_parameter("weight", torch::zeros({out, in, 3, 3}));
  bias = register_parameter("bias", torch::zeros({out}));
}

Tensor Conv2dImpl::forward(const Tensor& x) const {
  return torch::conv2d(x, weight, bias, 1, 1);
}

}  // namespace musl::nn
