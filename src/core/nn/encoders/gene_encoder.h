#pragma once

#include <memory>
#include <string>

#include "data/config.h"
#include "nn/base/layers.h"
#include "nn/base/tensor.h"
#include "nn/encoders/encoder.h"
#include "nn/encoders/node_stage.h"

namespace musl::nn {

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
