#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "learners/neural_member.h"
#include "nn/base/layers.h"
#include "nn/base/tensor.h"
#include "nn/learn/learner.h"

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

/// Sum over hits i (scalar) of the hit's weight times the mean of log(1 +
/// exp(s_j - s_i)) over the non-hits j of its group. A hit without non-hits in
/// its group adds 0.
///
/// logit, label (0/1), weight (B) float; group (B) int64
[[nodiscard]] Tensor rank_loss(const Tensor& logit, const Tensor& label,
                               const Tensor& weight, const Tensor& group);

/// The neural member for measured pairs: cross-entropy and, within a query or
/// study, the ranking of hits over non-hits, both weighted.
class NeuralLearner : public Learner {
 public:
  /// On the device of `net`.
  NeuralLearner(PairNet net, const NeuralTraining& training);

  [[nodiscard]] torch::nn::Module& module() override { return *net_; }
  [[nodiscard]] const std::vector<Phase>& phases() const override {
    return phases_;
  }
  [[nodiscard]] std::int64_t n_items() const override {
    return columns_.size(0);
  }
  /// A whole batch, since its pairs are compared.
  [[nodiscard]] std::int64_t chunk_size() const override { return kBatch; }
  [[nodiscard]] ChunkLoss chunk_loss(const Chunk& chunk) const override;

  static constexpr int kBatch = 512;

 private:
  mutable PairNet net_;
  std::vector<std::int32_t> a_, b_;
  torch::Device device_;
  Tensor genes_, columns_, label_, weight_, group_;
  std::vector<Phase> phases_;
};

}  // namespace musl::nn
