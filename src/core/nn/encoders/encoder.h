#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "musl/config.h"
#include "musl/csr_graph.h"
#include "musl/preprocess.h"
#include "nn/base/modules.h"
#include "nn/base/pair_batch.h"

namespace musl::nn {

/// Per-gene inputs of an encoder that has a per-gene stage.
///
/// features    (G, F) standardised node features
/// adjacency   normalised graph with self-loops; null when there is no network
/// scalers     of the propagated copies, as the model learned them
/// propagated  what prepare_genes() computed once from these
struct GeneInputs {
  Tensor features;
  const CsrGraph* adjacency = nullptr;
  std::vector<Scaler> scalers;
  std::vector<Tensor> propagated;
  int threads = 1;
};

/// A modality: turns a chunk of pairs into vectors of width D.
///
/// A new modality is one new file with one registration (register_encoder), and
/// another one for each input that nobody reads yet (nn/inputs).
class Encoder : public torch::nn::Module {
 public:
  /// "histogram", "descriptors", "graph", ...
  [[nodiscard]] virtual std::string encoder_name() const = 0;
  /// The inputs that forward() reads: those of its registration, or of them
  /// what its configuration needs.
  [[nodiscard]] virtual std::vector<std::string> inputs() const;
  /// D.
  [[nodiscard]] virtual int width() const = 0;
  /// (B, D). Rows that the modality's mask lacks hold anything finite.
  [[nodiscard]] virtual Tensor forward(const PairBatch& batch) = 0;
  /// (B) 1 where the modality is present.
  [[nodiscard]] virtual Tensor mask(const PairBatch& batch) const;

  /// Columns of its per-gene stage, which runs once a batch, before the chunks;
  /// 0: it has none.
  [[nodiscard]] virtual std::int64_t gene_width() const { return 0; }
  /// Does gene_vectors() read nothing but the rows that it is asked for?
  [[nodiscard]] virtual bool reads_gene_rows() const { return false; }
  /// Where its columns start among those of all encoders.
  void place_genes(std::int64_t offset) { gene_offset_ = offset; }
  /// Fills inputs.propagated: what does not change while training.
  virtual void prepare_genes(GeneInputs* inputs) const { (void)inputs; }
  /// (R, gene_width()) vectors of the genes `rows` (R, int64); differentiable
  /// with respect to the parameters. rng as in PairBatch.
  [[nodiscard]] virtual Tensor gene_vectors(const GeneInputs& inputs,
                                            const Tensor& rows, ChunkRng* rng);

 protected:
  /// (B, gene_width()) its own columns of gene_a and gene_b.
  [[nodiscard]] Tensor gene_a(const PairBatch& batch) const;
  [[nodiscard]] Tensor gene_b(const PairBatch& batch) const;

 private:
  std::int64_t gene_offset_ = 0;
};

using EncoderFactory = std::function<std::shared_ptr<Encoder>(
    const ArchitectureConfig&, const InputSizes&)>;

/// What is known of an encoder before there is data.
struct EncoderInfo {
  std::string name;
  /// Names of the inputs that it may read (nn/inputs). The modality is present
  /// for a pair that has them all.
  std::vector<std::string> reads;
  EncoderFactory make;
  /// Is its logit stacked beside the fused one, and its vector kept from the
  /// gate (where there are other encoders)? So for one that learns training
  /// genes by heart: only pairs of held-out genes can tell how far to trust it.
  bool is_late = false;
};

/// Adds an encoder under its name; returns true (for a static initialiser).
bool register_encoder(EncoderInfo info);
/// InputError that lists the names where it is none of them.
[[nodiscard]] const EncoderInfo& encoder_info(const std::string& name);
/// All of them, in the order of their names.
[[nodiscard]] std::vector<std::string> encoder_names();
/// Makes a registered encoder; InputError that lists the names otherwise.
[[nodiscard]] std::shared_ptr<Encoder> make_encoder(
    const std::string& name, const ArchitectureConfig& config,
    const InputSizes& sizes);

}  // namespace musl::nn
