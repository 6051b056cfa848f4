#include "nn/encoders/node_stage.h"

#include <algorithm>

#include "nn/base/layers.h"
#include "nn/base/products.h"
#include "nn/base/row_lists.h"
#include "nn/base/sparse_product.h"
#include "nn/base/tensor.h"
#include "nn/encoders/encoder.h"

namespace musl::nn {
namespace {

constexpr double kClip = 6.0;  // of standardised, propagated features
constexpr double kGeneDropoutFactor = 2.5;
constexpr double kMaxDropout = 0.8;

/// The features (G, F), propagated once and scaled within +-kClip. Columns
/// without data, such as those of a missing block, remain zero.
Tensor propagated_copy(const GeneInputs& inputs,
                       const SymmetricMatrix& matrix) {
  const auto x = sparse_product(matrix, inputs.features, inputs.threads);
  const Scaler& scaler = inputs.scalers[0];
  const auto mean = torch::tensor(scaler.mean).to(x.options());
  const auto scale = torch::tensor(scaler.scale).to(x.options());
  const auto known = x.abs().amax(0, /*keepdim=*/true) > 0;  // (1, F)
  return ((x - mean) / scale).clamp(-kClip, kClip) * known;
}

/// The first columns of a weight. Returns the weight if these are all its
/// columns, which avoids copying the gradient.
Tensor first_columns(const Tensor& weight, std::int64_t n) {
  return n == weight.size(1) ? weight : weight.narrow(1, 0, n);
}

/// MLP over the features and their propagated copy.
/// Source: Frasca et al. (2020), SIGN, arXiv 2004.11198.
class SignStage : public NodeStage {
 public:
  SignStage(const ArchitectureConfig& config, std::int64_t columns,
            double dropout)
      : dropout_(dropout) {
    const std::int64_t out = config.graph_hidden(), hidden = 2 * out;
    first_ = register_module("first", Linear(2 * columns, hidden));
    skip_ = register_module("skip", Linear(2 * columns, out, false));
    norm_ = register_module("norm", LayerNorm(hidden));
    last_ = register_module("last", Linear(hidden, out));
  }

  void prepare(GeneInputs* inputs) const override {
    inputs->propagated.clear();
    if (inputs->adjacency == nullptr) return;
    const torch::NoGradGuard no_grad;
    inputs->propagated = {propagated_copy(
        *inputs, to_symmetric(*inputs->adjacency, inputs->features.device()))};
  }

  [[nodiscard]] bool reads_rows() const override { return true; }

  Tensor forward(const GeneInputs& inputs, const Tensor& rows,
                 ChunkRng* rng) override {
    std::vector<Tensor> parts{inputs.features.index_select(0, rows)};
    for (const auto& copy : inputs.propagated) {
      parts.push_back(copy.index_select(0, rows));
    }
    const auto x = torch::cat(parts, 1);  // (R, 2 F)
    // Without a network the propagated copy is zero: its weights drop out.
    const auto weight = first_columns(first_->weight, x.size(1));
    auto h = norm_->forward(affine(x, weight, first_->bias));
    h = relu_dropout(h, dropout_, rng);
    const auto direct =
        affine(x, first_columns(skip_->weight, x.size(1)), /*bias=*/{});
    return last_->forward(h) + direct;  // (R, Dg)
  }

 private:
  double dropout_;
  Linear first_{nullptr}, last_{nullptr}, skip_{nullptr};
  LayerNorm norm_{nullptr};
};

/// GraphSAGE with the mean of the neighbours, over projected features, trained
/// end to end: h <- ReLU(W h + V mean of the neighbours' h). Every neighbour
/// counts once, as published, whatever its edge's weight; without neighbours
/// the mean is zero. Source: Hamilton et al. (2017), arXiv 1706.02216,
/// algorithm 1; all neighbours and no sample of them, and no scaling to unit
/// length, since a LayerNorm follows.
class SageStage : public NodeStage {
 public:
  SageStage(const ArchitectureConfig& config, std::int64_t columns,
            double dropout)
      : dropout_(dropout) {
    const std::int64_t hidden = config.graph_hidden();
    input_ = register_module("input", Linear(columns, hidden));
    for (int i = 0; i < config.graph_layers(); ++i) {
      const auto suffix = std::to_string(i);
      self_.push_back(register_module("self" + suffix, Linear(hidden, hidden)));
      neighbours_.push_back(register_module("neighbours" + suffix,
                                            Linear(hidden, hidden, false)));
    }
  }

  void prepare(GeneInputs* inputs) const override {
    inputs->propagated.clear();
    if (inputs->adjacency == nullptr) return;
    const auto matrix =
        to_symmetric(*inputs->adjacency, inputs->features.device());
    const torch::NoGradGuard no_grad;
    const auto row = rows_of_entries(matrix.offset, matrix.column.size(0));
    // 1 for each edge, 0 on the diagonal.
    const auto links = (matrix.column != row).to(matrix.value.scalar_type());
    inputs->propagated = {matrix.offset, matrix.column, links,
                          propagated_copy(*inputs, matrix)};
  }

  [[nodiscard]] bool reads_rows() const override { return false; }

  Tensor forward(const GeneInputs& inputs, const Tensor& rows,
                 ChunkRng* rng) override {
    const auto& kept = inputs.propagated;
    if (kept.empty()) return alone(inputs.features.index_select(0, rows), rng);
    const SymmetricMatrix links{kept[0], kept[1], kept[2]};
    const auto share = shares(links, inputs);
    auto h = input_->forward(inputs.features);  // (G, Dg)
    for (std::size_t i = 0; i < self_.size(); ++i) {
      h = dropout(h, dropout_, rng);
      auto mean = share * sparse_product(links, h, inputs.threads);  // (G, Dg)
      if (i + 1 == self_.size()) {
        h = h.index_select(0, rows);
        mean = mean.index_select(0, rows);
      }
      h = torch::relu(self_[i]->forward(h) + neighbours_[i]->forward(mean));
    }
    return h;  // (R, Dg)
  }

 private:
  /// (G, 1) weight of each of a gene's links in the mean; 0 without links.
  [[nodiscard]] static Tensor shares(const SymmetricMatrix& links,
                                     const GeneInputs& inputs) {
    const auto one =
        torch::ones({inputs.features.size(0), 1}, inputs.features.options());
    const auto sum = sparse_product(links, one, inputs.threads);
    return torch::where(sum > 0, 1 / sum, torch::zeros_like(sum));
  }

  /// Of genes without a network.
  Tensor alone(const Tensor& features, ChunkRng* rng) {
    auto h = input_->forward(features);
    for (auto& layer : self_) {
      h = torch::relu(layer->forward(dropout(h, dropout_, rng)));
    }
    return h;
  }

  double dropout_;
  Linear input_{nullptr};
  std::vector<Linear> self_, neighbours_;
};

}  // namespace

std::shared_ptr<NodeStage> make_node_stage(const ArchitectureConfig& config,
                                           std::int64_t columns) {
  const double dropout = gene_dropout(config);
  if (config.graph_net == "sage") {
    return std::make_shared<SageStage>(config, columns, dropout);
  }
  return std::make_shared<SignStage>(config, columns, dropout);
}

double gene_dropout(const ArchitectureConfig& config) {
  return std::min(kGeneDropoutFactor * config.dropout, kMaxDropout);
}

}  // namespace musl::nn
