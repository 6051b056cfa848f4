#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "muse/label_graph.h"
#include "muse/scale_fusion.h"
#include "nn/base/tensor.h"
#include "nn/muse/interaction_net.h"
#include "nn/muse/node_encoder.h"

namespace musl::nn {

/// Which outputs of a network are requested.
enum class InteractionScale { structure, network, fused };
inline const std::vector<InteractionScale> kBothScales{
    InteractionScale::structure, InteractionScale::network};

[[nodiscard]] const Matrix& scores_of(const ScaleScores& scores,
                                      InteractionScale scale);

/// Nodes and graph as a network of interactions reads them. Refers to the
/// graph, which must outlive it.
class InteractionWorld {
 public:
  /// nodes  of each type, features standardised
  InteractionWorld(const std::vector<NodeSet>& nodes, const LabelGraph& graph,
                   const torch::Device& device);

  /// (n, D) of the structure scale for nodes, each once and ascending. seed: of
  /// the windows of cropped sequences.
  [[nodiscard]] Tensor structure(InteractionNet net,
                                 const std::vector<std::int32_t>& nodes,
                                 ChunkRng* rng, std::uint64_t seed) const;
  /// Inputs of the network scale for the nodes of each type, of the structure
  /// vectors (N, D) of all.
  [[nodiscard]] std::vector<Tensor> network_input(const Tensor& all) const;
  /// (N, D) structure vectors of all nodes in evaluation mode, without a
  /// gradient. CancelledError if `tick` returns false.
  [[nodiscard]] Tensor all_structure(InteractionNet net, int threads,
                                     const std::function<bool()>& tick) const;
  [[nodiscard]] MessageTensors messages(const EdgeMask& mask) const;
  [[nodiscard]] CommonTensors common(const EdgeMask& mask,
                                     const std::vector<std::int32_t>& a,
                                     const std::vector<std::int32_t>& b) const;

  /// All three scores of pairs in evaluation mode, with the pair's edge masked.
  /// Scores of a scale that is not `wanted` are 0. CancelledError if `tick`
  /// returns false.
  ///
  /// all  all_structure() of this network, if it is known
  [[nodiscard]] ScaleScores score(InteractionNet net,
                                  const LabelledPairs& pairs,
                                  const std::vector<InteractionScale>& wanted,
                                  int threads,
                                  const std::function<bool()>& tick,
                                  const Tensor& all = {}) const;

  [[nodiscard]] const LabelGraph& graph() const { return graph_; }
  [[nodiscard]] const std::vector<NodeValues>& nodes() const { return nodes_; }
  [[nodiscard]] const torch::Device& device() const { return device_; }
  [[nodiscard]] Tensor rows(const std::vector<std::int32_t>& nodes) const;

 private:
  /// Whether masking the edge between two nodes changes messages.
  [[nodiscard]] bool is_masked(std::int32_t a, std::int32_t b) const;

  const LabelGraph& graph_;
  torch::Device device_;
  std::vector<NodeValues> nodes_;    // of each type
  std::vector<std::int64_t> first_;  // node of each type
  Tensor offset_, column_;           // of the graph
};

}  // namespace musl::nn
