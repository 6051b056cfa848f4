#include "nn/base/layers.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "base/numbers.h"
#include "nn/base/products.h"
#include "nn/base/row_steps.h"
#include "nn/base/tensor.h"

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

MlpImpl::MlpImpl(const std::vector<std::int64_t>& widths, bool norm,
                 double dropout)
    : dropout_(dropout) {
  for (std::size_t i = 0; i + 1 < widths.size(); ++i) {
    const auto suffix = std::to_string(i);
    linear_.push_back(
        register_module("linear" + suffix, Linear(widths[i], widths[i + 1])));
    const bool hidden = i + 2 < widths.size();
    if (norm && hidden) {
      norm_.push_back(
          register_module("norm" + suffix, LayerNorm(widths[i + 1])));
    }
  }
}

Tensor MlpImpl::forward(const Tensor& x, ChunkRng* rng) {
  auto h = x;
  if (rng == nullptr && has_row_steps(x)) {
    for (std::size_t i = 0; i + 1 < linear_.size(); ++i) {
      h = norm_.empty()
              ? affine_relu(h, linear_[i])
              : affine_normalised(h, linear_[i], norm_[i], /*relu=*/true);
    }
    return linear_.back()->forward(h);
  }
  for (std::size_t i = 0; i + 1 < linear_.size(); ++i) {
    h = linear_[i]->forward(h);
    if (!norm_.empty()) h = norm_[i]->forward(h);
    h = relu_dropout(h, dropout_, rng);
  }
  return linear_.back()->forward(h);
}

BranchHeadImpl::BranchHeadImpl(int width, double dropout) : dropout_(dropout) {
  norm_ = register_module("norm", LayerNorm(width));
  score_ = register_module("score", Linear(width, 1));
}

Tensor BranchHeadImpl::forward(const Tensor& x, ChunkRng* rng) {
  if (rng == nullptr && has_row_steps(x)) {
    return normalised_score(x, norm_, score_);
  }
  const auto h = relu_dropout(norm_->forward(x), dropout_, rng);
  return score_->forward(h).squeeze(1);  // (B)
}

AdapterImpl::AdapterImpl(int in, int out) {
  if (in != out) {
    linear_ = register_module("linear", Linear(in, out));
  }
  norm_ = register_module("norm", LayerNorm(out));
}

Tensor AdapterImpl::forward(const Tensor& x) {
  if (!linear_.is_empty() && has_row_steps(x)) {
    return affine_normalised(x, linear_, norm_, /*relu=*/false);
  }
  return norm_->forward(linear_.is_empty() ? x : linear_->forward(x));
}

}  // namespace musl::nn
