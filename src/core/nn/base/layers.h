#pragma once

#include <vector>

#include "nn/base/modules.h"

namespace musl::nn {

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
