#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "nn/base/layers.h"
#include "nn/base/tensor.h"
#include "nn/muse/residue_vectors.h"

namespace musl::nn {

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

}  // namespace musl::nn
