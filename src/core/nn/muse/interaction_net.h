#pragma once

#include <cstdint>
#include <vector>

#include "muse/scale_fusion.h"
#include "nn/base/layers.h"
#include "nn/base/sparse_product.h"
#include "nn/base/tensor.h"
#include "nn/muse/node_encoder.h"

namespace musl::nn {

/// Sizes of a network of interactions.
struct InteractionShape {
  std::vector<NodeShape> nodes;  // of each type
  std::int64_t n_outputs = 1;    // C
  std::int64_t width = 128;      // D
  double dropout = 0.2;

  [[nodiscard]] bool has_two_types() const { return nodes.size() > 1; }
};

/// GraphMessages as tensors.
struct MessageTensors {
  std::vector<SymmetricMatrix> channels;  // (1 + C), (N, N) each
  Tensor node;                            // (N, C + 2)
};

/// CommonNeighbours of B pairs as tensors.
struct CommonTensors {
  Tensor pair, node;  // int64
  Tensor profile;     // (B, 2 C + 1)
};

/// Combines two nodes' vectors: for one type [a + b, |a - b|, a b], for two
/// types [a, b, (U a) b]; then linear, LayerNorm, ReLU and dropout.
class NodePairImpl : public torch::nn::Module {
 public:
  /// extra  columns that the caller adds
  NodePairImpl(const InteractionShape& shape, std::int64_t extra);
  /// a, b (B, D), extra (B, E) or undefined -> (B, D)
  [[nodiscard]] Tensor forward(const Tensor& a, const Tensor& b,
                               const Tensor& extra, ChunkRng* rng);

 private:
  double dropout_;
  Linear mix_{nullptr}, linear_{nullptr};
  LayerNorm norm_{nullptr};
};
TORCH_MODULE(NodePair);

/// The structure scale: reads the two nodes of a pair without their edges.
class StructureScaleImpl : public torch::nn::Module {
 public:
  explicit StructureScaleImpl(const InteractionShape& shape);
  /// vectors of the pairs' nodes (B, D) -> (B, D)
  [[nodiscard]] Tensor pairs(const Tensor& a, const Tensor& b, ChunkRng* rng);

  std::vector<NodeEncoder> encoders;  // of each type, to (n, D)
  Linear score{nullptr};              // (B, D) of pairs -> (B, C)

 private:
  NodePair pair_{nullptr};
};
TORCH_MODULE(StructureScale);

/// The network scale: layers of messages along links and labelled edges, and
/// the common neighbours of two nodes.
///
/// A layer is h + dropout(ReLU(LayerNorm(W h + V sum_c v_c * (A_c h)))), where
/// A_0 are the links, A_c the labels c of labelled edges, and v_c a weight for
/// each of the D columns. Source: Schlichtkrull et al. (2018), ESWC, with
/// diagonal relations as in Yang et al. (2015), ICLR; common neighbours as in
/// Wang et al. (2024), ICLR.
class NetworkScaleImpl : public torch::nn::Module {
 public:
  explicit NetworkScaleImpl(const InteractionShape& shape);
  /// inputs of the nodes of each type, (N_t, D) -> (N, D)
  [[nodiscard]] Tensor nodes(const std::vector<Tensor>& input,
                             const MessageTensors& messages, int threads,
                             ChunkRng* rng);
  /// h (N, D), rows a and b (B) -> (B, D)
  [[nodiscard]] Tensor pairs(const Tensor& h, const Tensor& a, const Tensor& b,
                             const CommonTensors& common, ChunkRng* rng);

  Linear score{nullptr};  // (B, D) of pairs -> (B, C)

 private:
  double dropout_;
  std::vector<Linear> inputs_, own_, message_;
  std::vector<LayerNorm> norms_;
  std::vector<Tensor> channel_;  // (1 + C, D) each
  Linear profile_{nullptr};
  LayerNorm input_norm_{nullptr};
  NodePair pair_{nullptr};
};
TORCH_MODULE(NetworkScale);

/// Both scales, and a perceptron that fuses them: parameters are named
/// "structure.", "network." and "fused.".
class InteractionNetImpl : public torch::nn::Module {
 public:
  explicit InteractionNetImpl(const InteractionShape& shape);

  /// (B, D) of either scale -> (B, C)
  [[nodiscard]] Tensor fuse(const Tensor& structure, const Tensor& network,
                            ChunkRng* rng);

  const InteractionShape shape;
  StructureScale structure{nullptr};
  NetworkScale network{nullptr};

 private:
  Mlp fused_{nullptr};
};
TORCH_MODULE(InteractionNet);

}  // namespace musl::nn
