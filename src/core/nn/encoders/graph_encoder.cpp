#include <algorithm>

#include "musl/error.h"
#include "nn/encoders/encoder.h"
#include "nn/layers.h"
#include "nn/sparse_product.h"

namespace musl::nn {
namespace {

constexpr std::int64_t kTopologyHidden = 32;
constexpr double kClip = 6.0;  // of standardised, propagated features
// Genes are few and seen in many pairs, so the layers that could learn single
// genes by heart drop more than the others.
constexpr double kGeneDropoutFactor = 2.5;
constexpr double kMaxDropout = 0.8;

/// Vectors of genes before they meet in a pair.
class GeneStage : public torch::nn::Module {
 public:
  virtual void prepare(GeneInputs* inputs) const = 0;
  virtual Tensor forward(const GeneInputs& inputs, const Tensor& rows,
                         ChunkRng* rng) = 0;
};

/// Mean 0 and variance 1 in each column, within +-kClip; constant columns 0.
Tensor standardise_columns(const Tensor& x) {
  const auto centred = x - x.mean(0, /*keepdim=*/true);
  const auto sd = centred.square().mean(0, /*keepdim=*/true).sqrt();
  const auto scale = torch::where(sd > 0, sd, torch::ones_like(sd));
  return (centred / scale).clamp(-kClip, kClip);
}

/// MLP over the features and their propagated copies.
/// Source: Frasca et al. (2020), SIGN, arXiv 2004.11198.
class SignStage : public GeneStage {
 public:
  SignStage(const ArchitectureConfig& config, std::int64_t columns,
            double dropout)
      : layers_(config.graph_layers), dropout_(dropout) {
    const std::int64_t hidden = 2 * config.graph_hidden;
    first_ = register_module(
        "first", torch::nn::Linear(columns * (1 + layers_), hidden));
    skip_ = register_module(
        "skip",
        torch::nn::Linear(torch::nn::LinearOptions(columns * (1 + layers_),
                                                   config.graph_hidden)
                              .bias(false)));
    norm_ = register_module("norm", layer_norm(hidden));
    last_ =
        register_module("last", torch::nn::Linear(hidden, config.graph_hidden));
  }

  void prepare(GeneInputs* inputs) const override {
    inputs->propagated.clear();
    if (inputs->adjacency == nullptr) return;
    const torch::NoGradGuard no_grad;
    const auto matrix =
        to_symmetric(*inputs->adjacency, inputs->features.device());
    auto x = inputs->features;
    for (int layer = 0; layer < layers_; ++layer) {
      x = sparse_product(matrix, x, inputs->threads);
      inputs->propagated.push_back(standardise_columns(x));
    }
  }

  Tensor forward(const GeneInputs& inputs, const Tensor& rows,
                 ChunkRng* rng) override {
    std::vector<Tensor> parts{inputs.features.index_select(0, rows)};
    for (const auto& copy : inputs.propagated) {
      parts.push_back(copy.index_select(0, rows));
    }
    const auto x = torch::cat(parts, 1);  // (R, F * (1 + layers))
    // Without a network the propagated copies are zero: their weights drop out.
    const auto weight = first_->weight.narrow(1, 0, x.size(1));
    auto h = norm_->forward(torch::linear(x, weight, first_->bias));
    h = dropout(torch::relu(h), dropout_, rng);
    const auto direct = torch::linear(x, skip_->weight.narrow(1, 0, x.size(1)));
    return last_->forward(h) + direct;  // (R, Dg)
  }

 private:
  int layers_;
  double dropout_;
  torch::nn::Linear first_{nullptr}, last_{nullptr}, skip_{nullptr};
  torch::nn::LayerNorm norm_{nullptr};
};

/// Graph convolutions over the whole network, trained end to end:
/// h <- LN(ReLU(A h W + h V)) + h_0. Source: Kipf and Welling (2017).
class GcnStage : public GeneStage {
 public:
  GcnStage(const ArchitectureConfig& config, std::int64_t columns,
           double dropout)
      : dropout_(dropout), edge_dropout_(config.edge_dropout) {
    const std::int64_t hidden = config.graph_hidden;
    input_ = register_module("input", torch::nn::Linear(columns, hidden));
    for (int i = 0; i < config.graph_layers; ++i) {
      const auto suffix = std::to_string(i);
      neighbours_.push_back(register_module(
          "neighbours" + suffix,
          torch::nn::Linear(
              torch::nn::LinearOptions(hidden, hidden).bias(false))));
      self_.push_back(
          register_module("self" + suffix, torch::nn::Linear(hidden, hidden)));
      norm_.push_back(register_module("norm" + suffix, layer_norm(hidden)));
    }
    output_ = register_module("output", torch::nn::Linear(hidden, hidden));
  }

  void prepare(GeneInputs* inputs) const override {
    inputs->propagated.clear();
    if (inputs->adjacency == nullptr) return;
    const auto matrix =
        to_symmetric(*inputs->adjacency, inputs->features.device());
    inputs->propagated = {matrix.offset, matrix.column, matrix.value,
                          matrix.edge};
  }

  Tensor forward(const GeneInputs& inputs, const Tensor& rows,
                 ChunkRng* rng) override {
    const auto& kept = inputs.propagated;
    if (kept.empty()) {
      const auto features = inputs.features.index_select(0, rows);
      return convolve(features, nullptr, inputs.threads, rng);
    }
    const auto matrix =
        drop_edges({kept[0], kept[1], kept[2], kept[3]}, edge_dropout_, rng);
    return convolve(inputs.features, &matrix, inputs.threads, rng)
        .index_select(0, rows);  // (R, Dg)
  }

