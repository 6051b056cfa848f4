#include "nn/nets/fusion.h"

#include <cmath>

#include "nn/base/layers.h"

namespace musl::nn {

namespace {

constexpr int kUpFactor = 2;  // hidden width of the feed-forward part over D

/// (B, M, D) -> (B, H, M, D / H)
Tensor split_heads(const Tensor& x, std::int64_t heads) {
  return x.view({x.size(0), x.size(1), heads, x.size(2) / heads})
      .transpose(1, 2);
}

/// (B, 1, M, M), true where row i may read column j: j is present and not i.
Tensor readable(const Tensor& present) {
  const auto m = present.size(1);
  const auto self =
      torch::eye(m, present.options().dtype(torch::kBool));  // (M, M)
  return (present != 0).unsqueeze(1).logical_and(~self).unsqueeze(1);
}

}  // namespace

GatedFusionImpl::GatedFusionImpl(int width) {
  hidden_ = register_module("hidden", Linear(width, width));
  score_ = register_module("score", Linear(width, 1));
}

Fused GatedFusionImpl::forward(const Tensor& modalities,
                               const Tensor& present) {
  const auto score =
      score_->forward(torch::tanh(hidden_->forward(modalities))).squeeze(2);
  // The product clears rows in which nothing is present.
  const auto masked = torch::sub(score, present - 1, kMasked);
  const auto gates = torch::softmax(masked, 1) * present;
  return {torch::matmul(gates.unsqueeze(1), modalities).squeeze(1), gates};
}

CrossAttentionImpl::CrossAttentionImpl(int width, int heads, double dropout)
    : heads_(heads), dropout_(dropout) {
  const auto linear = [&](const char* name, int in, int out) {
    return register_module(name, Linear(in, out));
  };
  query_ = linear("query", width, width);
  key_ = linear("key", width, width);
  value_ = linear("value", width, width);
  out_ = linear("out", width, width);
  up_ = linear("up", width, kUpFactor * width);
  down_ = linear("down", kUpFactor * width, width);
  norm_attention_ = register_module("norm_attention", LayerNorm(width));
  norm_ffn_ = register_module("norm_ffn", LayerNorm(width));
}

Tensor CrossAttentionImpl::weights(const Tensor& modalities,
                                   const Tensor& present) {
  const auto query = split_heads(query_->forward(modalities), heads_);
  const auto key = split_heads(key_->forward(modalities), heads_);
  const auto scale = std::sqrt(static_cast<double>(query.size(3)));
  const auto score =
      torch::matmul(query, key.transpose(2, 3)) / scale;  // (B, H, M, M)
  const auto allowed = readable(present);
  // The product clears rows that have nothing to read.
  return torch::softmax(score.masked_fill(~allowed, kMasked), 3) *
         allowed.to(score.scalar_type());
}

Tensor CrossAttentionImpl::forward(const Tensor& modalities,
                                   const Tensor& present, ChunkRng* rng) {
  const auto value = split_heads(value_->forward(modalities), heads_);
  const auto weight = dropout(weights(modalities, present), dropout_, rng);
  auto read = torch::matmul(weight, value)
                  .transpose(1, 2)
                  .reshape(modalities.sizes());  // (B, M, D)
  // Zero, including the bias, if there is no other modality to read.
  const auto any = readable(present).squeeze(1).any(2, /*keepdim=*/true);
  read = out_->forward(read) * any.to(read.scalar_type());
  const auto h = norm_attention_->forward(
      modalities + dropout(read, dropout_, rng));  // (B, M, D)
  const auto ffn = down_->forward(relu_dropout(up_->forward(h), dropout_, rng));
  return norm_ffn_->forward(h + dropout(ffn, dropout_, rng));  // (B, M, D)
}

}  // namespace musl::nn
