#include "nn/base/layers.h"

#include <string>

#include "nn/base/row_steps.h"

namespace musl::nn {

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
    h = dropout(torch::relu(h), dropout_, rng);
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
  const auto h = dropout(torch::relu(norm_->forward(x)), dropout_, rng);
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
