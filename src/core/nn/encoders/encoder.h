#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "musl/config.h"
#include "musl/csr_graph.h"
#include "musl/preprocess.h"
#include "nn/base/layers.h"
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

/// Vectors of genes before they are combined in pairs, (R, graph_hidden()).
class NodeStage : public torch::nn::Module {
 public:
  /// With a network, the last of inputs->propagated is a propagated copy of the
  /// features.
  virtual void prepare(GeneInputs* inputs) const = 0;
  /// Whether forward() reads only the genes of `rows`.
  [[nodiscard]] virtual bool reads_rows() const = 0;
  [[nodiscard]] virtual Tensor forward(const GeneInputs& inputs,
                                       const Tensor& rows, ChunkRng* rng) = 0;
};

/// The stage named by config.graph_net.
[[nodiscard]] std::shared_ptr<NodeStage> make_node_stage(
    const ArchitectureConfig& config, std::int64_t columns);

/// Dropout of the layers that could memorise single genes: higher than in other
/// layers, as genes are few and each is in many pairs.
[[nodiscard]] double gene_dropout(const ArchitectureConfig& config);

/// Base of encoders of gene vectors: the per-gene stage, and the symmetric
/// combination of two genes' vectors into a pair's.
class GeneEncoder : public Encoder {
 public:
  [[nodiscard]] bool reads_gene_rows() const override {
    return stage_->reads_rows();
  }
  void prepare_genes(GeneInputs* inputs) const override {
    stage_->prepare(inputs);
  }

 protected:
  /// name  as in `encoders`; InputError without node features
  GeneEncoder(const std::string& name, const ArchitectureConfig& config,
              const InputSizes& sizes);

  /// (R, own_width()) without the columns that a subclass adds.
  [[nodiscard]] Tensor own_vectors(const GeneInputs& inputs, const Tensor& rows,
                                   ChunkRng* rng) {
    return stage_->forward(inputs, rows, rng);
  }
  [[nodiscard]] std::int64_t own_width() const { return own_width_; }
  /// (B, D) of sum, distance and product of the normalised own vectors
  /// (B, own_width()), those of a gene times its number in `shown` (B, 2) if
  /// that is defined.
  [[nodiscard]] Tensor combine(const Tensor& own_a, const Tensor& own_b,
                               const Tensor& shown);
  /// (B, D) from the output of combine() and others, which may be overwritten.
  [[nodiscard]] Tensor finish(const Tensor& h, ChunkRng* rng);

 private:
  std::int64_t own_width_;
  double dropout_;
  std::shared_ptr<NodeStage> stage_;
  LayerNorm gene_norm_{nullptr}, pair_norm_{nullptr};
  Linear pair_{nullptr}, output_{nullptr};
};

}  // namespace musl::nn
