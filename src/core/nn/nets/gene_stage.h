#pragma once

#include <cstdint>
#include <functional>
#include <utility>
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

/// The per-gene parts of a network over one dataset: what does not depend on
/// the pair is computed once a batch, not once a pair.
class GeneStage {
 public:
  /// encoders  the network's gene encoders; may be none
  /// member    which of n_members networks' stored vectors to read
  GeneStage(std::vector<Encoder*> encoders, const Dataset& data,
            const Preprocess& preprocess, torch::Device device, int threads,
            int member = 0, int n_members = 1);

  GeneStage(const GeneStage&) = delete;  // the parts point into this object
  GeneStage& operator=(const GeneStage&) = delete;

  /// (R, Dg) vectors of `genes`; the dataset's own gene_vectors where it has
  /// them. Differentiable in the parameters otherwise. Encoders out of training
  /// mode do without dropout; those that `reads` denies get zeros.
  [[nodiscard]] Tensor vectors(
      const std::vector<std::int64_t>& genes, ChunkRng* rng,
      const std::function<bool(const Encoder&)>& reads = {}) const;

  /// (1, Dg) the mean vector of the first `n_genes`.
  [[nodiscard]] Tensor average(std::int64_t n_genes) const;

  /// What vectors() reads of `genes` (R): their features and, with a network,
  /// the propagated copies, (R, F) each. None where vectors are stored, where
  /// there is nothing, or where a stage reads more than its genes' rows.
  [[nodiscard]] std::vector<Tensor> copies(
      const std::vector<std::int64_t>& genes) const;
  /// (R, Dg) of such copies; differentiable in them.
  [[nodiscard]] Tensor vectors_of(const std::vector<Tensor>& copies) const;
  /// What each neighbour of `gene` adds to a weighted sum (gradient, (F)) of
  /// its first propagated copy; the gene itself counts as one.
  [[nodiscard]] std::vector<std::pair<std::int32_t, double>> neighbour_shares(
      std::int32_t gene, const Tensor& gradient) const;

  /// (G, Dg) of all genes in evaluation mode, in blocks of bounded memory.
  [[nodiscard]] Matrix all_vectors(std::int64_t n_genes) const;

 private:
  struct Part {
    Encoder* encoder;
    GeneInputs inputs;
  };

  torch::Device device_;
  bool absent_ = false;  // the dataset has nothing per gene: all pairs masked
  Tensor stored_;        // (G, Dg) of the dataset's gene_vectors, if any
  CsrGraph adjacency_;
  std::vector<Part> parts_;
};

}  // namespace musl::nn
