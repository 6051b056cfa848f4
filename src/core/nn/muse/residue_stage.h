#pragma once

#include <string>
#include <vector>

#include "muse/residue_graph.h"
#include "nn/base/layers.h"
#include "nn/base/tensor.h"
#include "nn/muse/edge_attention.h"
#include "nn/muse/residue_vectors.h"

namespace musl::nn {

/// Vectors of residues and chains with C-alpha coordinates.
///
/// Three layers, each: attention of a residue over its neighbours (4 heads;
/// distance and sequence offset enter keys and values linearly), a feed-forward
/// layer, and a gate by the chain's mean. The chain's vector is the mean of its
/// residues'.
/// Source: the geometric network of Rao et al. (2024), doi
/// 10.1038/s41467-024-48801-4. This stage reads only C-alpha, does not update
/// edges between layers and normalises before each part.
///
/// Up to rounding, vectors are invariant under rotation and translation;
/// residue_features() describes the effect of reflection.
class ResidueStage : public torch::nn::Module {
 public:
  /// user_columns  columns of ResidueGraph::user, 0 or more
  /// orientations  columns of ResidueGraph::orientation, 0 or a multiple of 8
  ResidueStage(int width, int user_columns, double dropout = 0.0,
               int orientations = 0);

  /// Whole chains: first is 0 for each. ShapeError if a graph has other
  /// columns. rng: null in evaluation, see ChunkRng.
  [[nodiscard]] ResidueVectors forward(
      const std::vector<const ResidueGraph*>& graphs, ChunkRng* rng);

 private:
  struct Packed;
  struct Layer {
    LayerNorm norm{nullptr}, forward_norm{nullptr};
    Linear ask{nullptr}, answer{nullptr};
    Linear up{nullptr}, down{nullptr}, gate{nullptr};
  };

  void add_layer(const std::string& suffix);
  [[nodiscard]] Packed pack(
      const std::vector<const ResidueGraph*>& graphs) const;
  [[nodiscard]] Tensor pass(Layer layer, const Packed& batch, Tensor x,
                            ChunkRng* rng) const;

  int user_columns_;
  EdgeHeads heads_;
  double dropout_;
  Linear start_{nullptr}, project_{nullptr};
  LayerNorm start_norm_{nullptr}, end_{nullptr};
  std::vector<Layer> layers_;
};

}  // namespace musl::nn
