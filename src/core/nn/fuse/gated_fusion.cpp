#include "nn/fuse/gated_fusion.h"

#include "musl/error.h"
#include "nn/fuse/masked.h"

namespace musl::nn {
GatedFusionImpl::GatedFusionImpl(int width) {
  hidden_ = register_module("hidden", Linear(width, width));
  score_ = register_module("score", Linear(width, 1));
}

Fused GatedFusionImpl::forward(const Tensor& modalities,
                               const Tensor& present) {
  if (modalities.dim() != 3 || present.dim() != 2 ||
      present.size(0) != modalities.size(0) ||
      present.size(1) != modalities.size(1)) {
    throw ShapeError("Masks must be pairs x modalities, as the vectors are.");
  }
  const auto score =
      score_->forward(torch::tanh(hidden_->forward(modalities))).squeeze(2);
  // The product clears rows in which nothing is present.
  const auto gates =
      torch::softmax(score.masked_fill(present == 0, kMasked), 1) * present;
  return {torch::matmul(gates.unsqueeze(1), modalities).squeeze(1), gates};
}

}  // namespace musl::nn
