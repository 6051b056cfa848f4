#include "nn/learn/student_learner.h"

#include <utility>

namespace musl::nn {

namespace {

Phase least_squares() {
  Phase phase;
  phase.name = "student";
  phase.losses = {{"squares", ""}};
  phase.epochs = phase.patience = 12;
  phase.learning_rate = 4e-3;
  phase.weight_decay = 1e-4;
  phase.warmup = 0.1;
  return phase;
}

}  // namespace

StudentLearner::StudentLearner(Mlp net, Tensor x, Tensor y)
    : net_(std::move(net)),
      x_(std::move(x)),
      y_(std::move(y)),
      phases_{least_squares()} {}

/// It writes no checkpoints.
std::string StudentLearner::identity() const { return "{}"; }

ChunkLoss StudentLearner::chunk_loss(const Chunk& chunk) const {
  const Tensor rows = torch::tensor(chunk.own_items(), torch::kInt64);
  const Tensor found =
      net_->forward(x_.index_select(0, rows), /*rng=*/nullptr).squeeze(1);
  const Tensor sum = (found - y_.index_select(0, rows)).square().sum();
  return {
      {sum}, sum.detach(), torch::full({}, static_cast<float>(chunk.n)), {}};
}

}  // namespace musl::nn
