#include "nn/encoders/encoder.h"
#include "nn/encoders/node_stage.h"
#include "nn/layers.h"

namespace musl::nn {
namespace {

/// What the two genes are, each for itself: their own vectors alone.
///
/// gene_a, gene_b (B, Dg) -> (B, D) from sum, distance and product, blind to
/// the order of the genes. Unlike the graph encoder it shows the vectors of
/// unseen genes as any others, and reads nothing that relates the two.
class GenesEncoder : public Encoder {
 public:
  GenesEncoder(const ArchitectureConfig& config, const InputSizes& sizes)
      : width_(config.width),
        columns_(sizes.node_columns),
        own_width_(config.graph_hidden),
        dropout_(gene_dropout(config)) {
    require_node_features("genes", sizes);
    stage_ = register_module("genes", make_node_stage(config, columns_));
    gene_norm_ = register_module("gene_norm", layer_norm(own_width_));
    pair_ = register_module("pair", torch::nn::Linear(3 * own_width_, width_));
    pair_norm_ = register_module("pair_norm", layer_norm(width_));
    output_ = register_module("output", torch::nn::Linear(width_, width_));
  }

  [[nodiscard]] std::string encoder_name() const override { return "genes"; }
  [[nodiscard]] std::vector<std::string> inputs() const override {
    return {"gene_a", "gene_b"};
  }
  [[nodiscard]] int width() const override { return width_; }
  [[nodiscard]] std::int64_t gene_width() const override { return own_width_; }
  [[nodiscard]] bool is_late() const override { return true; }

  void prepare_genes(GeneInputs* inputs) const override {
    check_node_features(*inputs, columns_);
    stage_->prepare(inputs);
  }
  [[nodiscard]] Tensor gene_vectors(const GeneInputs& inputs,
                                    const Tensor& rows,
                                    ChunkRng* rng) override {
    check_node_features(inputs, columns_);
    return stage_->forward(inputs, rows, rng);
  }

  [[nodiscard]] Tensor forward(const PairBatch& batch) override {
    const auto a = gene_norm_->forward(gene_a(batch));
    const auto b = gene_norm_->forward(gene_b(batch));
    const auto both = torch::cat({a + b, (a - b).abs(), a * b}, 1);
    auto h = pair_norm_->forward(pair_->forward(both));  // (B, D)
    h = dropout(torch::relu(h), dropout_, batch.rng);
    return output_->forward(h);  // (B, D)
  }

 private:
  int width_;
  std::int64_t columns_;
  std::int64_t own_width_;
  double dropout_;
  std::shared_ptr<NodeStage> stage_;
  torch::nn::LayerNorm gene_norm_{nullptr}, pair_norm_{nullptr};
  torch::nn::Linear pair_{nullptr}, output_{nullptr};
};

[[maybe_unused]] const bool registered = register_encoder(
    "genes", [](const ArchitectureConfig& config, const InputSizes& sizes) {
      return std::make_shared<GenesEncoder>(config, sizes);
    });

}  // namespace
}  // namespace musl::nn
