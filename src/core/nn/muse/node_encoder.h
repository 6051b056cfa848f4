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
#include "nn/muse/molecule_stage.h"
#include "nn/muse/residue_stage.h"
#include "nn/muse/sequence_stage.h"

namespace musl::nn {

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
