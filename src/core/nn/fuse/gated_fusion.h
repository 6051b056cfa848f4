#pragma once

#include "nn/base/layers.h"

namespace musl::nn {

struct Fused {
  Tensor vector;  // (B, D)
  Tensor gates;   // (B, M) sum to 1 over present modalities, exactly 0
                  // elsewhere; all 0 if no modality is present
};

/// Adaptive gates: g = softmax(MLP(h_m) + log mask), z = sum_m g_m h_m.
class GatedFusionImpl : public torch::nn::Module {
 public:
  explicit GatedFusionImpl(int width);
  /// modalities (B, M, D), present (B, M) 0/1.
  Fused forward(const Tensor& modalities, const Tensor& present);

 private:
  Linear hidden_{nullptr}, score_{nullptr};
};
TORCH_MODULE(GatedFusion);

}  // namespace musl::nn
