#pragma once

// The layers used by every network. Linear, LayerNorm and Conv2d compute the
// same and name their parameters like LibTorch's layers of the same names,
// whose headers take a quarter of a unit's compile time.

#include <cstdint>
#include <vector>

#include "nn/base/tensor.h"

namespace musl::nn {

/// x (..., in) -> x W' + b (..., out). As in all layers here, weights are
/// random like LibTorch's until initialise() or a model file sets them.
class LinearImpl : public torch::nn::Module {
 public:
  LinearImpl(std::int64_t in, std::int64_t out, bool with_bias = true);
  [[nodiscard]] Tensor forward(const Tensor& x) const;

  Tensor weight;  // (out, in)
  Tensor bias;    // (out); undefined without bias
};
TORCH_MODULE(Linear);

/// Standardises each row to mean 0 and variance 1 (plus 1e-5), then times
/// weight plus bias. x (..., width) -> the same shape
class LayerNormImpl : public torch::nn::Module {
 public:
  explicit LayerNormImpl(std::int64_t width);
  [[nodiscard]] Tensor forward(const Tensor& x) const;

  Tensor weight;  // (width)
  Tensor bias;    // (width)
};
TORCH_MODULE(LayerNorm);

/// 3 x 3 convolution with zero padding.
/// x (B, in, H, W) -> (B, out, H, W)
class Conv2dImpl : public torch::nn::Module {
 public:
  Conv2dImpl(std::int64_t in, std::int64_t out);
  [[nodiscard]] Tensor forward(const Tensor& x) const;

  Tensor weight;  // (out, in, 3, 3)
  Tensor bias;    // (out)
};
TORCH_MODULE(Conv2d);

/// Linear layers with [LayerNorm,] ReLU and dropout between them.
///
/// widths = {in, hidden ..., out}; x (B, in) -> (B, out). The last layer is
/// linear only.
class MlpImpl : public torch::nn::Module {
 public:
  MlpImpl(const std::vector<std::int64_t>& widths, bool norm, double dropout);
  [[nodiscard]] Tensor forward(const Tensor& x, ChunkRng* rng);

 private:
  std::vector<Linear> linear_;
  std::vector<LayerNorm> norm_;  // empty, or one per hidden layer
  double dropout_;
};
TORCH_MODULE(Mlp);

/// LayerNorm - ReLU - dropout - linear: one logit from a modality's vector.
/// x (B, D) -> (B)
class BranchHeadImpl : public torch::nn::Module {
 public:
  BranchHeadImpl(int width, double dropout);
  [[nodiscard]] Tensor forward(const Tensor& x, ChunkRng* rng);

 private:
  LayerNorm norm_{nullptr};
  Linear score_{nullptr};
  double dropout_;
};
TORCH_MODULE(BranchHead);

/// Maps a modality's vector to the fusion width: a linear layer if the widths
/// differ, then LayerNorm. x (B, in) -> (B, out)
class AdapterImpl : public torch::nn::Module {
 public:
  AdapterImpl(int in, int out);
  [[nodiscard]] Tensor forward(const Tensor& x);

 private:
  Linear linear_{nullptr};
  LayerNorm norm_{nullptr};
};
TORCH_MODULE(Adapter);

}  // namespace musl::nn
