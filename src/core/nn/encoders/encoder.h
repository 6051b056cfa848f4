#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "data/config.h"
#include "data/preprocess.h"
#include "graph/csr_graph.h"
#include "nn/base/tensor.h"

namespace musl::nn {

/// Per-gene inputs of an encoder that has a per-gene stage.
///
/// features    (G, F) standardised node features
/// adjacency   normalised graph with self-loops; null if there is no network
/// scalers     of the propagated copies, as the model learned them
/// propagated  computed once from these by prepare_genes()
struct GeneInputs {
  Tensor features;
  const CsrGraph* adjacency = nullptr;
  std::vector<Scaler> scalers;
  std::vector<Tensor> propagated;
  int threads = 1;
};

/// A modality: turns a chunk of pairs into vectors of width D.
///
/// A new modality is one new file with one registration (register_encoder),
/// plus one file for each new input (nn/inputs).
class Encoder : public torch::nn::Module {
 public:
  /// name  "histogram", "descriptors", "graph", ...; width  D
  Encoder(std::string name, int width)
      : encoder_name_(std::move(name)), width_(width) {}

  [[nodiscard]] const std::string& encoder_name() const {
    return encoder_name_;
  }
  [[nodiscard]] int width() const { return width_; }
  /// The inputs that forward() reads: those of its registration, or the subset
  /// that its configuration needs.
  [[nodiscard]] virtual std::vector<std::string> inputs() const;
  /// (B, D). Rows masked by the modality hold any finite values.
  [[nodiscard]] virtual Tensor forward(const PairBatch& batch) = 0;
  /// (B) 1 if the modality is present.
  [[nodiscard]] virtual Tensor mask(const PairBatch& batch) const;

  /// Number of columns of the per-gene stage, which runs once per batch, before
  /// the chunks; 0: no such stage.
  [[nodiscard]] virtual std::int64_t gene_width() const { return 0; }
  /// Whether gene_vectors() reads only the requested rows.
  [[nodiscard]] virtual bool reads_gene_rows() const { return false; }
  /// Sets the first of its columns among those of all encoders.
  void place_genes(std::int64_t offset) { gene_offset_ = offset; }
  /// Fills inputs.propagated, which does not change during training.
  virtual void prepare_genes(GeneInputs* inputs) const { (void)inputs; }
  /// (R, gene_width()) vectors of the genes `rows` (R, int64); differentiable
  /// with respect to the parameters. rng as in PairBatch.
  [[nodiscard]] virtual Tensor gene_vectors(const GeneInputs& inputs,
                                            const Tensor& rows, ChunkRng* rng);

 protected:
  /// (B, gene_width()) columns of this encoder in gene_a and gene_b.
  [[nodiscard]] Tensor gene_a(const PairBatch& batch) const {
    return own_columns(batch.at("gene_a"));
  }
  [[nodiscard]] Tensor gene_b(const PairBatch& batch) const {
    return own_columns(batch.at("gene_b"));
  }

 private:
  [[nodiscard]] Tensor own_columns(const Tensor& genes) const;

  std::string encoder_name_;
  int width_;
  std::int64_t gene_offset_ = 0;
};

using EncoderFactory = std::function<std::shared_ptr<Encoder>(
    const ArchitectureConfig&, const InputSizes&)>;

/// Properties of an encoder that do not depend on data.
struct EncoderInfo {
  std::string name;
  /// Names of the inputs that it may read (nn/inputs). The modality is present
  /// for pairs that have all of them.
  std::vector<std::string> reads;
  EncoderFactory make;
  /// Whether its logit is stacked beside the fused one and its vector excluded
  /// from the gate (if there are other encoders). For encoders that memorise
  /// training genes: only pairs of held-out genes show how far to trust them.
  bool is_late = false;
};

/// The factory of an encoder of this class.
template <class Kind>
std::shared_ptr<Encoder> make_kind(const ArchitectureConfig& config,
                                   const InputSizes& sizes) {
  return std::make_shared<Kind>(config, sizes);
}

/// Adds an encoder under its name; returns true (for a static initialiser).
bool register_encoder(EncoderInfo info);
/// InputError that lists the names if the name is unknown.
[[nodiscard]] const EncoderInfo& encoder_info(const std::string& name);
/// All registered encoders, ordered by name.
[[nodiscard]] std::vector<std::string> encoder_names();
/// Creates a registered encoder; InputError that lists the names otherwise.
[[nodiscard]] std::shared_ptr<Encoder> make_encoder(
    const std::string& name, const ArchitectureConfig& config,
    const InputSizes& sizes);

}  // namespace musl::nn
