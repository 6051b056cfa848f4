#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "data/dataset.h"
#include "data/preprocess.h"
#include "nn/encoders/encoder.h"

namespace musl::nn {

/// Which rows of a matrix of gene vectors the pairs of a batch read.
struct GeneRows {
  std::vector<std::int64_t> genes;  // (R) ascending, distinct
  /// Row of each gene of `ends` among `genes`, (B).
  [[nodiscard]] Numbers rows_of(const std::vector<std::int32_t>& ends) const;
};

[[nodiscard]] GeneRows genes_of(const PairSet& pairs);

/// Which columns of a dataset's gene_vectors a network reads in place of its
/// node blocks: those of one of n_members; none if they are ignored.
struct StoredVectors {
  int member = 0, n_members = 1;
  bool are_ignored = false;
};

/// The per-gene parts of a network over one dataset, computed once per batch
/// instead of once per pair.
class GeneStage {
 public:
  /// encoders  the network's gene encoders; may be none
  GeneStage(const std::vector<Encoder*>& encoders, const Dataset& data,
            const Preprocess& preprocess, torch::Device device, int threads,
            const StoredVectors& stored = {});
  /// A stage over the same dataset as `like` (which must outlive it), for
  /// another network of the same architecture.
  GeneStage(const std::vector<Encoder*>& encoders, const GeneStage& like);

  GeneStage(const GeneStage&) = delete;  // the parts point into this object
  GeneStage& operator=(const GeneStage&) = delete;

  using Reads = std::function<bool(const Encoder&)>;

  /// (R, Dg) vectors of `genes` in evaluation mode; the dataset's gene_vectors
  /// if it has them. Those of encoders excluded by `reads` are zero.
  /// Differentiable in the parameters if nothing is stored.
  [[nodiscard]] Tensor vectors(const std::vector<std::int64_t>& genes,
                               const Reads& reads = {}) const;

  /// Like vectors() of `genes` (R) on the device, in blocks of rows, in
  /// parallel; one block if a stage reads more than its genes' rows, and on a
  /// GPU. With a seed, for training: each block has dropout (a stream of the
  /// seed) and a separate graph.
  [[nodiscard]] std::vector<Tensor> blocks(const Tensor& genes,
                                           std::optional<std::uint64_t> seed,
                                           const Reads& reads) const;

  /// (1, Dg) the mean vector of the first `n_genes`.
  [[nodiscard]] Tensor average(std::int64_t n_genes) const;

  /// Inputs of vectors() for `genes` (R): their features and, with a network,
  /// the propagated copies, (R, F) each. Empty if the dataset has gene_vectors,
  /// if there are no features, or if a stage reads more than its genes' rows.
  [[nodiscard]] std::vector<Tensor> copies(
      const std::vector<std::int64_t>& genes) const;
  /// (R, Dg) of such copies; differentiable in them.
  [[nodiscard]] Tensor vectors_of(const std::vector<Tensor>& copies) const;
  /// Contribution of each neighbour of `gene` to a weighted sum (gradient, (F))
  /// of its first propagated copy; the gene is one of its neighbours.
  [[nodiscard]] std::vector<std::pair<std::int32_t, double>> neighbour_shares(
      std::int32_t gene, const Tensor& gradient) const;

  /// (G, Dg) of all genes in evaluation mode, in blocks of bounded memory.
  [[nodiscard]] Matrix all_vectors(std::int64_t n_genes) const;

  /// From now on, vectors are those of evaluation mode and cached when
  /// computed, in blocks of genes, so that their bits do not depend on the
  /// order of requests.
  void remember(std::int64_t n_genes);
  [[nodiscard]] bool remembers() const { return remembered_.defined(); }
  /// (G, Dg) of all genes, after remember().
  [[nodiscard]] const Tensor& remembered() const;
  /// The same, of which only the rows of `genes` are sure to be computed.
  [[nodiscard]] const Tensor& remembered(
      const std::vector<std::int64_t>& genes) const;

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
  int threads_ = 0;

  /// All below read genes (R) on the device.
  [[nodiscard]] Tensor evaluated(const Tensor& genes, const Reads& reads) const;
  [[nodiscard]] Tensor compute(const Tensor& genes, ChunkRng* rng,
                               const Reads& reads) const;
  [[nodiscard]] bool reads_rows_alone() const;
  void fill(const std::vector<std::int64_t>& genes) const;

  mutable std::mutex filling_;
  Tensor remembered_;  // (G, Dg)
  mutable std::vector<std::uint8_t>
      filled_;              // 1 a block of genes that is known
  std::int64_t block_ = 0;  // genes of one
};

}  // namespace musl::nn