 private:
  Tensor convolve(const Tensor& features, const SymmetricMatrix* matrix,
                  int threads, ChunkRng* rng) {
    const auto residual = input_->forward(features);  // (G, hidden)
    auto h = residual;
    for (std::size_t i = 0; i < self_.size(); ++i) {
      h = dropout(h, dropout_, rng);
      auto next = self_[i]->forward(h);
      if (matrix != nullptr) {
        next =
            next + neighbours_[i]->forward(sparse_product(*matrix, h, threads));
      }
      h = norm_[i]->forward(torch::relu(next)) + residual;
    }
    return output_->forward(h);  // (G, Dg)
  }

  double dropout_, edge_dropout_;
  torch::nn::Linear input_{nullptr}, output_{nullptr};
  std::vector<torch::nn::Linear> neighbours_, self_;
  std::vector<torch::nn::LayerNorm> norm_;
};

std::shared_ptr<GeneStage> make_stage(const ArchitectureConfig& config,
                                      std::int64_t columns, double dropout) {
  if (config.graph_net == "sign") {
    return std::make_shared<SignStage>(config, columns, dropout);
  }
  if (config.graph_net == "gcn") {
    return std::make_shared<GcnStage>(config, columns, dropout);
  }
  throw InputError("graph_net must be \"sign\" or \"gcn\"; found \"" +
                   config.graph_net + "\".");
}

/// Network modality: vectors of both genes, and the pair's topology.
///
/// gene_a, gene_b (B, Dg), topology (B, T) -> (B, D); the sum, distance and
/// product of the two vectors do not depend on the order of the genes.
class GraphEncoder : public Encoder {
 public:
  GraphEncoder(const ArchitectureConfig& config, const InputSizes& sizes);

  [[nodiscard]] std::string encoder_name() const override { return "graph"; }
  [[nodiscard]] std::vector<std::string> inputs() const override {
    std::vector<std::string> names{"gene_a", "gene_b"};
    if (!topology_.is_empty()) names.emplace_back("topology");
    return names;
  }
  [[nodiscard]] int width() const override { return width_; }
  [[nodiscard]] Tensor forward(const PairBatch& batch) override;

  [[nodiscard]] bool has_gene_stage() const override { return true; }
  void prepare_genes(GeneInputs* inputs) const override {
    check_features(*inputs);
    stage_->prepare(inputs);
  }
  [[nodiscard]] Tensor gene_vectors(const GeneInputs& inputs,
                                    const Tensor& rows,
                                    ChunkRng* rng) override {
    check_features(inputs);
    return stage_->forward(inputs, rows, rng);
  }

 private:
  void check_features(const GeneInputs& inputs) const;

  int width_;
  std::int64_t columns_;
  double dropout_;
  std::shared_ptr<GeneStage> stage_;
  torch::nn::LayerNorm gene_norm_{nullptr}, pair_norm_{nullptr};
  torch::nn::Linear pair_{nullptr}, output_{nullptr};
  Mlp topology_{nullptr};
};

GraphEncoder::GraphEncoder(const ArchitectureConfig& config,
                           const InputSizes& sizes)
    : width_(config.width),
      columns_(sizes.node_columns),
      dropout_(std::min(kGeneDropoutFactor * config.dropout, kMaxDropout)) {
  if (columns_ <= 0) {
    throw InputError(
        "The graph encoder needs a network or embeddings; found neither. Add "
        "one or leave \"graph\" out of encoders.");
  }
  const std::int64_t gene_width = config.graph_hidden;
  stage_ = register_module("genes", make_stage(config, columns_, dropout_));
  gene_norm_ = register_module("gene_norm", layer_norm(gene_width));
  pair_ = register_module("pair", torch::nn::Linear(3 * gene_width, width_));
  pair_norm_ = register_module("pair_norm", layer_norm(width_));
  output_ = register_module("output", torch::nn::Linear(width_, width_));
  if (sizes.topology_columns > 0) {
    topology_ = register_module(
        "topology", Mlp(std::vector<std::int64_t>{sizes.topology_columns,
                                                  kTopologyHidden, width_},
                        /*norm=*/false, /*dropout=*/0.0));
  }
}

void GraphEncoder::check_features(const GeneInputs& inputs) const {
  const auto& x = inputs.features;
  if (x.dim() == 2 && x.size(1) == columns_) return;
  throw ShapeError("Node features must have " + std::to_string(columns_) +
                   " columns; found " +
                   (x.dim() == 2 ? std::to_string(x.size(1))
                                 : std::to_string(x.dim()) + " dimensions") +
                   ". Use embeddings of the size that the model knows.");
}

Tensor GraphEncoder::forward(const PairBatch& batch) {
  const auto a = gene_norm_->forward(batch.at("gene_a"));          // (B, Dg)
  const auto b = gene_norm_->forward(batch.at("gene_b"));          // (B, Dg)
  const auto both = torch::cat({a + b, (a - b).abs(), a * b}, 1);  // (B, 3 Dg)
  auto h = pair_->forward(both);                                   // (B, D)
  if (!topology_.is_empty()) {
    h = h + topology_->forward(batch.at("topology"), batch.rng);
  }
  h = dropout(torch::relu(pair_norm_->forward(h)), dropout_, batch.rng);
  return output_->forward(h);  // (B, D)
}

[[maybe_unused]] const bool registered = register_encoder(
    "graph", [](const ArchitectureConfig& config, const InputSizes& sizes) {
      return std::make_shared<GraphEncoder>(config, sizes);
    });

}  // namespace
}  // namespace musl::nn
