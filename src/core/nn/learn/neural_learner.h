#pragma once

#include <string>
#include <vector>

#include "musl/neural_member.h"
#include "nn/base/tensor.h"
#include "nn/learn/learner.h"
#include "nn/nets/pair_net.h"

namespace musl::nn {

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
