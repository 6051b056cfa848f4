#include "nn/muse/interaction_net.h"

#include <string>

namespace musl::nn {
namespace {

constexpr int kLayers = 2;  // of messages

}  // namespace

NodePairImpl::NodePairImpl(const InteractionShape& shape, std::int64_t extra)
    : dropout_(shape.dropout) {
  const auto d = shape.width;
  if (shape.has_two_types()) {
    mix_ = register_module("mix", Linear(d, d, false));
  }
  linear_ = register_module("linear", Linear(3 * d + extra, d));
  norm_ = register_module("norm", LayerNorm(d));
}

Tensor NodePairImpl::forward(const Tensor& a, const Tensor& b,
                             const Tensor& extra, ChunkRng* rng) {
  std::vector<Tensor> columns;
  if (mix_.is_empty()) {
    columns = {a + b, (a - b).abs(), a * b};
  } else {
    columns = {a, b, mix_->forward(a) * b};
  }
  if (extra.defined()) columns.push_back(extra);
  const Tensor h = linear_->forward(torch::cat(columns, 1));  // (B, D)
  return relu_dropout(norm_->forward(h), dropout_, rng);
}

StructureScaleImpl::StructureScaleImpl(const InteractionShape& shape) {
  const auto d = shape.width;
  for (std::size_t t = 0; t < shape.nodes.size(); ++t) {
    encoders.push_back(
        register_module("encoder" + std::to_string(t),
                        NodeEncoder(shape.nodes[t], d, shape.dropout)));
  }
  pair_ = register_module("pair", NodePair(shape, /*extra=*/0));
  score = register_module("score", Linear(d, shape.n_outputs));
}

Tensor StructureScaleImpl::pairs(const Tensor& a, const Tensor& b,
                                 ChunkRng* rng) {
  return pair_->forward(a, b, {}, rng);
}

NetworkScaleImpl::NetworkScaleImpl(const InteractionShape& shape)
    : dropout_(shape.dropout) {
  const auto d = shape.width;
  const auto c = shape.n_outputs;
  for (std::size_t t = 0; t < shape.nodes.size(); ++t) {
    inputs_.push_back(
        register_module("input" + std::to_string(t), Linear(d, d)));
  }
  profile_ = register_module("profile", Linear(c + 2, d));
  input_norm_ = register_module("input_norm", LayerNorm(d));
  for (int i = 0; i < kLayers; ++i) {
    const auto suffix = std::to_string(i);
    own_.push_back(register_module("own" + suffix, Linear(d, d)));
    message_.push_back(register_module("message" + suffix, Linear(d, d)));
    channel_.push_back(
        register_parameter("channel" + suffix, torch::zeros({1 + c, d})));
    norms_.push_back(register_module("norm" + suffix, LayerNorm(d)));
  }
  pair_ = register_module("pair", NodePair(shape, d + 2 * c + 1));
  score = register_module("score", Linear(d, c));
}

Tensor NetworkScaleImpl::nodes(const std::vector<Tensor>& input,
                               const MessageTensors& messages, int threads,
                               ChunkRng* rng) {
  std::vector<Tensor> rows;
  for (std::size_t t = 0; t < inputs_.size(); ++t) {
    rows.push_back(inputs_[t]->forward(input[t]));
  }
  Tensor h = torch::cat(rows, 0) + profile_->forward(messages.node);  // (N, D)
  h = relu_dropout(input_norm_->forward(h), dropout_, rng);
  for (std::size_t i = 0; i < own_.size(); ++i) {
    // Links count from the start; labels only as learned.
    Tensor sum = sparse_product(messages.channels[0], h, threads) *
                 (1 + channel_[i][0]);  // (N, D)
    for (std::size_t c = 1; c < messages.channels.size(); ++c) {
      sum = sum + sparse_product(messages.channels[c], h, threads) *
                      channel_[i][static_cast<std::int64_t>(c)];
    }
    const Tensor next = own_[i]->forward(h) + message_[i]->forward(sum);
    h = h + relu_dropout(norms_[i]->forward(next), dropout_, rng);
  }
  return h;
}

Tensor NetworkScaleImpl::pairs(const Tensor& h, const Tensor& a,
                               const Tensor& b, const CommonTensors& common,
                               ChunkRng* rng) {
  Tensor shared = torch::zeros({a.size(0), h.size(1)}, h.options());
  if (common.pair.size(0) > 0) {
    shared = shared.index_add(0, common.pair,
                              h.index_select(0, common.node));  // (B, D)
    // The profile stores their number.
    const Tensor count =
        torch::zeros({a.size(0)}, h.options())
            .index_add(0, common.pair,
                       torch::ones_like(common.pair, h.options()));
    shared = shared / count.clamp_min(1).sqrt().unsqueeze(1);
  }
  return pair_->forward(h.index_select(0, a), h.index_select(0, b),
                        torch::cat({shared, common.profile}, 1), rng);
}

InteractionNetImpl::InteractionNetImpl(const InteractionShape& size)
    : shape(size) {
  structure = register_module("structure", StructureScale(size));
  network = register_module("network", NetworkScale(size));
  fused_ = register_module(
      "fused",
      Mlp(std::vector<std::int64_t>{2 * size.width, size.width, size.n_outputs},
          /*norm=*/true, size.dropout));
}

Tensor InteractionNetImpl::fuse(const Tensor& structure_pairs,
                                const Tensor& network_pairs, ChunkRng* rng) {
  return fused_->forward(torch::cat({structure_pairs, network_pairs}, 1), rng);
}

}  // namespace musl::nn
