#pragma once

// The three layers that every net is made of. They compute what LibTorch's
// layers of the same names compute and name their parameters as those do;
// reading LibTorch's own takes a quarter of the time that a unit compiles.

#include "nn/base/tensor.h"

namespace musl::nn {

/// x (..., in) -> x W' + b (..., out). Weights are random as LibTorch's until
/// initialise() or a model file sets them, as in each layer here.
class LinearImpl : public torch::nn::Module {
 public:
  LinearImpl(std::int64_t in, std::int64_t out, bool with_bias = true);
  [[nodiscard]] Tensor forward(const Tensor& x) const;

  Tensor weight;  // (out, in)
  Tensor bias;    // (out); undefined without bias
};
TORCH_MODULE(Linear);

/// Each row to mean 0 and variance 1 (plus 1e-5), then times weight plus bias.
/// x (..., width) -> the same shape
class LayerNormImpl : public torch::nn::Module {
 public:
  explicit LayerNormImpl(std::int64_t width);
  [[nodiscard]] Tensor forward(const Tensor& x) const;

  Tensor weight;  // (width)
  Tensor bias;    // (width)
};
TORCH_MODULE(LayerNorm);

/// Convolution of 3 x 3 cells, with zeros around the image.
/// x (B, in, H, W) -> (B, out, H, W)
class Conv2dImpl : public torch::nn::Module {
 public:
  Conv2dImpl(std::int64_t in, std::int64_t out);
  [[nodiscard]] Tensor forward(const Tensor& x) const;

  Tensor weight;  // (out, in, 3, 3)
  Tensor bias;    // (out)
};
TORCH_MODULE(Conv2d);

}  // namespace musl::nn
