#pragma once

#include <memory>

#include "nn/encoders/encoder.h"

namespace musl::nn {

/// Vectors of genes before they meet in a pair, (R, graph_hidden).
class NodeStage : public torch::nn::Module {
 public:
  /// With a network, the last of inputs->propagated is a propagated copy of the
  /// features.
  virtual void prepare(GeneInputs* inputs) const = 0;
  /// Does forward() read nothing of other genes than those of `rows`?
  [[nodiscard]] virtual bool reads_rows() const = 0;
  [[nodiscard]] virtual Tensor forward(const GeneInputs& inputs,
                                       const Tensor& rows, ChunkRng* rng) = 0;
};

/// The stage that config.graph_net names: "sign", "gcn" or "sage" (InputError
/// else).
[[nodiscard]] std::shared_ptr<NodeStage> make_node_stage(
    const ArchitectureConfig& config, std::int64_t columns);

/// Genes are few and seen in many pairs, so the layers that could learn single
/// genes by heart drop more than the others.
[[nodiscard]] double gene_dropout(const ArchitectureConfig& config);

/// ShapeError unless the features have `columns` columns.
void check_node_features(const GeneInputs& inputs, std::int64_t columns);

/// InputError that names the encoder when there are no node features.
void require_node_features(const std::string& encoder, const InputSizes& sizes);

}  // namespace musl::nn
