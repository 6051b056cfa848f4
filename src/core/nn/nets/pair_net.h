#pragma once

#include <cstdint>

#include "nn/base/layers.h"

namespace musl::nn {

/// A linear path over the columns of pairs plus a head over vectors of single
/// genes, whose last layer starts from zero, so that it first contributes
/// nothing.
class PairNetImpl : public torch::nn::Module {
 public:
  static constexpr std::int64_t kWidth = 128;  // of a gene's vector
  static constexpr std::int64_t kHidden = 64;  // of the pair's
  static constexpr double kInputDropout = 0.1;
  static constexpr double kDropout = 0.5;

  /// n_genes, n_columns  numbers of a gene and of a pair
  PairNetImpl(std::int64_t n_genes, std::int64_t n_columns, std::uint64_t seed);

  /// genes (U, F), a and b (B) its rows, columns (B, C) -> log-odds (B)
  [[nodiscard]] Tensor forward(const Tensor& genes, const Tensor& a,
                               const Tensor& b, const Tensor& columns,
                               ChunkRng* rng);

  Linear linear{nullptr}, gene{nullptr}, pair{nullptr}, score{nullptr};
  LayerNorm gene_norm{nullptr}, pair_norm{nullptr};
};
TORCH_MODULE(PairNet);

}  // namespace musl::nn
