#pragma once

#include <vector>

#include "muse/molecule.h"
#include "nn/base/layers.h"
#include "nn/base/tensor.h"

namespace musl::nn {

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

}  // namespace musl::nn
