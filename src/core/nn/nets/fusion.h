#pragma once

#include "nn/base/layers.h"
#include "nn/base/tensor.h"

namespace musl::nn {

/// Replaces a masked logit: exp(kMasked - x) is exactly 0 for any realistic x.
inline constexpr double kMasked = -1e9;

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

/// Every modality attends to all others: h' = LN(h + MHA(h, others)), then h''
/// = LN(h' + FFN(h')).
///
/// modalities (B, M, D)   present (B, M) 0/1   ->  (B, M, D)
/// Attention weights over other, present modalities sum to 1; a modality
/// without a present other gets 0 from attention. D must be a multiple of
/// `heads` (ShapeError). Source: Vaswani et al. 2017, eq. 1.
class CrossAttentionImpl : public torch::nn::Module {
 public:
  CrossAttentionImpl(int width, int heads, double dropout);
  Tensor forward(const Tensor& modalities, const Tensor& present,
                 ChunkRng* rng);
  /// (B, H, M, M) weights of the last evaluation-mode computation on inputs.
  [[nodiscard]] Tensor weights(const Tensor& modalities, const Tensor& present);

 private:
  int heads_;
  double dropout_;
  Linear query_{nullptr}, key_{nullptr}, value_{nullptr}, out_{nullptr},
      up_{nullptr}, down_{nullptr};
  LayerNorm norm_attention_{nullptr}, norm_ffn_{nullptr};
};
TORCH_MODULE(CrossAttention);

}  // namespace musl::nn
