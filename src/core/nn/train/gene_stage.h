#pragma once

#include <cstdint>
#include <vector>

#include "musl/dataset.h"
#include "musl/preprocess.h"
#include "nn/encoders/encoder.h"

namespace musl::nn {

/// Which rows of a matrix of gene vectors the pairs of a batch read.
struct GeneRows {
  std::vector<std::int64_t> genes;  // (R) ascending, distinct
  /// Row of each gene of `pairs` among `genes`, (B) int64 on the CPU.
  [[nodiscard]] Tensor rows_of(const std::vector<std::int32_t>& ends) const;
};

[[nodiscard]] GeneRows genes_of(const PairSet& pairs);

/// The per-gene part of a network over one dataset: what does not depend on the
/// pair is computed once a batch, not once a pair.
class GeneStage {
 public:
  /// encoder  the network's gene encoder, or null: no per-gene stage
  /// member   which of n_members networks' stored vectors to read
  GeneStage(Encoder* encoder, const Dataset& data, const Preprocess& preprocess,
            torch::Device device, int threads, int member = 0,
            int n_members = 1);

  GeneStage(const GeneStage&) = delete;  // inputs_ points into this object
  GeneStage& operator=(const GeneStage&) = delete;

  /// (R, Dg) vectors of `genes`; the dataset's own gene_vectors where it has
  /// them. Differentiable in the parameters otherwise.
  [[nodiscard]] Tensor vectors(const std::vector<std::int64_t>& genes,
                               ChunkRng* rng) const;

  /// (G, Dg) of all genes in evaluation mode, in blocks of bounded memory.
  [[nodiscard]] Matrix all_vectors(std::int64_t n_genes) const;

 private:
  Encoder* encoder_;
  torch::Device device_;
  bool absent_ = false;  // the dataset has nothing per gene: all pairs masked
  Tensor stored_;        // (G, Dg) of the dataset's gene_vectors, if any
  CsrGraph adjacency_;
  GeneInputs inputs_;
};

/// Dg, the width of a gene's vector, of an encoder that reads `columns` node
/// features; 0 without a gene encoder.
[[nodiscard]] std::int64_t gene_width(Encoder* encoder, int columns,
                                      torch::Device device);

}  // namespace musl::nn
