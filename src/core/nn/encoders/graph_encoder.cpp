#include <algorithm>

#include "musl/error.h"
#include "nn/encoders/encoder.h"
#include "nn/layers.h"
#include "nn/sparse_product.h"

namespace musl::nn {
namespace {

constexpr std::int64_t kRelationHidden = 32;
constexpr std::int64_t kRelationHeads = 4;       // similarities of a block
constexpr std::int64_t kRelationHeadWidth = 16;  // columns of each
constexpr int kRelationMinimum = 8;  // a narrower block has no directions
constexpr double kClip = 6.0;        // of standardised, propagated features
// Genes are few and seen in many pairs, so the layers that could learn single
// genes by heart drop more than the others.
constexpr double kGeneDropoutFactor = 2.5;
constexpr double kMaxDropout = 0.8;

/// Vectors of genes before they meet in a pair.
class GeneStage : public torch::nn::Module {
 public:
  /// With a network, the last of inputs->propagated is a propagated copy of the
  /// features.
  virtual void prepare(GeneInputs* inputs) const = 0;
  virtual Tensor forward(const GeneInputs& inputs, const Tensor& rows,
                         ChunkRng* rng) = 0;
};

/// Scaler number `copy` of the inputs over x (G, F), within +-kClip. Columns of
/// which nothing is known, as of a missing block, stay zero.
Tensor standardise(const GeneInputs& inputs, std::size_t copy,
                   const Tensor& x) {
  const auto columns = static_cast<std::size_t>(x.size(1));
  if (copy >= inputs.scalers.size() ||
      inputs.scalers[copy].mean.size() != columns) {
    throw ShapeError("Propagated copy " + std::to_string(copy + 1) +
                     " of the node features must have a scaler of " +
                     std::to_string(columns) + " columns; found " +
                     std::to_string(inputs.scalers.size()) +
                     " scalers. Use those that the model was trained with.");
  }
  const Scaler& scaler = inputs.scalers[copy];
  const auto mean = torch::tensor(scaler.mean).to(x.options());
  const auto scale = torch::tensor(scaler.scale).to(x.options());
  const auto known = x.abs().amax(0, /*keepdim=*/true) > 0;  // (1, F)
  return ((x - mean) / scale).clamp(-kClip, kClip) * known;
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
      inputs->propagated.push_back(
          standardise(*inputs, static_cast<std::size_t>(layer), x));
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
    const torch::NoGradGuard no_grad;
    const auto copy = sparse_product(matrix, inputs->features, inputs->threads);
    inputs->propagated = {matrix.offset, matrix.column, matrix.value,
                          matrix.edge, standardise(*inputs, 0, copy)};
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

/// Directions in which genes may be alike: of every wide node block, and of its
/// propagated copy, a learned projection of unit length.
///
/// A pair's similarities are few, so they cannot tell which genes they come
/// from: what they teach holds for genes that no training pair showed.
class RelationStage : public torch::nn::Module {
 public:
  explicit RelationStage(const std::vector<int>& blocks) {
    std::int64_t first = 0;
    for (const int columns : blocks) {
      if (columns >= kRelationMinimum) {
        for (const char* copy : {"own", "propagated"}) {
          const auto name = copy + std::to_string(spans_.size() / 2);
          project_.push_back(register_module(
              name, torch::nn::Linear(
                        torch::nn::LinearOptions(
                            columns, kRelationHeads * kRelationHeadWidth)
                            .bias(false))));
          spans_.push_back({first, columns});
        }
      }
      first += columns;
    }
  }

  [[nodiscard]] std::int64_t similarities() const {
    return static_cast<std::int64_t>(spans_.size()) * kRelationHeads;
  }
  [[nodiscard]] std::int64_t width() const {
    return similarities() * kRelationHeadWidth;
  }

  /// (R, width); zero where a gene has no features or there is no network.
  [[nodiscard]] Tensor forward(const GeneInputs& inputs, const Tensor& rows) {
    std::vector<Tensor> parts;
    for (std::size_t i = 0; i < spans_.size(); ++i) {
      const bool own = i % 2 == 0;
      if (!own && inputs.adjacency == nullptr) {
        parts.push_back(torch::zeros_like(parts.back()));
        continue;
      }
      const auto& source = own ? inputs.features : inputs.propagated.back();
      const auto x = source.narrow(1, spans_[i].first, spans_[i].second)
                         .index_select(0, rows);  // (R, F)
      const auto y = project_[i]->forward(x);     // (R, 64)
      const auto length = y.square().sum(1, /*keepdim=*/true).add(1e-6).sqrt();
      parts.push_back(y / length);
    }
    return torch::cat(parts, 1);
  }

 private:
  std::vector<std::pair<std::int64_t, std::int64_t>> spans_;
  std::vector<torch::nn::Linear> project_;
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
/// gene_a, gene_b (B, Dg), topology (B, T), seen (B, 2) -> (B, D). Two ways
/// lead from a pair to its vector, both blind to the order of the genes: sum,
/// distance and product of the genes' own vectors, and what relates them
/// (similarities and topology). The first soon knows the training genes by
/// heart, and with them how often each was recorded, which holds for no other
/// gene. With unseen_genes = "masked" a gene that no training pair holds has a
/// zero own vector, and training hides seen genes now and then (hide_seen).
class GraphEncoder : public Encoder {
 public:
  GraphEncoder(const ArchitectureConfig& config, const InputSizes& sizes);

  [[nodiscard]] std::string encoder_name() const override { return "graph"; }
  [[nodiscard]] std::vector<std::string> inputs() const override {
    std::vector<std::string> names{"gene_a", "gene_b"};
    if (has_topology_) names.emplace_back("topology");
    if (masks_unseen_) names.emplace_back("seen");
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
    const auto own = stage_->forward(inputs, rows, rng);
    if (relations_ == nullptr) return own;
    return torch::cat({own, relations_->forward(inputs, rows)}, 1);
  }

 private:
  void check_features(const GeneInputs& inputs) const;
  [[nodiscard]] Tensor relate(const PairBatch& batch);

  int width_;
  std::int64_t columns_;
  std::int64_t own_width_;
  double dropout_;
  std::shared_ptr<GeneStage> stage_;
  std::shared_ptr<RelationStage> relations_;  // null: no wide block
  torch::nn::LayerNorm gene_norm_{nullptr}, pair_norm_{nullptr};
  torch::nn::Linear pair_{nullptr}, output_{nullptr};
  bool has_topology_, masks_unseen_;
  Mlp relate_{nullptr};
};

GraphEncoder::GraphEncoder(const ArchitectureConfig& config,
                           const InputSizes& sizes)
    : width_(config.width),
      columns_(sizes.node_columns),
      own_width_(config.graph_hidden),
      dropout_(std::min(kGeneDropoutFactor * config.dropout, kMaxDropout)),
      has_topology_(sizes.topology_columns > 0),
      masks_unseen_(config.unseen_genes == "masked") {
  if (columns_ <= 0) {
    throw InputError(
        "The graph encoder needs a network or embeddings; found neither. Add "
        "one or leave \"graph\" out of encoders.");
  }
  stage_ = register_module("genes", make_stage(config, columns_, dropout_));
  gene_norm_ = register_module("gene_norm", layer_norm(own_width_));
  pair_ = register_module("pair", torch::nn::Linear(3 * own_width_, width_));
  pair_norm_ = register_module("pair_norm", layer_norm(width_));
  output_ = register_module("output", torch::nn::Linear(width_, width_));
  std::int64_t relations = sizes.topology_columns;
  auto stage = std::make_shared<RelationStage>(sizes.node_blocks);
  if (stage->similarities() > 0) {
    relations += stage->similarities();
    relations_ = register_module("relations", stage);
  }
  if (relations > 0) {
    relate_ = register_module(
        "relate",
        Mlp(std::vector<std::int64_t>{relations, kRelationHidden, width_},
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

/// (B, D) from similarities and topology.
Tensor GraphEncoder::relate(const PairBatch& batch) {
  std::vector<Tensor> features;
  if (relations_ != nullptr) {
    const auto n = relations_->width();
    const auto product = batch.at("gene_a").narrow(1, own_width_, n) *
                         batch.at("gene_b").narrow(1, own_width_, n);
    features.push_back(
        product.view({-1, relations_->similarities(), kRelationHeadWidth})
            .sum(2) *
        static_cast<double>(kRelationHeads));  // (B, similarities)
  }
  if (has_topology_) features.push_back(batch.at("topology"));
  return relate_->forward(torch::cat(features, 1), batch.rng);
}

Tensor GraphEncoder::forward(const PairBatch& batch) {
  auto a = gene_norm_->forward(batch.at("gene_a").narrow(1, 0, own_width_));
  auto b = gene_norm_->forward(batch.at("gene_b").narrow(1, 0, own_width_));
  if (masks_unseen_) {
    const auto shown = batch.at("seen").to(a.scalar_type());  // (B, 2)
    a = a * shown.narrow(1, 0, 1);
    b = b * shown.narrow(1, 1, 1);
  }
  const auto both = torch::cat({a + b, (a - b).abs(), a * b}, 1);  // (B, 3 Dg)
  auto h = pair_->forward(both);                                   // (B, D)
  if (!relate_.is_empty()) h = h + relate(batch);
  h = dropout(torch::relu(pair_norm_->forward(h)), dropout_, batch.rng);
  return output_->forward(h);  // (B, D)
}

[[maybe_unused]] const bool registered = register_encoder(
    "graph", [](const ArchitectureConfig& config, const InputSizes& sizes) {
      return std::make_shared<GraphEncoder>(config, sizes);
    });

}  // namespace
}  // namespace musl::nn
