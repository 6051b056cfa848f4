#pragma once

#include <memory>
#include <string>

#include "nn/base/layers.h"
#include "nn/encoders/encoder.h"

namespace musl::nn {

/// Vectors of genes before they are combined in pairs, (R, graph_hidden()).
class NodeStage : public torch::nn::Module {
 public:
  /// With a network, the last of inputs->propagated is a propagated copy of the
  /// features.
  virtual void prepare(GeneInputs* inputs) const = 0;
  /// Whether forward() reads only the genes of `rows`.
  [[nodiscard]] virtual bool reads_rows() const = 0;
  [[nodiscard]] virtual Tensor forward(const GeneInputs& inputs,
                                       const Tensor& rows, ChunkRng* rng) = 0;
};

/// The stage named by config.graph_net.
[[nodiscard]] std::shared_ptr<NodeStage> make_node_stage(
    const ArchitectureConfig& config, std::int64_t columns);

/// Dropout of the layers that could memorise single genes: higher than in other
/// layers, as genes are few and each is in many pairs.
[[nodiscard]] double gene_dropout(const ArchitectureConfig& config);

/// Base of encoders of gene vectors: the per-gene stage, and the symmetric
/// combination of two genes' vectors into a pair's.
class GeneEncoder : public Encoder {
 public:
  [[nodiscard]] bool reads_gene_rows() const override {
    return stage_->reads_rows();
  }
  void prepare_genes(GeneInputs* inputs) const override {
    stage_->prepare(inputs);
  }

 protected:
  /// name  as in `encoders`; InputError without node features
  GeneEncoder(const std::string& name, const ArchitectureConfig& config,
              const InputSizes& sizes);

  /// (R, own_width()) without the columns that a subclass adds.
  [[nodiscard]] Tensor own_vectors(const GeneInputs& inputs, const Tensor& rows,
                                   ChunkRng* rng) {
    return stage_->forward(inputs, rows, rng);
  }
  [[nodiscard]] std::int64_t own_width() const { return own_width_; }
  /// (B, D) of sum, distance and product of the normalised own vectors
  /// (B, own_width()), those of a gene times its number in `shown` (B, 2) if
  /// that is defined.
  [[nodiscard]] Tensor combine(const Tensor& own_a, const Tensor& own_b,
                               const Tensor& shown);
  /// (B, D) from the output of combine() and others, which may be overwritten.
  [[nodiscard]] Tensor finish(const Tensor& h, ChunkRng* rng);

 private:
  std::int64_t own_width_;
  double dropout_;
  std::shared_ptr<NodeStage> stage_;
  LayerNorm gene_norm_{nullptr}, pair_norm_{nullptr};
  Linear pair_{nullptr}, output_{nullptr};
};

}  // namespace musl::nn
