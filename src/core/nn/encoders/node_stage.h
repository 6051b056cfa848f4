#pragma once

#include <cstdint>
#include <memory>

#include "data/config.h"
#include "nn/base/tensor.h"
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

}  // namespace musl::nn
