#pragma once

#include <string>
#include <vector>

#include "nn/base/layers.h"
#include "nn/learn/learner.h"

namespace musl::nn {

/// The student of an atlas: a perceptron that learns a model's scores of pairs
/// by least squares.
class StudentLearner : public Learner {
 public:
  /// x (n, F), y (n): features and target, standardised; on the CPU
  StudentLearner(Mlp net, Tensor x, Tensor y);

  [[nodiscard]] torch::nn::Module& module() override { return *net_; }
  [[nodiscard]] const std::vector<Phase>& phases() const override {
    return phases_;
  }
  [[nodiscard]] std::string identity() const override;
  void begin_phase(const Phase&, const Tick&) override {}
  [[nodiscard]] std::int64_t n_items() const override { return x_.size(0); }
  /// A whole batch: its products are too small to split among threads.
  [[nodiscard]] std::int64_t chunk_size() const override { return kBatch; }
  [[nodiscard]] ChunkLoss chunk_loss(const Chunk& chunk) const override;

  static constexpr int kBatch = 512;

 private:
  mutable Mlp net_;
  Tensor x_, y_;
  std::vector<Phase> phases_;
};

}  // namespace musl::nn
