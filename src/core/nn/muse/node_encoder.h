#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "muse/molecule.h"
#include "muse/node_set.h"
#include "muse/residue_graph.h"
#include "nn/base/layers.h"
#include "nn/base/tensor.h"
#include "nn/muse/edge_attention.h"

namespace musl::nn {

/// Output of a stage for n chains.
///
/// Chain i has rows offset[i] to offset[i + 1] of `residues`, its consecutive
/// residues from first[i].
struct ResidueVectors {
  Tensor residues;                   // (R, width)
  Tensor pooled;                     // (n, width)
  std::vector<std::int64_t> offset;  // (n + 1)
  std::vector<std::int64_t> first;   // (n)
};

/// Pointers to the chosen items.
template <typename Item>
std::vector<const Item*> chosen(const std::vector<Item>& items,
                                const std::vector<std::int64_t>& rows) {
  std::vector<const Item*> out;
  out.reserve(rows.size());
  for (const auto i : rows) out.push_back(&items[static_cast<std::size_t>(i)]);
  return out;
}

/// Vectors of molecules: graph isomorphism network with embedded bonds.
///
/// h_i = LN of the sum of embeddings of element, degree, hydrogens, charge,
/// ring and aromaticity; four times h_i += MLP(LN((1 + eps) h_i + sum over
/// neighbours of ReLU(h_j + embedding of the bond))); the mean over atoms,
/// projected. Source: Xu et al. (2019), arXiv 1810.00826; bonds as in Hu et al.
/// (2020), arXiv 1905.12265, section 5.1. Differs from these by LayerNorm in
/// place of batch normalisation and by residual connections.
///
/// The mean includes all fragments of a molecule. Up to rounding, the vector
/// does not depend on the order of atoms or on the other molecules of the
/// batch.
class MoleculeStage : public torch::nn::Module {
 public:
  /// dropout  between the two linear layers of each MLP, 0 to below 1
  explicit MoleculeStage(int width, double dropout = 0.0);

  /// (n, width). rng: null in evaluation, see ChunkRng.
  [[nodiscard]] Tensor forward(const std::vector<const Molecule*>& molecules,
                               ChunkRng* rng);

 private:
  Tensor atom_, bond_;  // tables of embeddings
  std::vector<Tensor> epsilon_;
  LayerNorm start_{nullptr}, end_{nullptr};
  std::vector<LayerNorm> norm_;
  std::vector<Mlp> update_;
  Linear project_{nullptr};
};

/// Vectors of residues and chains from their sequence.
///
/// Embedding of 21 residues (32 columns), three convolutions over seven
/// residues with gated linear units (128 channels), and a mean over residues
/// weighted by attention. Nothing is padded: chains of one batch do not touch.
/// Source: Dauphin et al. (2017), arXiv 1612.08083, for the gated units.
class SequenceStage : public torch::nn::Module {
 public:
  /// crop  largest number of residues read of a chain; 0: all, as labels of
  ///       residues require
  explicit SequenceStage(int width, double dropout = 0.0,
                         std::int64_t crop = 1024);

  /// Reads a window of `crop` residues of a longer chain: the middle one if rng
  /// is null, else one sampled by crop_seed and the chain's position in the
  /// batch. InputError as in residue_codes().
  [[nodiscard]] ResidueVectors forward(
      const std::vector<const std::string*>& sequences, ChunkRng* rng,
      std::uint64_t crop_seed = 0);

 private:
  struct Packed;
  struct Convolution {
    Tensor weight;  // (2 * channels out, 7, channels in)
    Tensor bias;    // (2 * channels out)
    LayerNorm norm{nullptr};
  };

  void add_convolution(int number, std::int64_t columns);
  [[nodiscard]] Packed pack(const std::vector<const std::string*>& sequences,
                            bool random, std::uint64_t crop_seed) const;
  [[nodiscard]] static Tensor convolve(const Convolution& layer,
                                       const Packed& batch, const Tensor& x);

  double dropout_;
  std::int64_t crop_;
  Tensor embedding_;  // (21, 32)
  std::vector<Convolution> convolutions_;
  Linear score_{nullptr}, project_{nullptr};
};

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

/// Nodes of one type as their encoder reads them. Nodes with the same sequence
/// or SMILES (and coordinates) share one entry, which is read once.
struct NodeValues {
  NodeValues(const NodeSet& nodes, const torch::Device& device);

  NodeKind kind;
  std::vector<std::int64_t> entry;  // (N) of what follows
  Tensor features;                  // (N, F)
  std::vector<std::string> sequences;
  std::vector<Molecule> molecules;
  std::vector<ResidueGraph> graphs;

  [[nodiscard]] std::int64_t size() const {
    return static_cast<std::int64_t>(entry.size());
  }
};

/// Sizes of an encoder.
struct NodeShape {
  NodeKind kind = NodeKind::features;
  std::int64_t columns = 0;  // of features, or of each residue
  std::int64_t crop = 1024;  // of sequences
};

/// Whether a node is so costly to read that pairs should share it.
[[nodiscard]] bool is_costly(NodeKind kind);

/// Encodes a node without its edges: a perceptron over features, or the stage
/// of nn/nodes for its kind.
class NodeEncoderImpl : public torch::nn::Module {
 public:
  NodeEncoderImpl(const NodeShape& shape, std::int64_t width, double dropout);
  /// rows (n) of `nodes`, each once -> (n, D). seed: of the windows of cropped
  /// sequences; rng null in evaluation.
  [[nodiscard]] Tensor forward(const NodeValues& nodes,
                               const std::vector<std::int64_t>& rows,
                               ChunkRng* rng, std::uint64_t seed);

 private:
  [[nodiscard]] Tensor entries(const NodeValues& nodes,
                               const std::vector<std::int64_t>& entries,
                               ChunkRng* rng, std::uint64_t seed);

  Mlp perceptron_{nullptr};
  std::shared_ptr<SequenceStage> sequence_;
  std::shared_ptr<MoleculeStage> molecule_;
  std::shared_ptr<ResidueStage> residues_;
};
TORCH_MODULE(NodeEncoder);

}  // namespace musl::nn
